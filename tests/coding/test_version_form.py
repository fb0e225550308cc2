"""The form of a draft: data that people mend by hand, days, and for whom the rules are."""

import json
from datetime import date

import pytest
from django.forms import JSONField
from django.http import QueryDict

from coding.admin.version_forms import IndentedField, VersionForm
from coding.models import RuleSetVersion
from coding.models.layers import ANY, KIND
from tests import small_rules
from tests.registers import rows


def standing(people):
    rows.payer(people, "Northern")
    return small_rules.draft(people)


@pytest.fixture
def draft(standing):
    return RuleSetVersion.objects.select_related("rule_set", "last_editor").get(pk=standing.pk)


def version_form(draft, **changes):
    """The form as the page shows it, with other texts in some of its fields."""
    shown = VersionForm(instance=draft)
    data = QueryDict(mutable=True)
    for name, field in shown.fields.items():
        value = field.prepare_value(shown.get_initial_for_field(field, name))
        data[name] = "" if value is None else str(value)
        data[f"initial-{name}"] = data[name]
    data.update(changes)
    return VersionForm(data, instance=draft)


def refusals(draft, **changes):
    return {name: list(texts) for name, texts in version_form(draft, **changes).errors.items()}


def test_what_the_page_shows_is_taken_as_it_stands(draft):
    form = version_form(draft)
    assert form.is_valid(), form.errors
    assert form.changed_data == []


# Data that a person reads and mends.


def test_data_has_a_line_for_each_member_and_keeps_its_letters():
    assert IndentedField().prepare_value({"body": {"part": "Hüfte"}}) == (
        '{\n  "body": {\n    "part": "Hüfte"\n  }\n}'
    )


def test_what_was_typed_and_cannot_be_read_stays_as_it_was_typed():
    broken = JSONField().bound_data("{broken", None)
    assert IndentedField().prepare_value(broken) == "{broken"


@pytest.mark.parametrize("name", ["further", "opening", "lexicon_frame"])
def test_empty_data_means_none(draft, name):
    for empty in ("", "{}", "null"):
        form = version_form(draft, **{name: empty})
        assert form.is_valid(), form.errors
        assert form.cleaned_data[name] == {}


def test_what_another_wrote_into_data_that_was_empty_is_kept_or_told(draft):
    mine = version_form(draft, opening=json.dumps({"claims": ["27256"]}))
    other = version_form(draft, description="Two codes of the hip.")
    theirs = {"claims": ["27257"]}
    RuleSetVersion.objects.filter(pk=draft.pk).update(opening=theirs)

    assert " wrote “{" in mine.errors["opening"][0]
    assert other.is_valid(), other.errors
    assert other.cleaned_data["opening"] == theirs


def test_data_of_another_shape_is_told_how_to_be_written(draft):
    frame = 'Write an object such as {"groups": {}}, or leave it empty.'
    for wrong in ('["groups"]', '"groups"', "7"):
        assert refusals(draft, lexicon_frame=wrong) == {"lexicon_frame": [frame]}
        assert refusals(draft, further=wrong)["further"][0].startswith("Write an object of ")
        assert refusals(draft, opening=wrong)["opening"][0].startswith("Write an object with ")


def test_a_member_that_no_rule_set_has_is_refused_with_those_that_there_are(draft):
    unknown = json.dumps({"colour": []})
    assert refusals(draft, further=unknown) == {
        "further": ["Write an object of lines, groups, claim, or leave it empty."]
    }
    [refusal] = refusals(draft, opening=unknown)["opening"]
    assert refusal.startswith("Write an object with claims, ")
    assert refusal.endswith(" in it, or leave it empty.")


def test_one_member_alone_is_enough(draft):
    form = version_form(draft, opening=json.dumps({"claims": ["27256"]}))
    assert form.is_valid(), form.errors


# The day.


def test_rules_may_have_no_day_yet_and_none_that_cannot_be_meant(draft):
    assert version_form(draft, effective_from="").is_valid()
    dated = version_form(draft, effective_from="2026-06-01")
    assert dated.is_valid(), dated.errors
    assert dated.cleaned_data["effective_from"] == date(2026, 6, 1)
    assert refusals(draft, effective_from="1026-01-01") == {
        "effective_from": ["1026-01-01 lies before 1900. Correct the year."]
    }


# For whom.


def layer(draft, **changes):
    form = version_form(draft, **changes)
    assert form.is_valid(), form.errors
    chosen = form.instance.for_payer, form.instance.for_place
    # Nothing was saved.
    draft.refresh_from_db()
    return chosen


def test_rules_are_for_all_unless_a_kind_a_payer_or_a_place_is_chosen(draft):
    assert layer(draft) == (ANY, ANY)
    assert layer(draft, payer_kind="medicare") == (KIND + "medicare", ANY)
    assert layer(draft, place="11") == (ANY, "11")


def test_a_payer_is_known_by_the_register_in_any_letters(draft):
    payer, _ = layer(draft, payer_name="NORTHERN ")
    assert payer.endswith("northern")
    assert refusals(draft, payer_name="Southern") == {
        "payer_name": ["The register knows no payer “Southern”. Write it as encounters do."]
    }


def test_a_kind_and_a_payer_exclude_each_other(draft):
    assert refusals(draft, payer_kind="medicare", payer_name="Northern") == {
        "payer_name": ["Choose a kind, or name a payer. Not both."]
    }


def test_the_form_shows_for_whom_the_draft_is(draft):
    draft.for_payer, draft.for_place = KIND + "medicare", "11"
    shown = VersionForm(instance=draft)
    assert shown["payer_kind"].value() == "medicare"
    assert shown["payer_name"].value() == ""
    assert shown["place"].value() == "11"
