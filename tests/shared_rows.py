"""Rows that many tests ask for and roll back, stored once in a transaction around those tests.

The shipped hip rules stand for all tests that ask for them and for nothing else. A file may have rows of its own stand
for its tests by a function ``standing(people)`` or ``standing(people, hip)``, which files may share: a test that asks
for the fixture ``standing`` gets what it returned. Such tests run one after the other; the transaction ends before any
other test begins, so that no other test sees the rows.
"""

import copy
import inspect
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings

from coding.models import RuleSetVersion, User
from tests import factories

QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def quick_and_apart() -> Iterator[None]:
    """What each test is given by settings, for rows that are made before any: quick passwords, an anchor of its own."""
    with tempfile.TemporaryDirectory() as folder:
        anchor = str(Path(folder) / "anchor")
        with override_settings(AUDIT_ANCHOR_FILE=anchor, PASSWORD_HASHERS=QUICK_HASHERS):
            yield


@dataclass
class Rows:
    """The people by role, the hip rules if they were asked for, and what a file keeps of its own."""

    known: dict[object, User]
    hip: RuleSetVersion | None = None
    own: Any = None


def hip_rules() -> Rows:
    """The shipped hip rules, published."""
    people = factories.People()
    hip = factories.published_hip(people)
    return Rows(people.known, hip)


def stored_by(standing: Callable[..., Any]) -> Rows:
    """What the ``standing`` of a file stores."""
    people = factories.People()
    if not asks_for_hip(standing):
        return Rows(people.known, own=standing(people))
    hip = factories.published_hip(people)
    return Rows(people.known, hip, standing(people, hip))


def asks_for_hip(standing: Callable[..., Any]) -> bool:
    """It asks for the shipped rules as a test does, by the name of a parameter."""
    return "hip" in inspect.signature(standing).parameters


class SharedRows:
    """The transaction in which rows stand, while there is one."""

    def __init__(self) -> None:
        self.owner: object = None
        self.around: ExitStack | None = None
        self.rows = Rows({})
        self.blocker: Any = None

    def begin(self, owner: object, store: Callable[[], Rows], blocker: Any) -> None:
        """Store the rows of an owner, if they do not stand; the blocker is what keeps other tests off the database."""
        if self.owner == owner:
            return
        self.end()
        self.blocker = blocker
        # What fails here leaves no transaction open.
        with blocker.unblock(), ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            with quick_and_apart():
                self.rows = store()
            self.around = stack.pop_all()
        self.owner = owner

    def end(self) -> None:
        """Roll back to a database without them."""
        if self.around is None:
            return
        with self.blocker.unblock():
            transaction.set_rollback(True)
            self.around.close()
        self.owner, self.around, self.rows = None, None, Rows({})

    def for_a_test(self) -> Rows:
        """Rows of the test's own, which it may change."""
        return copy.deepcopy(self.rows)
