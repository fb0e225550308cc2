"""Revisions: what stands differently in two versions of a table, rule by rule and cell by cell.

Whether that changes any outcome is another question, answered in ``compare.py``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

from coding.decision.added_lines import AddedLine, Step
from coding.decision.cells import Row
from coding.decision.claim_facts import claim_to_data
from coding.decision.condition_text import format_rows
from coding.decision.explain import in_words
from coding.decision.facts import DerivedLine, FactDefinition
from coding.decision.groups import group_to_data
from coding.decision.table import ModifierRule, Rule, RuleTable, SupportingDiagnoses


class Revised(StrEnum):
    """What became of a part of the table."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that stands differently: where in the rule, and what stood and stands there."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A part of the table that stands differently."""

    subject: str
    what: Revised
    edits: tuple[Edit, ...] = ()


def revisions(before: RuleTable, after: RuleTable) -> tuple[Revision, ...]:
    """All that stands differently: the rule set's own texts, facts, rules in their order, and what stands beside them.

    Only the order of a rule's alternatives says nothing.
    """
    words = _Words(before, after)
    return (
        *compared(_own(before), _own(after), _part_edits),
        *compared(_facts(before), _facts(after), words.fact_edits),
        *compared(before.rule_by_id, after.rule_by_id, words.rule_edits),
        *compared(_modifiers(before), _modifiers(after), words.modifier_edits),
        *compared(_lines(before), _lines(after), words.line_edits),
        *compared(_diagnoses(before), _diagnoses(after), words.diagnoses_edits),
        *compared(_beside(before), _beside(after), _part_edits),
    )


Part = TypeVar("Part")


def _own(table: RuleTable) -> dict[str, dict[str, Any]]:
    """What the rule set says as a whole; a member that says nothing is as one that is missing."""
    texts = {
        "name": table.name,
        "description": table.description,
        "notes": list(table.notes),
        "family": list(table.family),
        "hit policy": table.hit_policy.value,
    }
    for member, value in table.opening.to_document().items():
        texts[member.replace("_", " ")] = value
    return {"the rule set": texts}


def _facts(table: RuleTable) -> dict[str, FactDefinition]:
    return {f"fact {fact.key}": fact for fact in table.facts}


def _modifiers(table: RuleTable) -> dict[str, ModifierRule]:
    return _by_name((f"modifier {line.modifier}", line) for line in table.modifiers)


def _diagnoses(table: RuleTable) -> dict[str, SupportingDiagnoses]:
    return _by_name((f"diagnoses {' '.join(line.codes)}", line) for line in table.diagnoses)


def _by_name(named: Iterable[tuple[str, Part]]) -> dict[str, Part]:
    """Parts by their names; of several of one name each after the first has its number behind it."""
    parts: dict[str, Part] = {}
    counts: Counter[str] = Counter()
    for name, part in named:
        counts[name] += 1
        is_first = counts[name] == 1
        own_name = name if is_first else f"{name}, {counts[name]}"
        parts[own_name] = part
    return parts


def _lines(table: RuleTable) -> dict[str, AddedLine]:
    """Lines by code and place: a code may stand in several."""
    lines = {}
    for number, line in enumerate(table.lines, start=1):
        lines[f"line {line.code}, {number}"] = line
    return lines


def _beside(table: RuleTable) -> dict[str, dict[str, Any]]:
    """What stands beside the table: groups of rows, and the facts of claim checks."""
    groups = {f"group {group.key}": group_to_data(group) for group in table.groups}
    claim = {f"claim, {role}": part for role, part in claim_to_data(table.claim).items()}
    return groups | claim


def _part_edits(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Edit]:
    texts = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        texts.append((name, _in_text(old), _in_text(new)))
    return _edits(texts)


def _in_text(value: Any) -> str:
    """A member of the document as people read it: “apart: 12345, 12346; same: side”."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_in_text(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_in_text, value))
    return str(value)


def _nothing(_: object) -> tuple[Edit, ...]:
    return ()


