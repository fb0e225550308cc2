"""The shipped hip rules, published once for all tests that ask for them and roll back.

They stand in a transaction around those tests, which run one after the other; each test rolls back to them. It ends
before any other test begins, so that no other test sees them.
"""

import copy
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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


class SharedRules:
    """The transaction in which the rules stand, while there is one."""

    def __init__(self) -> None:
        self.around: ExitStack | None = None
        self.standing: tuple[dict[object, User], RuleSetVersion] | None = None
        self.blocker: Any = None

    def begin(self, blocker: Any) -> None:
        """Publish the rules, if they are not there; the blocker is the one that keeps other tests off the database."""
        if self.around is not None:
            return
        self.blocker = blocker
        # What fails here leaves no transaction open.
        with blocker.unblock(), ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            with quick_and_apart():
                people = factories.People()
                version = factories.published_hip(people)
            self.around = stack.pop_all()
        self.standing = people.known, version

    def end(self) -> None:
        """Roll back to a database without them."""
        if self.around is None:
            return
        with self.blocker.unblock():
            transaction.set_rollback(True)
            self.around.close()
        self.around = self.standing = None

    def for_a_test(self, people: factories.People) -> RuleSetVersion:
        """The version, as rows of the test's own; who wrote and approved it is known among its people."""
        known, version = copy.deepcopy(self.standing)
        people.known = {**known, **people.known}
        return version
