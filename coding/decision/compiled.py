"""A table as bit sets, the one representation behind deciding, guiding, verifying and comparing.

Bit n of a set stands for row n: the rows of the rules come first, in their order, then those of the modifiers and
further lines, last the contradictions of derived facts, which never apply (``derived.py``).
For every answer of a fact one set holds the rows that the answer leaves alive. What a test accepts is asked of
the test itself (``cells.py``), so the meaning of a cell is written down once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from coding.decision.added_lines import Line
from coding.decision.answers import representatives
from coding.decision.bits import below, lowest_place
from coding.decision.cells import Row, Rows, Test
from coding.decision.derived import EffectiveRow, effective_rows, inputs_of
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

    def bands(self) -> Iterator[Band]:
        """The bands of numbers among them."""
        for answer in self.answers:
            if isinstance(answer, Known) and isinstance(answer.value, Band):
                yield answer.value

    def overlaps(self, band: Band) -> bool:
        """Whether some number of a band may be among them."""
        return any(own.overlaps(band) for own in self.bands())


class CompiledFact:
    """The tests on one fact, each with the rows that hold it. ``tested`` and ``untested`` part the rows."""

    def __init__(
        self, definition: FactDefinition, everything: int, tests: Mapping[Test, int]
    ) -> None:
        self.definition = definition
        self.key = definition.key
        self.tests = tests
        self.tested = sum(tests.values())
        self.untested = everything & ~self.tested
        self.judged = Judged(self)
        self.alive = Alive(self)

    def passing(self, answer: FactValue | None) -> int:
        """The rows that an answer surely leaves alive."""
        passing = self.untested
        for test, rows in self.tests.items():
            if test.accepts(answer):
                passing |= rows
        return passing

    def possible(self, answer: FactValue | None) -> int:
        """The rows that an answer may leave alive: a missing answer or a wide band says no to few."""
        possible = self.untested
        for test, rows in self.tests.items():
            if test.accepts(answer) is not False:
                possible |= rows
        return possible

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
                return tuple(group for group in self.classes if group.overlaps(band))
        alone = AnswerClass((given,), self.passing(given))
        return (alone,)

    def bands(self) -> Iterator[Band]:
        """The bands of numbers within which no test tells one from another; of other kinds of facts none."""
        for group in self.classes:
            yield from group.bands()

    def representative(self, answer: FactValue | None) -> FactValue:
        """The first answer of the class of an answer; raises KeyError for one that is missing or across classes."""
        return self._representatives[self.alive[answer]]

    @cached_property
    def _representatives(self) -> dict[int, FactValue]:
        return {group.passing: group.answers[0] for group in self.classes}


def compiled_facts(
    definitions: Sequence[FactDefinition], rows: Sequence[Row]
) -> tuple[CompiledFact, ...]:
    """The facts with the tests that the rows hold on them."""
    tests: dict[str, dict[Test, int]] = {definition.key: {} for definition in definitions}
    for number, row in enumerate(rows):
        for cell in row:
            rows_by_test = tests[cell.fact]
            rows_by_test[cell.test] = rows_by_test.get(cell.test, 0) | 1 << number
    everything = below(len(rows))
    return tuple(
        CompiledFact(definition, everything, tests[definition.key]) for definition in definitions
    )


# Numbers and sets of codes have more answers than can be remembered.
REMEMBERED = 4096


class Judged(dict[FactValue | None, tuple[int, int]]):
    """The rows that each answer of a fact, or its absence, surely and possibly leaves alive."""

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> tuple[int, int]:
        judged = self.fact.passing(answer), self.fact.possible(answer)
        if len(self) < REMEMBERED:
            self[answer] = judged
        return judged


class Alive(dict[FactValue | None, int]):
    """The rows that each answer of a fact leaves alive; raises KeyError for one that is missing or across classes."""

    def __init__(self, fact: CompiledFact) -> None:
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> int:
        passing, possible = self.fact.judged[answer]
        if passing != possible:
            raise KeyError(self.fact.key)
        if len(self) < REMEMBERED:
            self[answer] = passing
        return passing


class Derivation(NamedTuple):
    """What the table of a derived fact comes down to, and the contradictions, as a set of rows, that it makes."""

    effective: tuple[EffectiveRow, ...]
    contradictions: int


class Settling(NamedTuple):
    """At the place of a derived fact: the rows that read its value, and the contradictions that tell it."""

    readers: int
    contradictions: int


class End(NamedTuple):
    """How a case ends: the index of the rule, None in a gap; under ``unique`` also that of a second one that applies.

    Only a code has modifiers.
    """

    rule: int | None
    overlapping: int | None
    modifiers: tuple[str, ...]
    lines: tuple[Line, ...] = ()


class Compiled:
    """The rows of a table, numbered, with one ``CompiledFact`` for each fact in the table's order."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table
        self.first_only = table.hit_policy is HitPolicy.FIRST

        self.rows: list[Row] = []
        self.rule_of: list[int] = []
        for index, rule in enumerate(table.rules):
            self.rows += rule.rows
            self.rule_of += [index] * len(rule.rows)
        self.rule_rows = below(len(self.rows))

        # What a row brings beside a code: a modifier, or a further line with its units.
        self.modifier_of: dict[int, str | Line] = {}
        for modifier in table.modifiers:
            self._bring(modifier.modifier, modifier.rows)
        for line in table.lines:
            for brought, rows in line.alternatives(table.fact_by_key):
                self._bring(brought, rows)
        self.modifier_rows = below(len(self.rows)) & ~self.rule_rows

        self.derivations = self._derivations()
        self.contradictions = 0
        for derivation in self.derivations.values():
            self.contradictions |= derivation.contradictions

        self.everything = below(len(self.rows))
        self.not_of_rules = self.everything & ~self.rule_rows
        self.code_rows = 0
        for number, index in enumerate(self.rule_of):
            if table.rules[index].outcome is OutcomeKind.CODE:
                self.code_rows |= 1 << number

        self.facts = compiled_facts(table.facts, self.rows)
        self.alive = [(fact.key, fact.alive) for fact in self.facts]

    def _bring(self, brought: str | Line, rows: Rows) -> None:
        for row in rows:
            self.modifier_of[1 << len(self.rows)] = brought
            self.rows.append(row)

    def _derivations(self) -> dict[str, Derivation]:
        """The derived facts by their keys, their contradictions appended to the rows."""
        derivations = {}
        for definition in self.table.derived:
            effective = effective_rows(definition, inputs_of(self.table, definition))
            first = len(self.rows)
            self.rows += [row.contradiction(definition.key) for row in effective]
            contradictions = below(len(self.rows)) & ~below(first)
            derivations[definition.key] = Derivation(effective, contradictions)
        return derivations

    @cached_property
    def rows_of(self) -> tuple[int, ...]:
        rows_by_rule = [0] * len(self.table.rules)
        for number, index in enumerate(self.rule_of):
            rows_by_rule[index] |= 1 << number
        return tuple(rows_by_rule)

    def first_rule(self, rows: int) -> int | None:
        """The index of the first rule that has one of these rows; None if only modifiers have."""
        own = rows & self.rule_rows
        if not own:
            return None
        return self.rule_of[lowest_place(own)]

    def rules_with(self, rows: int) -> Iterator[int]:
        """The indices of the rules that have one of these rows, which must be rows of rules, in order."""
        while rows:
            index = self.rule_of[lowest_place(rows)]
            yield index
            rows &= ~self.rows_of[index]

    def pruned(self, live: int, pending: int) -> int:
        """The live rows of which the outcome still depends; ``pending`` are the rows with a test still open.

        A row of a rule with no test left applies for certain: rows of rules below it are never asked. And where no
        row yields a code any more, none of a modifier does.
        """
        if self.first_only:
            certain = live & self.rule_rows & ~pending
            if certain:
                # up_to_lowest(certain), written out: this is each step of a drawing, and a call costs a tenth of it.
                live &= self.not_of_rules | ((certain & -certain) << 1) - 1
        if not live & self.code_rows:
            live &= ~self.modifier_rows
        return live

    def live(self, facts: Facts) -> int:
        """The rows that apply to complete answers; raises KeyError where one is missing."""
        live = self.everything
        for key, alive in self.alive:
            live &= alive[facts[key]]
        return live & ~self.contradictions

    def end(self, live: int) -> End:
        """How a case ends to which these rows apply."""
        first = self.first_rule(live)
        if first is None:
            return End(None, None, ())

        overlapping = None
        if not self.first_only:
            overlapping = self.first_rule(live & ~self.rows_of[first])

        if self.table.rules[first].outcome is not OutcomeKind.CODE:
            return End(first, overlapping, ())
        modifiers, lines = self._brought(live)
        return End(first, overlapping, modifiers, lines)

    def _brought(self, rows: int) -> tuple[tuple[str, ...], tuple[Line, ...]]:
        """The modifiers and the lines that have one of these rows, each once, in the order of reporting."""
        modifiers: dict[str, None] = {}
        lines: dict[Line, None] = {}
        for row, brought in self.modifier_of.items():
            if not rows & row:
                continue
            if isinstance(brought, Line):
                lines[brought] = None
            else:
                modifiers[brought] = None
        return tuple(modifiers), tuple(lines)


@lru_cache(maxsize=64)
def compiled(table: RuleTable) -> Compiled:
    """The compiled table, kept for the next question."""
    return Compiled(table)
