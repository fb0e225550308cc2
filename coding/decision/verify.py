"""Verify: what is wrong or idle in a table, each finding with a case that shows it.

Nothing is enumerated. Whether a rule can be reached, whether answers are left without a rule and whether a cell
tests anything are questions to one search (``cover.py``): is there a case in this box of answers that none of
those rows accepts? Overlaps are intersections of boxes, one pass over the facts for each row. That a fact can
never decide follows from its cells: a fact changes the rule of some case if and only if some cell on it tests
something. Answers come in the classes that the tests tell apart, so ranges and sets of codes are exact.

Cost: rows times facts operations on bit sets, and one search for each row and each cell, most of them answered
by changing one answer of a case already found. A search that takes too long makes the finding "undecided".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from coding.decision.answers import representatives
from coding.decision.bits import below, below_lowest, each
from coding.decision.cells import In, Not, Test
from coding.decision.compiled import Compiled, compiled
from coding.decision.cover import Box, Cover, Undecided, first_case, holds_cases
from coding.decision.errors import Entangled
from coding.decision.explain import in_words
from coding.decision.facts import FactDefinition, Facts, Kind, Known
from coding.decision.table import HitPolicy, ModifierRule, Rule, RuleTable, SupportingDiagnoses


class Flaw(StrEnum):
    """What a finding is about; the first four are defects, which no table in force may have."""

    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable"
    UNDECIDED = "undecided"
    PARTLY_MASKED = "partly_masked"
    IDLE_ROW = "idle_row"
    IDLE_CELL = "idle_cell"
    IDLE_FACT = "idle_fact"
    UNMENTIONED = "unmentioned"


DEFECTS = frozenset({Flaw.GAP, Flaw.OVERLAP, Flaw.UNREACHABLE, Flaw.UNDECIDED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the rules and the fact it is about, in words, and a case that shows it."""

    flaw: Flaw
    words: str
    rules: tuple[str, ...] = ()
    fact: str = ""
    witness: Facts | None = None

    @property
    def is_defect(self) -> bool:
        """Whether the table must not be used like this."""
        return self.flaw in DEFECTS


def verify(table: RuleTable) -> tuple[Finding, ...]:
    """All findings, the gravest first."""
    rows = compiled(table)
    try:
        cover = Cover(rows.facts)
    except Entangled as error:
        return (Finding(Flaw.UNDECIDED, f"Nothing could be checked. {error}"),)
    verification = _Verification(table, rows, cover)
    # In this order: cells are judged in the cases that the rules decide, facts by what was seen of their cells.
    findings = [
        *verification.gap(),
        *verification.overlaps(),
        *verification.rules(),
        *verification.cells(),
        *verification.facts(),
        *_unmentioned(table),
    ]
    gravity = {flaw: place for place, flaw in enumerate(Flaw)}
    return tuple(sorted(findings, key=lambda finding: gravity[finding.flaw]))


def find_gap(table: RuleTable) -> Facts | None:
    """Answers that no rule covers, or None for a complete table. Raises ``Undecided``."""
    rows = compiled(table)
    cover = Cover(rows.facts)
    case = cover.uncovered(cover.everything, rows.rule_rows)
    return None if case is None else cover.witness(case)


