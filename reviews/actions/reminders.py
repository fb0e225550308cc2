"""Scheduled: remind who holds a case or asked a provider, and tell all supervisors of queries that wait too long.

Each is done once for a query, and once for a case while one person holds it, and is an event of the trail. Where mail
is set up each person gets one mail a run, with numbers and without a word of a patient.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coding import trail
from coding.accounts import mails
from coding.actions.require import people_who_may
from coding.actions.transitions import of
from coding.models import User
from reviews.actions.cases import lock_cases
from reviews.models import CaseState, ProviderQuery, QueryState, ReviewCase
from reviews.transitions import QUERY

ANSWERS = of(QUERY, "answer").permission
# What one run looks at, of each kind.
MOST = 500


def remind() -> str:
    """Remind and escalate what is due; how much of each."""
    now = timezone.now()
    holders = [_remind_holder(key, now) for key in _keys(held_long(now))]
    askers = [_remind_asker(key, now) for key in _keys(queries_to_remind_of(now))]
    escalated = [_escalate(key, now) for key in _keys(queries_to_escalate(now))]
    cases, queries, passed_on = _each(holders), _each(askers), sum(escalated)
    _write(cases, queries, passed_on)
    return f"{cases.total()} holders of cases and {queries.total()} askers reminded, {passed_on} queries escalated"


def held_long(now: datetime) -> QuerySet[ReviewCase]:
    """The cases whose holder is to be reminded."""
    before = now - timedelta(hours=settings.CLAIM_REMINDER_HOURS)
    held = ReviewCase.objects.filter(
        state=CaseState.CLAIMED, held_since__lt=before, reminded_at=None
    )
    return held.order_by("held_since", "pk")


def queries_to_remind_of(now: datetime) -> QuerySet[ProviderQuery]:
    """The open queries whose asker is to be reminded."""
    before = now - timedelta(days=settings.QUERY_REMINDER_DAYS)
    return _open_since(before).filter(reminded_at=None)


def queries_to_escalate(now: datetime) -> QuerySet[ProviderQuery]:
    """The open queries of which all supervisors are to be notified."""
    before = now - timedelta(days=settings.QUERY_ESCALATION_DAYS)
    return _open_since(before).filter(escalated_at=None)


def _open_since(before: datetime) -> QuerySet[ProviderQuery]:
    return ProviderQuery.objects.filter(state=QueryState.OPEN, asked_at__lt=before).order_by(
        "asked_at", "pk"
    )


def _keys(rows: QuerySet[ReviewCase] | QuerySet[ProviderQuery]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:MOST])


def _each(people: Iterable[User | None]) -> Counter[User]:
    """How often each of them is reminded."""
    return Counter(person for person in people if person is not None)


def _remind_holder(key: int, now: datetime) -> User | None:
    """The holder of a case that still waits; None where it went on meanwhile."""
    with transaction.atomic():
        [case] = lock_cases([key])
        if not held_long(now).filter(pk=key).update(reminded_at=now):
            return None
        after = {
            "service": case.service.number,
            "held by": case.holder.name if case.holder else None,
        }
        trail.record(
            None, "case.reminded", case, encounter=case.service.encounter, after=after, rows=[case]
        )
    return case.holder


def _remind_asker(key: int, now: datetime) -> User | None:
    """Who asked a query that still waits; None where it ended meanwhile."""
    with transaction.atomic():
        if not queries_to_remind_of(now).filter(pk=key).update(reminded_at=now):
            return None
        return _record("query.reminded", key).asked_by


def _escalate(key: int, now: datetime) -> bool:
    with transaction.atomic():
        if not queries_to_escalate(now).filter(pk=key).update(escalated_at=now):
            return False
        _record("query.escalated", key)
    return True


def _record(event: str, key: int) -> ProviderQuery:
    """Write the event of a query; the query as it is now."""
    query = ProviderQuery.objects.select_related("service__encounter", "asked_by").get(pk=key)
    after = {"service": query.service.number, "asked by": query.asked_by.name}
    trail.record(None, event, query, encounter=query.service.encounter, after=after, rows=[query])
    return query


def _write(cases: Counter[User], queries: Counter[User], escalated: int) -> None:
    """One mail to each person, when all is written: a mail server that is slow holds no lock."""
    numbers: dict[User, dict[str, int]] = defaultdict(dict)
    for name, counted in (("cases", cases), ("queries", queries)):
        for person, number in counted.items():
            numbers[person][name] = number
    if escalated:
        for person in people_who_may(ANSWERS):
            numbers[person]["escalated"] = escalated

    for person, own in numbers.items():
        if person.is_active:
            mails.send("reviews/reminder", "Concord: what waits for you", own, [person.email])
