"""Rows of a group as a small table: added, removed and checked as people write them, without a request."""

import pytest

from coding.decision import CONFLICTING, NOT_DOCUMENTED, FactDefinition, Group, Known
from reviews.forms.group_rows import MOST_ROWS, GroupRowsForm, RowForm
from tests.decision import tables as make

LENGTH = make.fact(
    "length", "whole_number", minimum=1, maximum=300, decimals=1, unit="cm", label="Length"
)
TABLE = make.table(
    [make.fact("colour"), LENGTH, make.fact("codes", "code_set")], [make.rule("LAST", {})]
)
FACTS: list[FactDefinition] = list(TABLE.facts[:2])
GROUP = Group(key="wounds", label="Wounds", alike=(), aggregate="sum", fact="length")
ASKED = (
    "Write a number with at most 1 decimal from 0.1 to 30.0 cm."
    " If the note is silent, it is not documented."
)
TWO_ROWS = {
    "count": "2",
    "row-1-colour": "red",
    "row-1-length": "2.6",
    "row-2-colour": "blue",
    "row-2-length": "3 cm",
}


def sent(**data):
    return GroupRowsForm.sent(GROUP, FACTS, {**TWO_ROWS, **data})


def texts(form):
    """What each row shows in its written field."""
    return [row["length"].value() for row in form.rows]


# Rows as they stand.


def test_rows_stand_as_people_write_them():
    form = GroupRowsForm.of(
        GROUP,
        FACTS,
        [
            {"colour": Known("red"), "length": Known(26)},
            {"colour": NOT_DOCUMENTED, "length": CONFLICTING},
            {},
        ],
    )
    assert form.count == 3
    assert not form.is_bound
    assert form.problems == []

    full, silent, empty = form.rows
    assert (full["colour"].value(), full["length"].value()) == ("red", "2.6")
    # A listed answer is silent by itself; beside a written one there is a choice for it.
    assert silent["colour"].value() == "not_documented"
    assert silent["length"].value() is None
    assert silent["length-silence"].value() == "conflicting"
    assert empty["colour"].value() is None


def test_each_field_is_named_by_its_row_for_whoever_hears_the_page():
    row = RowForm(FACTS, 2)
    colour, length = row.cells
    assert colour.field.label == "Row 2, Colour"
    assert length.field.label == "Row 2, Length"
    assert 'aria-label="Row 2, Length"' in str(length.field)
    assert 'aria-label="Row 2, Length: answer"' in str(length.silence)


def test_a_column_has_its_unit_and_only_a_written_answer_a_choice_beside_it():
    colour, length = RowForm(FACTS, 1).cells
    assert (colour.label, colour.unit, colour.silence) == ("Colour", "", None)
    assert (length.label, length.unit) == ("Length", "cm")
    assert length.silence.field.choices == [
        ("", "As written above"),
        ("not_documented", "Not documented"),
        ("conflicting", "Documented two ways"),
    ]


def test_a_listed_answer_is_chosen():
    choices = RowForm(FACTS, 1).fields["colour"].choices
    assert choices[0] == ("", "Choose")
    assert choices[1] == ("red", "Red")
    assert choices[-1] == ("conflicting", "Documented two ways")


# Rows that are saved.


def test_all_rows_are_read_for_the_verb():
    form = sent()
    assert form.is_bound
    assert form.is_valid(), form.problems
    assert form.answers == [
        {"colour": Known("red"), "length": Known(26)},
        {"colour": Known("blue"), "length": Known(30)},
    ]


def test_a_silence_that_is_chosen_is_the_answer():
    form = sent(**{"row-2-length": "", "row-2-length-silence": "not_documented"})
    assert form.is_valid(), form.problems
    assert form.answers[1]["length"] is NOT_DOCUMENTED


def test_what_is_wrong_is_told_by_row_and_field_of_every_row():
    form = sent(**{"row-1-colour": "", "row-2-length": "long"})
    assert not form.is_valid()
    assert form.problems == [
        (
            "id_row-1-colour",
            "Row 1, Colour",
            "Choose an answer. If the note is silent, it is not documented.",
        ),
        (
            "id_row-2-length",
            "Row 2, Length",
            f"“long” is not what is asked for. {ASKED}",
        ),
    ]


def test_a_number_that_is_missing_is_asked_for():
    [(_, label, words)] = sent(**{"row-1-length": " "}).problems
    assert label == "Row 1, Length"
    assert words == ASKED


def test_a_number_and_a_silence_contradict_each_other():
    [(_, label, words)] = sent(**{"row-1-length-silence": "conflicting"}).problems
    assert label == "Row 1, Length"
    assert words == "You wrote “2.6” and chose “Documented two ways”. Take one of them back."


def test_an_answer_that_is_not_on_the_list_is_refused_once():
    [(_, label, _)] = sent(**{"row-1-colour": "yellow"}).problems
    assert label == "Row 1, Colour"


# Rows that are added and removed, and not saved yet.


def test_a_row_is_added_behind_the_others_and_the_cursor_goes_there():
    form = sent(what="add")
    assert not form.is_bound
    assert texts(form) == ["2.6", "3 cm", None]
    assert form.rows[2].number == 3
    assert "autofocus" in str(form.rows[2]["colour"])
    assert "autofocus" not in str(form.rows[1]["colour"])


def test_a_row_is_removed_and_the_others_move_up_as_they_were_written():
    form = sent(what="remove-1")
    assert not form.is_bound
    assert texts(form) == ["3 cm"]
    assert form.rows[0].number == 1


def test_removing_a_row_that_is_not_there_removes_none():
    assert texts(sent(what="remove-3")) == ["2.6", "3 cm"]
    assert texts(sent(what="remove-")) == ["2.6", "3 cm"]


def test_what_was_typed_wrongly_is_shown_again_while_rows_are_added():
    form = sent(what="add", **{"row-1-length": "long", "row-2-length-silence": "conflicting"})
    assert texts(form)[0] == "long"
    assert form.rows[1]["length-silence"].value() == "conflicting"
    assert form.problems == []


def test_the_last_row_that_may_be_is_added_and_none_behind_it():
    almost = sent(what="add", count=str(MOST_ROWS - 1))
    assert almost.count == MOST_ROWS
    assert almost.is_full
    full = sent(what="add", count=str(MOST_ROWS))
    assert full.count == MOST_ROWS
    assert not sent().is_full


@pytest.mark.parametrize("count", ["", "x", "-1", "٢", "1000", "2.0"])
def test_a_count_that_is_none_means_no_rows(count):
    assert sent(count=count).count == 0


def test_more_rows_than_there_may_be_are_cut_off():
    assert sent(count=str(MOST_ROWS + 1)).count == MOST_ROWS
    assert sent(count="999").count == MOST_ROWS


def test_adding_to_no_rows_gives_one():
    form = GroupRowsForm.sent(GROUP, FACTS, {"what": "add"})
    assert texts(form) == [None]
