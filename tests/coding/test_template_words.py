"""How templates write keys, reports and the fields of filters."""

from types import SimpleNamespace

from django import forms
from django.http import QueryDict
from django.template import Context, Template

from coding.templatetags import keys, lists, reports
from coding.views.keys import KEYS, KEYS_OF_ANSWERS


def written(template, **context):
    return Template(template).render(Context(context))


# Keys.


def test_a_control_says_which_key_presses_it_to_the_script_and_to_whoever_hears_the_page():
    assert written("{% load keys %}{% key 'submit' %}") == 'data-key="s" aria-keyshortcuts="s"'
    assert keys.key("find") == 'data-key="/" aria-keyshortcuts="/"'


def test_a_cap_shows_the_key_to_the_eye_alone():
    assert written("{% load keys %}{% cap 'submit' %}") == (
        ' <kbd class="cap" aria-hidden="true">s</kbd>'
    )


def test_answers_that_have_a_key_of_their_own_say_so_and_others_say_nothing():
    assert keys.key_of_answer("not_documented") == 'data-key="u"'
    assert keys.key_of_answer("provider_query") == 'data-key="q"'
    assert keys.cap_of_answer("supervisor_review") == keys.cap("supervisor")
    for other in ("left", "", None, 7):
        assert keys.key_of_answer(other) == ""
        assert keys.cap_of_answer(other) == ""


def test_every_key_is_in_the_list_of_keys_and_no_two_do_different_things():
    pressed = [key.key for key in keys.all_keys()]
    assert len(pressed) == len(set(pressed)) == len(KEYS)
    assert set(KEYS_OF_ANSWERS.values()) <= set(KEYS)


# What is reported.


def test_a_stored_report_is_read_as_people_read_it():
    assert reports.report_words("12345-LT-58") == "12345-58-LT"
    assert reports.report_words("12345-LT+54321x2") == "12345-LT + 54321 × 2"
    assert reports.report_words("provider_query") == "Provider query"
    assert reports.report_words("no_family_code") == "Nothing to report"
    assert reports.report_words("") == ""


def test_modifiers_that_change_the_price_stand_first_on_a_claim():
    assert reports.claim_order(["LT", "59", "22"]) == ["22", "59", "LT"]
    assert reports.claim_order([]) == []


# Filters and columns.


class Narrowing(forms.Form):
    state = forms.CharField(required=False)
    payer = forms.CharField(required=False)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)


def narrowed(**data):
    return SimpleNamespace(form=Narrowing(data), FOLDED=("payer",))


def test_filters_that_are_seldom_used_stand_apart_and_hidden_fields_in_neither():
    chosen = narrowed()
    assert [field.name for field in lists.fields_in_sight(chosen)] == ["state"]
    assert [field.name for field in lists.fields_folded(chosen)] == ["payer"]


def test_the_folded_ones_are_shown_once_one_of_them_is_used():
    assert not lists.asks_folded(narrowed())
    assert not lists.asks_folded(narrowed(state="open"))
    assert lists.asks_folded(narrowed(payer="Northern"))


def test_the_chosen_columns_are_carried_on_in_their_order():
    assert lists.chosen_in_address(QueryDict("column=payer&page=2&column=age")) == ["payer", "age"]
    assert lists.chosen_in_address(QueryDict("page=2")) == []


# What survives the end of a session.


def test_a_form_whose_text_is_kept_says_whose_it_is_and_each_form_otherwise(people):
    template = "{% load kept_texts %}{% author form %}"
    coder, supervisor = people["coder"], people["supervisor"]
    fields = {
        written(template, user=person, form=form)
        for person in (coder, supervisor)
        for form in ("ruling:1", "ruling:2")
    }
    assert len(fields) == 4
    assert all(field.startswith('<input type="hidden" name="author" value="') for field in fields)
