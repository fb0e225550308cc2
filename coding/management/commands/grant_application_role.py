"""``manage.py grant_application_role NAME``: let the application's database role read and write, and no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from coding.operation import database_role


class Command(BaseCommand):
    """Grants what the application needs on the tables of today and of later migrations."""

    help = (
        "Run as the role that owns the tables, once after the first migrate:"
        " grant the application's role its rights."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role."""
        parser.add_argument("role", help="the role in the application's DATABASE_URL")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        """Grant, or say why the role is unfit."""
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: whoever may write its file owns the database.")
        try:
            database_role.grant(connection, role)
        except database_role.UnfitRole as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{role} may read and write the rows of all tables, and owns none.")
