"""The rows of a draft, a page each: for whoever works without the grid."""

import pytest
from django.urls import reverse
from lxml import html

from coding.models import Fact, Rule, WorkedCase
from coding.rules import rulebook
from tests import small_rules


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def form_of(client, address):
    page = html.fromstring(client.get(address).text)
    [form] = [
        form
        for form in page.forms
        if (form.get("id") or "").endswith("_form") and "_save" in dict(form.inputs)
    ]
    return dict(form.form_values())


def edit(client, row, **changes):
    address = reverse(f"admin:coding_{row._meta.model_name}_change", args=[row.pk])
    return client.post(address, {**form_of(client, address), **changes}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_version_leads_to_its_rows_and_a_new_row_is_one_of_it(author, draft):
    page = html.fromstring(
        author.get(reverse("admin:coding_rulesetversion_change", args=[draft.pk])).text
    )
    [listed, new] = page.xpath("//div[contains(@class, 'field-rules')]//a/@href")
    assert "Held awake" in author.get(listed).text
    fields = form_of(author, new)
    assert fields["version"] == str(draft.pk)
    written = {
        "rule_id": "R0",
        "title": "First of all",
        "conditions": "drug: sleep",
        "outcome": "provider_query",
    }
    author.post(new, {**fields, **written, "position": "0", "message": "Ask.", "basis": "Page 0"})
    table = rulebook.table_of(small_rules.now(draft).document)
    assert list(table.rule_by_id) == ["R0", "R1", "R2", "R3"]
    author.post(
        reverse("admin:coding_rule_delete", args=[draft.rules.get(rule_id="R2").pk]),
        {"post": "yes"},
    )
    author.post(new, {**fields, **written, "rule_id": "R9", "message": "Ask.", "basis": "Page 0"})
    assert list(rulebook.table_of(small_rules.now(draft).document).rule_by_id) == [
        "R0",
        "R1",
        "R3",
        "R9",
    ]


def test_what_makes_no_rule_table_is_saved_and_told_at_its_row_and_at_the_version(author, draft):
    first = draft.rules.get(rule_id="R1")
    words = "R1: there is no fact “colour”."
    [warning, _] = said(edit(author, first, conditions="colour: red"))
    assert warning.startswith(f"Saved, but the draft makes no rule table yet: {words}")
    assert small_rules.now(draft).document is None
    page = html.fromstring(
        author.get(reverse("admin:coding_rulesetversion_change", args=[draft.pk])).text
    )
    [to_row] = page.xpath("//ul[@class='errorlist']//a/@href")
    assert words in author.get(to_row).text
    second = draft.rules.get(rule_id="R2")
    assert words not in author.get(reverse("admin:coding_rule_change", args=[second.pk])).text


def test_the_history_names_fields_as_the_page_does_and_keeps_no_edition_of_nothing(author, draft):
    first, held = draft.rules.get(rule_id="R1"), draft.facts.get(key="held")
    edit(author, first)
    edit(author, draft)
    assert small_rules.now(draft).edition == draft.edition
    edit(author, held, asked_first="on", source="record")
    edit(author, draft, payer_kind="medicare", further="{}", change_note="For one payer.")
    last, second = draft.editions.all()[:2]
    assert second.what == "Asked first, Source of fact Held"
    assert last.what == "What changed and why, Only for payers of this kind"


def test_worked_cases_that_a_save_makes_fail_are_named(author, draft):
    case = {
        "answers": "held: yes\ndrug: none",
        "outcome": "code",
        "code": "27256",
        "modifiers": "LT",
    }
    WorkedCase.objects.create(version=draft, case_id="V1", **case)
    first = draft.rules.get(rule_id="R1")
    assert not any(
        "worked cases fails" in message
        for message in said(edit(author, first, title="Same rules."))
    )
    response = edit(author, first, code="27257")
    assert any(message.startswith("1 of 1 worked cases fails: V1.") for message in said(response))


def test_an_error_is_shown_at_its_field_and_nothing_is_saved(author, draft):
    first = draft.rules.get(rule_id="R1")
    response = edit(author, first, title="", rule_id="R2", message="Kept?")
    errors = response.context["adminform"].form.errors
    assert set(errors) == {"title", "rule_id"}
    assert errors["rule_id"] == [
        "Another row of this version bears it already. Choose another one."
    ]
    assert "Kept?" in response.text
    assert sorted(rule.rule_id for rule in draft.rules.all()) == ["R1", "R2", "R3"]
    assert small_rules.now(draft).edition == draft.edition


def test_a_second_worked_case_of_one_name_is_refused_at_its_field(author, draft):
    cases = [
        WorkedCase.objects.create(version=draft, case_id=name, outcome="code", code="27256")
        for name in "AB"
    ]
    response = edit(author, cases[1], case_id="A")
    assert set(response.context["adminform"].form.errors) == {"case_id"}


def test_of_two_who_delete_a_row_the_second_is_told_that_it_is_gone(author, draft):
    for row in (draft.rules.get(rule_id="R2"), draft.facts.get(key="drug")):
        page = reverse(f"admin:coding_{row._meta.model_name}_delete", args=[row.pk])
        author.post(page, {"post": "yes"})
        [*_, told] = said(author.post(page, {"post": "yes"}, follow=True))
        assert "Perhaps it was deleted?" in told


def test_before_a_question_is_deleted_its_page_says_what_names_it(author, draft):
    page = author.get(reverse("admin:coding_fact_delete", args=[draft.facts.get(key="drug").pk]))
    assert page.context["uses"] == ["rule R1", "rule R2"]
    assert "rule R2" in page.text


def test_rows_of_what_is_no_draft_are_read_and_the_index_names_none(people, client):
    version = small_rules.in_review(people)
    first = version.rules.get(rule_id="R1")
    for role, status in (("rule author", 409), ("rule approver", 403)):
        client.force_login(people[role])
        address = reverse("admin:coding_rule_change", args=[first.pk])
        page = client.get(address)
        assert "Held without a drug." in page.text
        assert b'name="_save"' not in page.content
        assert client.post(address, {"title": "Late."}).status_code == status
        index = client.get(reverse("admin:index")).text
        assert not any(
            reverse(f"admin:coding_{model._meta.model_name}_changelist") in index
            for model in (Rule, Fact)
        )


def test_whoever_comes_from_no_list_is_led_to_the_rows_of_the_version(author, draft):
    response = edit(author, draft.rules.get(rule_id="R1"), title="Other words")
    assert response.redirect_chain[-1][0].endswith(f"?version__id__exact={draft.pk}")
