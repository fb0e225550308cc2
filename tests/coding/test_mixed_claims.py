"""Mixed encounters: each check speaks on the lines as they were submitted, and is silent on the right ones."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coding.claim import AddOn, Diagnosis, DiagnosisState, Term, UnitLimit
from coding.rules.expected_claims import (
    ClaimError,
    ExpectedClaim,
    minutes_of,
    read_claims,
    sedation_minutes_of,
)
from tests.claim.claims import fee, pair, shipped_checks, tables, valid

FILE = Path(__file__).with_name("mixed_claims.csv")
NEVER_SPEAK_HERE = {"N04", "N44", "N45"}

FEES = {
    "12002": fee("000", "2.0", bilateral="0", multiple="2"),
    "12011": fee("000", "2.0", bilateral="0", multiple="2"),
    "12013": fee("000", "2.5", bilateral="0", multiple="2"),
    "20610": fee("000", "1.8", bilateral="1", multiple="2"),
    "25605": fee("090", "14", bilateral="1", multiple="2"),
    "25607": fee("090", "21", bilateral="1", multiple="2"),
    "27250": replace(fee("000", "5", bilateral="1", multiple="2"), pre=0, post=0),
    "27256": fee("010", "9", bilateral="1", multiple="2"),
    "27257": fee("010", "10", bilateral="1", multiple="2", assistant="1", non_facility_na=True),
    "29125": fee("000", "1.5", bilateral="1", multiple="2"),
    "99153": fee("ZZZ", technical="3"),
    "99396": replace(fee(), status="N"),
    "G0168": fee("000", "0.7"),
}
PAIRS = [
    pair("25605", "64417", 0),
    pair("25605", "29125", 1),
    pair("25605", "12002", 1),
    pair("20610", "99214", 1),
]
LIMITS = {"12002": UnitLimit(1, 2), "20610": UnitLimit(2, 3), "99396": UnitLimit(0, 3)}
ADD_ONS = {
    "99417": AddOn(1, frozenset({"99205", "99215"})),
    "99153": AddOn(1, frozenset({"99151", "99152"})),
}
TERMS = {"J1030": Term(None, date(2024, 3, 31))}
SIDES = {
    "right": [
        "S52.501A",
        "S52.531A",
        "S52.551A",
        "S73.014A",
        "S61.411A",
        "S81.811A",
        "Q65.01",
        "M17.11",
    ],
    "left": ["S51.812A", "Q65.02"],
    "both": ["M17.0"],
    "": ["S01.01XA", "S01.81XA", "S06.0X0A", "Z00.01", "I10", "I50.22", "W19.XXXA"],
}
DIAGNOSES = {
    **{code: valid(side) for side, codes in SIDES.items() for code in codes},
    "S52.531D": valid("right", "S52.531A"),
    "S52.53": Diagnosis(DiagnosisState.CATEGORY),
}


def encounters() -> list[ExpectedClaim | ClaimError]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return list(read_claims(file))


def findings(claim):
    loaded = tables(FEES, PAIRS, LIMITS, ADD_ONS, TERMS, DIAGNOSES)
    of_payer = claim.payer == "medicare"
    return shipped_checks().findings(
        claim, replace(loaded, unit_limits=replace(loaded.unit_limits, of_payer=of_payer))
    )


@pytest.mark.parametrize(
    "expected", encounters(), ids=lambda expected: getattr(expected, "name", "unread")
)
def test_the_submitted_lines_are_told_of_and_the_right_ones_are_left_alone(expected):
    assert isinstance(expected, ExpectedClaim), str(expected)
    assert expected.faults(findings(expected.submitted), findings(expected.right)) == []


def test_every_check_speaks_in_at_least_one_encounter():
    spoken = {check for expected in encounters() for check in expected.speak}
    assert {f"N{number:02}" for number in range(1, 44)} - spoken <= NEVER_SPEAK_HERE


def claim_of(**cells):
    usual = {
        "id": "P",
        "place_of_service": "11",
        "payer": "commercial",
        "service_date": "2024-08-14",
    }
    row = {**usual, "diagnoses": "A=M17.11", "right_lines": "20610-RT x1 [A]", **cells}
    row = {
        "submitted_lines": row["right_lines"],
        "speak_ids": "",
        "silent_ids": "",
        "remain_ids": "",
        **row,
    }
    row.setdefault("history", "")
    text = ",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values())
    [read] = read_claims(io.StringIO(text))
    return read.submitted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("99213 on 2023-02-01, same group", [("99213", date(2023, 2, 1), True)]),
        ("27256-LT by another group on 2024-08-01", [("27256", date(2024, 8, 1), False)]),
        ("2024-06-26: 25605-LT, same provider", [("25605", date(2024, 6, 26), True)]),
        (
            "99214 and 20610-RT on 06/26/2024",
            [("99214", date(2024, 6, 26), True), ("20610", date(2024, 6, 26), True)],
        ),
        (
            "25605 on 26 June 2024 elsewhere, 99213 on 2023-01-05 here",
            [("25605", date(2024, 6, 26), False), ("99213", date(2023, 1, 5), True)],
        ),
        (
            "seen on 2022-01-05 by the same group, another specialty",
            [("", date(2022, 1, 5), False)],
        ),
        ("99213 in 2023-02, same group", [("99213", date(2023, 2, 28), True)]),
        ("27256-LT two weeks ago, for another problem", [("27256", date(2024, 7, 31), True)]),
    ],
)
def test_earlier_services_are_read_as_people_write_them(text, read):
    history = claim_of(history=text).history
    assert [(line.code, line.day, line.same_group) for line in history] == read


def test_nothing_earlier_and_nothing_known_are_two_things():
    assert claim_of(history="no earlier service").history == ()
    assert claim_of(history="").history is None


def test_a_row_that_names_no_pointers_has_none_to_judge():
    assert claim_of(right_lines="20610-RT; 99213-25").lines[1].pointers == (1,)
    assert claim_of(submitted_lines="20610-RT").lines[0].pointers == ()


def test_minutes_of_other_work_are_not_those_of_the_visit():
    assert minutes_of("Total own time today 58 minutes, no procedures.") == 58
    assert minutes_of("Total sedation time 18 minutes.") is None
    assert sedation_minutes_of("RN monitored, 18 minutes of intraservice time.") == 18
