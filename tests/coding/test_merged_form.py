"""A row of a draft that others edit too: what is kept of each, what is refused, and how it is told in words."""

import pytest
from django import forms
from django.http import QueryDict

from coding.admin.draft_rows import RowForm
from coding.admin.merging import changed_fields, in_words, typed
from coding.models import Rule, RuleSetVersion, VersionState
from tests import small_rules

RuleForm = forms.modelform_factory(
    Rule, form=RowForm, fields=["version", "rule_id", "title", "outcome", "code", "position"]
)


def standing(people):
    return small_rules.draft(people)


@pytest.fixture
def draft(standing):
    return standing


def shown(rule):
    """The form as its page sends it back, with what the page said in each field beside it."""
    form = RuleForm(instance=rule)
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        data[name] = "" if value is None else str(value)
        data[f"initial-{name}"] = data[name]
    return data


def rule_of(draft, rule_id="R1"):
    return Rule.objects.select_related("version__rule_set").get(version=draft, rule_id=rule_id)


def sent(rule, data, **changes):
    data.update(changes)
    return RuleForm(data, instance=rule)


def new(draft, **values):
    data = QueryDict(mutable=True)
    usual = {"version": draft.pk, "rule_id": "R9", "title": "New", "outcome": "supervisor_review"}
    data.update({**usual, **values})
    return RuleForm(data)


# Two people.


def test_the_page_of_a_row_says_beside_each_field_what_it_said_and_that_of_a_new_one_does_not(
    draft,
):
    assert RuleForm(instance=rule_of(draft)).fields["title"].show_hidden_initial
    assert not RuleForm().fields["title"].show_hidden_initial


def test_what_another_wrote_into_a_field_that_was_not_edited_here_is_kept(draft):
    rule = rule_of(draft)
    data = shown(rule)
    Rule.objects.filter(pk=rule.pk).update(title="By another")
    form = sent(rule, data, code="27257")
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.title, saved.code) == ("By another", "27257")


def test_of_two_texts_for_one_field_the_other_is_told_and_the_second_save_puts_this_one(draft):
    rule = rule_of(draft)
    data = shown(rule)
    Rule.objects.filter(pk=rule.pk).update(title="By another")
    form = sent(rule, data, title="By me")
    who = draft.last_editor.name
    assert form.errors == {
        "title": [f"{who} wrote “By another” here meanwhile. Save again to put yours in its place."]
    }
    assert RuleForm(form.data, instance=rule).is_valid()


def test_a_choice_is_told_by_its_label_and_an_emptied_field_as_such(draft):
    rule = rule_of(draft)
    data = shown(rule)
    Rule.objects.filter(pk=rule.pk).update(outcome="provider_query", code="")
    form = sent(rule, data, outcome="supervisor_review", code="27257")
    assert " chose “provider query” here meanwhile." in form.errors["outcome"][0]
    assert " emptied this meanwhile." in form.errors["code"][0]


def test_the_same_text_by_two_is_no_conflict(draft):
    rule = rule_of(draft)
    data = shown(rule)
    Rule.objects.filter(pk=rule.pk).update(title="Alike")
    assert sent(rule, data, title="Alike").is_valid()


def test_a_row_that_was_deleted_meanwhile_is_told(draft):
    rule = rule_of(draft)
    data = shown(rule)
    Rule.objects.filter(pk=rule.pk).delete()
    assert sent(rule, data, title="Mine").non_field_errors() == [
        "It was deleted meanwhile. Copy what you typed, and add it again."
    ]


def test_a_draft_that_was_submitted_meanwhile_takes_no_row(draft):
    RuleSetVersion.objects.filter(pk=draft.pk).update(state=VersionState.IN_REVIEW)
    rule = rule_of(draft)
    assert sent(rule, shown(rule), title="Mine").non_field_errors() == [
        "Small version 1 is in review by now and not edited any more. Copy it as a draft."
    ]


# One row.


def test_a_name_that_another_row_of_the_version_bears_is_refused_and_its_own_is_not(draft):
    rule = rule_of(draft)
    refusal = {"rule_id": ["Another row of this version bears it already. Choose another one."]}
    assert sent(rule, shown(rule), rule_id="R2").errors == refusal
    assert sent(rule, shown(rule), title="Other").is_valid()
    assert new(draft, rule_id="R2").errors == refusal


def test_the_same_name_in_another_version_is_no_double(people, draft):
    other = small_rules.draft(people)
    Rule.objects.filter(version=other, rule_id="R3").delete()
    assert new(other, rule_id="R3").is_valid()
    assert not new(draft, rule_id="R3").is_valid()


def test_a_new_row_without_a_position_goes_behind_the_others(draft):
    last = max(Rule.objects.filter(version=draft).values_list("position", flat=True))
    form = new(draft)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["position"] == last + 1

    placed = new(draft, position="0")
    assert placed.is_valid(), placed.errors
    assert placed.cleaned_data["position"] == 0
    assert RuleForm()["position"].value() is None


def test_a_position_that_no_row_can_have_is_refused(draft):
    assert list(new(draft, position="-1").errors) == ["position"]
    assert new(draft, position="32767").is_valid()
    assert list(new(draft, position="32768").errors) == ["position"]


def test_a_browser_s_ends_of_lines_change_nothing(draft):
    rule = rule_of(draft)
    rule.title = "Two\nlines"
    data = shown(rule)
    data["title"] = data["initial-title"] = "Two\r\nlines"
    assert RuleForm(data, instance=rule).data["title"] == "Two\nlines"


def test_a_row_of_no_version_asks_for_one(db):
    form = new(RuleSetVersion(pk=0))
    assert list(form.errors) == ["version"]


# In words.


class Kinds(forms.Form):
    kind = forms.ChoiceField(label="Kind of it", choices=[(1, "First"), (2, "Second")])
    is_on = forms.BooleanField(label="On", required=False)
    text = forms.CharField(label="Text", required=False)


def test_a_value_is_told_as_the_page_shows_it():
    fields = Kinds().fields
    assert in_words(fields["kind"], "2") == "Second"
    assert in_words(fields["kind"], "9") == "9"
    assert in_words(fields["is_on"], True) == "yes"
    assert in_words(fields["is_on"], False) == "no"
    assert in_words(fields["text"], "As typed") == "As typed"
    assert in_words(fields["text"], "") == ""


def test_changed_fields_are_told_by_their_labels():
    form = Kinds({"kind": 2, "is_on": "on", "text": ""}, initial={"kind": 1})
    assert changed_fields(form) == "Kind of it, On"
    assert changed_fields(Kinds({"kind": "1"}, initial={"kind": "1"})) == ""


def test_what_was_typed_is_what_differs_from_what_the_page_said():
    data = QueryDict(mutable=True)
    data.update({"kind": "2", "initial-kind": "1", "text": "By\r\nme ", "initial-text": "By\nme"})
    assert typed(data, Kinds()) == [("Kind of it", "Second")]
    data.update({"text": "By\r\nothers", "is_on": "on"})
    assert typed(data, Kinds()) == [("Kind of it", "Second"), ("Text", "By\nothers")]
