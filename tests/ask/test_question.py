"""A text taken apart: its words, codes, modifiers, lines and days. Nothing of it is taken for what it is not."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.ask import Question

TODAY = date(2026, 5, 4)

# Words -------------------------------------------------------------------------------------------------


def test_words_are_in_lower_case_and_codes_and_what_stands_behind_them_are_none():
    assert Question("When does 12345-LT x2 Apply?").words == ("when", "does", "apply")
    assert Question("A1234 or 1234T").words == ("or",)


def test_a_word_of_five_letters_is_a_word():
    assert Question("check units").words == ("check", "units")


def test_a_question_has_a_word_if_it_has_one_of_several():
    question = Question("units of it")
    assert question.has("unit", "units")
    assert not question.has("unit", "limit")
    assert not question.has()


@pytest.mark.parametrize(
    ("text", "is_only"),
    [
        ("how many units may I bill", True),
        ("units", True),
        ("", True),
        ("the of is", True),
        ("units of apples", False),
    ],
)
def test_words_that_change_nothing_ask_for_nothing_else(text, is_only):
    assert Question(text).is_only_of("units") is is_only


def test_words_beyond_are_told_once_without_letters_alone_and_without_whose_tables():
    question = Question("units for Aetna, x Aetna and Medicare, Humana")
    assert question.words_beyond("units") == ("aetna", "humana")
    assert question.words_beyond("units", "aetna") == ("humana",)


@pytest.mark.parametrize(("count", "is_short"), [(0, True), (25, True), (26, False)])
def test_a_question_has_up_to_25_words(count, is_short):
    assert Question("word " * count).is_short is is_short
    # Codes are no words.
    assert Question("word " * count + "12345 " * 30).is_short is is_short


# Codes and numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("12345", ("12345",)),
        ("a1234 and 1234t", ("A1234", "1234T")),
        ("12345, 12345 or 12346", ("12345", "12346")),
        ("12345-50", ("12345",)),
        ("123456 and 1234", ()),
        ("AB123, 12A45", ()),
        ("S73.014A", ()),
    ],
)
def test_codes_are_named_in_either_case_each_once(text, codes):
    assert Question(text).named == codes


def test_the_code_of_the_page_counts_where_none_is_named():
    assert Question("units", "12345").codes == ("12345",)
    assert Question("units of 12346", "12345").codes == ("12346",)
    assert Question("units").codes == ()


def test_numbers_are_what_is_neither_a_code_nor_stands_behind_one():
    assert Question("12345-50 x2 in 2024, 7 times").numbers == ["2024", "7"]
    assert Question("12345").numbers == []


# Modifiers by that word --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ("modifier 25", ("25",)),
        ("Modifiers LT, RT and 50", ("LT", "RT", "50")),
        ("mod 25/57", ("25", "57")),
        ("mods 25 or 57 vs 59", ("25", "57", "59")),
        ("modifier 25 and 25", ("25",)),
        ("modifier F1 or xs", ("F1",)),
        ("modifer E4", ("E4",)),
        ("which modifiers go with it", ()),
        ("modifier", ()),
        ("25 or 57", ()),
        ("modified 25", ()),
    ],
)
def test_modifiers_are_named_behind_that_word(text, modifiers):
    assert Question(text).modifiers == modifiers


# Lines -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("12345", ("12345", (), 1)),
        ("12345-LT", ("12345", ("LT",), 1)),
        ("12345.LT/50", ("12345", ("LT", "50"), 1)),
        ("12345-lt-22", ("12345", ("LT", "22"), 1)),
        ("12345 LT 22", ("12345", ("LT", "22"), 1)),
        ("12345 x3", ("12345", (), 3)),
        ("12345-LT × 12", ("12345", ("LT",), 12)),
        ("12345 LT X2", ("12345", ("LT",), 2)),
        ("12345-X2", ("12345", ("X2",), 1)),
        ("12345 XS", ("12345", ("XS",), 1)),
        ("a1234 X2", ("A1234", (), 2)),
        ("12345 IS", ("12345", (), 1)),
        ("12345 OR", ("12345", (), 1)),
        ("12345 50-100", ("12345", (), 1)),
    ],
)
def test_a_line_is_a_code_with_what_stands_behind_it(text, line):
    assert Question(text).named_lines == (line,)


@pytest.mark.parametrize(
    ("text", "has_details"),
    [("12345", False), ("12345 x1", False), ("12345 x2", True), ("12345-LT", True), ("LT", False)],
)
def test_details_are_modifiers_or_units(text, has_details):
    assert Question(text).has_details_of_lines is has_details


def test_a_number_beside_the_codes_is_more_than_codes_too():
    assert Question("12345 in 2024").has_more_than_codes
    assert Question("12345-LT").has_more_than_codes
    assert not Question("12345 with 12346").has_more_than_codes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        # What stands behind a code makes a line of it.
        ("12345-LT", 1),
        ("12345 x2", 1),
        ("what if I report 12345-25 with 12346", 2),
        # Bare codes are lines where they are asked so, or are three.
        ("12345; 12346", 2),
        ("12345, 12346", 2),
        ("12345+12346", 2),
        ("12345\n12346", 2),
        ("check 12345 and 12346", 2),
        ("claim 12345 and 12346", 2),
        ("what happens if 12345 and 12346", 2),
        ("12345 12346 12347", 3),
        # Anything else is another question.
        ("12345", 0),
        ("what if 12345", 0),
        ("12345 12346", 0),
        ("12345 or 12346", 0),
        ("12345-LT units", 0),
        ("12345-LT in 2024", 0),
        ("", 0),
    ],
)
def test_lines_are_a_claim_where_the_text_is_nothing_but_lines(text, count):
    assert len(Question(text).lines) == count


# Days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "next_one", "last_one"),
    [
        ("on 2025-07-01", date(2025, 7, 1), date(2025, 7, 1)),
        ("on 7/1/2025", date(2025, 7, 1), date(2025, 7, 1)),
        ("on 1 July 2025", date(2025, 7, 1), date(2025, 7, 1)),
        ("on July 1, 2025", date(2025, 7, 1), date(2025, 7, 1)),
        ("on 1 jul", date(2026, 7, 1), date(2025, 7, 1)),
        ("on Jan 1", date(2027, 1, 1), date(2026, 1, 1)),
        ("on 4 May", date(2026, 5, 4), date(2026, 5, 4)),
        ("on 3 May", date(2027, 5, 3), date(2026, 5, 3)),
        ("on 5 May", date(2026, 5, 5), date(2025, 5, 5)),
        ("since January", date(2027, 1, 1), date(2026, 1, 1)),
        ("in May", date(2026, 5, 1), date(2026, 5, 1)),
        ("from July 2024", date(2024, 7, 1), date(2024, 7, 1)),
        ("on 31 June", None, None),
        ("on 2025-02-29", None, None),
        ("on 13/13/2025", None, None),
        ("", None, None),
    ],
)
def test_a_day_without_a_year_is_the_next_one_or_the_last(text, next_one, last_one):
    question = Question(text)
    assert question.day(TODAY) == next_one
    assert question.day(TODAY, past=True) == last_one


def test_a_day_that_is_none_of_the_calendar_is_named_all_the_same():
    assert Question("on 31 June").names_a_day
    assert not Question("in the end").names_a_day


@pytest.mark.parametrize(
    ("text", "is_month"),
    [("since March", True), ("in March 2025", True), ("on 1 March", False), ("2025-03-01", False)],
)
def test_a_month_alone_is_told_from_a_day(text, is_month):
    assert Question(text).names_a_month is is_month


@pytest.mark.parametrize(
    ("text", "is_more"),
    [
        ("on 1 July 2025", False),
        ("in July", False),
        ("what may change in July", False),
        ("what may be new", False),
        ("on 1 July or 1 August", True),
        ("in July, 3 times", True),
        ("July", True),
        ("from 2025-01-01 until 2025-02-01", True),
        ("of 12345 in July", False),
    ],
)
def test_two_days_or_a_further_number_are_more_than_a_day(text, is_more):
    assert Question(text).names_more_than_a_day is is_more


def test_a_day_stands_in_the_words_and_not_behind_a_code():
    assert Question("12345-25").day(TODAY) is None
    assert Question("12345 on 1 July").day(TODAY) == date(2026, 7, 1)


# Whatever is typed -------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.text(st.sampled_from("12345ALTx-./ ,;?\nmodifer july"), max_size=40))
def test_whatever_is_typed_is_taken_apart_without_an_error(text):
    question = Question(text)
    assert len(set(question.named)) == len(question.named)
    assert set(question.lines) <= set(question.named_lines)
    assert all(units >= 0 for _, _, units in question.named_lines)
    assert question.day(TODAY) is None or question.names_a_day
    assert set(question.words_beyond()) <= set(question.words)
