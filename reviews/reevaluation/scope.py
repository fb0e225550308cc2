"""Which services a run looks at, and those whose outcome changes."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from coding.models import Service, ServiceState
from coding.rules import layers
from reviews.models import CaseRoute, CodingDecision, Ending, FinalCode, ReevaluationRun

# A run tells what a version would make of every standing service, and opens cases only where something is final or is
# being judged.
CASES_ARE_OPENED_FOR = (ServiceState.FINAL, ServiceState.IN_REVIEW)


def filters(run: ReevaluationRun, service: str = "") -> Q:
    """The run's filter, and what its version's layer decides.

    ``service`` is the path to the service, ending in two underscores.
    """
    wanted = {
        "day__gte": run.served_from,
        "day__lte": run.served_until,
        "payer": run.payer,
        "assigned_to": run.coder_id,
        "state": run.state,
    }
    asked_for = {f"{service}{lookup}": value for lookup, value in wanted.items() if value}
    chosen = layers.decided_by(run.version, service) & Q(**asked_for)
    if run.code:
        final = FinalCode.objects.current().filter(service=OuterRef(f"{service}pk"))
        suggested = ~Exists(final) & Q(**{f"{service}suggestion__code": run.code})
        chosen &= Q(Exists(final.filter(code=run.code))) | suggested
    return chosen


def in_scope(run: ReevaluationRun) -> QuerySet[Service]:
    """The services of the run's rule set and filter that have a suggestion and were not withdrawn.

    Those that came in after the plan are left out by ``last_service``; while it is 0 there is no plan yet.
    """
    standing = Service.objects.standing()
    services = standing.filter(
        filters(run), rule_set=run.version.rule_set_id, suggestion__isnull=False
    )
    return services.filter(pk__lte=run.last_service) if run.last_service else services


def decisions_in_scope(run: ReevaluationRun) -> QuerySet[CodingDecision]:
    """The coding decisions on these services, taken back ones too."""
    # The versions' ids by themselves: with them the database counts from an index alone.
    versions = list(run.version.rule_set.versions.values_list("pk", flat=True))
    return CodingDecision.objects.filter(filters(run, "service__"), version__in=versions)


def changed(run: ReevaluationRun) -> QuerySet[Any]:
    """The services in scope that do not keep their outcome, with what becomes of it and the final code.

    What is filtered further is best filtered by these names: a path through the relations would join them again.
    """
    return _with_finals(_changing(run))


def flips(run: ReevaluationRun) -> QuerySet[Any]:
    """The services whose outcome becomes another, without their final codes: a join that costs as much as the list."""
    return _changing(run).filter(ending=Ending.OTHER)


def contradictions(run: ReevaluationRun) -> QuerySet[Any]:
    """The flips with a final code that is not the new outcome."""
    finals = _with_finals(flips(run)).filter(final_report__isnull=False)
    return finals.exclude(final_report=F("new_report"))


def _changing(run: ReevaluationRun) -> QuerySet[Any]:
    """The services in scope beside what the run makes of their suggestion."""
    change = FilteredRelation(
        "suggestion__run_changes", condition=Q(suggestion__run_changes__run=run.pk)
    )
    joined: QuerySet[Any] = in_scope(run).annotate(change=change)
    beside: QuerySet[Any] = joined.annotate(
        old_report=F("suggestion__reported"),
        old_rule=F("suggestion__rule_id"),
        new_report=F("change__new_report"),
        new_code=F("change__new_code"),
        new_rule=F("change__new_rule"),
        ending=F("change__ending"),
        problem=F("change__problem"),
    )
    return beside.filter(ending__isnull=False).order_by("pk")


def _with_finals(changes: QuerySet[Any]) -> QuerySet[Any]:
    """The changes beside the code that is final, if one is."""
    final = FilteredRelation("final_codes", condition=Q(final_codes__superseded=False))
    joined: QuerySet[Any] = changes.annotate(final=final)
    beside: QuerySet[Any] = joined.annotate(
        final_report=F("final__reported"), final_ruling=F("final__ruling")
    )
    return beside


def to_open(run: ReevaluationRun) -> QuerySet[Any]:
    """The contradictions of what is final or in review that this run has not yet given to anybody."""
    given = CaseRoute.objects.filter(run=run, case__service=OuterRef("pk"))
    return contradictions(run).filter(Q(state__in=CASES_ARE_OPENED_FOR), ~Exists(given))