def compared(
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    edits: Callable[[Part, Part], Iterable[Edit]],
    words_of: Callable[[Part], Iterable[Edit]] = _nothing,
) -> Iterator[Revision]:
    """Parts by their names, which stay the same when a part is edited.

    ``edits`` tells what stands differently in a part that both have, ``words_of`` what one says that only one has.
    """
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    elsewhere = _moved(kept_before, kept_after)
    for name, part in before.items():
        if name not in after:
            yield Revision(name, Revised.REMOVED, tuple(words_of(part)))
    for name, part in after.items():
        if name not in before:
            yield Revision(name, Revised.ADDED, tuple(words_of(part)))
            continue
        if name in elsewhere:
            yield Revision(name, Revised.MOVED)
        edits_of_part = tuple(edits(before[name], part))
        if edits_of_part:
            yield Revision(name, Revised.CHANGED, edits_of_part)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest names that, taken out, leave the others in the same order."""
    elsewhere = set(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for block in matcher.get_matching_blocks():
        elsewhere.difference_update(after[block.b : block.b + block.size])
    return elsewhere


def _edits(texts: Iterable[tuple[str, str, str]]) -> Iterator[Edit]:
    for place, before, after in texts:
        if before != after:
            yield Edit(place, before, after)


def _fact_texts(fact: FactDefinition, facts: Mapping[str, FactDefinition]) -> dict[str, str]:
    choices = [f"{choice.value} ({choice.label})" for choice in fact.choices]
    derived = [_line_text(fact, line, facts) for line in fact.derived]
    return {
        "kind": fact.kind.value.replace("_", " "),
        "label": fact.label,
        "question": fact.question,
        "help": fact.help,
        "choices": ", ".join(choices),
        "minimum": _end_text(fact, fact.minimum),
        "maximum": _end_text(fact, fact.maximum),
        "unit": fact.unit,
        "asked first": "yes" if fact.asked_first else "no",
        "decimals": str(fact.decimals),
        "source": fact.source.value,
        "derived": "\n".join(derived),
    }


def _end_text(fact: FactDefinition, number: int | None) -> str:
    if number is None:
        return ""
    return fact.number_text(number)


def _line_text(fact: FactDefinition, line: DerivedLine, facts: Mapping[str, FactDefinition]) -> str:
    conditions = format_rows(line.rows, facts) or "always"
    return f"{fact.describe(line.value)}: {conditions}"


class _Words:
    """The cells of both versions, in the words of the facts of each."""

    def __init__(self, before: RuleTable, after: RuleTable) -> None:
        self.before = before
        self.after = after

    def fact_edits(self, before: FactDefinition, after: FactDefinition) -> Iterator[Edit]:
        """What stands differently in a fact."""
        old = _fact_texts(before, self.before.fact_by_key)
        new = _fact_texts(after, self.after.fact_by_key)
        return _edits((place, old[place], new[place]) for place in old)

    def rule_edits(self, before: Rule, after: Rule) -> Iterator[Edit]:
        yield from _edits(
            [
                ("title", before.title, after.title),
                ("outcome", before.outcome.value, after.outcome.value),
                ("code", before.code, after.code),
                ("message", before.message, after.message),
                ("basis", before.basis, after.basis),
                ("see", ", ".join(before.see), ", ".join(after.see)),
                ("guards", ", ".join(before.guards), ", ".join(after.guards)),
            ]
        )
        yield from self._row_edits(before.rows, after.rows)

    def modifier_edits(self, before: ModifierRule, after: ModifierRule) -> Iterator[Edit]:
        """What stands differently in the conditions of a modifier."""
        return self._row_edits(before.rows, after.rows)

    def line_edits(self, before: AddedLine, after: AddedLine) -> Iterator[Edit]:
        """What stands differently in a further line."""
        yield from _edits(
            [("code", before.code, after.code), ("units", _units(before), _units(after))]
        )
        yield from self._row_edits(before.rows, after.rows)

    def diagnoses_edits(
        self, before: SupportingDiagnoses, after: SupportingDiagnoses
    ) -> Iterator[Edit]:
        """What stands differently in the conditions of a line of diagnoses."""
        return self._row_edits(before.rows, after.rows)

    def _row_edits(self, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Edit]:
        """Cell by cell; alternatives that both versions hold are left out, the others paired in order."""
        gone = [row for row in before if row not in after]
        new = [row for row in after if row not in before]
        several = max(len(before), len(after)) > 1

        for old, row in zip_longest(gone, new):
            # By its place in the later version, unless it is gone there.
            index = before.index(old) if row is None else after.index(row)
            place = f"alternative {index + 1}" if several else ""
            if old is None or row is None:
                yield Edit(place, _in_full(self.before, old), _in_full(self.after, row))
            else:
                yield from self._cell_edits(place, old, row)

    def _cell_edits(self, place: str, before: Row, after: Row) -> Iterator[Edit]:
        old, new = _cells(self.before, before), _cells(self.after, after)
        for key in dict.fromkeys([*old, *new]):
            # By the key: two facts may be called alike, and one otherwise than before.
            known = self.after if key in new else self.before
            label = known.fact_by_key[key].label
            where = f"{place}, {label}" if place else label
            yield from _edits([(where, old.get(key, "any"), new.get(key, "any"))])


def _units(line: AddedLine) -> str:
    match line.units:
        case Step(fact, first, each):
            return f"first at {first}, each {each} more of {fact}"
    return str(line.units)


def _cells(table: RuleTable, row: Row) -> dict[str, str]:
    """What the cells of a row ask for, by the keys of their facts."""
    return {cell.fact: in_words(table.fact_by_key[cell.fact], cell) for cell in row}


def _in_full(table: RuleTable, row: Row | None) -> str:
    if row is None:
        return ""
    phrases = []
    for key, words in _cells(table, row).items():
        label = table.fact_by_key[key].label
        phrases.append(f"{label}: {words}")
    return "; ".join(phrases) or "always"
