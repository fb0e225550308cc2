"""The real worker with small chunks that take half a second each: a fault finds something to interrupt.

``celery --app tests.faults.slow worker``
"""

import functools
import threading

import django

from config.celery import app

django.setup()

from coding.rules import profiles  # noqa: E402
from reviews.reevaluation import planning  # noqa: E402
from tests.faults.stored import CHUNK  # noqa: E402

__all__ = ["app"]

SECONDS_PER_ITEM = 0.005

planning.CHUNK_SUGGESTIONS = CHUNK
decide = profiles.Decider.__call__


@functools.wraps(decide)
def decide_slowly(decider, packed):
    """Take a time that grows with the profiles, so that a careful chunk takes as long as any other."""
    answers = list(packed)
    # A library that fakes the clock makes time.sleep fail; waiting for an event asks the monotonic clock.
    threading.Event().wait(SECONDS_PER_ITEM * len(answers))
    return decide(decider, answers)


profiles.Decider.__call__ = decide_slowly
