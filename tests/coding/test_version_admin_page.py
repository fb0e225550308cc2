"""A version's page in the administration: what is edited where, by whom, and what is said of errors."""

import pytest
from django.urls import reverse
from lxml import html

from coding.actions import rule_sets
from coding.models import AuditEvent, RuleSetVersion
from coding.rules import rulebook
from tests import factories, small_rules

FORM = "rulesetversion_form"


def standing(people):
    return small_rules.draft(people)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def address(version):
    return reverse("admin:coding_rulesetversion_change", args=[version.pk])


def page_of(client, version):
    response = client.get(address(version))
    assert response.status_code == 200
    return html.fromstring(response.text)


def fields_of(client, version):
    """What the browser would send back unchanged."""
    [form] = [form for form in page_of(client, version).forms if form.get("id") == FORM]
    return dict(form.form_values())


def edit(client, version, **changes):
    return client.post(address(version), {**fields_of(client, version), **changes}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_browser_that_ends_lines_its_own_way_changes_nothing(people, author):
    notes = ["Nobody reviewed this.", "It is of two codes."]
    draft = small_rules.draft(people, small_rules.table(notes=notes))
    sent = {name: text.replace("\n", "\r\n") for name, text in fields_of(author, draft).items()}
    assert any("\r\n" in text for text in sent.values())
    edit(author, draft, **{**sent, "change_note": "A reason."})
    now = small_rules.now(draft)
    assert (now.change_note, now.document) == ("A reason.", draft.document)
    assert rulebook.table_of(now.document).notes == tuple(notes)
    assert "\r" not in now.facts.get(key="drug").choices


def test_a_version_that_is_only_read_says_for_whom_it_decides(people, author):
    version = small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=version.pk).update(for_payer="kind:medicare", for_place="11")
    assert page_of(author, version).xpath("//*[@name='payer_kind']")
    factories.publish(people, version, small_rules.NEW_YEAR)
    [row] = page_of(author, version).xpath("//*[contains(@class, 'field-decides_for')]")
    assert "payers of the kind Medicare, Office" in row.text_content()
    assert "Payer kind" not in page_of(author, version).text_content()


def test_every_field_of_a_draft_is_edited_and_taken_up_in_its_content(people, author, draft):
    changes = {
        "effective_from": "2026-06-01",
        "change_note": "A new day.",
        "description": "Changed.",
        "notes": "One.\n\nTwo.",
        "family": "27256 27257 27250",
        "hit_policy": "unique",
    }
    response = edit(author, draft, **changes)
    assert [message.startswith("The rule set version") for message in said(response)] == [True]
    now = small_rules.now(draft)
    assert str(now.effective_from) == "2026-06-01"
    assert (now.change_note, now.last_editor) == ("A new day.", people["rule author"])
    table = rulebook.table_of(now.document)
    assert (table.description, table.notes) == ("Changed.", ("One.", "Two."))
    assert (table.family, table.hit_policy) == (("27256", "27257", "27250"), "unique")
    assert AuditEvent.objects.filter(event="version.saved").count() == 1


def test_the_last_editor_is_whoever_saved_last(people, client, draft):
    client.force_login(people["rule author", 2])
    edit(client, draft, description="Mine.")
    now = small_rules.now(draft)
    assert (now.author, now.last_editor) == (people["rule author"], people["rule author", 2])
    assert AuditEvent.objects.get(event="version.saved").actor == people["rule author", 2]


def test_number_state_and_rule_set_are_read_and_not_taken_from_the_form(author, draft):
    other = small_rules.rule_set("other")
    edit(
        author,
        draft,
        number="9",
        state="published",
        rule_set=str(other.pk),
        approver="1",
        edition="50",
    )
    now = small_rules.now(draft)
    assert (now.number, now.state, now.rule_set, now.approver) == (1, "draft", draft.rule_set, None)
    assert now.edition == draft.edition


@pytest.mark.parametrize("frame", ['["hip"]', '"hip"', "7"])
def test_a_frame_that_is_no_object_is_refused_with_an_example(author, draft, frame):
    response = edit(author, draft, lexicon_frame=frame)
    assert "Write an object such as" in response.text
    assert small_rules.now(draft).lexicon_frame == {}


def test_an_empty_frame_is_none(author, draft):
    edit(author, draft, lexicon_frame="", description="Changed.")
    now = small_rules.now(draft)
    assert (now.lexicon_frame, now.description) == ({}, "Changed.")


def test_a_draft_that_was_submitted_meanwhile_is_not_edited_any_more(people, author, draft):
    fields = fields_of(author, draft)
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from="2026-06-01")
    rule_sets.submit(people["rule author", 2], draft)
    response = author.post(address(draft), {**fields, "description": "Late."})
    assert response.status_code == 409
    assert "Late." in response.text
    assert small_rules.now(draft).description == "Two codes."


def test_what_is_in_review_is_read_by_author_and_approver_and_edited_by_nobody(people, client):
    version = small_rules.in_review(people)
    for role, status in (("rule author", 409), ("rule approver", 403)):
        client.force_login(people[role])
        page = page_of(client, version)
        assert page.xpath("//input[@name='_save']") == []
        assert page.xpath("//a[contains(@href, '/coding/rule/?')]")
        assert client.post(address(version), {"description": "Late."}).status_code == status
    assert small_rules.now(version).description == "Two codes."


def test_an_approver_reads_a_draft_and_edits_nothing(people, client, draft):
    client.force_login(people["rule approver"])
    assert page_of(client, draft).xpath("//textarea") == []
    assert client.post(address(draft), {"description": "Mine."}).status_code == 403
    assert small_rules.now(draft).edition == draft.edition


@pytest.mark.parametrize("role", ["coder", "supervisor", "auditor"])
def test_who_has_no_part_in_rules_is_led_to_the_login(people, client, draft, role):
    client.force_login(people[role])
    response = client.get(address(draft))
    assert response.status_code == 302
    assert reverse("admin:login") in response.headers["Location"]


def test_the_page_leads_to_the_rules_in_words(author, draft):
    links = page_of(author, draft).xpath("//a/@href")
    assert draft.get_absolute_url() in links


def test_a_version_that_is_not_there_leads_back_with_a_word(author, draft):
    response = author.get(
        reverse("admin:coding_rulesetversion_change", args=[draft.pk + 1]), follow=True
    )
    assert "doesn’t exist" in said(response)[0]
