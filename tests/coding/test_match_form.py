"""Matching the columns of a table: what is proposed, what each field needs, and the layout that comes of it."""

import uuid

from coding.forms.uploads import MatchForm
from coding.intake.drafts import Layout

HEADERS = ["Visit", "MRN", "Seen on", "Room", "Doctor", "Text", "Code 1", "Code 2"]
COLUMNS = {
    "external_id": "Visit",
    "patient_reference": "MRN",
    "date_of_service": "Seen on",
    "place_of_service": "Room",
    "provider": "Doctor",
    "note": "Text",
}
NUMBERED = {"codes": ["Code 1", "Code 2"]}


def matched(guess=Layout(), **chosen):  # noqa: B008 - a layout is frozen
    data = {"idempotency_key": uuid.uuid4(), "date_order": "dmy", **COLUMNS, **chosen}
    return MatchForm(HEADERS, guess, data)


# What is proposed.


def test_what_headers_tell_is_chosen_beforehand():
    form = MatchForm(HEADERS, Layout({"note": "Text"}, "mdy", sheet="May"))
    assert form["note"].value() == "Text"
    assert form["payer"].value() == ""
    assert form["date_order"].value() == "mdy"
    assert form["sheet"].value() == "May"


def test_each_field_is_found_in_a_column_or_in_none():
    form = MatchForm(HEADERS, Layout())
    assert form.fields["payer"].choices[:2] == [("", "no column"), ("Visit", "Visit")]
    assert form["date_of_service"].label == "Date of service"


def test_numbered_columns_are_named_where_the_table_has_some_and_hidden_where_not():
    form = MatchForm(HEADERS, Layout(numbered=NUMBERED))
    assert form["numbered"].help_text == "codes: Code 1, Code 2"
    assert not form["numbered"].is_hidden
    assert MatchForm(HEADERS, Layout())["numbered"].is_hidden


# What is needed.


def test_what_every_encounter_has_is_asked_for_at_its_field():
    form = matched(external_id="", provider="")
    refusal = ["Choose the column that holds it."]
    assert form.errors == {"external_id": refusal, "provider": refusal}


def test_a_column_means_one_thing_and_the_second_field_is_told_which():
    form = matched(payer="Doctor")
    assert form.errors == {"payer": ["“Doctor” is chosen for provider already."]}
    form = matched(birth_date="Seen on")
    assert form.errors == {"date_of_service": ["“Seen on” is chosen for birth date already."]}


def test_a_table_without_notes_and_without_codes_is_of_no_use():
    refusal = {"note": ["Choose the column of the notes, or that of the procedure codes."]}
    assert matched(note="").errors == refusal
    assert matched(note="", service_lines="Text").is_valid()


def test_numbered_codes_are_enough_only_where_they_are_read():
    guess = Layout(numbered=NUMBERED)
    assert matched(guess, note="", numbered="on").is_valid()
    assert list(matched(guess, note="").errors) == ["note"]

    diagnoses_alone = Layout(numbered={"diagnoses": ["Code 1"]})
    assert list(matched(diagnoses_alone, note="", numbered="on").errors) == ["note"]


def test_a_column_that_the_table_does_not_have_is_not_taken():
    assert list(matched(note="Notes").errors) == ["note"]


# What comes of it.


def test_the_layout_holds_what_was_chosen_and_nothing_else():
    form = matched(Layout(numbered=NUMBERED), numbered="on", sheet=" May ")
    assert form.is_valid(), form.errors
    assert form.layout() == Layout(COLUMNS, "dmy", NUMBERED, " May ")


def test_numbered_columns_that_are_not_to_be_read_are_left_out():
    form = matched(Layout(numbered=NUMBERED))
    assert form.is_valid(), form.errors
    assert form.layout() == Layout(COLUMNS, "dmy")
