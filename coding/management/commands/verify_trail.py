"""``manage.py verify_trail``: check that the audit trail is what was written."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from coding import trail
from coding.models import AuditEvent, Encounter
from coding.trail import guards


class Command(BaseCommand):
    """Checks the hash chain, the signed head, the anchor outside the database, and the database's guards."""

    help = "Check the audit trail; exit status 1 and the first broken link if it was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and say so."""
        fault = trail.verify()
        if fault is not None:
            self.stdout.write(f"The trail is broken: {fault.problem}.")
            raise SystemExit(1)
        if missing := guards.missing(connection):
            self.stdout.write(
                f"Guards of the database are missing: {', '.join(missing)}. Run migrate."
            )
            raise SystemExit(1)
        if not AuditEvent.objects.exists() and Encounter.objects.exists():
            self.stdout.write(
                "The trail is empty beside encounters, which are entered with an event. It was emptied."
            )
            raise SystemExit(1)
        anchor, away = trail.read_anchor(), trail.keys_away()
        if away and anchor is None:
            keys = ", ".join(away)
            self.stdout.write(
                f"The trail is anchored by key {keys} only, which is not here: nothing proves its end."
            )
            raise SystemExit(1)
        anchored = (
            f"event {anchor.count} is anchored outside the database"
            if anchor
            else "nothing is anchored yet"
        )
        self.stdout.write(f"The trail is whole: {AuditEvent.objects.count()} events; {anchored}.")
        if away:
            self.stdout.write(
                f"Anchors signed by key {', '.join(away)}, which is not here, prove nothing."
            )
