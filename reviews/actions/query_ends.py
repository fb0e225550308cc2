"""Scheduled: provider queries that end by themselves.

A query ends when nobody answered in time, and when newer rules give one code whatever the provider answers. Both are
closings as a supervisor's are: the trail and the query say why, and the coder decides on what the note says.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from coding.actions.errors import Conflict
from coding.decision import possible_outcomes
from coding.decision.errors import Entangled
from coding.models import RuleSetVersion
from coding.models.reported import in_words
from coding.rules import rulebook
from reviews.actions.queries import close_by_itself
from reviews.coding_form.guided import in_force, table_of
from reviews.models import ENDS, ProviderQuery, QueryState

# What one run ends, of each kind.
MOST = 500


def close_over() -> str:
    """Close the queries that are over; how many of each kind."""
    expired = 0
    for query in _expired():
        expired += _closed(query, _nobody_answered())

    settled = 0
    for query in _asked_of_older_rules():
        reason = why_settled(query)
        if reason:
            settled += _closed(query, reason)
    return f"{expired} closed without an answer in time, {settled} as no answer changes anything"


def _closed(query: ProviderQuery, reason: str) -> bool:
    """Close it, unless somebody answered or closed it meanwhile."""
    try:
        close_by_itself(query, reason)
    except Conflict:
        return False
    return True


def _nobody_answered() -> str:
    return f"Nobody answered within {settings.QUERY_EXPIRY_DAYS} days."


def _expired() -> list[ProviderQuery]:
    if not settings.QUERY_EXPIRY_DAYS:
        return []
    before = timezone.now() - timedelta(days=settings.QUERY_EXPIRY_DAYS)
    over = ProviderQuery.objects.filter(state=QueryState.OPEN, asked_at__lt=before)
    return list(over.select_related("service", "asked_by").order_by("asked_at", "pk")[:MOST])


def _asked_of_older_rules() -> list[ProviderQuery]:
    """The open queries of whose rule set a version was published or retired since they were asked."""
    since = Q(published_at__gt=OuterRef("asked_at")) | Q(retired_at__gt=OuterRef("asked_at"))
    newer = RuleSetVersion.objects.filter(since, rule_set=OuterRef("service__rule_set"))
    queries = ProviderQuery.objects.filter(Exists(newer), state=QueryState.OPEN).exclude(facts=[])
    related = ("service__encounter", "service__rule_set", "asked_by")
    return list(queries.select_related(*related).order_by("asked_at", "pk"))


def why_settled(query: ProviderQuery) -> str:
    """Why no answer changes anything any more: the rules that a new round begins with end in one code, or in none.

    Empty where an answer still matters, or the rules have not changed for this service.
    """
    service = query.service
    version = in_force(service)
    if version is None or version.pk == service.version_id:
        return ""
    table = table_of(version)
    answers = rulebook.facts_of(rulebook.current_answers(service), table)
    # What was asked is open again in the round that follows: all of its answers are tried.
    known = {fact: value for fact, value in answers.items() if fact not in query.facts}
    try:
        outcomes = possible_outcomes(table, known)
    except Entangled:
        # The table is too large to be tried: a person goes on waiting for the answer.
        return ""

    # Rules that report the same count as one, whatever they say of why.
    reports = {
        (outcome.kind, outcome.code, outcome.modifiers, outcome.lines) for outcome in outcomes
    }
    if len(reports) != 1:
        return ""
    [(kind, code, modifiers, _)] = reports
    if kind.value not in ENDS:
        return ""
    words = in_words(kind.value, code, modifiers)
    return f"{version} gives “{words}” whatever the provider answers."
