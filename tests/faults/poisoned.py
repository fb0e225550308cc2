"""The slow worker, in which one answer ends the process that decides it, as a fault in native code would.

``celery --app tests.faults.poisoned worker``
"""

import functools
import os
import signal

from tests.faults.slow import app  # isort: skip - it sets Django up

from coding.models import DistinctAnswer
from coding.rules import profiles
from tests.faults.stored import POISON, numbers

__all__ = ["app"]

decide = profiles.Decider.__call__


@functools.wraps(decide)
def decide_or_die(decider, packed):
    """Look for the answer first: the kernel asks nobody."""
    answers = [bytes(packed_answers) for packed_answers in packed]
    number = DistinctAnswer.objects.filter(value=POISON).values_list("pk", flat=True).first()
    if number is not None and any(number in numbers(packed_answers) for packed_answers in answers):
        os.kill(os.getpid(), signal.SIGKILL)
    return decide(decider, answers)


profiles.Decider.__call__ = decide_or_die
