"""The document of checks, and what holds for every claim whatever the checks are."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.claim import CheckError, Checks, Claim, UnitLimit, speaking
from tests.claim.claims import DAY, claim, document, fee, line, pair, shipped_checks, tables, valid

CODES = [
    "99203",
    "99284",
    "99396",
    "20610",
    "25605",
    "27252",
    "12002",
    "12013",
    "12032",
    "J3301",
    "64417",
]
MODIFIERS = ["25", "57", "59", "LT", "RT", "50", "54", "79", "XS"]
LOADED = tables(
    fees={
        "20610": fee("000", "2.0", bilateral="1", multiple="2"),
        "25605": fee("090", "16.0", bilateral="1", multiple="2", non_facility_na=True),
        "27252": fee("090", "21.0", bilateral="1", multiple="2", assistant="1"),
        "12002": fee("000", "3.0", bilateral="0", multiple="2"),
    },
    pairs=[pair("25605", "12002", 1), pair("25605", "64417", 0), pair("12002", "12013", 1)],
    limits={"20610": UnitLimit(2, 3), "27252": UnitLimit(1, 2)},
    diagnoses={"M17.11": valid("right"), "S73.014A": valid("right"), "R55": valid()},
)
LINES = st.tuples(
    st.sampled_from(CODES),
    st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True),
    st.integers(1, 3),
    st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True),
    st.sampled_from(["", "B"]),
)
# What depends on the order of lines by its meaning.
OF_ORDER = {"N23"}


def a_claim(rows, place="11"):
    lines = tuple(
        replace(
            line(number, code),
            modifiers=tuple(modifiers),
            units=units,
            pointers=tuple(pointers),
            provider=by,
        )
        for number, (code, modifiers, units, pointers, by) in enumerate(rows, start=1)
    )
    return Claim(DAY, lines, ("M17.11", "S73.014A", "R55"), place, "commercial", ())


def said(of_claim):
    """What is said, by the lines themselves and not by their numbers."""
    by_number = {line.number: replace(line, number=0) for line in of_claim.lines}
    return sorted(
        (
            finding.check,
            finding.message,
            sorted(map(str, (by_number[number] for number in finding.lines))),
        )
        for finding in shipped_checks().findings(of_claim, LOADED)
        if finding.check not in OF_ORDER and finding.lines
    )


def of_lines(of_claim):
    """What is said of which lines. Words may name two lines in the order of the claim."""
    return sorted((check, lines) for check, _, lines in said(of_claim))


@settings(max_examples=120)
@given(
    st.lists(LINES, min_size=1, max_size=5),
    st.randoms(use_true_random=False),
    st.sampled_from(["11", "23"]),
)
def test_findings_do_not_depend_on_the_order_in_which_lines_were_typed(rows, random, place):
    shuffled = random.sample(rows, len(rows))
    assert of_lines(a_claim(shuffled, place)) == of_lines(a_claim(rows, place))


@settings(max_examples=120)
@given(
    st.lists(LINES, min_size=1, max_size=4),
    st.sampled_from(["11", "23"]),
    st.sampled_from(["", "B", "C"]),
)
def test_an_unrelated_line_takes_no_finding_away(rows, place, by):
    before = said(a_claim(rows, place))
    after = said(a_claim([*rows, ("85025", [], 1, [1], by)], place))
    assert [finding for finding in before if finding not in after] == []


def test_a_check_is_for_its_payers_and_from_its_day_on():
    entry = {
        "id": "X1",
        "kind": "uncovered",
        "severity": "info",
        "message": "{code}",
        "payers": ["medicaid"],
    }
    checks = Checks.from_document(
        {"codes": {}, "modifiers": {}, "checks": [{**entry, "since": "2024-08-14"}]}
    )
    uncovered = replace(claim("85025", payer="medicaid"), lines=(line(1, "85025", covered=False),))
    assert speaking(checks.findings(uncovered, tables())) == {"X1"}
    assert checks.findings(replace(uncovered, payer="medicare"), tables()) == []
    assert checks.findings(replace(uncovered, day=date(2024, 8, 13)), tables()) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "guess"}, "X1: kind “guess” is none of"),
        ({"severity": "loud"}, "X1: 'loud' is not a valid Severity"),
        ({"message": None}, "X1: message is missing"),
        ({"since": "soon"}, "X1: Invalid isoformat string: 'soon'"),
    ],
)
def test_a_document_that_cannot_be_read_names_the_check(change, problem):
    entry = {"id": "X1", "kind": "uncovered", "severity": "info", "message": "{code}", **change}
    entry = {key: value for key, value in entry.items() if value is not None}
    with pytest.raises(CheckError, match=problem):
        Checks.from_document({"codes": {}, "modifiers": {}, "checks": [entry]})


def test_every_shipped_check_says_what_it_rests_on():
    assert [entry["id"] for entry in document()["checks"] if not entry.get("basis")] == []
