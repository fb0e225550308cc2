"""``manage.py load_icd10cm``: load the ICD-10-CM release of the installed ``simple-icd-10-cm`` package."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from coding import trail
from coding.models import CodeSet, CodeSetRelease

PACKAGE = "simple-icd-10-cm"
# Version 1.5.0 of the package holds the release of April 2026 (its README).
RELEASES = {"1.5.0": ("April 2026", "2026-04-01")}

# A hundred thousand rows: to make a model of each takes longer than to store them.
INSERT = (
    "INSERT INTO coding_code (release_id, code, description, reportable) VALUES (%s, %s, %s, %s)"
)
INSERT_EXCLUSION = (
    "INSERT INTO coding_codeexclusion (release_id, code, excluded) VALUES (%s, %s, %s)"
)
# In a note: “clicking hip (R29.4)”, “injury (S73.0-)”. A range, “(Q65-Q79)”, is left out: too wide to tell.
EXCLUDED = re.compile(r"(?<![-A-Z])[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?=\.?-?[,)\s])")


class Command(BaseCommand):
    """Loads the release once; a second run changes nothing."""

    help = "Load ICD-10-CM from the installed simple-icd-10-cm package."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all codes in one transaction."""
        installed = version(PACKAGE)
        if installed not in RELEASES:
            known = ", ".join(RELEASES)
            raise CommandError(
                f"{PACKAGE} {installed} holds a release that is not known here. Install {known}."
            )
        release, valid_from = RELEASES[installed]
        loaded = CodeSetRelease.objects.filter(
            code_set=CodeSet.ICD10CM, valid_from=valid_from
        ).first()
        if loaded and loaded.exclusions.exists():
            self.stdout.write(f"ICD-10-CM {release} is loaded already.")
            return
        # The package reads its whole data file when it is imported.
        import simple_icd_10_cm as icd

        # A block of one category bears its category's name, so that some codes come twice.
        codes = list(
            dict.fromkeys(filter(icd.is_category_or_subcategory, icd.get_all_codes(with_dots=True)))
        )
        # Both before the transaction begins: a busy machine takes longer than a database lets one be idle.
        described = [(code, icd.get_description(code)[:300], icd.is_leaf(code)) for code in codes]
        excluded = list(exclusions(icd, codes))
        with transaction.atomic(), connection.cursor() as cursor:
            row = loaded or CodeSetRelease.objects.create(
                code_set=CodeSet.ICD10CM,
                release=release,
                valid_from=valid_from,
                source=f"{PACKAGE} {installed}",
            )
            if not loaded:
                cursor.executemany(INSERT, [(row.pk, *code) for code in described])
            # A release that is there was loaded before notes on what excludes what were kept.
            cursor.executemany(INSERT_EXCLUSION, [(row.pk, *pair) for pair in excluded])
            after = {"release": release, "valid_from": valid_from, "source": row.source}
            trail.record(None, "code_set.loaded", row, after=after, rows=[row])
        done = (
            "is completed by what its notes exclude" if loaded else f"is loaded: {len(codes)} codes"
        )
        self.stdout.write(f"ICD-10-CM {release} {done}.")


def exclusions(icd: Any, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each category and code with each code that its Excludes1 notes name."""
    for code in codes:
        named = {other for note in icd.get_excludes1(code) for other in EXCLUDED.findall(note)}
        yield from ((code, other) for other in sorted(named))
