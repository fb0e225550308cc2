"""The verb on rows of a group: wounds, joints or fragments, those that are alike one service each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import transaction

from coding import trail
from coding.actions.encounters import check_not_void
from coding.actions.errors import Conflict
from coding.actions.locks import lock_services_of
from coding.actions.require import require
from coding.decision import (
    Facts,
    FactValue,
    Group,
    GroupedService,
    RuleTable,
    came_about,
    complete,
    grouped_services,
)
from coding.models import (
    Answer,
    AnswerSource,
    RuleSetVersion,
    Service,
    ServiceOrigin,
    ServiceState,
    User,
)
from coding.rules import rulebook
from coding.rules.note_reading import NoteReading
from reviews.actions.answers import (
    answer_in_words,
    facts_in_words,
    lock_to_code,
    point_to_answers,
)
from reviews.actions.rounds import open_first_round
from reviews.actions.services import open_service
from reviews.actions.standing import refresh
from reviews.coding_form.given import answers_of, given_of, keep_given
from reviews.coding_form.group_rows import group_of, rows_to_data
from reviews.coding_form.guided import table_of, version_of


@dataclass(frozen=True, slots=True)
class Entered:
    """A service of rows that are alike, and whether they opened it."""

    service: Service
    opened: bool


@dataclass(frozen=True, slots=True)
class _Holder:
    """A service that rows may stand for, with its answers, and whether they are those of rows."""

    service: Service
    facts: Facts
    has_rows: bool


# Alike rows, each with the service that stands for them; None where one is to be opened.
Places = list[tuple[GroupedService, Service | None]]


class _Rows:
    """Rows of a group as a coder enters them, under the version of a locked service."""

    def __init__(self, actor: User, service: Service, key: str, rows: Sequence[Facts]) -> None:
        self.actor = actor
        self.service = service
        self.version: RuleSetVersion = version_of(service)
        self.table: RuleTable = table_of(self.version)
        self.group: Group = group_of(self.table, key)
        self.rows = rows
        self.given: Facts = given_of(service, self.table)
        self.reading = NoteReading.of(self.version, service.encounter.note)
        self.entries: list[trail.Entry] = []

    def holders(self, present: Sequence[Service]) -> list[_Holder]:
        """The services that rows may stand for, the coded one first; none whose number was given directly."""
        coded = [service for service in present if self._is_coded(service)]
        others = [service for service in present if not self._is_coded(service)]
        others.sort(key=attrgetter("number"))

        holders = []
        for service in filter(self._is_one_of_these, [*coded, *others]):
            answers = rulebook.current_answers(service)
            number = answers.get(self.group.fact)
            has_rows = number is not None and bool(number.rows)
            if self._is_coded(service) or number is None or has_rows:
                facts = rulebook.facts_of(answers, self.table)
                holders.append(_Holder(service, facts, has_rows))
        return holders

    def _is_coded(self, service: Service) -> bool:
        """Whether it is the one in whose form the rows were entered."""
        return service.pk == self.service.pk

    def _is_one_of_these(self, service: Service) -> bool:
        is_to_code = service.state == ServiceState.TO_CODE
        is_mine = service.assigned_to in (None, self.actor)
        has_version = service.version_id in (None, self.version.pk)
        has_rule_set = service.rule_set_id == self.service.rule_set_id
        return is_to_code and is_mine and has_version and has_rule_set

    def places(self, holders: Sequence[_Holder]) -> Places:
        """Alike rows, each with the service that stands for them: of equal answers, else a free one, else none."""
        grouped = grouped_services(self.table, self.group, self.rows, self.given)
        free = list(holders)
        places: dict[int, Service] = {}
        # First what is alike everywhere, so that no row takes the service whose answers are another's.
        for may_stand in (self._is_alike, self._may_become):
            for place, own in enumerate(grouped):
                if place in places:
                    continue
                fitting = [holder for holder in free if may_stand(own, holder)]
                if fitting:
                    places[place] = fitting[0].service
                    free.remove(fitting[0])
        return [(own, places.get(place)) for place, own in enumerate(grouped)]

    def _is_alike(self, own: GroupedService, holder: _Holder) -> bool:
        return self._kind(own.facts) == self._kind(holder.facts)

    def _kind(self, facts: Facts) -> list[FactValue | None]:
        known = complete(self.table, {**self.given, **facts})
        return [known.get(key) for key in self.group.alike]

    def _may_become(self, own: GroupedService, holder: _Holder) -> bool:
        """Whether the rows may change what a service answers: another coded one keeps what was given directly."""
        if holder.has_rows or self._is_coded(holder.service):
            return True
        return all(holder.facts.get(key, value) == value for key, value in own.facts.items())

    def open(self) -> Service:
        """One more service, beside the one that is coded."""
        service = self.service
        opened = open_service(
            service.encounter, service.rule_set, ServiceOrigin.SPLIT, self.actor, service
        )
        rule_set = service.rule_set.name if service.rule_set else None
        after = {"service": opened.number, "rule set": rule_set}
        entry = trail.Entry("service.added", opened, service.encounter, after=after, rows=[opened])
        self.entries.append(entry)
        return opened

    def take_from(self, holders: Sequence[_Holder], places: Places) -> None:
        """Take the numbers of services back whose rows are gone."""
        standing = {service.pk for _, service in places if service is not None}
        for holder in holders:
            if holder.has_rows and holder.service.pk not in standing:
                self.give(holder.service, None)

    def give(self, service: Service, own: GroupedService | None) -> None:
        """Answer a service by its rows; without any, take its number back."""
        definition = self.table.fact_by_key[self.group.fact]
        answers = answers_of(service, self.table, self.reading)
        before = rulebook.facts_of(answers, self.table)
        rows = open_first_round(self.actor, service)
        given = self._answers(service, own, answers, before)
        if not given:
            return

        rows += keep_given(self.actor, service, answers)
        for answer in given:
            answer.save()
            answers[answer.fact] = answer
        standing = {fact: answer for fact, answer in answers.items() if answer.value is not None}
        rows += point_to_answers(service, self.version, standing, self.actor).taken

        event = "answer.given" if own else "answer.taken_back"
        entry = trail.Entry(
            event,
            service,
            service.encounter,
            before=answer_in_words(definition, before.get(self.group.fact)),
            after=self._in_trail(own),
            rows=[*given, *rows],
        )
        self.entries.append(entry)

    def _in_trail(self, own: GroupedService | None) -> dict[str, str | None]:
        """What rows answer, and how it came about; without rows, that nothing stands there."""
        if own is None:
            return {self.group.label: None}
        after = facts_in_words(self.table, own.facts)
        after[self.group.label] = self._origin(own)
        return after

    def _answers(
        self,
        service: Service,
        own: GroupedService | None,
        answers: Mapping[str, Answer],
        before: Facts,
    ) -> list[Answer]:
        """The answers to be stored: those that say something else than what stands."""
        if own is None:
            if self.group.fact not in answers:
                return []
            return [self._answer(service, self.group.fact, None)]

        new = []
        for key, value in own.facts.items():
            answer = self._answer(service, key, rulebook.answer_to_data(key, value))
            if key == self.group.fact:
                answer.origin = self._origin(own)
                answer.rows = rows_to_data(self.rows, own.rows)
            else:
                passages = self.reading.passages_for(key, value)
                answer.passages = [passage.to_data() for passage in passages]
                answer.source = AnswerSource.EVIDENCE if passages else AnswerSource.CODER

            standing = answers.get(key)
            stands = standing is not None and _made_of(standing) == _made_of(answer)
            if not stands or before.get(key) != value:
                new.append(answer)
        return new

    def _answer(self, service: Service, fact: str, value: Any) -> Answer:
        return Answer(
            service=service,
            round=service.round,
            fact=fact,
            value=value,
            source=AnswerSource.CODER,
            revision=service.encounter.revision,
            lexicon=self.version.lexicon,
            answered_by=self.actor,
        )

    def _origin(self, own: GroupedService) -> str:
        return came_about(self.group, self.table.fact_by_key[self.group.fact], self.rows, own.rows)


def _made_of(answer: Answer) -> tuple[str, list[Any]]:
    return answer.origin, answer.rows


def enter(actor: User, service: Service, key: str, rows: Sequence[Facts]) -> list[Entered]:
    """Take the rows of a group in place of those that its services hold: rows that are alike are one service.

    A service that stands for them is answered by them, one that is missing is opened, and one that has no row any more
    loses its number. Raises ``UnknownValue`` for a row that lacks an answer, and for a number out of range.
    """
    require(actor, "coding.code_encounter", "answer questions about encounters")
    with transaction.atomic():
        present = lock_services_of(service.encounter)
        locked = lock_to_code(actor, service)
        check_not_void(locked.encounter)
        # The one row of the coded service, not a second copy of it that would be saved over the first.
        services = [locked if other.pk == locked.pk else other for other in present]
        group_rows = _Rows(actor, locked, key, rows)
        holders = group_rows.holders(services)
        places = group_rows.places(holders)

        group_rows.take_from(holders, places)
        entered = []
        for grouped, standing in places:
            service_of_rows = standing or group_rows.open()
            group_rows.give(service_of_rows, grouped)
            entered.append(Entered(service_of_rows, opened=standing is None))

        if not group_rows.entries:
            raise Conflict("Nothing changed: these are the rows that stand there.")
        trail.record_all(actor, [*group_rows.entries, *refresh([locked.encounter_id])])
    return entered
