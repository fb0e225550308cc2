"""The ledger of a visit: one row a line, with what was submitted, coded, suggested, ruled, and is final."""

from dataclasses import dataclass

from coding.models import Encounter, Service, ServiceLine
from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from coding.reference.modifiers import PRICING, in_order
from reviews.models import CodingDecision, FinalCode, ProviderQuery, QueryState, Ruling


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


def ledger(encounter: Encounter) -> list[LedgerRow]:
    """The rows of an encounter in the order of its lines, in a fixed number of queries, without withdrawn services."""
    services = list(encounter.services.standing().select_related("rule_set", "suggestion__profile", "assigned_to"))
    keys = [service.pk for service in services]
    decisions = {
        decision.service_id: decision
        for decision in CodingDecision.objects.filter(service__in=keys)
        .select_related("coder", "suggestion", "version__rule_set")
        .order_by("round")
    }
    rulings = {
        ruling.case.service_id: ruling
        for ruling in Ruling.objects.filter(case__service__in=keys).select_related("case", "supervisor").order_by("pk")
    }
    finals = {final.service_id: final for final in FinalCode.objects.current().filter(service__in=keys)}
    queries = {
        query.service_id: query for query in ProviderQuery.objects.filter(service__in=keys, state=QueryState.OPEN)
    }
    lines = list(encounter.service_lines.standing())
    values = _values(encounter, lines, finals)
    rows = []
    for service in services:
        own: list[ServiceLine | None] = [line for line in lines if line.service_id == service.pk]
        final = finals.get(service.pk)
        for place, line in enumerate(own or [None]):
            submitted = line.code if line else ""
            code = final.code if final else submitted
            rows.append(
                LedgerRow(
                    service=service,
                    line=line,
                    first=place == 0,
                    # A decision of a round that is over says nothing while the next one is open.
                    decision=_standing(decisions.get(service.pk), service),
                    ruling=rulings.get(service.pk),
                    final=final,
                    query=queries.get(service.pk),
                    value=values.get(code),
                )
            )
    return sorted(rows, key=lambda row: (row.line is None, row.line.position if row.line else row.service.number))


def _standing(decision: CodingDecision | None, service: Service) -> CodingDecision | None:
    return decision if decision is not None and decision.round == service.round else None


def _values(encounter: Encounter, lines: list[ServiceLine], finals: dict[int, FinalCode]) -> dict[str, Value]:
    """What the codes are worth on the day, by code; none where no fee schedule lists them or nobody told the place."""
    if not encounter.place_of_service:
        return {}
    codes = {line.code for line in lines} | {final.code for final in finals.values() if final.code}
    schedules, facility = FeeSchedules.of(codes), is_facility(encounter.place_of_service)
    valued = {code: schedules.value_of(code, encounter.date_of_service, facility) for code in codes}
    return {code: value for code, value in valued.items() if value is not None}
