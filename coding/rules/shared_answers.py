"""Answers given in other services of an encounter: offered for a fact of the same meaning, never copied in silence."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import QuerySet

from coding.decision import FactDefinition, FactError, FactValue, RuleTable, facts_from_data
from coding.models import Answer, Service, ServiceState
from coding.rules.from_note import written
from coding.rules.layers import Visit, all_in_force


@dataclass(frozen=True, slots=True)
class OfferedAnswer:
    """An answer of another service as this one would give it, and where it comes from."""

    definition: FactDefinition
    value: FactValue
    given: Answer

    @property
    def words(self) -> str:
        """The answer in words."""
        return self.definition.describe(self.value)

    @property
    def text(self) -> str:
        """The answer as forms write it."""
        return written(self.definition, self.value)

    @property
    def service(self) -> Service:
        """The service in which it was given."""
        return self.given.service


def answers_by_service(
    services: Sequence[Service] | QuerySet[Service],
) -> dict[int, dict[str, Answer]]:
    """The answers that count of several services, in one query."""
    latest: dict[int, dict[str, Answer]] = {}
    answers = Answer.objects.filter(service__in=services)
    answers = answers.select_related("service__rule_set", "answered_by")
    for answer in answers.order_by("id"):
        latest.setdefault(answer.service_id, {})[answer.fact] = answer
    return {service: _standing(own) for service, own in latest.items()}


def _standing(latest: Mapping[str, Answer]) -> dict[str, Answer]:
    # An answer without a value took back the one before it.
    return {fact: answer for fact, answer in latest.items() if answer.value is not None}


def offered_answers(service: Service, table: RuleTable) -> dict[str, OfferedAnswer]:
    """What other services of the encounter answer to the facts of ``table``, by fact; two queries at most.

    A fact means the same in services of one rule set, and where two rule sets give it one meaning. Of several answers
    the one of the service that this one was split off counts first, then those of the own rule set, then the latest.
    """
    siblings = Service.objects.filter(encounter=service.encounter_id).exclude(pk=service.pk)
    given: list[Answer] = []
    for own in answers_by_service(siblings).values():
        # The number of other rows is no answer here.
        given += [answer for answer in own.values() if not answer.rows]

    meanings: Mapping[int, Mapping[str, str]] = {}
    if any(answer.service.rule_set_id != service.rule_set_id for answer in given):
        meanings = _meanings_by_rule_set(service)

    offers: dict[str, OfferedAnswer] = {}
    for answer in sorted(given, key=lambda answer: _weight(service, answer)):
        for definition in _facts_like(answer, service, table, meanings):
            key = definition.key
            # What another version offered this one may not know.
            with suppress(FactError):
                value = facts_from_data([definition], {key: answer.value})[key]
                offers[key] = OfferedAnswer(definition, value, answer)
    return offers


def _meanings_by_rule_set(service: Service) -> dict[int, Mapping[str, str]]:
    versions = all_in_force(Visit.of(service.encounter))
    return {version.rule_set_id: version.opening.get("meanings", {}) for version in versions}


def _facts_like(
    answer: Answer, service: Service, table: RuleTable, meanings: Mapping[int, Mapping[str, str]]
) -> list[FactDefinition]:
    """The facts of the table that mean what an answer's fact means."""
    if answer.service.rule_set_id == service.rule_set_id:
        keys = {answer.fact}
    else:
        meaning = meanings.get(answer.service.rule_set_id or 0, {}).get(answer.fact)
        keys = {fact for fact, own in table.opening.meanings.items() if own == meaning}
    return [definition for key, definition in table.fact_by_key.items() if key in keys]


def _weight(service: Service, answer: Answer) -> tuple[bool, bool, bool, int]:
    """What counts comes last."""
    other = answer.service
    return (
        other.pk == service.from_service_id,
        other.rule_set_id == service.rule_set_id,
        other.state != ServiceState.WITHDRAWN,
        answer.pk,
    )
