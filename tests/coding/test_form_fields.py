"""Fields that several forms share: codes, modifiers, units and days, as people write them."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from coding.forms.parts import (
    CodeFields,
    IdempotentForm,
    ModifiersField,
    ProcedureCodeField,
    date_field,
)

SHAPES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


def code_form(**fields):
    form = CodeFields({"code": "27256", "modifiers": "", "units": "1", **fields})
    form.is_valid()
    return form


# Codes.


@pytest.mark.parametrize(
    ("written", "code"),
    [("27256", "27256"), (" 27256 ", "27256"), ("a4570", "A4570"), ("0001t", "0001T"), ("", "")],
)
def test_a_procedure_code_is_upper_case_without_blanks(written, code):
    assert code_form(code=written).cleaned_data["code"] == code


@pytest.mark.parametrize(
    "written", ["2725", "272567", "27-56", "2725 6", "A457A0", "27 56", "AB123", "2725é", "٢٧٢٥٦"]
)
def test_what_has_not_the_shape_of_a_procedure_code_is_told_what_has(written):
    with pytest.raises(
        ValidationError, match="A procedure code has five characters, such as 12345"
    ):
        ProcedureCodeField().clean(written)


def test_a_code_that_is_needed_and_missing_is_asked_for():
    with pytest.raises(ValidationError, match="required"):
        ProcedureCodeField().clean("")


# Modifiers.


@pytest.mark.parametrize("written", ["LT 58", "LT,58", "LT-58", " lt ,  58 ", "LT, 58", "-LT-58"])
def test_modifiers_are_separated_by_blanks_commas_or_hyphens(written):
    assert ModifiersField().clean(written) == ("LT", "58")


@given(st.lists(SHAPES, max_size=6), st.sampled_from([" ", ",", "-", ", "]))
def test_modifiers_come_back_as_they_were_written_in_their_order(modifiers, between):
    assert ModifiersField(required=False).clean(between.join(modifiers)) == tuple(modifiers)


@pytest.mark.parametrize("written", ["L", "LTT", "LT 5", "L*", "ßa", "LT;58", "é5"])
def test_what_is_no_modifier_is_told_what_is(written):
    with pytest.raises(
        ValidationError, match="A modifier has two characters, such as LT; separate several"
    ):
        ModifiersField().clean(written)


def test_no_modifier_is_none():
    assert code_form(modifiers="").cleaned_data["modifiers"] == ()


# Units, and a code that nobody could check.


@pytest.mark.parametrize(
    ("units", "is_valid"), [("1", True), ("999", True), ("0", False), ("1000", False), ("x", False)]
)
def test_units_are_a_whole_number_from_1_to_999(units, is_valid):
    assert ("units" not in code_form(units=units).errors) is is_valid


def test_a_form_asks_to_confirm_a_code_only_where_that_was_found_wanting():
    form = code_form()
    assert not form.asks_to_confirm
    form.add_error("confirmed", "No list is loaded for that day.")
    assert form.asks_to_confirm


# Days.


def test_a_day_is_read_as_year_month_day():
    assert date_field().clean("2026-05-31") == date(2026, 5, 31)


@pytest.mark.parametrize(
    "written", ["31.05.2026", "05/31/2026", "2026-02-30", "yesterday", "20260531"]
)
def test_a_day_that_is_none_is_told_how_to_write_one(written):
    with pytest.raises(
        ValidationError, match="Write the date as year-month-day, such as 2026-05-31"
    ):
        date_field().clean(written)


def test_a_day_stands_in_its_field_as_a_browser_reads_it():
    class Dated(forms.Form):
        day = date_field()

    field = str(Dated(initial={"day": date(2026, 5, 31)})["day"])
    assert 'type="date"' in field
    assert 'value="2026-05-31"' in field


# The key of a form.


def test_each_form_that_is_shown_has_a_key_of_its_own():
    first, second = IdempotentForm(), IdempotentForm()
    assert first["idempotency_key"].value() != second["idempotency_key"].value()


@pytest.mark.parametrize("key", ["", "7"])
def test_a_form_without_a_key_is_not_taken(key):
    assert "idempotency_key" in IdempotentForm({"idempotency_key": key}).errors
