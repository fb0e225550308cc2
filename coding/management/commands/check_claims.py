"""``manage.py check_claims FILE.csv``: check that claims are found as wrong and as right as an expert expects."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.claim import Checks, Claim, Finding
from coding.reference.claim_checks import checks_in_force
from coding.reference.claim_tables import ClaimTables
from coding.rules.expected_claims import ClaimError, ExpectedClaim, read_claims
from coding.rules.families import Families
from coding.tables.errors import FileError


class Command(BaseCommand):
    """Checks the submitted and the right lines of each encounter of a file by the loaded tables.

    Right: on the submitted lines every check of ``speak_ids`` speaks and none of ``silent_ids``; on the right lines no
    check finds an error or gives a warning but those of ``remain_ids``. Checks that rule sets bring are not judged.
    """

    help = "Check the claims of a CSV file by the loaded tables; exit status 1 if any is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, report, and fail if a claim is wrong."""
        checks, families = checks_in_force(), Families.published()
        try:
            with options["file"].open(newline="", encoding="utf-8-sig") as file:
                claims = list(read_claims(file))
        except (OSError, FileError) as error:
            raise CommandError(str(error)) from error
        counts = Counter(self.is_right(checks, families, claim) for claim in claims)
        self.stdout.write(f"claims: {counts[True]} right, {counts[False]} wrong")
        if counts[False]:
            raise SystemExit(1)

    def is_right(
        self, checks: Checks, families: Families, expected: ExpectedClaim | ClaimError
    ) -> bool:
        """Whether what is said of a claim is as expected; if not, say what is not."""
        if isinstance(expected, ClaimError):
            self.stdout.write(str(expected))
            return False
        on_submitted = findings(checks, families, expected.submitted)
        on_right = findings(checks, families, expected.right)
        faults = expected.faults(on_submitted, on_right)
        for fault in faults:
            self.stdout.write(f"{expected.name}: {fault}")
        for finding in on_submitted:
            if faults:
                self.stdout.write(f"  {finding.check} {finding.severity}: {finding.message}")
        return not faults


def findings(checks: Checks, families: Families, claim: Claim) -> list[Finding]:
    """What the checks say of a claim by the tables of its day."""
    lines = tuple(replace(line, covered=families.has(line.code)) for line in claim.lines)
    codes = {line.code for line in lines} | {line.code for line in claim.history or ()}
    tables = ClaimTables(claim.day, claim.payer, codes, claim.diagnoses).read()
    return checks.findings(replace(claim, lines=lines), tables)
