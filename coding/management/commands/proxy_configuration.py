"""``manage.py proxy_configuration``: print nginx's configuration, with the names and sizes of the settings."""

import re
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coding.views.middleware import FORM_BYTES

TEMPLATE = settings.BASE_DIR / "deploy" / "nginx" / "concord.conf"


class Command(BaseCommand):
    """Fills deploy/nginx/concord.conf: the size of uploads and the names stand in one place, the environment."""

    help = "Print nginx's configuration, to be put into its folder conf.d or sites-enabled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where nginx listens, what it shows and to whom it passes on."""
        parser.add_argument(
            "--certificate", required=True, help="the file of the certificate with its chain"
        )
        parser.add_argument("--key", required=True, help="the file of its private key")
        parser.add_argument("--upstream", default="127.0.0.1:8000", help="where gunicorn listens")
        parser.add_argument("--secure", default="443", help="port, or address:port, for TLS")
        parser.add_argument(
            "--plain", default="80", help="port, or address:port, that only leads to TLS"
        )
        parser.add_argument(
            "--public-port", help="the port that browsers name, where it is another one"
        )
        parser.add_argument("--access-log", default="/var/log/nginx/concord.log")
        parser.add_argument("--error-log", default="/var/log/nginx/concord-errors.log")
        parser.add_argument(
            "--body-seconds", type=int, default=20, help="between two portions of a body"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        names = settings.ALLOWED_HOSTS
        if not names or "*" in names:
            raise CommandError(
                "ALLOWED_HOSTS has to name the hosts that Concord answers to, without a star."
            )
        port = options["public_port"] or options["secure"].rpartition(":")[2]
        values = {
            **options,
            "names": " ".join(names),
            "address": "https://$host" if port == "443" else f"https://$host:{port}",
            "body_bytes": settings.UPLOAD_BYTES + FORM_BYTES,
        }
        template = TEMPLATE.read_text(encoding="utf-8")
        self.stdout.write(
            re.sub(r"\{\{ (\w+) \}\}", lambda match: str(values[match[1]]), template), ending=""
        )
