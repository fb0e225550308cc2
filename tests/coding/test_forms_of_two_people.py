"""The plain form of a draft that somebody else saved, or submitted, while it was open: nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from coding.actions import rule_sets
from coding.models import RuleSetVersion, VersionState
from tests import small_rules

FORM = "rulesetversion_form"


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


class Editor:
    """A person with the form open."""

    def __init__(self, person, draft):
        self.client = Client()
        self.client.force_login(person)
        self.address = reverse("admin:coding_rulesetversion_change", args=[draft.pk])
        self.read(self.client.get(self.address))

    def read(self, response):
        page = html.fromstring(response.content.decode())
        [form] = [form for form in page.forms if form.get("id") == FORM]
        # HTML leaves out the line break that a text area begins with.
        self.fields = {name: value.removeprefix("\n") for name, value in form.form_values()}

    def save(self, **changes):
        self.fields.update(changes)
        response = self.client.post(self.address, self.fields)
        if response.status_code == 200:
            self.read(response)
        return response


@pytest.fixture
def two(people, draft):
    return [Editor(people["rule author", number], draft) for number in (1, 2)]


def test_edits_of_different_fields_are_merged(draft, two):
    first, second = two
    first.save(**{"rules-0-message": "By the first.", "description": "By the first."})
    response = second.save(**{"rules-1-message": "By the second.", "rules-0-title": "By the second"})
    assert response.status_code == 302
    rules = draft.rules.in_bulk(field_name="pk").values()
    assert [(rule.title, rule.message) for rule in rules][:2] == [
        ("By the second", "By the first."),
        ("Held asleep", "By the second."),
    ]
    assert small_rules.now(draft).description == "By the first."


def test_of_two_texts_for_one_field_both_are_told_and_the_second_save_puts_it(draft, two):
    first, second = two
    first.save(**{"rules-0-message": "By the first.", "rules-1-message": "Elsewhere."})
    response = second.save(**{"rules-0-message": "By the second."})
    assert "There, rule R1 is changed. message: By the first." in response.text
    assert second.fields["rules-0-message"] == "By the second."
    assert second.fields["rules-1-message"] == "Elsewhere."
    assert draft.rules.get(rule_id="R1").message == "By the first."
    assert second.save().status_code == 302
    assert draft.rules.get(rule_id="R1").message == "By the second."
    assert draft.rules.get(rule_id="R2").message == "Elsewhere."


def test_what_was_typed_into_a_draft_that_is_submitted_meanwhile_is_shown(people, draft, two):
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from="2026-01-01")
    rule_sets.submit(people["rule author"], small_rules.now(draft))
    response = two[0].save(**{"rules-0-message": "Typed late."})
    assert response.status_code == 409
    assert "is in review by now" in response.text
    assert "Typed late." in response.text
    assert small_rules.now(draft).state == VersionState.IN_REVIEW
    assert draft.rules.get(rule_id="R1").message != "Typed late."
