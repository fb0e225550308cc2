"""A table as bit sets, the one representation behind deciding, guiding, verifying and comparing.

Bit n of a set stands for row n: the rows of the rules come first, in their order, then those of the modifiers.
For every answer of a fact one set holds the rows that the answer leaves alive. What a test accepts is asked of
the test itself (``cells.py``), so the meaning of a cell is written down once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from coding.decision.answers import representatives
from coding.decision.cells import Row, Test
from coding.decision.facts import Band, FactDefinition, Facts, FactValue, Known
from coding.decision.table import HitPolicy, OutcomeKind, RuleTable


@dataclass(frozen=True, slots=True)
class AnswerClass:
    """Answers that leave the same rows alive: not told apart by any test."""

    answers: tuple[FactValue, ...]
    passing: int

    @property
    def documented(self) -> int:
        """How many of them are documented answers."""
        return sum(isinstance(answer, Known) for answer in self.answers)


class CompiledFact:
    """The tests on one fact, each with the rows that hold it. ``tested`` and ``untested`` part the rows."""

    def __init__(self, definition: FactDefinition, everything: int, tests: Mapping[Test, int]) -> None:
        self.definition = definition
        self.key = definition.key
        self.tests = tests
        self.tested = sum(tests.values())
        self.untested = everything & ~self.tested
        self.judged = Judged(self)
        self.alive = Alive(self)

    def passing(self, answer: FactValue | None) -> int:
        """The rows that an answer surely leaves alive."""
        return self.untested | sum(bits for test, bits in self.tests.items() if test.accepts(answer))

    def possible(self, answer: FactValue | None) -> int:
        """The rows that an answer may leave alive: a missing answer or a wide band says no to few."""
        return self.untested | sum(bits for test, bits in self.tests.items() if test.accepts(answer) is not False)

    @cached_property
    def classes(self) -> tuple[AnswerClass, ...]:
        """The classes of answers, in the order of their first answers."""
        grouped: dict[int, list[FactValue]] = {}
        for answer in representatives(self.definition, self.tests):
            grouped.setdefault(self.passing(answer), []).append(answer)
        return tuple(AnswerClass(tuple(members), passing) for passing, members in grouped.items())

    def classes_within(self, given: FactValue | None) -> tuple[AnswerClass, ...]:
        """The classes that a given answer leaves open: all for a missing one, several for a wide band."""
        match given:
            case None:
                return self.classes
            case Known(Band() as band):
                return tuple(group for group in self.classes if _overlaps(group, band))
        return (AnswerClass((given,), self.passing(given)),)

    def representative(self, answer: FactValue | None) -> FactValue:
        """The first answer of the class of an answer; raises KeyError for one that is missing or across classes."""
        return self._representatives[self.alive[answer]]

    @cached_property
    def _representatives(self) -> dict[int, FactValue]:
        return {group.passing: group.answers[0] for group in self.classes}


def _overlaps(group: AnswerClass, band: Band) -> bool:
    bands = (answer.value for answer in group.answers if isinstance(answer, Known))
    return any(isinstance(own, Band) and own.overlaps(band) for own in bands)


def compiled_facts(definitions: Sequence[FactDefinition], rows: Sequence[Row]) -> tuple[CompiledFact, ...]:
    """The facts with the tests that the rows hold on them."""
    tests: dict[str, dict[Test, int]] = {definition.key: {} for definition in definitions}
    for number, row in enumerate(rows):
        for cell in row:
            own = tests[cell.fact]
            own[cell.test] = own.get(cell.test, 0) | 1 << number
    everything = (1 << len(rows)) - 1
    return tuple(CompiledFact(definition, everything, tests[definition.key]) for definition in definitions)


# Numbers and sets of codes have more answers than can be remembered.
REMEMBERED = 4096


class Judged(dict[FactValue | None, tuple[int, int]]):
    """The rows that each answer of a fact, or its absence, surely and possibly leaves alive."""

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> tuple[int, int]:
        """Judge an answer by the tests."""
        judged = self.fact.passing(answer), self.fact.possible(answer)
        if len(self) < REMEMBERED:
            self[answer] = judged
        return judged


class Alive(dict[FactValue | None, int]):
    """The rows that each answer of a fact leaves alive; raises KeyError for one that is missing or across classes."""

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> int:
        """Judge an answer by the tests."""
        passing, possible = self.fact.judged[answer]
        if passing != possible:
            raise KeyError(self.fact.key)
        if len(self) < REMEMBERED:
            self[answer] = passing
        return passing


class Compiled:
    """The rows of a table, numbered, with one ``CompiledFact`` for each fact in the table's order."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table
        self.rows: list[Row] = []
        self.rule_of: list[int] = []
        for index, rule in enumerate(table.rules):
            self.rows += rule.rows
            self.rule_of += [index] * len(rule.rows)
        self.rule_rows = (1 << len(self.rows)) - 1
        self.modifier_of: dict[int, str] = {}
        for modifier in table.modifiers:
            for row in modifier.rows:
                self.modifier_of[1 << len(self.rows)] = modifier.modifier
                self.rows.append(row)
        self.everything = (1 << len(self.rows)) - 1
        self.code_rows = sum(
            1 << number for number, rule in enumerate(self.rule_of) if table.rules[rule].outcome is OutcomeKind.CODE
        )
        self.facts = compiled_facts(table.facts, self.rows)
        self.alive = [(fact.key, fact.alive) for fact in self.facts]
        self.first_only = table.hit_policy is HitPolicy.FIRST

    @cached_property
    def rows_of(self) -> tuple[int, ...]:
        """The rows of each rule."""
        found = [0] * len(self.table.rules)
        for number, rule in enumerate(self.rule_of):
            found[rule] |= 1 << number
        return tuple(found)

    def first_rule(self, rows: int) -> int | None:
        """The index of the first rule that has one of these rows; None if only modifiers have."""
        rules = rows & self.rule_rows
        return self.rule_of[(rules & -rules).bit_length() - 1] if rules else None

    def pruned(self, live: int, pending: int) -> int:
        """The live rows without those that can no longer matter; ``pending`` are the rows with a test still open."""
        if self.first_only and (settled := live & self.rule_rows & ~pending):
            live &= ~self.rule_rows | ((settled & -settled) << 1) - 1
        return live if live & self.code_rows else live & self.rule_rows

    def live(self, facts: Facts) -> int:
        """The rows that apply to complete answers; raises KeyError where one is missing."""
        live = self.everything
        for key, alive in self.alive:
            live &= alive[facts[key]]
        return live

    def end(self, live: int) -> tuple[int | None, int | None, tuple[str, ...]]:
        """How a case ends to which these rows apply.

        The index of the rule, None in a gap; under ``unique`` that of a second rule that applies; the modifiers,
        which only a code has.
        """
        first = self.first_rule(live)
        others = 0 if first is None or self.first_only else live & ~self.rows_of[first]
        has_code = first is not None and self.table.rules[first].outcome is OutcomeKind.CODE
        return first, self.first_rule(others), self.modifiers(live) if has_code else ()

    def modifiers(self, rows: int) -> tuple[str, ...]:
        """The modifiers that have one of these rows, in the order in which they are reported."""
        return tuple(dict.fromkeys(modifier for bit, modifier in self.modifier_of.items() if rows & bit))


@lru_cache(maxsize=64)
def compiled(table: RuleTable) -> Compiled:
    """The compiled table, kept for the next question."""
    return Compiled(table)
