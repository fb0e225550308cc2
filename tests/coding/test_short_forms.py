"""Short forms: what an administrator says to a proposal, which doubled item counts, and the name of a filter."""

import uuid

import pytest

from coding.forms.doubled_rows import ChooseForm, FirstItemForm
from coding.forms.duties import DecisionForm
from coding.forms.glass import BreakGlassForm
from coding.forms.lexicon_trial import MOST_CHARACTERS, NoteForm
from coding.forms.lists import SavedFilterForm
from coding.importing.doubled_rows import DoubledId
from coding.models import RowState, UploadRow

# What is said to a proposal for an account.


@pytest.mark.parametrize("verb", ["approve", "withdraw"])
def test_to_approve_or_to_withdraw_needs_no_reason(verb):
    assert DecisionForm({"verb": verb}).is_valid()


def test_a_refusal_says_why():
    for reason in ("", "  "):
        form = DecisionForm({"verb": "refuse", "reason": reason})
        assert form.errors == {"reason": ["Say why, or approve it."]}
    assert DecisionForm({"verb": "refuse", "reason": "They left."}).is_valid()


def test_without_a_button_nothing_is_decided():
    assert DecisionForm({"reason": "They left."}).errors == {
        "verb": ["Choose to approve or to refuse."]
    }


# Which item of an id counts.


def doubled(*states, two_patients=False):
    rows = [
        UploadRow(number=number, place=f"row {number}", state=state)
        for number, state in enumerate(states, start=3)
    ]
    return DoubledId("V-1", tuple(rows), 0, (), two_patients)


OPEN = doubled(RowState.DOUBLED, RowState.DOUBLED)


def chosen(keep, of=OPEN):
    return ChooseForm({"idempotency_key": uuid.uuid4(), "first": "3", "keep": keep}, doubled=of)


def test_each_item_is_offered_by_its_place_and_none_of_them_last():
    form = ChooseForm(doubled=OPEN)
    assert form.fields["keep"].choices == [
        ("3", "row 3"),
        ("4", "row 4"),
        ("none", "none of them: all are rejected"),
    ]
    assert form["first"].value() == 3
    assert form["keep"].value() is None


def test_many_of_these_forms_stand_on_one_page_each_with_ids_of_its_own():
    assert ChooseForm(doubled=OPEN)["reason"].id_for_label == "id_3_reason"


def test_what_was_chosen_before_stands_in_the_form():
    second = doubled(RowState.REJECTED, RowState.NEW)
    assert ChooseForm(doubled=second)["keep"].value() == "4"
    none = doubled(RowState.REJECTED, RowState.REJECTED)
    assert ChooseForm(doubled=none)["keep"].value() == "none"


def test_the_number_of_the_item_is_kept_or_that_there_is_none():
    item, none = chosen("4"), chosen("none")
    assert item.is_valid()
    assert item.kept == 4
    assert none.is_valid()
    assert none.kept is None


def test_a_choice_is_asked_for_and_is_one_of_the_items():
    assert chosen("").errors == {"keep": ["Choose an item, or none."]}
    assert list(chosen("5").errors) == ["keep"]


def test_whoever_chooses_between_patients_is_asked_how_they_know():
    asked = "Needed where one of several patients is right: how do you know?"
    two = doubled(RowState.DOUBLED, RowState.DOUBLED, two_patients=True)
    assert ChooseForm(doubled=two)["reason"].help_text == asked
    assert ChooseForm(doubled=OPEN)["reason"].help_text == ""


def test_an_id_is_named_by_the_number_of_an_item():
    assert FirstItemForm({"first": "1"}).is_valid()
    for hostile in ("0", "-1", "x", ""):
        assert not FirstItemForm({"first": hostile}).is_valid()


# An encounter outside of one's work, a note to try, a filter to keep.


def test_whoever_opens_an_encounter_outside_of_their_work_says_which_and_why():
    data = {"idempotency_key": uuid.uuid4(), "external_id": "V-1", "reason": "The patient called."}
    assert BreakGlassForm(data).is_valid()
    assert sorted(BreakGlassForm({**data, "external_id": " ", "reason": " "}).errors) == [
        "external_id",
        "reason",
    ]


def test_a_note_to_try_keeps_its_line_ends_and_is_asked_for():
    form = NoteForm({"note": " Left.\r\n"})
    assert form.is_valid()
    assert form.cleaned_data["note"] == " Left.\r\n"
    assert NoteForm({"note": ""}).errors == {"note": ["Paste a note."]}
    assert NoteForm({"note": "x" * MOST_CHARACTERS}).is_valid()
    assert not NoteForm({"note": "x" * (MOST_CHARACTERS + 1)}).is_valid()


def test_a_kept_filter_has_a_name_of_at_most_60_letters():
    assert SavedFilterForm({"name": "x" * 60}).is_valid()
    assert not SavedFilterForm({"name": "x" * 61}).is_valid()
    assert not SavedFilterForm({"name": " "}).is_valid()
