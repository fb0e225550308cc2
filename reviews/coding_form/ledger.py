"""The ledger of a visit: one row a line, with what was submitted, coded, suggested, ruled, and is final."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from coding.models import Encounter, Service, ServiceLine
from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from coding.reference.modifiers import PRICING, in_order
from reviews.lists.whereabouts import open_holds
from reviews.models import CodingDecision, FinalCode, ProviderQuery, QueryState, ReviewCase, Ruling


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A submitted line with its service; or a service that answers for no line.

    What is said of a service with several lines stands in the ``first`` of its rows.
    """

    service: Service
    line: ServiceLine | None
    first: bool
    decision: CodingDecision | None
    ruling: Ruling | None
    final: FinalCode | None
    query: ProviderQuery | None
    value: Value | None

    @property
    def price_depends_on(self) -> str:
        """The modifiers that change the price: the value of the whole code would mislead beside them."""
        source = self.final or self.line
        modifiers = source.modifiers if source else []
        return ", ".join(modifier for modifier in in_order(modifiers) if modifier in PRICING)

    @property
    def is_in_question(self) -> bool:
        """Whether there is a final code that somebody looks at again."""
        return self.final is not None and self.service.state != "final"


def ledger(encounter: Encounter, cases: Sequence[ReviewCase] | None = None) -> list[LedgerRow]:
    """The rows of an encounter in the order of its lines, in a fixed number of queries, without withdrawn services.

    ``cases`` are all of the encounter, if they were read already with their rulings.
    """
    services = list(_with_what_stands(encounter.services.standing()))
    all_rulings = (
        _rulings(services)
        if cases is None
        else [case.ruling for case in cases if hasattr(case, "ruling")]
    )
    rulings = {
        ruling.case.service_id: ruling for ruling in sorted(all_rulings, key=attrgetter("pk"))
    }
    finals = {service.pk: final for service in services if (final := _standing(service, "final"))}
    lines = list(encounter.service_lines.standing())
    values = _values(encounter, lines, finals)
    rows = []
    for service in services:
        own: list[ServiceLine | None] = [line for line in lines if line.service_id == service.pk]
        final = finals.get(service.pk)
        for place, line in enumerate(own or [None]):
            submitted = line.code if line else ""
            row = LedgerRow(
                service=service,
                line=line,
                first=place == 0,
                decision=_standing(service, "decision"),
                ruling=rulings.get(service.pk),
                final=final,
                query=_standing(service, "query"),
                value=values.get(final.code if final else submitted),
            )
            rows.append(row)
    return sorted(rows, key=_by_line)


def _by_line(row: LedgerRow) -> tuple[bool, int]:
    """By the position of the line; services without a line stand behind, by their number."""
    if row.line is None:
        return True, row.service.number
    return False, row.line.position


def _rulings(services: Sequence[Service]) -> QuerySet[Ruling]:
    of_services = Ruling.objects.filter(case__service__in=[service.pk for service in services])
    return of_services.select_related("case", "supervisor")


def _standing(service: Service, name: str) -> Any:
    """What ``_with_what_stands`` read beside a service; None where there is none: then it has no such attribute."""
    return getattr(service, name, None)


def _with_what_stands(services: QuerySet[Service]) -> QuerySet[Service]:
    """Each with its ``decision``, its ``final`` code, its open ``query`` and its ``open_holds``.

    There is one of each at most.

    A decision of a round that is over says nothing while the next one is open.
    """
    standing: Any = services.annotate(
        decision=FilteredRelation("decisions", condition=Q(decisions__round=F("round"))),
        final=FilteredRelation("final_codes", condition=Q(final_codes__superseded=False)),
        query=FilteredRelation("queries", condition=Q(queries__state=QueryState.OPEN)),
    )
    beside = ("rule_set", "suggestion__profile", "assigned_to")
    of_the_decision = ("decision__coder", "decision__suggestion", "decision__version__rule_set")
    read: QuerySet[Service] = standing.select_related(*beside, *of_the_decision, "final", "query")
    return read.prefetch_related(open_holds())


def _values(
    encounter: Encounter, lines: list[ServiceLine], finals: dict[int, FinalCode]
) -> dict[str, Value]:
    """What the codes are worth on the day, by code; none where no fee schedule lists them or nobody told the place."""
    if not encounter.place_of_service:
        return {}
    codes = {line.code for line in lines} | {final.code for final in finals.values() if final.code}
    schedules, facility = FeeSchedules.of(codes), is_facility(encounter.place_of_service)
    valued = {code: schedules.value_of(code, encounter.date_of_service, facility) for code in codes}
    return {code: value for code, value in valued.items() if value is not None}
