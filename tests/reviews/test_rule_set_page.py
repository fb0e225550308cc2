"""The page of a rule set: its versions on a time line, and how the rules of one of them fare."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coding.models import RuleSetVersion, WorkedCase
from reviews.models import RulingKind
from tests import factories, small_rules

AWAKE, ASLEEP = {"held": "yes", "drug": "none"}, {"held": "yes", "drug": "sleep"}


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def page_of(client, shown, **query):
    page = client.get(reverse("admin:coding_ruleset_change", args=[shown.rule_set_id]), query)
    assert page.status_code == 200
    return page


def figures(page, name):
    return {figure.rule_id: getattr(figure, name) for figure in page.context["figures"]}


def test_versions_stand_by_layer_and_by_date_of_service_with_their_people(people, author):
    first = small_rules.published(people)
    last_year = timezone.localdate() - timedelta(days=1)
    second = small_rules.published(people, last_year, rules=small_rules.table(description="Newer."))
    coming = small_rules.published(
        people, timezone.localdate() + timedelta(days=30), rules=small_rules.table(name="Small")
    )
    office = small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=office.pk).update(for_place="11")
    factories.publish(people, office, date(2026, 2, 1))
    draft = small_rules.draft(people)
    page = page_of(author, first)
    general, of_office = page.context["lines"]
    assert [(bar.span.version, bar.standing) for bar in general.bars] == [
        (first, "past"),
        (second, "in force"),
        (coming, "coming"),
    ]
    assert [bar.span.version for bar in of_office.bars] == [office]
    assert page.context["under_way"] == [draft]
    assert people["rule approver"].name in page.text
    assert page.context["shown"] == second
    assert page_of(author, first, version="1").context["shown"] == first


def test_a_rule_tells_how_often_it_fired_was_overruled_found_wrong_and_is_covered(people, author):
    draft = small_rules.draft(people)
    WorkedCase.objects.create(
        version=draft,
        case_id="V1",
        answers="held: yes\ndrug: none",
        outcome="code",
        code="27256",
        modifiers="LT",
    )
    version = factories.publish(people, draft, small_rules.NEW_YEAR)
    for facts, judgement in ((AWAKE, None), (AWAKE, factories.insists()), (ASLEEP, None)):
        service = factories.service(people, version)
        decision = factories.decide(people["coder"], service, facts, judgement)
        if judgement:
            found = RulingKind.RULE_DEFECT
            case = factories.case_of(decision)
            factories.rule(people["supervisor"], case, found, code="27257", modifiers=("LT",))
    page = page_of(author, version)
    assert figures(page, "fired") == {"R1": 2, "R2": 1, "R3": 0}
    assert figures(page, "overruled") == {"R1": 1, "R2": 0, "R3": 0}
    assert figures(page, "defects") == {"R1": 1, "R2": 0, "R3": 0}
    assert figures(page, "cases") == {"R1": 1, "R2": 0, "R3": 0}
    assert "1 open rule defect" in page.text


def test_the_page_takes_the_same_queries_however_many_versions_and_services_there_are(
    people, author
):
    version = small_rules.published(people)
    counts = []
    for month, facts in ((2, AWAKE), (3, ASLEEP)):
        small_rules.published(
            people, date(2026, month, 1), rules=small_rules.table(description=str(month))
        )
        factories.decide(people["coder"], factories.service(people, version), facts)
        with CaptureQueriesContext(connection) as queries:
            page_of(author, version)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_rule_set_without_a_version_in_force_says_so(people, author):
    draft = small_rules.draft(people)
    page = page_of(author, draft)
    assert "No version was published yet" in page.text
    assert page.context["shown"] == draft


def test_a_rule_set_that_is_not_there_is_not_found(author):
    for key in ("0", "nothing"):
        assert author.get(reverse("admin:coding_ruleset_change", args=[key])).status_code == 404
