"""Which encounters a run looks at, and those whose outcome changes."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from coding.models import Encounter
from reviews.models import CodingDecision, Ending, FinalCode, ReevaluationRun
from reviews.transitions import OPEN_STATES


def filters(run: ReevaluationRun, encounter: str = "") -> Q:
    """The run's filter; ``encounter`` is the path to the encounter, ending in two underscores."""
    wanted = {
        "date_of_service__gte": run.served_from,
        "date_of_service__lte": run.served_until,
        "payer": run.payer,
        "assigned_to": run.coder_id,
        "status": run.status,
    }
    chosen = Q(**{encounter + lookup: value for lookup, value in wanted.items() if value})
    if run.code:
        final = FinalCode.objects.current().filter(encounter=OuterRef(f"{encounter}pk"))
        suggested = ~Exists(final) & Q(**{f"{encounter}suggestion__code": run.code})
        chosen &= Q(Exists(final.filter(code=run.code))) | suggested
    return chosen


def in_scope(run: ReevaluationRun) -> QuerySet[Encounter]:
    """The encounters of the run's rule set and filter that have a suggestion.

    Those that came in after the plan are left out by ``last_encounter``; while it is 0 there is no plan yet.
    """
    found = Encounter.objects.filter(filters(run), rule_set=run.version.rule_set_id, suggestion__isnull=False)
    return found.filter(pk__lte=run.last_encounter) if run.last_encounter else found


def decisions_in_scope(run: ReevaluationRun) -> QuerySet[CodingDecision]:
    """The coding decisions on these encounters, as they stand now."""
    # The versions' ids by themselves: with them the database counts from an index alone.
    versions = list(run.version.rule_set.versions.values_list("pk", flat=True))
    return CodingDecision.objects.filter(filters(run, "encounter__"), version__in=versions)


def changed(run: ReevaluationRun) -> QuerySet[Any]:
    """The encounters in scope that do not keep their outcome, with what becomes of it and the final code.

    What is filtered further is best filtered by these names: a path through the relations would join them again.
    """
    return (
        in_scope(run)
        .annotate(
            change=FilteredRelation("suggestion__run_changes", condition=Q(suggestion__run_changes__run=run.pk)),
            final=FilteredRelation("final_codes", condition=Q(final_codes__superseded=False)),
        )
        .annotate(
            old_report=F("suggestion__reported"),
            old_rule=F("suggestion__rule_id"),
            new_report=F("change__new_report"),
            new_code=F("change__new_code"),
            new_rule=F("change__new_rule"),
            ending=F("change__ending"),
            problem=F("change__problem"),
            final_report=F("final__reported"),
            final_ruling=F("final__ruling"),
        )
        .filter(ending__isnull=False)
        .order_by("pk")
    )


def flips(run: ReevaluationRun) -> QuerySet[Any]:
    """The encounters whose outcome becomes another."""
    return changed(run).filter(ending=Ending.OTHER)


def contradictions(run: ReevaluationRun) -> QuerySet[Any]:
    """The flips whose encounter has a final code that is not the new outcome."""
    return flips(run).filter(final_report__isnull=False).exclude(final_report=F("new_report"))


def to_open(run: ReevaluationRun) -> QuerySet[Any]:
    """The contradictions that have no open review case, and none from this run."""
    return contradictions(run).exclude(review_cases__state__in=OPEN_STATES).exclude(review_cases__run=run)
