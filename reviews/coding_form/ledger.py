"""The ledger of a visit: one row a line, with what was submitted, coded, suggested, ruled, and is final."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from coding.decision.modifiers import PRICING, in_order
from coding.models import Encounter, Service, ServiceLine, ServiceState
from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from reviews.lists.whereabouts import open_holds
from reviews.models import CodingDecision, FinalCode, ProviderQuery, QueryState, ReviewCase, Ruling


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A submitted line with its service; or a service that answers for no line.

    What is said of a service with several lines stands in the ``first`` of its rows. ``value`` is that of one unit of
    what is ``reported``; ``price_depends_on`` are the modifiers beside which it would mislead.
    """

    service: Service
    line: ServiceLine | None
    first: bool
    decision: CodingDecision | None
    ruling: Ruling | None
    final: FinalCode | None
    query: ProviderQuery | None
    value: Value | None
    price_depends_on: str = ""

    @property
    def reported(self) -> FinalCode | ServiceLine | None:
        """What is final, once for its service; before that what was submitted."""
        return _reported(self.final, self.line, first=self.first)

    @property
    def name(self) -> str:
        """The line, or the service that answers for none, in the words of what is done with it."""
        return str(self.line) if self.line else f"service {self.service.number}"

    @property
    def is_in_question(self) -> bool:
        """Whether there is a final code that somebody looks at again."""
        return self.final is not None and self.service.state != ServiceState.FINAL


def ledger(encounter: Encounter, cases: Sequence[ReviewCase] | None = None) -> list[LedgerRow]:
    """The rows of an encounter in the order of its lines, in a fixed number of queries, without withdrawn services.

    ``cases`` are all of the encounter, if they were read already with their rulings.
    """
    services = list(_with_what_stands(encounter.services.standing()))
    rulings = _latest_rulings(services, cases)
    lines = list(encounter.service_lines.standing())
    values = _Values(encounter, lines, services)

    rows = []
    for service in services:
        own_lines = [line for line in lines if line.service_id == service.pk]
        ruling = rulings.get(service.pk)
        rows += _rows(service, own_lines, ruling, values)
    return sorted(rows, key=_by_line)


def _rows(
    service: Service,
    own_lines: Sequence[ServiceLine],
    ruling: Ruling | None,
    values: "_Values",
) -> list[LedgerRow]:
    """A row for each of its lines; one for a service without any."""
    final: FinalCode | None = _standing(service, "final")
    rows = []
    for place, line in enumerate(own_lines or [None]):
        value, depends_on = values.of(_reported(final, line, first=place == 0))
        row = LedgerRow(
            service=service,
            line=line,
            first=place == 0,
            decision=_standing(service, "decision"),
            ruling=ruling,
            final=final,
            query=_standing(service, "query"),
            value=value,
            price_depends_on=depends_on,
        )
        rows.append(row)
    return rows


def _reported(
    final: FinalCode | None, line: ServiceLine | None, *, first: bool
) -> FinalCode | ServiceLine | None:
    if final is None:
        return line
    return final if first and final.code else None


def _by_line(row: LedgerRow) -> tuple[bool, int]:
    """By the position of the line; services without a line stand behind, by their number."""
    if row.line is None:
        return True, row.service.number
    return False, row.line.position


def _latest_rulings(
    services: Sequence[Service], cases: Sequence[ReviewCase] | None
) -> dict[int, Ruling]:
    """The latest ruling on each service that was ruled on, by the service's id."""
    if cases is None:
        keys = [service.pk for service in services]
        of_services = Ruling.objects.filter(case__service__in=keys).order_by("pk")
        rulings = list(of_services.select_related("case", "supervisor"))
    else:
        rulings = [case.ruling for case in cases if hasattr(case, "ruling")]
        rulings.sort(key=attrgetter("pk"))
    # The last one of a service stays.
    return {ruling.case.service_id: ruling for ruling in rulings}


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


class _Values:
    """What codes are worth on the day and at the place of an encounter, by the fee schedules that are loaded."""

    def __init__(
        self, encounter: Encounter, lines: Sequence[ServiceLine], services: Sequence[Service]
    ) -> None:
        self.encounter = encounter
        finals = [_standing(service, "final") for service in services]
        codes = {row.code for row in (*lines, *finals) if row is not None and row.code}
        # Where nobody told the place, nothing can be valued.
        self.schedules = FeeSchedules.of(codes if encounter.place_of_service else ())

    def of(self, reported: FinalCode | ServiceLine | None) -> tuple[Value | None, str]:
        """The value of a unit, and the modifiers that it depends on in a way that the fee schedule does not list.

        None where no fee schedule lists the code, or nobody told the place.
        """
        if reported is None:
            return None, ""
        pricing = [modifier for modifier in in_order(reported.modifiers) if modifier in PRICING]
        if len(pricing) == 1:
            value = self._value(reported.code, pricing[0])
            if value is not None:
                return value, ""
        return self._value(reported.code), ", ".join(pricing)

    def _value(self, code: str, modifier: str = "") -> Value | None:
        facility = is_facility(self.encounter.place_of_service)
        day = self.encounter.date_of_service
        return self.schedules.value_of(code, day, facility, modifier)
