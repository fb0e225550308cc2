"""Parts of a note: copies and earlier entries are history, a correction stands above what it corrects."""

import pytest

from coding.evidence import Time
from tests.evidence.lexicons import proposed, statements_in


def times(note):
    return [
        statement.context.time
        for statement in statements_in(note)
        if statement.fact == "manipulation"
    ]


@pytest.mark.parametrize(
    "copy",
    [
        "[Copied from ED note: closed reduction done.]",
        "*** Copied from consult: closed reduction done. ***",
        ">> copied forward from 2023: closed reduction done <<",
        "--- begin copied text --- closed reduction done --- end copied text ---",
        "*** Copied from ED note 04/01 ***\nFell.\n\nClosed reduction done.\n*** End of copied text ***",
    ],
)
def test_copied_text_is_history_up_to_its_end(copy):
    assert times(f"{copy}\nClosed reduction today.") == [Time.HISTORY, Time.ENCOUNTER]


def test_an_unmarked_end_of_a_copy_is_the_blank_line():
    assert times("Copied from ward: closed reduction.\n\nClosed reduction.") == [
        Time.HISTORY,
        Time.ENCOUNTER,
    ]


def test_of_dated_entries_the_last_is_this_visit_s():
    note = "03/01: closed reduction.\n03/09: closed reduction."
    assert times(note) == [Time.HISTORY, Time.ENCOUNTER]


def test_days_of_two_digits_are_told_apart():
    assert times("02/11: closed reduction.\n02/14: closed reduction.") == [
        Time.HISTORY,
        Time.ENCOUNTER,
    ]


def test_or_the_one_that_says_today():
    note = "03/05 today: closed reduction.\n03/12: closed reduction."
    assert times(note) == [Time.ENCOUNTER, Time.HISTORY]


def test_one_date_alone_makes_nothing_history():
    assert times("03/09: closed reduction.") == [Time.ENCOUNTER]


def test_a_ratio_is_no_date():
    assert times("Strength 5/5: closed reduction. Pain 3/10: closed reduction.") == [
        Time.ENCOUNTER,
        Time.ENCOUNTER,
    ]


def test_an_addendum_that_corrects_stands_above_the_note():
    note = "General anesthesia.\nADDENDUM: this is wrong. An epidural was given."
    assert proposed(note) == {"anesthesia": "regional"}


def test_what_it_calls_wrong_is_not_said():
    assert proposed("Left.\nAddendum: I wrote left in error; it was the right.") == {
        "side": "right"
    }


def test_an_addendum_that_corrects_nothing_disagrees_as_any_other_passage():
    assert proposed("General anesthesia.\nAddendum: epidural.") == {"anesthesia": "conflicting"}


def test_a_copied_line_ends_where_it_does_and_the_blank_line_is_not_waited_for():
    note = "[Carried forward 02/2021] Closed reduction.\nClosed reduction today."
    assert times(note) == [Time.HISTORY, Time.ENCOUNTER]


def test_between_two_copies_the_note_tells_of_today():
    copies = "[Copied from ward: closed reduction.]\nClosed reduction.\n[Copied from ED: closed reduction.]"
    assert times(copies) == [Time.HISTORY, Time.ENCOUNTER, Time.HISTORY]


def test_words_that_end_a_copy_end_the_nearest_before_them():
    note = (
        "[copied from ward: closed reduction]\nClosed reduction.\n"
        "*** copied from ED ***\nClosed reduction.\n\nClosed reduction.\n*** end of copied text ***"
    )
    assert times(note) == [Time.HISTORY, Time.ENCOUNTER, Time.HISTORY, Time.HISTORY]


def test_entries_of_another_year_are_told_apart_by_its_last_digits():
    note = "12/30/2023: closed reduction.\n01/02/24: closed reduction."
    assert times(note) == [Time.HISTORY, Time.ENCOUNTER]


def test_entries_of_one_day_are_all_of_today():
    assert times("03/09: closed reduction.\n03/09: closed reduction.") == [Time.ENCOUNTER] * 2
