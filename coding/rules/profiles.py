"""Fact profiles: facts interned, read back by the thousand, and cut finer where a version tells more apart."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from coding.decision import (
    NOT_DOCUMENTED,
    Decision,
    DecisionError,
    FactError,
    Facts,
    FactValue,
    Known,
    NumberedAnswers,
    RuleTable,
    content_hash,
    facts_from_data,
    facts_to_data,
    in_bands,
    known,
    tells_apart,
)
from coding.models import DistinctAnswer, FactProfile, RuleDocument, RuleSet, Service, VersionState
from coding.rules import rulebook, suggesting

NUMBER_BYTES = 4


def intern_profile(rule_set: RuleSet, facts: Facts) -> FactProfile:
    """The profile of a combination of facts, written if nobody had this combination before.

    Whole numbers enter it as the bands that the rule set's versions tell apart: raw ages would make a
    profile for nearly every encounter.
    """
    tables = []
    if any(map(_is_number, facts.values())):
        tables = tables_in_use(rule_set)
    return _intern(rule_set, facts_to_data(in_bands(tables, facts)))


def _is_number(answer: FactValue) -> bool:
    # A truth value is an int too.
    return isinstance(answer, Known) and type(answer.value) is int


def _intern(rule_set: RuleSet, data: Mapping[str, Any]) -> FactProfile:
    key = {"rule_set": rule_set, "content_hash": content_hash(data)}
    profile = FactProfile.objects.filter(**key).first()
    if profile is None:
        answers = pack(sorted(number(rule_set, data.items()).values()))
        profile, _ = FactProfile.objects.get_or_create(
            **key, defaults={"facts": data, "answers": answers}
        )
    return profile


def tables_in_use(rule_set: RuleSet) -> list[RuleTable]:
    """The tables of the versions that are not retired."""
    versions = rule_set.versions.exclude(state=VersionState.RETIRED).exclude(document=None)
    tables = []
    for version in versions.select_related("document"):
        if version.document:
            tables.append(rulebook.table_of(version.document))
    return tables


def number(rule_set: RuleSet, answers: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """The numbers of answers, each a fact with its value as data, by their content hashes; new ones get a number."""
    by_hash = {content_hash([fact, value]): (fact, value) for fact, value in answers}
    stored = DistinctAnswer.objects.filter(rule_set=rule_set, content_hash__in=by_hash)
    numbers = dict(stored.values_list("content_hash", "pk"))

    new = []
    # In one order everywhere: of two who add the same ones at once none waits for the other in a ring.
    for hashed, (fact, value) in sorted(by_hash.items()):
        if hashed not in numbers:
            row = DistinctAnswer(rule_set=rule_set, fact=fact, value=value, content_hash=hashed)
            new.append(row)
    if not new:
        return numbers
    # Somebody else may have given one of them a number since: then that one counts.
    DistinctAnswer.objects.bulk_create(new, ignore_conflicts=True)
    return dict(stored.all().values_list("content_hash", "pk"))


def pack(numbers: Sequence[int]) -> bytes:
    """Numbers in ``NUMBER_BYTES`` each, as a profile stores its answers."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


# Kept by size: to read a format costs more than to unpack a profile by it.
@lru_cache(maxsize=256)
def _unpacker(size: int) -> Callable[[bytes | memoryview], tuple[int, ...]]:
    return struct.Struct(f"<{size // NUMBER_BYTES}I").unpack


class Decider:
    """Decides profiles of a rule set under one document, many at a time."""

    def __init__(self, table: RuleTable, answers: Iterable[DistinctAnswer]) -> None:
        meanings = {answer.pk: _meaning(table, answer) for answer in answers}
        self.answers = NumberedAnswers(table, meanings)

    def __call__(
        self, packed: Iterable[bytes | memoryview]
    ) -> list[Decision | DecisionError | FactError]:
        """The decision for each profile's ``answers``, or what is wrong with it; equal decisions are one object."""
        return self.answers.decide(_unpacker(len(answers))(answers) for answers in packed)


def decider(rule_set_id: int, document: RuleDocument) -> Decider:
    """The decider of a rule set's profiles, kept with what it learned until there are other answers."""
    answers = DistinctAnswer.objects.filter(rule_set=rule_set_id).order_by("pk")
    return _decider(rulebook.table_of(document), tuple(answers.values_list("pk", "content_hash")))


@lru_cache(maxsize=8)
def _decider(table: RuleTable, numbered: tuple[tuple[int, str], ...]) -> Decider:
    return Decider(table, DistinctAnswer.objects.filter(pk__in=[number for number, _ in numbered]))


def _meaning(table: RuleTable, answer: DistinctAnswer) -> tuple[str, FactValue] | FactError:
    try:
        known = facts_from_data(table.facts, {answer.fact: answer.value})
    except FactError as error:
        return error
    return answer.fact, known.get(answer.fact, NOT_DOCUMENTED)


def too_wide(rule_set: RuleSet, table: RuleTable) -> set[str]:
    """The facts of which some profile holds a band within which the table tells numbers apart."""
    meant = [_meaning(table, answer) for answer in DistinctAnswer.objects.filter(rule_set=rule_set)]
    understood = [meaning for meaning in meant if not isinstance(meaning, FactError)]
    return {fact for fact, answer in understood if tells_apart(table, fact, answer)}


def refine(service: Service, wide: Iterable[str], tables: Sequence[RuleTable]) -> None:
    """Point a service to the profile that holds its own numbers in the bands that the tables tell apart.

    What was decided stands: the same document makes the same of the finer profile.
    """
    if service.profile is None or service.rule_set is None:
        return

    answers = rulebook.current_answers(service)
    numbers = {}
    for fact in wide:
        if fact in answers and fact in service.profile.facts:
            numbers[fact] = known(answers[fact].value)
    add(service, numbers, tables)


def add(service: Service, facts: Facts, tables: Sequence[RuleTable]) -> None:
    """Point a service to the profile that holds these facts beside its own, in the bands that the tables tell apart.

    What was decided stands, where its own document asks none of them or makes the same of them.
    """
    if service.profile is None or service.rule_set is None:
        return
    data = {**service.profile.facts, **facts_to_data(in_bands(tables, facts))}
    if data == service.profile.facts:
        return

    profile = _intern(service.rule_set, data)
    suggestion = None
    if service.suggestion is not None:
        suggestion = suggesting.suggest(profile, service.suggestion.document)
    # Only while it has the profile that was read: another one that it was given meanwhile stays.
    unchanged = Service.objects.filter(pk=service.pk, profile=service.profile)
    unchanged.update(profile=profile, suggestion=suggestion)
