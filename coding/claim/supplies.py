"""Kinds of checks on supplies and drugs."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.findings import Hit, on_line


def supply_in_facility(check: Checking) -> Iterator[Hit]:
    """Supplies and drugs on a professional's claim at a place that provides them."""
    if not check.in_facility:
        return
    for line in check.lines_of("supplies"):
        yield on_line(line)


def drug_alone(check: Checking) -> Iterator[Hit]:
    """A drug without a line that gives it."""
    if any(check.lines_of("giving")):
        return
    for line in check.lines_of("drugs"):
        yield on_line(line)


def waste_not_said(check: Checking) -> Iterator[Hit]:
    """A drug from a vial for one patient, without a word on what was left in it."""
    if not check.claim.from_single_dose:
        return
    for line in check.lines_of("drugs"):
        if not line.has(check.modifiers("waste")):
            yield on_line(line)
