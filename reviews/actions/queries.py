"""Verbs on provider queries: type the provider's answer, or close a query without one.

A query is asked by a ruling (``reviews.actions.rulings``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service
from coding.actions.require import require
from coding.actions.transitions import Transition, of
from coding.models import Service, ServiceState, User
from reviews.actions.rounds import open_round
from reviews.actions.standing import Step, settle
from reviews.models import ProviderQuery, QueryState, RoundReason
from reviews.transitions import QUERY

ANSWER = of(QUERY, "answer")
CLOSE = of(QUERY, "close")
CORRECTED = "The source corrected the encounter."


@dataclass(frozen=True, slots=True)
class ProvidersAnswer:
    """What a provider said, who it was, and the day of it; ``how`` it came, where nobody typed it, for the trail."""

    text: str
    provider: str
    day: date
    how: Mapping[str, str] = field(default_factory=dict)


def answer(actor: User, query: ProviderQuery, text: str, provider: str, answered_on: date) -> None:
    """Take down what the provider answered. A round is open then, in which only the facts concerned are asked again.

    Raises ValidationError, by field, for a day that has not come yet or lies before the question.
    """
    require(actor, ANSWER.permission, "type a provider's answer")
    _check_day(query, answered_on)
    given = ProvidersAnswer(text.strip(), provider.strip(), answered_on)
    with transaction.atomic():
        service = lock_service(query.service)
        trail.record_all(actor, take_down(actor, actor, service, query, given))


def take_down(
    actor: User | None,
    opener: User,
    service: Service,
    query: ProviderQuery,
    given: ProvidersAnswer,
) -> list[trail.Entry]:
    """End a query about a locked service with its answer, and open the round that follows. Part of verbs.

    ``actor`` is nobody where the provider answered by a link; the ``opener`` stands for the questions that are open
    again.
    """
    provider, day = given.provider, given.day
    end_query(actor, query, ANSWER, answer=given.text, provider=provider, answered_on=day)
    opened = open_round(
        opener, service, RoundReason.QUERY_ANSWERED, ask_again=query.facts, query=query
    )
    after = {
        "service": service.number,
        "provider": provider,
        "answered on": day.isoformat(),
        **given.how,
    }
    entry = trail.Entry(ANSWER.event, query, service.encounter, after=after, rows=[query])
    settled = settle("answer query", [Step(service, ServiceState.TO_CODE, rows=opened)])
    return [entry, *settled]


def close(actor: User, query: ProviderQuery, reason: str) -> None:
    """Give a query up, with a reason: the coder decides again on what the note says."""
    require(actor, CLOSE.permission, "close provider queries")
    _close(actor, query, reason.strip())


def close_by_itself(query: ProviderQuery, reason: str) -> None:
    """Give up a query that is over (``reviews.actions.query_ends``): nobody does, and the reason says why."""
    _close(None, query, reason)


def _close(actor: User | None, query: ProviderQuery, reason: str) -> None:
    with transaction.atomic():
        service = lock_service(query.service)
        end_query(actor, query, CLOSE, reason=reason)
        opened = open_round(actor or query.asked_by, service, RoundReason.QUERY_CLOSED, query=query)
        entry = closed(query, service, reason)
        entries = settle("close query", [Step(service, ServiceState.TO_CODE, rows=opened)])
        trail.record_all(actor, [entry, *entries])


def close_as_corrected(actor: User, service: Service) -> ProviderQuery | None:
    """The amended note is the answer, or makes the question another one. Part of a correction, which notes it."""
    return close_open(actor, service, CORRECTED)


def close_open(actor: User, service: Service, reason: str) -> ProviderQuery | None:
    """Close the query that is out about a locked service, if there is one. Part of a verb, which notes it."""
    query = ProviderQuery.objects.filter(service=service, state=QueryState.OPEN).first()
    if query is not None:
        end_query(actor, query, CLOSE, reason=reason)
    return query


def closed(query: ProviderQuery, service: Service, reason: str) -> trail.Entry:
    """The closing of a query for the trail."""
    after = {"service": service.number}
    return trail.Entry(
        CLOSE.event, query, service.encounter, after=after, reason=reason, rows=[query]
    )


def end_query(
    actor: User | None, query: ProviderQuery, transition: Transition[QueryState], **values: object
) -> None:
    """Take an open query where a transition leads it. Part of a verb. Raises Conflict if it ended already.

    ``actor`` is nobody where the provider did it by a link, and where it ended by itself.
    """
    [end] = transition.end
    waiting = ProviderQuery.objects.filter(pk=query.pk, state__in=transition.start)
    if not waiting.update(state=end, closed_by=actor, closed_at=timezone.now(), **values):
        raise Conflict("This query was answered or closed already. Reload it to see how.")


def _check_day(query: ProviderQuery, answered_on: date) -> None:
    if answered_on > timezone.localdate():
        raise ValidationError(
            {"answered_on": "This day has not come yet. Write the day on the provider's answer."}
        )
    asked_on = timezone.localdate(query.asked_at)
    if answered_on < asked_on:
        raise ValidationError(
            {"answered_on": f"The question was asked on {asked_on}, after this day."}
        )
