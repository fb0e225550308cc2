"""``manage.py load_icd10cm``: load the ICD-10-CM release of the installed ``simple-icd-10-cm`` package."""

from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from coding.models import CodeSet, CodeSetRelease

PACKAGE = "simple-icd-10-cm"
# Version 1.5.0 of the package holds the release of April 2026 (its README).
RELEASES = {"1.5.0": ("April 2026", "2026-04-01")}

# A hundred thousand rows: to make a model of each takes longer than to store them.
INSERT = "INSERT INTO coding_code (release_id, code, description, reportable) VALUES (%s, %s, %s, %s)"


class Command(BaseCommand):
    """Loads the release once; a second run changes nothing."""

    help = "Load ICD-10-CM from the installed simple-icd-10-cm package."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all codes in one transaction."""
        installed = version(PACKAGE)
        if installed not in RELEASES:
            known = ", ".join(RELEASES)
            raise CommandError(f"{PACKAGE} {installed} holds a release that is not known here. Install {known}.")
        release, valid_from = RELEASES[installed]
        if CodeSetRelease.objects.filter(code_set=CodeSet.ICD10CM, valid_from=valid_from).exists():
            self.stdout.write(f"ICD-10-CM {release} is loaded already.")
            return
        # The package reads its whole data file when it is imported.
        import simple_icd_10_cm as icd

        with transaction.atomic():
            row = CodeSetRelease.objects.create(
                code_set=CodeSet.ICD10CM, release=release, valid_from=valid_from, source=f"{PACKAGE} {installed}"
            )
            # A block of one category bears its category's name, so that some codes come twice.
            codes = dict.fromkeys(filter(icd.is_category_or_subcategory, icd.get_all_codes(with_dots=True)))
            described = [(row.pk, code, icd.get_description(code)[:300], icd.is_leaf(code)) for code in codes]
            with connection.cursor() as cursor:
                cursor.executemany(INSERT, described)
        self.stdout.write(f"Loaded {len(codes)} codes of ICD-10-CM {release}.")
