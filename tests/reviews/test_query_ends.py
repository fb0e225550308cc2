"""Scheduled: a query that nobody answers, and one whose answer changes nothing any more, closes itself and says so."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.models import AuditEvent, ServiceState
from coding.trail import proof
from reviews.actions import queries, query_ends
from reviews.actions.decisions import Judgement
from reviews.models import Choice, CodingRound, ProviderQuery, QueryState, RoundReason, RulingKind
from tests import factories, small_rules

SILENT = {**factories.PAVLIK, "anesthesia": ""}
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
NONE = "0 closed without an answer in time, 0 as no answer changes anything"


@pytest.fixture
def query(people, hip):
    decision = factories.decide(people["coder"], factories.service(people, hip), SILENT, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.select_related("service__encounter").get()


def later(monkeypatch, **span):
    moment = timezone.now() + timedelta(**span)
    monkeypatch.setattr(query_ends.timezone, "now", lambda: moment)


def test_a_query_that_nobody_answered_in_time_is_closed_and_its_service_is_coded_again(
    query, settings, monkeypatch, people, client
):
    assert query_ends.close_over() == NONE
    later(monkeypatch, days=settings.QUERY_EXPIRY_DAYS, hours=1)
    assert query_ends.close_over().startswith("1 closed without an answer in time")
    assert query_ends.close_over() == NONE
    query.refresh_from_db()
    assert (query.state, query.closed_by, query.reason) == (
        QueryState.CLOSED,
        None,
        "Nobody answered within 30 days.",
    )
    assert factories.service_of(query.service).state == ServiceState.TO_CODE
    assert CodingRound.objects.get(query=query).reason == RoundReason.QUERY_CLOSED
    event = AuditEvent.objects.get(event="query.closed")
    assert (event.actor, event.reason, event.encounter) == (
        None,
        query.reason,
        query.service.encounter.public_id,
    )
    proof.prove()
    client.force_login(people["supervisor"])
    page = client.get(query.get_absolute_url()).content.decode()
    assert "Closed without an answer, by itself: Nobody answered" in page


def test_where_the_setting_says_so_none_ends_by_time(query, settings, monkeypatch):
    settings.QUERY_EXPIRY_DAYS = 0
    later(monkeypatch, days=4000)
    assert query_ends.close_over() == NONE


def test_one_that_was_answered_at_that_moment_stays_answered(people, query):
    queries.answer(people["supervisor"], query, "None was given.", "Dr. Falk", timezone.localdate())
    assert not query_ends._closed(query, "Too late.")
    assert ProviderQuery.objects.get().state == QueryState.ANSWERED


@pytest.fixture
def about_the_drug(people):
    """The small rules ask which drug was given."""
    version = small_rules.published(people)
    service = factories.service(people, version)
    decision = factories.decide(people["coder"], service, {"held": "yes", "drug": ""}, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    query = ProviderQuery.objects.select_related("service__encounter").get()
    assert query.facts == ["drug"]
    return query


def changed(people, *rows):
    """A newer version, in which the first rules ask this."""
    first, second, last = small_rules.document()["rules"]
    asked = [{**rule, "rows": [row]} for rule, row in zip((first, second), rows, strict=False)]
    rules = small_rules.table(rules=[*asked, *(first, second)[len(rows) :], last])
    return small_rules.published(people, date(2026, 2, 1), rules)


def test_a_query_whose_answer_changes_nothing_under_newer_rules_is_closed_and_says_so(
    people, about_the_drug
):
    assert query_ends.close_over() == NONE
    version = changed(people, {"held": {"in": [True]}}, {"held": {"in": [False]}})
    assert query_ends.close_over().endswith(", 1 as no answer changes anything")
    about_the_drug.refresh_from_db()
    assert about_the_drug.state == QueryState.CLOSED
    assert about_the_drug.reason == f"{version} gives “27256-LT” whatever the provider answers."
    proof.prove()


def test_a_query_whose_answer_still_decides_under_newer_rules_waits_on(people, about_the_drug):
    changed(people, {"drug": {"in": ["none"]}})
    assert query_ends.close_over() == NONE


def test_a_query_that_ends_in_a_review_whatever_is_answered_waits_on(people, about_the_drug):
    not_held = {"held": {"in": [False]}}
    changed(people, {**not_held, "drug": {"in": ["none"]}}, {**not_held, "drug": {"in": ["sleep"]}})
    assert query_ends.close_over() == NONE
