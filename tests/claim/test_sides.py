"""Sides: of a line, of what its code allows, and of the diagnoses that it points to."""

import pytest

from tests.claim.claims import claim, fee, spoken, tables, valid

FEES = {
    "20610": fee("000", bilateral="1"),
    "12002": fee("000", bilateral="0"),
    "73502": fee("XXX", bilateral="1"),
}
SIDES = {"M17.11": "right", "M17.12": "left", "M17.0": "both", "R55": ""}
LOADED = tables(fees=FEES, diagnoses={code: valid(side) for code, side in SIDES.items()})


def says(text, *diagnoses):
    return spoken(claim(text, diagnoses=diagnoses), LOADED)


def test_a_code_that_is_not_paid_for_both_sides_takes_no_such_modifier():
    assert "N08" in says("12002-50", "R55")
    assert "N08" not in says("20610-50", "M17.0")


def test_both_sides_are_one_unit():
    assert "N09" in says("20610-50 x2", "M17.0")
    assert "N09" not in says("20610-50", "M17.0")


@pytest.mark.parametrize("modifiers", ["-LT", "-RT", "-50", "-F5"])
def test_a_procedure_with_sides_names_one(modifiers):
    assert "N25" in says("20610", "R55")
    assert "N25" not in says(f"20610{modifiers}", "R55")


def test_a_code_without_global_days_is_not_asked_for_a_side():
    assert "N25" not in says("73502", "R55")


def test_a_side_that_none_of_the_diagnoses_has_is_an_error():
    assert "N24" in says("20610-LT", "M17.11")
    assert "N24" not in says("20610-RT", "M17.11")


def test_a_digit_is_of_its_hand():
    assert "N24" in says("20610-FA", "M17.11")
    assert "N24" not in says("20610-F5", "M17.11")


def test_diagnoses_without_a_side_or_of_both_fit_any():
    assert "N24" not in says("20610-LT", "R55")
    assert "N24" not in says("20610-LT", "M17.0")
    assert "N24" not in says("20610-LT AB", "M17.11", "M17.12")


def test_both_sides_with_a_diagnosis_of_one_are_doubted():
    assert "N24" in says("20610-50", "M17.11")
    assert "N24" not in says("20610-50 AB", "M17.11", "M17.12")


def test_only_the_diagnoses_that_the_line_points_to_count():
    assert "N24" not in says("20610-RT A", "M17.11", "M17.12")
    assert "N24" in says("20610-RT B", "M17.11", "M17.12")
