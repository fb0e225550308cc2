"""``manage.py createsuperuser``: Django's own, and the audit trail tells of it."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import UserManager
from django.db import transaction

from coding import trail
from coding.actions.accounts import AT_THE_CONSOLE
from coding.models import User


class ToldAccounts(UserManager[User]):
    """Makes a superuser, and tells it, in one transaction."""

    def create_superuser(self, *args: Any, **values: Any) -> User:
        """Make it, and tell it."""
        with transaction.atomic():
            person = super().create_superuser(*args, **values)
            told = {"superuser": True}
            trail.record(
                None, "user.saved", person, after=told, reason=AT_THE_CONSOLE, rows=[person]
            )
        return person


class UserOfConsole:
    """The model of accounts as Django's command asks it, but for the manager that makes them."""

    def __init__(self) -> None:
        self._default_manager = ToldAccounts()
        self._default_manager.model = User

    def __getattr__(self, name: str) -> Any:
        return getattr(User, name)

    def __call__(self, **values: Any) -> User:
        """An account that is not stored: a password is compared with it."""
        return User(**values)


class Command(createsuperuser.Command):
    """Makes the account as Django does, after its questions."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.UserModel: Any = UserOfConsole()