class _Verification:
    """One table under examination. A row is known by its bit; ``cases`` are the cases in which each decides."""

    def __init__(self, table: RuleTable, rows: Compiled, cover: Cover) -> None:
        self.table = table
        self.rows = rows
        self.cover = cover
        self.boxes = [cover.accepted(row) for row in each(rows.everything)]
        # The numbers of the rows of each rule.
        self.numbers: list[list[int]] = [[] for _ in table.rules]
        for number, index in enumerate(rows.rule_of):
            self.numbers[index].append(number)
        self.cases: dict[int, list[int]] = {}
        self.undecided: set[int] = set()
        self.fact_places = {fact.key: place for place, fact in enumerate(rows.facts)}
        # The facts that some cell is known to test for a purpose, and those of whose cells that is undecided.
        self.telling: set[str] = set()
        self.unsure: set[str] = set()

    @property
    def _unique(self) -> bool:
        return self.table.hit_policy is HitPolicy.UNIQUE

    def gap(self) -> Iterator[Finding]:
        """Answers that no rule covers."""
        try:
            case = self.cover.uncovered(self.cover.everything, self.rows.rule_rows)
        except Undecided:
            yield Finding(Flaw.UNDECIDED, "Whether every case has a rule could not be decided.")
        else:
            if case is not None:
                yield Finding(Flaw.GAP, "No rule covers this case.", witness=self.cover.witness(case))

    def rules(self) -> Iterator[Finding]:
        """Rules and alternatives that never decide, and rules that others partly take the place of."""
        for index, rule in enumerate(self.table.rules):
            numbers = self.numbers[index]
            for number in numbers:
                self._reach(number)
            reached = [number for number in numbers if number in self.cases]
            unsure = self.undecided.intersection(numbers)
            if not reached and unsure:
                yield Finding(Flaw.UNDECIDED, f"Whether {rule.id} ever decides could not be decided.", (rule.id,))
            elif not reached:
                yield self._unreachable(index, numbers)
            else:
                yield from self._idle_rows(rule.id, numbers)
                yield from self._masked(index)

    def _reach(self, number: int) -> None:
        """Find a case in which a row decides."""
        try:
            case = self.cover.uncovered(self.boxes[number], below(number))
        except Undecided:
            self.undecided.add(number)
        else:
            if case is not None:
                self.cases[number] = case

    def _unreachable(self, index: int, numbers: list[int]) -> Finding:
        rule = self.table.rules[index]
        box = next((self.boxes[number] for number in numbers if holds_cases(self.boxes[number])), None)
        if box is None:
            return Finding(Flaw.UNREACHABLE, f"{rule.id} never decides: no answers pass its cells.", (rule.id,))
        case = first_case(box)
        above = self.table.rules[self.rows.first_rule(self.cover.live(case)) or 0].id
        words = f"{rule.id} never decides: the rules above cover all its cases; {above} takes this one."
        return Finding(Flaw.UNREACHABLE, words, (rule.id, above), witness=self.cover.witness(case))

    def _idle_rows(self, rule_id: str, numbers: list[int]) -> Iterator[Finding]:
        for place, number in enumerate(numbers, start=1):
            if number in self.undecided:
                words = f"Whether alternative {place} of {rule_id} ever decides could not be decided."
                yield Finding(Flaw.UNDECIDED, words, (rule_id,))
            elif number not in self.cases:
                words = f"{rule_id}, alternative {place}, never decides: what stands above it covers all its cases."
                yield Finding(Flaw.IDLE_ROW, words, (rule_id,))

    def _masked(self, index: int) -> Iterator[Finding]:
        if self._unique:
            return
        rule = self.table.rules[index]
        numbers = self.numbers[index]
        above = self._owners(numbers, self._rows_before(index))
        if above:
            first = min(above)
            ids = [self.table.rules[other].id for other in above]
            words = f"{rule.id} is partly masked by {', '.join(ids)}; this case goes to a rule above."
            yield Finding(Flaw.PARTLY_MASKED, words, (rule.id, *ids), witness=self._common_case(numbers, first))

    def overlaps(self) -> Iterator[Finding]:
        """Under ``unique``: cases that two rules cover."""
        if not self._unique:
            return
        for index, rule in enumerate(self.table.rules):
            numbers = self.numbers[index]
            for other in self._owners(numbers, self._rows_before(index)):
                above = self.table.rules[other].id
                words = f"{above} and {rule.id} both cover this case."
                yield Finding(Flaw.OVERLAP, words, (above, rule.id), witness=self._common_case(numbers, other))

    def _rows_before(self, index: int) -> int:
        return below_lowest(self.rows.rows_of[index])

    def _owners(self, numbers: list[int], rows: int) -> list[int]:
        """The rules of those rows that share a case with one of the numbered rows."""
        shared = 0
        for number in numbers:
            if holds_cases(self.boxes[number]):
                shared |= self.cover.touching(self.boxes[number]) & rows
        return list(self.rows.rules_with(shared))

    def _common_case(self, numbers: list[int], other: int) -> Facts:
        """A case that one of the numbered rows and a row of the other rule accept."""
        for own, others in product(numbers, self.numbers[other]):
            box = self.cover.common(self.boxes[own], self.boxes[others])
            if holds_cases(box):
                return self.cover.witness(first_case(box))
        raise LookupError("The two rules have no case in common.")

    def cells(self) -> Iterator[Finding]:
        """Cells without which the table would decide every case by the same rule."""
        for number, case in self.cases.items():
            index = self.rows.rule_of[number]
            rule = self.table.rules[index]
            own = self.rows.rows_of[index]
            rows = own if self._unique else self._rows_before(index) | own
            for cell in self.rows.rows[number]:
                definition = self.table.fact_by_key[cell.fact]
                place = f"{rule.id}, {definition.label}"
                try:
                    tells = self._tells(number, self.fact_places[cell.fact], case, rows)
                except Undecided:
                    self.unsure.add(cell.fact)
                    words = f"{place}: whether “{in_words(definition, cell)}” tests anything could not be decided."
                    yield Finding(Flaw.UNDECIDED, words, (rule.id,), cell.fact)
                    continue
                if tells:
                    self.telling.add(cell.fact)
                else:
                    words = f"{place}: “{in_words(definition, cell)}” tests nothing; no other answer gets there."
                    yield Finding(Flaw.IDLE_CELL, words, (rule.id,), cell.fact)

    def _tells(self, number: int, fact: int, case: list[int], rows: int) -> bool:
        """Whether a case fails this cell only, and none of the rows takes it."""
        failing = self._failing(number, fact)
        # Cheap, and mostly enough: another answer to this fact alone, in a case that is known already.
        accepting_the_rest = self.cover.live([*case[:fact], None, *case[fact + 1 :]]) & rows
        for place in failing[fact].places:
            if not accepting_the_rest & self.cover.passing[fact][place]:
                return True
        return self.cover.uncovered(failing, rows) is not None

    def _failing(self, number: int, fact: int) -> Box:
        """The cases that fail a row for the answer to one fact only."""
        box = self.boxes[number]
        passing = set(box[fact].places)
        whole = self.cover.everything[fact].places
        failing = self.cover.allowed(fact, (place for place in whole if place not in passing))
        return [*box[:fact], failing, *box[fact + 1 :]]

    def facts(self) -> Iterator[Finding]:
        """Facts whose answer never changes an outcome."""
        tested = {cell.fact for row in self.rows.rows for cell in row}
        for place, definition in enumerate(self.table.facts):
            key = definition.key
            if key not in tested:
                yield Finding(Flaw.IDLE_FACT, f"{definition.label}: no rule asks for it.", fact=key)
            elif key not in self.telling:
                yield from self._idle_unless_for_a_modifier(place, definition)

    def _idle_unless_for_a_modifier(self, place: int, definition: FactDefinition) -> Iterator[Finding]:
        key, label = definition.key, definition.label
        try:
            if self._decides_modifier(place):
                return
        except Undecided:
            self.unsure.add(key)
        # The cells of a row that may never decide were not looked at.
        if self.undecided or key in self.unsure:
            words = f"{label}: whether its answer matters is undecided."
            yield Finding(Flaw.UNDECIDED, words, fact=key)
        else:
            words = f"{label}: its answer never changes the outcome."
            yield Finding(Flaw.IDLE_FACT, words, fact=key)

    def _decides_modifier(self, fact: int) -> bool:
        """Whether, in some case with a code, only this fact's answer keeps a modifier away."""
        code_rows = [number for number in self.cases if 1 << number & self.rows.code_rows]
        first_of_modifiers = len(self.rows.rule_of)
        for number in range(first_of_modifiers, len(self.rows.rows)):
            without = self._failing(number, fact)
            modifier = self.rows.modifier_of[1 << number]
            same = sum(row for row, name in self.rows.modifier_of.items() if name == modifier)
            for code_row in code_rows:
                box = self.cover.common(self.boxes[code_row], without)
                if self.cover.uncovered(box, below(code_row) | same) is not None:
                    return True
        return False


