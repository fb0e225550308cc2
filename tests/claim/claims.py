"""Claims and tables in short, for tests of checks: a line is written ``99285-25 x1 A``, a fee row by what differs."""

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache

from coding import rulesets
from coding.claim import (
    Checks,
    Claim,
    Diagnosis,
    DiagnosisState,
    EarlierLine,
    Fee,
    Line,
    Pair,
    Table,
    Tables,
)

DAY = date(2024, 8, 14)
LINE = re.compile(
    r"(?P<code>\w{5})(?P<modifiers>(?:-\w\w)*)(?: x(?P<units>\d+))?(?: (?P<pointers>[A-L]+))?(?: @(?P<by>\w+))?"
)


@cache
def shipped_checks() -> Checks:
    return Checks.from_document(rulesets.claim_checks())


def line(number: int, text: str, **values: object) -> Line:
    """A line of the claim, pointing to the first diagnosis where the text names none."""
    match = LINE.fullmatch(text)
    assert match, text
    return Line(
        number,
        match["code"],
        tuple(match["modifiers"].split("-")[1:]),
        int(match["units"] or 1),
        tuple(ord(letter) - ord("A") + 1 for letter in match["pointers"] or "A"),
        match["by"] or "",
        **values,
    )


def claim(*texts: str, **values: object) -> Claim:
    """A claim of these lines with one diagnosis, in an office, for a commercial payer."""
    lines = tuple(line(number, text) for number, text in enumerate(texts, start=1))
    usual = {
        "day": DAY,
        "lines": lines,
        "diagnoses": ("R69",),
        "place": "11",
        "payer": "commercial",
    }
    return Claim(**{**usual, **values})


def earlier(text: str, day: date, same_group: bool = True) -> EarlierLine:
    code, *modifiers = text.split("-")
    return EarlierLine(day, code, tuple(modifiers), same_group)


def fee(global_days: str = "XXX", total: str = "1.00", **indicators: object) -> Fee:
    value = Decimal(total)
    return Fee(
        "A", global_days, value, value, value, pre=Decimal("0.1"), post=Decimal("0.2"), **indicators
    )


def pair(column1: str, column2: str, indicator: int) -> Pair:
    return Pair(column1, column2, indicator == 1, "More extensive procedure")


def valid(side: str = "", *excludes: str) -> Diagnosis:
    return Diagnosis(DiagnosisState.VALID, side, excludes)


def tables(fees=None, pairs=(), limits=None, add_ons=None, terms=None, diagnoses=None) -> Tables:
    """Loaded tables with these rows; what is not given is loaded without any."""
    return Tables(
        fees=Table("RVU24C", fees or {}),
        pairs=Table("PTP 2024 Q3", {(row.column1, row.column2): row for row in pairs}),
        unit_limits=Table("MUE 2024 Q3", limits or {}),
        add_ons=Table("Add-on codes 2024 Q3", add_ons or {}),
        terms=Table("HCPCS 2024 Q3", terms or {}),
        diagnoses=Table("ICD-10-CM 2024", {"R69": valid(), **(diagnoses or {})}),
        facility_places=frozenset({"21", "22", "23"}),
    )


def spoken(a_claim: Claim, loaded: Tables) -> set[str]:
    """The ids of the shipped checks that say an error or a warning."""
    found = shipped_checks().findings(a_claim, loaded)
    return {finding.check for finding in found if finding.severity != "info"}


def informed(a_claim: Claim, loaded: Tables) -> set[str]:
    """The ids of the shipped checks that inform only."""
    found = shipped_checks().findings(a_claim, loaded)
    return {finding.check for finding in found if finding.severity == "info"}


def said(check: str, a_claim: Claim, loaded: Tables) -> list[tuple]:
    """What a shipped check says: how it stands, its words, the lines and the row that it rests on."""
    return [
        (str(finding.severity), finding.message, finding.lines, finding.rests_on)
        for finding in shipped_checks().findings(a_claim, loaded)
        if finding.check == check
    ]


def lines_of(check: str, a_claim: Claim, loaded: Tables) -> list[tuple[int, ...]]:
    """The lines of which a shipped check speaks, finding by finding."""
    return [lines for _, _, lines, _ in said(check, a_claim, loaded)]


def document() -> dict:
    """The shipped document; it is the caller's to change."""
    return json.loads(json.dumps(rulesets.claim_checks()))
