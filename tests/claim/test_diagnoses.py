"""Diagnoses: pointers to them, whether they are complete, what they exclude, and the time they tell of."""

from dataclasses import replace

import pytest

from coding.claim import Table
from tests.claim.claims import claim, fee, spoken, tables, valid


def test_a_release_of_another_day_tells_sides_and_judges_no_code():
    loaded = tables(diagnoses={"M17.11": valid("right")})
    other_day = replace(
        loaded,
        diagnoses=Table("ICD-10-CM 2026", loaded.diagnoses.rows, "the release of 2026 is used"),
    )
    assert "N29" not in spoken(claim("99214", diagnoses=("Z99.999",)), other_day)
    assert "N24" in spoken(claim("20610-LT", diagnoses=("M17.11",)), other_day)


@pytest.mark.parametrize(
    ("text", "diagnosis", "speaks"),
    [
        ("27252-RT", "S73.014D", True),
        ("27252-RT-58", "S73.014D", False),
        ("27252-RT", "S73.014A", False),
        ("27252-RT", "Q65.02", False),
        ("99213", "S73.014D", False),
        ("99024", "S73.014A", True),
        ("99024", "S73.014D", False),
    ],
)
def test_the_seventh_character_tells_of_the_time_of_the_treatment(text, diagnosis, speaks):
    known = tables(fees={"27252": fee("090")}, diagnoses={diagnosis: valid()})
    assert ("N31" in spoken(claim(text, diagnoses=(diagnosis,)), known)) is speaks


@pytest.mark.parametrize(
    ("code", "diagnosis", "check"),
    [("27252", "Q65.02", "C03"), ("27256", "S73.014A", "C04"), ("27265", "S73.014A", "C05")],
)
def test_a_rule_set_brings_checks_of_its_own(code, diagnosis, check):
    known = tables(diagnoses={diagnosis: valid(), "T84.020A": valid(), "R69": valid()})
    assert check in spoken(claim(f"{code}-LT", diagnoses=(diagnosis,)), known)
    assert check not in spoken(claim("99214", diagnoses=(diagnosis,)), known)


def test_such_a_check_is_silent_where_a_diagnosis_of_its_own_stands_beside():
    known = tables(diagnoses={"T84.020A": valid(), "S73.014A": valid()})
    assert "C05" not in spoken(claim("27265-LT AB", diagnoses=("S73.014A", "T84.020A")), known)
