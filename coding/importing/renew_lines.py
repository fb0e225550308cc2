"""The lines of a corrected encounter: kept, replaced, new or gone, and the services that answer for them."""

from typing import NamedTuple

from django.db.models import Max

from coding.importing.kept_codes import Kept, keep
from coding.importing.match_lines import match
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.models import Encounter, Service, ServiceLine
from coding.models.layers import Where
from coding.rules.families import Families, ServiceDraft

# What one service answers for: a rule set, or none, with the group of codes that has services of its own, if any.
Owner = tuple[int | None, int | None]


class Renewed(NamedTuple):
    """The services some of whose lines changed, and those of them that now have no line left, by their ids."""

    touched: frozenset[int]
    bare: frozenset[int]


def renew_lines(
    encounter: Encounter, record: EncounterRecord, families: Families, where: Where
) -> Renewed:
    """Let the lines of a locked encounter be those of a record. Part of a verb's transaction."""
    renewal = _Renewal(encounter, record, families, where)
    renewal.place_lines()
    renewal.end_lines()
    touched = renewal.touched
    standing = ServiceLine.objects.standing().filter(service__in=touched)
    bare = touched.difference(standing.values_list("service", flat=True))
    return Renewed(frozenset(touched), frozenset(bare))


def record_of_line(line: ServiceLine) -> ServiceLineRecord:
    """What a stored line says."""
    return ServiceLineRecord(
        line.code, tuple(line.modifiers), line.units, tuple(line.diagnosis_pointers)
    )


class _Renewal:
    """One correction of the lines of an encounter. Places of lines count from 0, numbers and positions from 1."""

    def __init__(
        self, encounter: Encounter, record: EncounterRecord, families: Families, where: Where
    ) -> None:
        self.encounter = encounter
        self.record = record
        self.families = families
        self.where = where
        self.day = record.date_of_service
        self.standing = [line for line in encounter.service_lines.all() if line.gone_in is None]
        self.matched = match([record_of_line(line) for line in self.standing], record.service_lines)
        self.last_number = encounter.service_lines.aggregate(last=Max("number"))["last"] or 0
        self.open_services = self._open_services()
        self.drafts = families.services_for(record.service_lines, self.day, where=where)
        # The service of each line of the record that has one by now, by the line's place.
        self.placed: dict[int, int] = {}
        for place, kept in enumerate(self.matched.kept):
            if kept is not None:
                self.placed[place] = self.standing[kept].service_id
        self.touched: set[int] = set()

    def place_lines(self) -> None:
        """Keep the lines that say the same, in their new order, and add the others."""
        for place, line in enumerate(self.record.service_lines):
            kept = self.matched.kept[place]
            if kept is None:
                self._add(place, line)
            else:
                ServiceLine.objects.filter(pk=self.standing[kept].pk).update(position=place + 1)

    def end_lines(self) -> None:
        """End the lines that the source no longer sends."""
        gone = [self.standing[place] for place in self.matched.gone]
        rows = ServiceLine.objects.filter(pk__in=[line.pk for line in gone])
        rows.update(gone_in=self.encounter.revision)
        self.touched.update(line.service_id for line in gone)

    def _add(self, place: int, line: ServiceLineRecord) -> None:
        replaced = self.matched.replaced[place]
        old = self.standing[replaced] if replaced is not None else None
        service = self._service_for(place, line.code, old)
        self.last_number += 1
        ServiceLine.objects.create(
            encounter=self.encounter,
            service_id=service,
            number=self.last_number,
            position=place + 1,
            code=line.code,
            modifiers=list(line.modifiers),
            units=line.units,
            diagnosis_pointers=list(line.diagnosis_pointers),
            replaces=old,
        )
        keep([Kept(self.encounter.pk, service, line.code)])
        self.placed[place] = service
        self.touched.add(service)

    def _service_for(self, place: int, code: str, old: ServiceLine | None) -> int:
        """The service that answers for a new line, which may stand for an old one."""
        owner = self.families.owner(code, self.day, self.where)
        if old is not None and (old.code == code or self._owner_of(old) == owner):
            # Whoever put the line there, by hand or by choosing the family of a file, meant this code.
            return old.service_id
        if owner[0] is None:
            owner = self._bringing(code) or owner
        beside = self._one_service_with(place)
        rivals = self._rivals_of(place)
        return _standing_of(owner, beside) or self._standing_or_opened(owner, rivals)

    def _bringing(self, code: str) -> Owner | None:
        """Whose open service has such a code among its further lines, where no rule set codes it."""
        for owner in self.open_services:
            if self.families.brings(owner[0], code, self.day, self.where):
                return owner
        return None

    def _one_service_with(self, place: int) -> set[int]:
        """The services of the lines with which a line is one service."""
        own = self._draft_of(place)
        return {self.placed[other] for other in own.lines if other in self.placed}

    def _rivals_of(self, place: int) -> set[int]:
        """The services of the lines that the rule set of a line tells from it."""
        own = self._draft_of(place)
        services: set[int] = set()
        for draft in self.drafts:
            if draft is own or draft.rule_set != own.rule_set:
                continue
            services.update(self.placed[other] for other in draft.lines if other in self.placed)
        return services

    def _draft_of(self, place: int) -> ServiceDraft:
        [own] = (draft for draft in self.drafts if place in draft.lines)
        return own

    def _standing_or_opened(self, owner: Owner, rivals: set[int]) -> int:
        """The service of a line's family, if no line told from it has that, or one of its own."""
        standing = self.open_services.get(owner)
        if standing is not None and standing not in rivals:
            return standing
        last = self.encounter.services.aggregate(last=Max("number"))["last"] or 0
        rule_set, _ = owner
        opened = Service.objects.create(
            encounter=self.encounter,
            number=last + 1,
            rule_set_id=rule_set,
            day=self.encounter.date_of_service,
            payer=self.encounter.payer,
        )
        if rule_set is not None:
            self.open_services[owner] = opened.pk
        return opened.pk

    def _open_services(self) -> dict[Owner, int]:
        """The first standing service for each rule set and each group of codes that the rule set tells apart."""
        services: dict[Owner, int] = {}
        for service in self.encounter.services.standing().exclude(rule_set=None).order_by("number"):
            own_lines = [line for line in self.standing if line.service_id == service.pk]
            groups = {self._group_of(service, line.code) for line in own_lines}
            for group in groups or {None}:
                services.setdefault((service.rule_set_id, group), service.pk)
        return services

    def _owner_of(self, line: ServiceLine) -> Owner:
        """For what the service of a line answers."""
        return line.service.rule_set_id, self._group_of(line.service, line.code)

    def _group_of(self, service: Service, code: str) -> int | None:
        if service.rule_set_id is None:
            return None
        return self.families.group_of(service.rule_set_id, code, service.day, self.where)


def _standing_of(owner: Owner, services: set[int]) -> int | None:
    """The first of some services that still is one of the owner's rule set."""
    rule_set, _ = owner
    if not services or rule_set is None:
        return None
    of_rule_set = Service.objects.standing().filter(pk__in=services, rule_set=rule_set)
    return of_rule_set.order_by("number").values_list("pk", flat=True).first()
