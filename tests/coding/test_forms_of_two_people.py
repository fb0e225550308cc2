"""The plain forms of a draft that somebody else saved, or submitted, while they were open: nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from coding.actions import rule_sets
from coding.models import RuleSetVersion, VersionState, WorkedCase
from tests import small_rules


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


class Editor:
    """A person with the form of a row open, or of the version itself."""

    def __init__(self, person, row):
        self.client = Client()
        self.client.force_login(person)
        self.form = f"{row._meta.model_name}_form"
        self.address = reverse(f"admin:coding_{row._meta.model_name}_change", args=[row.pk])
        self.read(self.client.get(self.address))

    def read(self, response):
        page = html.fromstring(response.content.decode())
        [form] = [form for form in page.forms if form.get("id") == self.form]
        # A browser sends a hidden field without a value too, no line break that a text area begins with, and
        # Windows' ends of lines.
        empty = {field.name: "" for field in form.xpath(".//input[@type='hidden'][not(@value)]")}
        fields = empty | {name: value.removeprefix("\n") for name, value in form.form_values()}
        self.fields = {name: value.replace("\n", "\r\n") for name, value in fields.items()}

    def save(self, **changes):
        self.fields.update(changes)
        response = self.client.post(self.address, self.fields)
        if response.status_code == 200:
            self.read(response)
        return response


def two(people, row):
    return [Editor(people["rule author", number], row) for number in (1, 2)]


def test_edits_of_different_fields_are_merged(people, draft):
    rule = draft.rules.get(rule_id="R1")
    first, second = two(people, rule)
    first.save(message="By the first.")
    assert second.save(title="By the second").status_code == 302
    rule.refresh_from_db()
    assert (rule.title, rule.message) == ("By the second", "By the first.")
    assert rule.conditions == "held: yes\ndrug: none"


def test_of_two_texts_for_one_field_both_are_told_and_the_second_save_puts_it(people, draft):
    rule = draft.rules.get(rule_id="R1")
    first, second = two(people, rule)
    first.save(message="By the first.", basis="Page 9")
    response = second.save(message="By the second.")
    assert (
        "wrote “By the first.” here meanwhile. Save again to put yours in its place."
        in response.text
    )
    assert (second.fields["message"], second.fields["basis"]) == ("By the second.", "Page 9")
    assert draft.rules.get(rule_id="R1").message == "By the first."
    assert second.save().status_code == 302
    assert draft.rules.get(rule_id="R1").message == "By the second."
    assert draft.rules.get(rule_id="R1").basis == "Page 9"


def test_what_the_other_put_is_told_as_the_page_shows_it(people, draft):
    first, second = two(people, draft.rules.get(rule_id="R1"))
    first.save(position="0", outcome="provider_query", code="", see="")
    refused = second.save(position="5", outcome="no_family_code", code="27257").text
    assert "wrote “0” here meanwhile" in refused
    assert "chose “provider query” here meanwhile" in refused
    assert "emptied this meanwhile" in refused


def test_the_draft_itself_and_a_worked_case_are_merged_alike(people, draft):
    first, second = two(people, draft)
    first.save(description="By the first.", effective_from="2026-05-01")
    assert second.save(change_note="By the second.", place="22").status_code == 302
    now = small_rules.now(draft)
    assert (now.description, str(now.effective_from), now.change_note) == (
        "By the first.",
        "2026-05-01",
        "By the second.",
    )
    case = WorkedCase.objects.create(
        version=draft, case_id="V1", answers="held: yes\ndrug: none", outcome="code"
    )
    first, second = two(people, case)
    first.save(code="27256")
    assert "wrote “27256”" in second.save(code="27257").text


def test_what_was_typed_into_a_draft_that_is_submitted_meanwhile_is_shown(people, draft):
    rule = draft.rules.get(rule_id="R1")
    [editor, _] = two(people, rule)
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from="2026-01-01")
    rule_sets.submit(people["rule author"], small_rules.now(draft))
    response = editor.save(basis="Typed late.", outcome="provider_query")
    assert response.status_code == 409
    assert "is in review by now" in response.text
    assert response.context["typed"] == [("Outcome", "provider query"), ("Basis", "Typed late.")]
    assert small_rules.now(draft).state == VersionState.IN_REVIEW
    assert draft.rules.get(rule_id="R1").basis != "Typed late."


def test_what_was_typed_into_a_row_that_is_deleted_meanwhile_is_shown(people, draft):
    rule = draft.rules.get(rule_id="R1")
    [editor, _] = two(people, rule)
    rule.delete()
    response = editor.save(message="Typed late.")
    assert response.status_code == 409
    assert "Typed late." in response.text
