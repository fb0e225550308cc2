"""A table as bit sets, the one representation behind deciding, guiding, verifying and comparing.

Bit n of a set stands for row n: the rows of the rules come first, in their order, then those of the modifiers and
further lines, last the contradictions of derived facts, which never apply (``derived.py``).
For every answer of a fact one set holds the rows that the answer leaves alive (``compiled_facts.py``).
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from coding.decision.added_lines import Line
from coding.decision.bits import below, lowest_place
from coding.decision.cells import Row, Rows
from coding.decision.compiled_facts import compiled_facts
from coding.decision.derived import EffectiveRow, effective_rows, inputs_of
from coding.decision.facts import Facts
from coding.decision.table import HitPolicy, OutcomeKind, RuleTable


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
        """The live rows on which the outcome still depends; ``pending`` are the rows with a test still open.

        A row of a rule with no test left applies for certain: rows of rules below it are never asked. And where no
        row yields a code any more, none of a modifier does.
        """
        if self.first_only:
            certain = live & self.rule_rows & ~pending
            if certain:
                # Written out: this is each step of a drawing, and a call of ``up_to_lowest`` costs a tenth of it.
                up_to_certain = ((certain & -certain) << 1) - 1
                live &= self.not_of_rules | up_to_certain
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
