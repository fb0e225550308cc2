"""Cells as billing systems and spreadsheets write them, read as the values that they mean."""

import pytest

from coding.intake.cells import cleaned, is_cut, is_error, sex_letter, whole_number

# What programs put around a value.


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("  A1 ", "A1"),
        ('="00123"', "00123"),
        ('= "00123"', "00123"),
        ('=""', ""),
        ("'00123", "00123"),
        ("'tis", "'tis"),
        ("='00123", "='00123"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("-5", "-5"),
        ("(A1)", "(A1)"),
        ("NaNa", "NaNa"),
        ("None of these", "None of these"),
    ],
)
def test_what_a_program_puts_around_a_value_is_none_of_it(cell, value):
    assert cleaned(cell) == value


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "null",
            "(NULL)",
            "[null]",
            "<NULL>",
            "nil",
            "None",
            "undefined",
            "NA",
            "NaN",
            "n/a",
            "N.A.",
            "\\N",
        ),
        *("-", "--", "?", "???", "(blank)", "empty", "[empty]", "Unknown", "tbd", "not available"),
        *(
            "Not Recorded",
            "not stated",
            '="NULL"',
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "#NAME?",
            "####",
        ),
    ],
)
def test_words_for_nothing_are_no_value(cell):
    assert cleaned(f" {cell} ") == ""


@pytest.mark.parametrize("cell", ["---", "n/", "unknown plan", "#1", "na1", "blank page"])
def test_what_only_begins_so_is_a_value(cell):
    assert cleaned(cell) == cell


def test_a_formula_that_failed_is_told_from_nothing():
    assert is_error(" #N/A ")
    assert is_error("#######")
    assert not is_error("#")
    assert not is_error("N/A")
    assert not is_error("no. #1")


# Numbers.


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1001.0", "1001"),
        ("1001.00", "1001"),
        ("007.0", "007"),
        ("1.5", "1.5"),
        ("A.0", "A.0"),
        ("1.", "1."),
    ],
)
def test_a_whole_number_has_no_fraction(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("cell", "has_lost"),
    [
        ("1.23457E+11", True),
        ("1,2e5", True),
        ("1E5", True),
        ("1234567890123450", True),
        ("1234567890123450.0", True),
        ("123456789012345", False),
        ("1234567890123456", False),
        ('="1234567890123450"', False),
        ("'1234567890123450", False),
        ("12E45X", False),
        ("E11", False),
    ],
)
def test_a_number_that_lost_digits_shows_it(cell, has_lost):
    assert is_cut(cell) is has_lost


# Sexes.


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        *(("f", "F"), ("Female", "F"), ("WOMAN", "F"), ("girl", "F"), ("boy", "M"), ("man", "M")),
        *(("a", "O"), ("Ambiguous", "O"), ("X", "O"), ("non-binary", "O"), ("other", "O")),
        *(("N", "U"), ("unknown", "U"), ("unspecified", "U"), ("not specified", "U")),
        ("Q", "Q"),
    ],
)
def test_a_word_for_a_sex_is_its_letter(word, letter):
    assert sex_letter(word) == letter
