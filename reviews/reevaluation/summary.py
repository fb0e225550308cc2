"""What a run is worth and whom it concerns, counted over the encounters that change."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q

from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from reviews.models import Ending, ReevaluationRun, RunAgreement
from reviews.reevaluation.scope import decisions_in_scope, flips

Worth = dict[tuple[str, str], dict[str, Any]]


def worth(run: ReevaluationRun) -> Worth:
    """For each pair of outcomes the fields of its ``RunCell`` that tell gross relative values, up and down apart.

    An outcome that is not a code counts as zero. An encounter is ``unvalued`` if one of the codes has no value
    loaded for its date of service, or if nobody told the place, on which the value depends.
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
        if not place or before is None or after is None:
            cell["unvalued"] += encounters
            continue
        for name, difference in (("work", after.work - before.work), ("total", after.total - before.total)):
            cell[f"{name}_{'up' if difference > 0 else 'down'}"] += abs(difference) * encounters
    return cells


NOTHING = Value(work=Decimal(0), total=Decimal(0), release="")


def store_judgements(run: ReevaluationRun) -> None:
    """How often each coder agreed and would have agreed with the rules, and how many final codes are contradicted.

    Only where the outcome changes can either change: those decisions are joined to their final codes once.
    """
    decisions = decisions_in_scope(run).order_by()
    made = decisions.values_list("coder").annotate(made=Count("*"), agreed=Count("agrees", filter=Q(agrees=True)))
    other = Q(ending=Ending.OTHER)
    contradicted = other & Q(final_report__isnull=False) & ~Q(final_report=F("new_report"))
    moved = (
        decisions.annotate(
            change=_beside("run_changes", "suggestion", run=run.pk), final=_beside("final_codes", superseded=False)
        )
        .annotate(
            ending=F("change__ending"),
            new_report=F("change__new_report"),
            final_report=F("final__reported"),
            final_ruling=F("final__ruling"),
        )
        .filter(ending__isnull=False)
        .values_list("coder")
        .annotate(
            lost=Count("pk", filter=Q(agrees=True)),
            won=Count("pk", filter=other & Q(reported=F("new_report"))),
            contradicted=Count("pk", filter=contradicted),
            overturned=Count("pk", filter=contradicted & Q(final_ruling__isnull=False)),
        )
    )
    changes = {coder: counts for coder, *counts in moved}
    none = [0, 0, 0, 0]
    RunAgreement.objects.bulk_create(
        RunAgreement(run=run, coder_id=coder, decisions=count, before=agreed, after=agreed - lost + won)
        for coder, count, agreed in made
        for lost, won, *_ in [changes.get(coder, none)]
    )
    ReevaluationRun.objects.filter(pk=run.pk).update(
        contradicted=sum(counts[2] for counts in changes.values()),
        overturned=sum(counts[3] for counts in changes.values()),
    )


def _beside(relation: str, *path: str, **condition: object) -> FilteredRelation:
    """A decision's rows beside its encounter that hold a condition."""
    name = "__".join(["encounter", *path, relation])
    return FilteredRelation(name, condition=Q(**{f"{name}__{field}": value for field, value in condition.items()}))
