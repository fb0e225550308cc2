"""The life of a provider query: answered or closed once, by whoever may, with what the trail keeps of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, ServiceState
from reviews.actions import queries
from reviews.actions.decisions import Judgement
from reviews.models import (
    Choice,
    CodingRound,
    FinalCode,
    ProviderQuery,
    QueryState,
    RoundReason,
    RulingKind,
)
from tests import factories
from tests.races import at_once

SILENT = {**factories.PAVLIK, "anesthesia": ""}


def asked(people, service, facts=SILENT):
    """The query that is out about a service, as a page reads it."""
    decision = factories.decide(
        people["coder"], service, facts, Judgement(Choice.PROVIDER_QUERY, reason="Which?")
    )
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.select_related("service__encounter").get(
        service=service, state=QueryState.OPEN
    )


@pytest.fixture
def query(people, hip):
    return asked(people, factories.service(people, hip))


def answer(people, query, text="None was given.", provider="Dr. Falk", on=None, who="supervisor"):
    queries.answer(people[who], query, text, provider, on or timezone.localdate())


def is_untouched(query):
    query.refresh_from_db()
    waits = factories.service_of(query.service).state == ServiceState.AWAITING_PROVIDER
    return waits and (query.state, query.answer, query.closed_by) == (QueryState.OPEN, "", None)


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_answers_and_closes(people, query, role):
    with pytest.raises(NotAllowed, match="may not type a provider's answer"):
        answer(people, query, who=role)
    with pytest.raises(NotAllowed, match="may not close provider queries"):
        queries.close(people[role], query, "He left.")
    assert is_untouched(query)


def test_an_answer_is_noted_with_who_gave_it_and_when_and_never_with_what_it_says(people, query):
    answer(people, query, text=" None was given. ", provider=" Dr. Falk ")
    event = AuditEvent.objects.get(event="query.answered")
    today = timezone.localdate().isoformat()
    assert event.after == {"service": 1, "provider": "Dr. Falk", "answered on": today}
    assert (event.encounter, event.actor) == (
        query.service.encounter.public_id,
        people["supervisor"],
    )
    assert "None was given" not in f"{event.before}{event.after}{event.reason}"
    query.refresh_from_db()
    assert query.answer == "None was given."


def test_a_closing_is_noted_with_its_reason(people, query):
    queries.close(people["supervisor"], query, " The provider has left. ")
    event = AuditEvent.objects.get(event="query.closed")
    assert (event.after, event.reason) == ({"service": 1}, "The provider has left.")
    query.refresh_from_db()
    assert (query.reason, query.closed_by) == ("The provider has left.", people["supervisor"])
    assert (query.answer, query.answered_on) == ("", None)


def test_each_end_opens_a_round_that_names_the_query(people, hip, query):
    answer(people, query)
    other = asked(people, factories.service(people, hip))
    queries.close(people["supervisor"], other, "He left.")
    rounds = CodingRound.objects.filter(query__isnull=False).order_by("pk")
    assert [(found.reason, found.number, found.query) for found in rounds] == [
        (RoundReason.QUERY_ANSWERED, 2, query),
        (RoundReason.QUERY_CLOSED, 2, other),
    ]


def test_a_query_that_ended_is_neither_answered_nor_closed_again(people, query):
    queries.close(people["supervisor"], query, "He left.")
    before = AuditEvent.objects.count()
    with pytest.raises(Conflict, match="answered or closed already"):
        answer(people, query)
    with pytest.raises(Conflict, match="answered or closed already"):
        queries.close(people["supervisor", 2], query, "He came back.")
    query.refresh_from_db()
    assert (query.state, query.reason) == (QueryState.CLOSED, "He left.")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "has not come yet"), (-1, "The question was asked on")],
    ids=["tomorrow", "yesterday"],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(people, query, days, words):
    with pytest.raises(ValidationError) as refusal:
        answer(people, query, on=timezone.localdate() + timedelta(days=days))
    [(field, [message])] = refusal.value.message_dict.items()
    assert field == "answered_on"
    assert words in message
    assert is_untouched(query)


@pytest.mark.parametrize(("zone", "is_today"), [("UTC", True), ("America/Chicago", False)])
def test_the_day_of_an_answer_is_the_department_s(
    people, hip, settings, monkeypatch, zone, is_today
):
    settings.TIME_ZONE = zone
    night = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    query = asked(people, factories.service(people, hip))
    if is_today:
        answer(people, query, on=date(2026, 3, 3))
        assert not is_untouched(query)
        return
    with pytest.raises(ValidationError, match="has not come yet"):
        answer(people, query, on=date(2026, 3, 3))
    answer(people, query, on=date(2026, 3, 2))
    assert not is_untouched(query)


def test_a_query_about_another_service_stays_out(people, hip, query):
    other = asked(people, factories.service(people, hip))
    answer(people, query)
    assert is_untouched(other)


def test_a_query_that_asks_beyond_the_rules_opens_what_is_not_documented(people, hip):
    silent = {**factories.PAVLIK, "etiology": ""}
    query = asked(people, factories.service(people, hip), silent)
    assert query.facts == ["etiology"]


def test_where_everything_is_documented_an_answer_opens_no_question_but_a_round(people, hip):
    query = asked(people, factories.service(people, hip), factories.PAVLIK)
    assert query.facts == []
    answer(people, query)
    guided = factories.form_of(query.service)
    assert guided.guidance.next_question is None
    assert factories.service_of(query.service).round == 2


def test_a_query_makes_nothing_final_until_the_coder_decides_on_the_answer(people, query):
    answer(people, query)
    assert not FinalCode.objects.exists()
    factories.decide(people["coder"], query.service, factories.PAVLIK)
    assert FinalCode.objects.current().get().reported == "27256-LT"


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_a_closing_at_once_one_counts(people, query):
    supervisor = people["supervisor"]
    today = timezone.localdate()
    acts = [
        lambda: queries.answer(supervisor, query, "None.", "Dr. Falk", today),
        lambda: queries.close(supervisor, query, "He left."),
    ]
    results = at_once(2, lambda place: acts[place]())
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    query.refresh_from_db()
    assert query.state == (QueryState.ANSWERED if results[0] is None else QueryState.CLOSED)
    assert CodingRound.objects.filter(query=query).count() == 1
