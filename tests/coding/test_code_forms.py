"""What the code pages and Ask are asked: a day, a code, two codes, a place, a text."""

from datetime import date

import pytest
from django.utils import timezone

from coding.forms.ask import MOST_CHARACTERS, AskForm
from coding.forms.codes import CodePageForm, DayForm, SearchForm, TwoCodesForm
from coding.models import Locality

ASK = "Type a question, or paste a note."
PLACES = [Locality(pk=7, state="NY", number="01", name="Manhattan")]


def today():
    return timezone.localdate()


# The day of a page.


def test_a_page_is_of_today_unless_a_day_is_given():
    assert DayForm({}).day == today()
    assert DayForm({"on": ""}).day == today()
    assert DayForm({"on": "2026-05-04"}).day == date(2026, 5, 4)


def test_a_day_that_cannot_be_meant_is_told_and_the_page_is_of_today():
    for on, words in [
        ("1899-12-31", "1899-12-31 lies before 1900. Correct the year."),
        ("2206-05-04", "2206-05-04 lies more than 10 years ahead. Correct the year."),
        ("soon", "Enter a valid date."),
    ]:
        form = DayForm({"on": on})
        assert form.day == today()
        assert form.errors == {"on": [words]}


def test_a_page_that_was_not_asked_for_a_day_is_of_today():
    assert DayForm().day == today()


# What is looked for.


def test_the_fields_above_a_page_look_like_the_others_of_the_house():
    form = CodePageForm(places=PLACES)
    assert form.fields["on"].widget.attrs["class"] == "form-control"
    assert form.fields["locality"].widget.attrs["class"] == "form-select"


def test_the_search_is_reached_by_a_key():
    assert 'data-key="/"' in str(SearchForm()["q"])


def test_what_is_looked_for_is_cut_and_cleaned_and_never_refused():
    for sent, cleaned in [("hip\0 joint", "hip joint"), ("x" * 61, "x" * 60), ("", "")]:
        form = SearchForm({"q": sent})
        assert form.is_valid()
        assert form.cleaned_data["q"] == cleaned


def test_payment_is_reckoned_for_no_locality_or_for_one_that_is_loaded():
    form = CodePageForm({"locality": "7"}, places=PLACES)
    assert form.fields["locality"].choices == [("", "no locality"), ("7", "NY 01, Manhattan")]
    assert form.is_valid()
    assert CodePageForm({}, places=PLACES).is_valid()
    assert list(CodePageForm({"locality": "8"}, places=PLACES).errors) == ["locality"]


# Codes.


def test_two_codes_are_read_in_upper_case_and_each_may_be_missing():
    form = TwoCodesForm({"first": " a4570 ", "second": ""})
    assert form.is_valid()
    assert form.cleaned_data["first"] == "A4570"
    assert form.cleaned_data["second"] == ""


def test_what_is_no_code_is_told_at_its_field_as_it_was_read():
    form = TwoCodesForm({"first": "1234", "second": "12-45"})
    assert form.errors == {
        "first": ["“1234” is no code: a code has five letters or digits."],
        "second": ["“12-45” is no code: a code has five letters or digits."],
    }


# Ask.


def test_a_question_is_asked_of_a_day_and_about_a_code():
    form = AskForm({"text": "When?", "code": "12345", "on": "2026-05-04"})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "When?", "code": "12345", "on": date(2026, 5, 4)}
    assert list(form.fields) == ["text", "code", "on"]


@pytest.mark.parametrize("text", ["", "   \n "])
def test_blanks_ask_nothing(text):
    assert AskForm({"text": text}).errors == {"text": [ASK]}


def test_a_note_keeps_its_blanks_and_line_ends():
    form = AskForm({"text": "  Hip\r\nout. "})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "  Hip\r\nout. "


def test_a_text_with_what_no_note_holds_is_refused():
    assert AskForm({"text": "Hip\0"}).errors == {"text": ["Null characters are not allowed."]}


def test_a_text_of_some_pages_is_read_and_one_character_more_is_not():
    assert AskForm({"text": "x" * MOST_CHARACTERS}).is_valid()
    assert list(AskForm({"text": "x" * (MOST_CHARACTERS + 1)}).errors) == ["text"]


def test_a_question_about_what_is_no_code_is_told_at_its_field():
    assert AskForm({"text": "When?", "code": "12"}).errors == {
        "code": ["“12” is no code: a code has five letters or digits."]
    }
