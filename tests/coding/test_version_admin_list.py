"""Versions in the administration: the list with its filters, and the actions by which versions move on."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import rule_sets
from coding.models import AuditEvent, RuleSetVersion, VersionState
from tests import small_rules

LIST = "admin:coding_rulesetversion_changelist"
JUNE = date(2026, 6, 1)


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


@pytest.fixture
def approver(people, client):
    client.force_login(people["rule approver"])
    return client


def listed(client, **query):
    """The versions on the list, in their order."""
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [str(version) for version in response.context["cl"].result_list]


def act(client, action, *versions):
    """Carry out an action on some versions: what the page says afterwards."""
    keys = [version.pk for version in versions]
    form = {"action": action, "index": "0", "_selected_action": keys}
    response = client.post(reverse(LIST), form, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def states(*versions):
    return [small_rules.now(version).state for version in versions]


def with_day(version, day=JUNE):
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=day)
    return version


# The list -----------------------------------------------------------------------------------------


def test_the_list_shows_the_newest_version_of_each_rule_set_first_with_its_people(people, author):
    small_rules.published(people)
    small_rules.draft(people)
    small_rules.draft(people, small_rules.table(key="other", name="Other"))
    assert listed(author) == ["Other version 1", "Small version 2", "Small version 1"]
    page = author.get(reverse(LIST)).text
    assert people["rule approver"].username in page
    assert "Jan. 1, 2026" in page
    assert f'<a href="{reverse("rule-set-version", args=["small", 2])}">read</a>' in page


def test_the_list_is_narrowed_to_a_state_or_to_a_rule_set(people, author):
    published = small_rules.published(people)
    small_rules.draft(people)
    small_rules.draft(people, small_rules.table(key="other", name="Other"))
    assert listed(author, state__exact="draft") == ["Other version 1", "Small version 2"]
    assert listed(author, state__exact="published") == ["Small version 1"]
    assert listed(author, state__exact="retired") == []
    of_small = {"rule_set__id__exact": published.rule_set_id}
    assert listed(author, **of_small) == ["Small version 2", "Small version 1"]
    assert listed(author, **of_small, state__exact="draft") == ["Small version 2"]


def test_the_list_takes_the_same_queries_however_many_versions_there_are(people, author):
    counts = []
    for months in (range(1, 2), range(2, 6)):
        for month in months:
            small_rules.published(people, date(2026, month, 1))
        with CaptureQueriesContext(connection) as queries:
            listed(author)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "offered"),
    [("rule author", ["copy_as_draft", "discard", "submit"]), ("rule approver", ["send_back", "publish", "retire"])],
)
def test_each_role_is_offered_its_own_actions(people, client, role, offered):
    small_rules.draft(people)
    client.force_login(people[role])
    form = client.get(reverse(LIST)).context["action_form"]
    assert [name for name, _ in form.fields["action"].choices if name] == offered


def test_a_version_is_neither_begun_from_nothing_nor_deleted(people, author):
    version = small_rules.draft(people)
    assert author.get(reverse("admin:coding_rulesetversion_add")).status_code == 403
    delete = reverse("admin:coding_rulesetversion_delete", args=[version.pk])
    assert author.post(delete, {"post": "yes"}).status_code == 403
    act(author, "delete_selected", version)
    assert RuleSetVersion.objects.count() == 1


# The actions --------------------------------------------------------------------------------------


def test_a_copy_is_drafted_by_whoever_asked_for_it(people, client):
    version = small_rules.published(people)
    client.force_login(people["rule author", 2])
    assert act(client, "copy_as_draft", version) == ["Small version 1 copied."]
    copy = RuleSetVersion.objects.get(number=2)
    assert (copy.author, copy.state) == (people["rule author", 2], VersionState.DRAFT)


def test_a_draft_with_errors_is_not_copied_and_the_page_says_why(people, author):
    version = small_rules.draft(people)
    version.rules.update(conditions="colour: red")
    rule_sets.save(people["rule author"], version)
    assert act(author, "copy_as_draft", version) == ["Small version 1 has errors; mend it before you copy it."]
    assert RuleSetVersion.objects.count() == 1


def test_a_draft_is_submitted_and_by_the_trail_it_was_its_sender(people, client):
    version = with_day(small_rules.draft(people))
    client.force_login(people["rule author", 2])
    assert act(client, "submit", version) == ["Small version 1 submitted."]
    assert AuditEvent.objects.get(event="version.submitted").actor == people["rule author", 2]


def test_of_several_versions_each_goes_on_or_is_refused_by_itself(people, author):
    ready, without_day = with_day(small_rules.draft(people)), small_rules.draft(people)
    messages = act(author, "submit", ready, without_day)
    assert sorted(messages) == [
        "Small version 1 submitted.",
        "Small version 2 needs a date from which it is in force, and rules without errors. Then submit it.",
    ]
    assert states(ready, without_day) == [VersionState.IN_REVIEW, VersionState.DRAFT]


def test_two_versions_of_one_day_are_not_both_published(people, approver):
    first, second = small_rules.in_review(people), small_rules.in_review(people)
    messages = act(approver, "publish", first, second)
    assert len(messages) == 2
    assert "Another version takes effect on 2026-01-01. Return this one for another day." in messages
    assert sorted(states(first, second)) == [VersionState.IN_REVIEW, VersionState.PUBLISHED]


def test_a_version_with_a_gap_is_not_published_and_the_page_tells_the_case(people, approver):
    version = small_rules.in_review(people, small_rules.with_gap())
    [message] = act(approver, "publish", version)
    assert message.startswith("No rule covers this case. The case: ")
    assert states(version) == [VersionState.IN_REVIEW]


def test_who_wrote_a_version_is_told_to_leave_publishing_to_somebody_else(people, client):
    version = small_rules.in_review(people)
    author = people["rule author"]
    author.groups.add(people["rule approver"].groups.get())
    client.force_login(author)
    assert act(client, "publish", version) == ["You wrote this version. Somebody else approves and publishes it."]
    assert states(version) == [VersionState.IN_REVIEW]


def test_a_version_is_returned_and_retired(people, approver):
    in_review = small_rules.in_review(people)
    assert act(approver, "send_back", in_review) == ["Small version 1 returned."]
    published = small_rules.published(people)
    assert act(approver, "retire", published) == ["Small version 2 retired."]
    assert states(in_review, published) == [VersionState.DRAFT, VersionState.RETIRED]


def test_an_action_that_comes_too_late_says_that_the_version_is_elsewhere(people, approver):
    version = small_rules.in_review(people)
    act(approver, "send_back", version)
    [message] = act(approver, "send_back", version)
    assert message == "Small version 1 is not in review any more. Reload the page to see where it is."


@pytest.mark.parametrize(
    ("role", "actions"),
    [("rule author", ["send_back", "publish", "retire"]), ("rule approver", ["copy_as_draft", "discard", "submit"])],
)
def test_the_action_of_another_role_does_nothing(people, client, role, actions):
    in_review, published = small_rules.in_review(people, effective_from=JUNE), small_rules.published(people)
    draft = with_day(small_rules.draft(people), date(2026, 7, 1))
    told = AuditEvent.objects.count()
    client.force_login(people[role])
    for action in actions:
        act(client, action, in_review, published, draft)
    assert states(in_review, published, draft) == ["in_review", "published", "draft"]
    assert RuleSetVersion.objects.count() == 3
    assert AuditEvent.objects.count() == told


def test_nothing_happens_where_no_version_was_chosen(people, author):
    small_rules.draft(people)
    [message] = act(author, "copy_as_draft")
    assert message.startswith("Items must be selected")
    assert RuleSetVersion.objects.count() == 1
