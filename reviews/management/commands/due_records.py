"""``manage.py due_records``: what is due by the department's retention rules. It deletes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from reviews.operation import retention


class Command(BaseCommand):
    """Prints the report of the page “Retention”."""

    help = "Say which records are older than the retention rules keep them. Nothing is deleted."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a kind."""
        for due in retention.report():
            if not due.rule:
                summary = "no rule"
            elif due.count:
                summary = f"{due.count} from before {due.before}, the oldest of {due.oldest}"
            else:
                summary = "none due"
            self.stdout.write(f"{due.kind}: {summary}")