def _unmentioned(table: RuleTable) -> Iterator[Finding]:
    """Values of tested facts that no cell names, and ranges of numbers that none lets pass."""
    tests = _tests_by_fact(table)
    for definition in table.facts:
        if definition.key not in tests:
            continue
        values = _values_beside(definition, tests[definition.key])
        if values:
            listed = ", ".join(map(definition.describe, values))
            words = f"{definition.label}: no rule mentions {listed}."
            yield Finding(Flaw.UNMENTIONED, words, fact=definition.key)


def _tests_by_fact(table: RuleTable) -> dict[str, set[Test]]:
    tests: dict[str, set[Test]] = {}
    lines: list[Rule | ModifierRule | SupportingDiagnoses]
    lines = [*table.rules, *table.modifiers, *table.diagnoses]
    for line in lines:
        for row in line.rows:
            for cell in row:
                tests.setdefault(cell.fact, set()).add(cell.test)
    return tests


def _values_beside(definition: FactDefinition, tests: set[Test]) -> list[Known]:
    """The documented values of a fact that none of the tests on it names; of numbers, the ranges that none accepts."""
    if definition.kind is Kind.WHOLE_NUMBER:
        return [
            answer
            for answer in representatives(definition, tests)
            if isinstance(answer, Known) and not any(test.accepts(answer) for test in tests)
        ]
    named: set[str | bool] = set()
    for test in tests:
        if isinstance(test, In | Not):
            named |= test.values
    return [Known(value) for value in definition.values() if value not in named]
