"""``manage.py verify_records``: check that final codes, rulings, decisions and states are what the trail tells."""

from typing import Any

from django.core.management.base import BaseCommand

from coding.trail import proof


class Command(BaseCommand):
    """Proves the trail, and beside it each row of which events tell."""

    help = "Check rows against the audit trail; exit status 1 and the first row that is not what the trail tells."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove and say so."""
        try:
            proven = proof.prove()
        except proof.Differs as difference:
            self.stdout.write(f"The records are not what the trail tells: {difference}.")
            raise SystemExit(1) from None
        full = proven.rows - proven.older
        self.stdout.write(f"The records are what {proven.events:,} events tell.")
        self.stdout.write(
            f"proven {full:,}; older than the values in their events: {proven.older:,}"
        )
