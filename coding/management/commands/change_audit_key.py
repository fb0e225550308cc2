"""``manage.py change_audit_key``: let the key that stands first in AUDIT_KEYS sign the trail from now on."""

from typing import Any

from django.core.management.base import BaseCommand

from coding.actions.audit_keys import change_key
from coding.trail import keys


class Command(BaseCommand):
    """Signs the head anew and anchors it, with an event that says so."""

    help = "Sign the audit trail with the first key of AUDIT_KEYS from now on, and anchor it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, and say by which key."""
        before = change_key()
        if before is None:
            self.stdout.write(f"Key {keys.current()} signs the trail already.")
            return
        self.stdout.write(
            f"Key {keys.current()} signs the trail from now on, no longer key {before}."
        )
        self.stdout.write(f"Keep key {before} in AUDIT_KEYS: it proves what it signed.")
