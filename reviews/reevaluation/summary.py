"""What a run is worth and whom it concerns, counted over the encounters that change."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q

from coding.fee_schedules import FeeSchedules, Value, is_facility
from reviews.models import Ending, ReevaluationRun, RunAgreement
from reviews.reevaluation.scope import contradictions, decisions_in_scope, flips

Worth = dict[tuple[str, str], dict[str, Any]]


def worth(run: ReevaluationRun) -> Worth:
    """For each pair of outcomes the fields of its ``RunCell`` that tell gross relative values, up and down apart.

    An outcome that is not a code counts as zero. An encounter of which a code has no value loaded for its date of
    service is ``unvalued``.
    """
    groups = (
        flips(run)
        .order_by()
        .values_list(
            "old_report",
            "new_report",
            "suggestion__code",
            "new_code",
            "date_of_service",
            "place_of_service",
        )
        .annotate(encounters=Count("*"))
    )
    found = list(groups)
    schedules = FeeSchedules.of({code for row in found for code in row[2:4] if code})
    cells: Worth = defaultdict(
        lambda: {
            **dict.fromkeys(("work_up", "work_down", "total_up", "total_down"), Decimal(0)),
            "unvalued": 0,
        }
    )
    for old, new, old_code, new_code, served, place, encounters in found:
        cell, facility = cells[old, new], is_facility(place)
        before, after = (
            schedules.value_of(code, served, facility) if code else NOTHING for code in (old_code, new_code)
        )
        if before is None or after is None:
            cell["unvalued"] += encounters
            continue
        for name, difference in (("work", after.work - before.work), ("total", after.total - before.total)):
            cell[f"{name}_{'up' if difference > 0 else 'down'}"] += abs(difference) * encounters
    return cells


NOTHING = Value(work=Decimal(0), total=Decimal(0), release="")


def store_agreement(run: ReevaluationRun) -> None:
    """How often each coder agreed with the rules, and how often they would have."""
    decisions = decisions_in_scope(run).order_by()
    before = decisions.values_list("coder").annotate(made=Count("*"), agreed=Count("agrees", filter=Q(agrees=True)))
    # Only where the outcome changes can the agreement change.
    moved = (
        decisions.annotate(
            change=FilteredRelation(
                "encounter__suggestion__run_changes", condition=Q(encounter__suggestion__run_changes__run=run.pk)
            )
        )
        .annotate(ending=F("change__ending"), new_report=F("change__new_report"))
        .filter(ending__isnull=False)
        .values_list("coder")
        .annotate(
            lost=Count("pk", filter=Q(agrees=True)),
            won=Count("pk", filter=Q(ending=Ending.OTHER, reported=F("new_report"))),
        )
    )
    gained = {coder: won - lost for coder, lost, won in moved}
    RunAgreement.objects.bulk_create(
        RunAgreement(run=run, coder_id=coder, decisions=made, before=agreed, after=agreed + gained.get(coder, 0))
        for coder, made, agreed in before
    )


def store_contradictions(run: ReevaluationRun) -> None:
    """How many final codes the new outcome contradicts, and how many of them a supervisor ruled."""
    counts = contradictions(run).aggregate(all=Count("pk"), ruled=Count("pk", filter=Q(final_ruling__isnull=False)))
    ReevaluationRun.objects.filter(pk=run.pk).update(contradicted=counts["all"], overturned=counts["ruled"])
