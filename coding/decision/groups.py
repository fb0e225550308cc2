"""Repeated groups: wounds, joints or fragments as rows, each group of rows that are alike one service.

They lie outside the table: rows alike in the named facts are one service, whose number is their sum, their count or
their largest. The table sees that one number, so everything that it proves stays exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coding.decision.document import check_object, check_unique, one_of, text_of, texts_of
from coding.decision.errors import (
    DanglingFact,
    DuplicateId,
    MissingKey,
    UnknownValue,
    UnsuitableTest,
)
from coding.decision.facts import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    Facts,
    FactValue,
    Kind,
    Known,
    known,
)


class Aggregate(StrEnum):
    """What becomes of the numbers of rows that are alike."""

    COUNT = "count"
    SUM = "sum"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rows: the facts in which the rows of one service are alike, and the number fact that they give.

    A row answers facts that are asked; it has the values of derived ones by its answers (``grouped.py``).
    """

    key: str
    label: str
    alike: tuple[str, ...]
    aggregate: Aggregate
    fact: str


@dataclass(frozen=True, slots=True)
class GroupedService:
    """The answers that rows of a group give for one service, and the numbers of these rows, from 1 on."""

    facts: Facts
    rows: tuple[int, ...]


def services(
    group: Group, facts: Mapping[str, FactDefinition], rows: Sequence[Facts]
) -> tuple[GroupedService, ...]:
    """The services of a group's rows, in the order of their first rows.

    A row answers the facts in which rows are alike and, but for a count, the number. Raises ``UnknownValue`` for a row
    that lacks one of them and for a number that the fact cannot be; the message names the row.
    """
    numbers_by_kind: dict[tuple[FactValue, ...], list[int]] = {}
    for number, row in enumerate(rows, start=1):
        kind = tuple(_given(facts[key], row, number) for key in group.alike)
        numbers_by_kind.setdefault(kind, []).append(number)

    grouped = []
    for kind, numbers in numbers_by_kind.items():
        answers = dict(zip(group.alike, kind, strict=True))
        answers[group.fact] = _number(group, facts[group.fact], rows, numbers)
        grouped.append(GroupedService(answers, tuple(numbers)))
    return tuple(grouped)


def came_about(
    group: Group, definition: FactDefinition, rows: Sequence[Facts], numbers: Sequence[int]
) -> str:
    """In words how these rows, by their numbers, give their number: “sum of rows 1, 3: 1.4 cm + 1.2 cm”."""
    noun = "row" if len(numbers) == 1 else "rows"
    listed = f"{noun} {', '.join(map(str, numbers))}"
    if group.aggregate is Aggregate.COUNT:
        return f"count of {listed}"
    parts = [definition.describe(rows[number - 1][group.fact]) for number in numbers]
    between = " + " if group.aggregate is Aggregate.SUM else ", "
    return f"{group.aggregate.value} of {listed}: {between.join(parts)}"


def _given(definition: FactDefinition, row: Facts, number: int) -> FactValue:
    if definition.key not in row:
        raise UnknownValue(f"Row {number}: {definition.label} has no answer.")
    return row[definition.key]


def _number(
    group: Group, definition: FactDefinition, rows: Sequence[Facts], numbers: Sequence[int]
) -> FactValue:
    if group.aggregate is Aggregate.COUNT:
        return _within_range(definition, len(numbers), numbers)

    answers = [_given(definition, rows[number - 1], number) for number in numbers]
    for silence in (CONFLICTING, NOT_DOCUMENTED):
        if silence in answers:
            return silence

    values = [_whole(definition, answer) for answer in answers]
    total = sum(values) if group.aggregate is Aggregate.SUM else max(values)
    return _within_range(definition, total, numbers)


def _within_range(definition: FactDefinition, total: int, numbers: Sequence[int]) -> Known:
    if total not in definition.range:
        listed = ", ".join(map(str, numbers))
        allowed = definition.describe(Known(definition.range))
        raise UnknownValue(
            f"{definition.label}: {definition.number_text(total)} in rows {listed}"
            f" is out of its range, {allowed}."
        )
    return known(total)


def _whole(definition: FactDefinition, answer: FactValue) -> int:
    match answer:
        case Known(int(number)) if not isinstance(number, bool):
            return number
    raise UnknownValue(
        f"{definition.label}: “{definition.describe(answer)}” is no number to be added up."
    )


def groups_from_data(
    listed: Iterable[Any], facts: Mapping[str, FactDefinition]
) -> tuple[Group, ...]:
    """The groups of a document. A table reads one number of a group: two would depend on each other."""
    groups = tuple(_group(data, facts) for data in listed)
    check_unique("groups, one aggregate each", (group.key for group in groups))
    taken: set[str] = set()
    for group in groups:
        if group.fact in taken:
            raise DuplicateId(f"group {group.key}: {group.fact} is given by another group already.")
        taken.add(group.fact)
    return groups


def _group(data: Any, facts: Mapping[str, FactDefinition]) -> Group:
    check_object(data, {"key", "label", "alike", "aggregate", "fact"}, "a group")
    key = text_of(data, "key", "a group")
    place = f"group {key}"
    alike = texts_of(data, "alike", place)
    check_unique(f"{place}, alike", alike)
    fact = text_of(data, "fact", place)
    _check_facts(alike, fact, facts, place)
    if "aggregate" not in data:
        raise MissingKey(f"{place}: aggregate is missing.")

    label = text_of(data, "label", place)
    aggregate = one_of(Aggregate, data["aggregate"], place)
    return Group(key, label, alike, aggregate, fact)


def _check_facts(
    alike: Sequence[str], number: str, facts: Mapping[str, FactDefinition], place: str
) -> None:
    """Refuse facts that rows cannot be alike in, and one that is no number of rows."""
    for name in (*alike, number):
        if name not in facts:
            raise DanglingFact(f"{place}: there is no fact “{name}”.")
        # Rows may be alike in what is derived from their answers; the number is one of the answers.
        may_be_derived = name != number
        is_answered = facts[name].is_asked or (may_be_derived and facts[name].derived)
        if not is_answered:
            raise UnsuitableTest(
                f"{place}: {name} is neither asked nor derived, so no row answers it."
            )
    for name in alike:
        if number in _behind(name, facts):
            raise UnsuitableTest(
                f"{place}: {name} is derived from {number}, so a sum would change which rows are alike."
            )
    if facts[number].kind is not Kind.WHOLE_NUMBER or number in alike:
        raise UnsuitableTest(
            f"{place}: {number} has to be a number, and none of the facts in which rows are alike."
        )


def _behind(key: str, facts: Mapping[str, FactDefinition]) -> set[str]:
    """All facts from which a fact is derived; none for one that is not."""
    behind: set[str] = set()
    for own in facts[key].inputs:
        behind |= {own} | _behind(own, facts)
    return behind


def group_to_data(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "label": group.label,
        "alike": list(group.alike),
        "aggregate": group.aggregate.value,
        "fact": group.fact,
    }
