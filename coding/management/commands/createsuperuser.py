"""``manage.py createsuperuser``: Django's own, and the audit trail tells of it."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction
from django.db.models import Max

from coding import trail
from coding.actions.accounts import AT_THE_CONSOLE
from coding.models import User


class Command(createsuperuser.Command):
    """Makes the account as Django does."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and tell it."""
        last = User.objects.aggregate(last=Max("pk"))["last"] or 0
        super().handle(*args, **options)
        with transaction.atomic():
            for person in User.objects.filter(pk__gt=last, is_superuser=True):
                trail.record(
                    None, "user.saved", person, after={"superuser": True}, reason=AT_THE_CONSOLE, rows=[person]
                )
