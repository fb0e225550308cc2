"""Versions in the administration: the list with its filters."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import RuleSetVersion, VersionState
from tests import small_rules

LIST = "admin:coding_rulesetversion_changelist"


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def listed(client, **query):
    """The versions on the list, in their order."""
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [str(version) for version in response.context["cl"].result_list]


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


@pytest.mark.parametrize("role", ["rule author", "rule approver"])
def test_the_list_moves_no_version(people, client, role):
    version = small_rules.in_review(people)
    client.force_login(people[role])
    assert client.get(reverse(LIST)).context["action_form"] is None
    client.post(
        reverse(LIST), {"action": "publish", "index": "0", "_selected_action": [version.pk]}
    )
    assert small_rules.now(version).state == VersionState.IN_REVIEW


def test_a_version_is_neither_begun_from_nothing_nor_deleted(people, author):
    version = small_rules.draft(people)
    assert author.get(reverse("admin:coding_rulesetversion_add")).status_code == 403
    delete = reverse("admin:coding_rulesetversion_delete", args=[version.pk])
    assert author.post(delete, {"post": "yes"}).status_code == 403
    assert RuleSetVersion.objects.count() == 1
