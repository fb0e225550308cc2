"""The forms that take a version from draft to in force: a day that has passed, reversed precedents, mended defects."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.models import Precedent, RuleSetVersion
from coding.rules.precedents import Reversal
from reviews.actions.publishing import Looked, Named, seen_content
from reviews.forms import publishing
from reviews.forms.publishing import CopyForm, LookedForm, SubmitForm
from reviews.models import RuleDefect
from tests import small_rules

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)
PRECEDENT = Precedent(
    pk=7, number=3, title="A harness is one.", outcome="code", code="27257", modifiers=["LT"]
)


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


def sent(version, **written):
    return {"idempotency_key": uuid.uuid4(), "content": seen_content(version), **written}


# What somebody had before them.


def test_the_content_that_was_on_the_page_comes_back_with_the_form(draft):
    assert LookedForm(version=draft, day=TODAY)["content"].value() == seen_content(draft)
    form = LookedForm(sent(draft), version=draft, day=TODAY)
    assert form.is_valid()
    assert form.looked == Looked(seen_content(draft), False)


def test_a_day_that_has_passed_is_meant_expressly_and_no_other_is_asked_about(draft):
    for day in (TODAY, None):
        assert "knows_past" not in LookedForm(version=draft, day=day).fields
    assert LookedForm(sent(draft), version=draft, day=YESTERDAY).errors == {
        "knows_past": ["The day has passed. Say here that you mean it, or choose another."]
    }
    form = LookedForm(sent(draft, knows_past="on"), version=draft, day=YESTERDAY)
    assert form.is_valid()
    assert form.looked.knows_past is True


# A draft on its way to the approvers.


def test_a_draft_without_precedents_or_defects_asks_for_a_day_and_a_reason(draft):
    form = SubmitForm(version=draft, day=TODAY)
    assert list(form.fields) == ["effective_from", "reason", "idempotency_key", "content"]
    form = SubmitForm(
        sent(draft, effective_from=TODAY, reason="New policy."), version=draft, day=TODAY
    )
    assert form.is_valid(), form.errors
    assert form.says == Named({}, [])


def test_a_day_that_cannot_be_meant_is_refused(draft):
    form = SubmitForm(
        sent(draft, effective_from="1206-01-01", reason="x"), version=draft, day=TODAY
    )
    assert form.errors == {"effective_from": ["1206-01-01 lies before 1900. Correct the year."]}


@pytest.fixture
def reversing(monkeypatch):
    """The draft reverses a precedent, of which its author said why when they sent it before."""
    monkeypatch.setattr(
        publishing.named, "reversals", lambda version: [Reversal(PRECEDENT, "27256-LT")]
    )
    monkeypatch.setattr(publishing.named, "reasons", lambda version: {7: "The policy changed."})


def test_each_reversed_precedent_is_named_with_what_comes_out_instead(draft, reversing):
    form = SubmitForm(version=draft, day=TODAY)
    assert list(form.fields)[:3] == ["effective_from", "reason", "reverses_7"]
    field = form["reverses_7"]
    assert field.label == "Why P3 is reversed"
    assert field.help_text == (
        "“A harness is one.” It was ruled 27257-LT, and comes out as 27256-LT."
    )
    assert field.value() == "The policy changed."


def test_a_reversal_says_why(draft, reversing):
    written = sent(draft, effective_from=TODAY, reason="New policy.")
    assert SubmitForm(written, version=draft, day=TODAY).errors == {
        "reverses_7": ["Say why P3 is reversed, or mend the rules."]
    }
    form = SubmitForm({**written, "reverses_7": "The policy."}, version=draft, day=TODAY)
    assert form.is_valid()
    assert form.says == Named({7: "The policy."}, [])


def test_open_defects_are_ticked_where_the_version_mends_them(draft, monkeypatch):
    version = RuleSetVersion(rule_set=draft.rule_set, number=1)
    defects = [
        RuleDefect(pk=number, rule_id=f"R{number}", version=version, reason="It is wrong.")
        for number in (4, 5)
    ]
    monkeypatch.setattr(publishing.named, "open_defects", lambda version: defects)
    monkeypatch.setattr(publishing.named, "named_cures", lambda version: {5})

    form = SubmitForm(version=draft, day=TODAY)
    assert not form.fields["cures"].required
    assert form["cures"].value() == ["5"]
    assert form.fields["cures"].choices[0] == ("4", f"{defects[0]}: It is wrong.")

    written = sent(draft, effective_from=TODAY, reason="New policy.", cures=["4"])
    form = SubmitForm(written, version=draft, day=TODAY)
    assert form.is_valid(), form.errors
    assert form.says == Named({}, [4])


# A copy.


def test_a_copy_needs_neither_a_day_nor_a_reason():
    key = {"idempotency_key": uuid.uuid4()}
    assert CopyForm(key).is_valid()
    assert CopyForm({**key, "effective_from": date(2026, 6, 1), "reason": "Back."}).is_valid()
    assert list(CopyForm({**key, "effective_from": "1026-06-01"}).errors) == ["effective_from"]
