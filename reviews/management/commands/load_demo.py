"""``manage.py load_demo``: the demo's people, rules and made-up encounters."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reviews.management import demo


class Command(BaseCommand):
    """Loads the demo once; a second run changes nothing."""

    help = "Load the demo data. The accounts' password is taken from DEMO_PASSWORD."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, on a local copy only."""
        password = os.environ.get("DEMO_PASSWORD")
        if not (settings.LOCAL and password):
            raise CommandError(
                "The demo belongs on a local copy: set CONCORD_LOCAL=1 and DEMO_PASSWORD."
            )
        is_new = demo.load(password)
        self.stdout.write("Demo data loaded." if is_new else "The demo data is here already.")
