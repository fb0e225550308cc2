"""What a run is worth and whom it concerns, counted over the services that change."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from coding.models import EncounterState
from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from reviews.models import (
    CodingDecision,
    CodingRound,
    Ending,
    ReevaluationRun,
    RoundEnd,
    RunAgreement,
)
from reviews.reevaluation.scope import decisions_in_scope, flips

# The fields of a ``RunCell`` that tell what its services are worth.
VALUES = ("work_up", "work_down", "total_up", "total_down", "unvalued")
Worth = defaultdict[tuple[str, str], dict[str, Any]]


def worth(run: ReevaluationRun) -> Worth:
    """For each pair of outcomes its ``VALUES``: gross relative values, up and down apart; zeros where nothing flips.

    An outcome that is not a code counts as zero. A service is ``unvalued`` if one of the codes has no value
    loaded for its date of service, or if nobody told the place, on which the value depends.
    """
    alike = (
        "old_report",
        "new_report",
        "suggestion__code",
        "new_code",
        "day",
        "encounter__place_of_service",
    )
    groups = flips(run).order_by().values_list(*alike).annotate(services=Count("*"))
    rows = [_Flipped(*group) for group in groups]
    codes = {row.old_code for row in rows} | {row.new_code for row in rows}
    schedules = FeeSchedules.of(codes - {""})

    cells: Worth = defaultdict(lambda: dict.fromkeys(VALUES, 0))
    for row in rows:
        cell = cells[row.old, row.new]
        before = _value(schedules, row.old_code, row)
        after = _value(schedules, row.new_code, row)
        if not row.place or before is None or after is None:
            cell["unvalued"] += row.services
            continue
        _add(cell, "work", (after.work - before.work) * row.services)
        _add(cell, "total", (after.total - before.total) * row.services)
    return cells


class _Flipped(NamedTuple):
    """Services of one day and place whose outcome changes alike. A code is empty where the outcome is none."""

    old: str
    new: str
    old_code: str
    new_code: str
    served: date
    place: str
    services: int


def _value(schedules: FeeSchedules, code: str, row: _Flipped) -> Value | None:
    """What a code is worth on the row's day; None where nothing is loaded."""
    if not code:
        return NOTHING
    return schedules.value_of(code, row.served, is_facility(row.place))


def _add(cell: dict[str, Any], name: str, difference: Decimal) -> None:
    direction = "up" if difference > 0 else "down"
    cell[f"{name}_{direction}"] += abs(difference)


IS_VOID = Q(service__encounter__state=EncounterState.VOID)
NOTHING = Value(work=Decimal(0), total=Decimal(0), release="")


class Moved(NamedTuple):
    """Of a coder's decisions whose service gets another outcome: agreements lost and won, final codes contradicted.

    ``overturned`` are those contradicted final codes that a supervisor ruled.
    """

    lost: int = 0
    won: int = 0
    contradicted: int = 0
    overturned: int = 0


class Agreed(NamedTuple):
    """How many decisions a coder made, and in how many of them they agreed with the rules."""

    decisions: int = 0
    agreed: int = 0


def store_judgements(run: ReevaluationRun) -> None:
    """How often each coder agreed and would have agreed with the rules, and how many final codes are contradicted.

    What counts are judgements: decisions that were not taken back, on encounters that are not void.
    """
    before, moved = _agreed(run), _moved(run)
    rows = []
    for coder, count in before.items():
        change = moved.get(coder, Moved())
        agreement = RunAgreement(
            run=run,
            coder_id=coder,
            decisions=count.decisions,
            before=count.agreed,
            after=count.agreed - change.lost + change.won,
        )
        rows.append(agreement)
    RunAgreement.objects.bulk_create(rows)
    ReevaluationRun.objects.filter(pk=run.pk).update(
        contradicted=sum(change.contradicted for change in moved.values()),
        overturned=sum(change.overturned for change in moved.values()),
    )


def _agreed(run: ReevaluationRun) -> dict[int, Agreed]:
    """By coder. All decisions are counted from an index alone, the few that do not count apart from them."""
    decisions = decisions_in_scope(run).order_by()
    agreed = _count_agreed(decisions)
    taken_back = decisions.filter(_taken_back())
    void = decisions.filter(~_taken_back(), IS_VOID)
    for left_out in (taken_back, void):
        for coder, count in _count_agreed(left_out).items():
            whole = agreed[coder]
            agreed[coder] = Agreed(whole.decisions - count.decisions, whole.agreed - count.agreed)
    return {coder: count for coder, count in agreed.items() if count.decisions}


def _count_agreed(decisions: QuerySet[CodingDecision]) -> dict[int, Agreed]:
    counted = decisions.values_list("coder").annotate(
        decisions=Count("*"), agreed=Count("agrees", filter=Q(agrees=True))
    )
    return {coder: Agreed(*counts) for coder, *counts in counted}


def _taken_back() -> Exists:
    """Whether a decision's round was taken back."""
    rounds = CodingRound.objects.filter(service=OuterRef("service"), number=OuterRef("round"))
    return Exists(rounds.filter(ended=RoundEnd.TAKEN_BACK))


def _moved(run: ReevaluationRun) -> dict[int, Moved]:
    """By coder. Only where the outcome changes can anything change: those decisions are joined to their final codes.

    What a service's suggestion becomes says nothing of earlier rounds, in which other answers were judged.
    """
    other = Q(ending=Ending.OTHER)
    judged_it = Q(round=F("service__round")) | Q(suggestion=F("service__suggestion"))
    # A final code rests on one decision, by itself or through a ruling: counted there, it is counted once.
    rests_on_it = Q(final_decision=F("pk")) | Q(ruled_decision=F("pk"))
    contradicted = other & rests_on_it & ~Q(final_report=F("new_report"))
    joined: QuerySet[Any] = decisions_in_scope(run).annotate(
        change=_beside("run_changes", "suggestion", run=run.pk),
        final=_beside("final_codes", superseded=False),
    )
    beside: QuerySet[Any] = joined.annotate(
        ending=F("change__ending"),
        new_report=F("change__new_report"),
        final_report=F("final__reported"),
        final_decision=F("final__decision"),
        final_ruling=F("final__ruling"),
        ruled_decision=F("final__ruling__case__decision"),
    )
    judged = beside.filter(~_taken_back(), ~IS_VOID, ending__isnull=False)
    counted: QuerySet[Any] = (
        judged.order_by()
        .values_list("coder")
        .annotate(
            lost=Count("pk", filter=Q(agrees=True) & judged_it),
            won=Count("pk", filter=other & judged_it & Q(reported=F("new_report"))),
            contradicted=Count("pk", filter=contradicted),
            overturned=Count("pk", filter=contradicted & Q(final_ruling__isnull=False)),
        )
    )
    return {coder: Moved(*counts) for coder, *counts in counted}


def _beside(relation: str, *path: str, **condition: object) -> FilteredRelation:
    """A decision's rows beside its service that hold a condition."""
    name = "__".join(["service", *path, relation])
    holds = {f"{name}__{field}": value for field, value in condition.items()}
    return FilteredRelation(name, condition=Q(**holds))
