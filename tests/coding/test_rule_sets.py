"""Rule set versions: drafted, reviewed, published by a second person, chosen by date of service, never edited after."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Rule, RuleSetVersion, User, VersionState
from tests.races import at_once


@pytest.fixture
def draft(people, hip):
    return rule_sets.draft_from(people["rule author"], hip)


@pytest.fixture
def in_review(people, draft):
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from=date(2026, 6, 1))
    draft.refresh_from_db()
    rule_sets.submit(people["rule author"], draft)
    return draft


def test_a_copy_has_the_same_content(hip, draft):
    assert draft.number == 2
    assert draft.document == hip.document
    assert draft.rules.count() == 36


def test_the_version_in_force_is_chosen_by_date_of_service(people, hip, in_review):
    rule_sets.publish(people["rule approver"], in_review)
    in_force = RuleSetVersion.objects.in_force
    assert in_force(hip.rule_set, date(2025, 12, 31)) is None
    assert in_force(hip.rule_set, date(2026, 5, 31)) == hip
    assert in_force(hip.rule_set, date(2026, 6, 1)) == in_review
    rule_sets.retire(people["rule approver"], in_review)
    assert in_force(hip.rule_set, date(2026, 6, 1)) == hip


def test_the_author_does_not_publish_even_with_the_right_to_and_as_a_superuser(people, in_review):
    author = people["rule author"]
    author.is_superuser = True
    author.save()
    with pytest.raises(NotAllowed, match="You wrote this version"):
        rule_sets.publish(author, in_review)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=in_review.pk).update(approver=author)


def test_the_last_editor_does_not_publish_either(people, draft):
    people["rule approver"].groups.add(people["rule author"].groups.get())
    approver = User.objects.get(pk=people["rule approver"].pk)
    rule_sets.save(approver, draft)
    RuleSetVersion.objects.filter(pk=draft.pk).update(
        state=VersionState.IN_REVIEW, effective_from=date(2026, 6, 1)
    )
    with pytest.raises(NotAllowed):
        rule_sets.publish(approver, draft)


def test_a_draft_is_not_published_without_review(people, draft):
    with pytest.raises(Conflict, match="submits it first"):
        rule_sets.publish(people["rule approver"], draft)


def test_a_version_with_a_gap_is_refused_and_the_gap_is_named(people, draft):
    draft.rules.filter(rule_id="R36").delete()
    rule_sets.save(people["rule author"], draft)
    RuleSetVersion.objects.filter(pk=draft.pk).update(effective_from=date(2026, 6, 1))
    with pytest.raises(
        rule_sets.Refused, match=r"No rule covers this case\. The case: .*manipulation"
    ):
        rule_sets.submit(people["rule author"], draft)


def test_two_versions_do_not_take_effect_on_one_day(people, hip, in_review):
    rule_sets.send_back(people["rule approver"], in_review)
    RuleSetVersion.objects.filter(pk=in_review.pk).update(effective_from=hip.effective_from)
    in_review.refresh_from_db()
    rule_sets.submit(people["rule author"], in_review)
    with pytest.raises(Conflict, match="Another version takes effect"):
        rule_sets.publish(people["rule approver"], in_review)


def test_a_draft_that_makes_no_table_keeps_its_rows_and_says_what_is_wrong(people, draft):
    Rule.objects.filter(version=draft, rule_id="R12").update(conditions="anaesthesia: general")
    problem = rule_sets.save(people["rule author"], draft)
    assert problem == "R12: there is no fact “anaesthesia”. Take the cell out, or add the question."
    draft.refresh_from_db()
    assert draft.document is None
    assert Rule.objects.get(version=draft, rule_id="R12").conditions == "anaesthesia: general"
    with pytest.raises(rule_sets.Refused):
        rule_sets.submit(people["rule author"], draft)


@pytest.mark.django_db(transaction=True)
def test_eight_drafts_at_once_get_eight_numbers(people, hip):
    author = people["rule author"]
    drafts = at_once(8, lambda _: rule_sets.draft_from(author, hip))
    assert sorted(draft.number for draft in drafts) == list(range(2, 10))


@pytest.mark.django_db(transaction=True)
def test_eight_publishes_at_once_make_one_published_version(people, in_review):
    approvers = [people["rule approver", number] for number in range(8)]
    results = at_once(8, lambda number: rule_sets.publish(approvers[number], in_review))
    assert results.count(None) == 1
    assert all(isinstance(result, Conflict) for result in results if result is not None)
    assert (
        AuditEvent.objects.filter(event="version.published", subject_id=str(in_review.pk)).count()
        == 1
    )


def test_a_published_version_is_read_and_not_edited_in_the_administration(people, hip, client):
    client.force_login(people["rule author"])
    url = reverse("admin:coding_rulesetversion_change", args=[hip.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"change_note": "sneaky"}).status_code == 409
    assert RuleSetVersion.objects.get(pk=hip.pk).change_note != "sneaky"


def test_the_page_of_a_version_shows_its_rules_in_words(people, hip, client):
    client.force_login(people["coder"])
    page = client.get(hip.get_absolute_url()).content.decode()
    assert "Gap A: manipulation without anesthesia" in page
    assert "Manipulation: Manipulated" in page
    assert "Known conflict" in page
