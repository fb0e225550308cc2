"""The examination of one table: every check of its rows, cells and facts, as a search for a case (``verify.py``)."""

from collections.abc import Iterator
from itertools import product

from coding.decision.added_lines import Line
from coding.decision.bits import below, below_lowest, each, lowest_place
from coding.decision.cells import Cell, tested_facts
from coding.decision.compiled import Compiled
from coding.decision.cover import Box, Cover, Undecided, first_case, holds_cases, with_allowed
from coding.decision.diagram import diagram_of
from coding.decision.explain import in_words
from coding.decision.facts import FactDefinition, Facts
from coding.decision.findings import Finding, Flaw
from coding.decision.reachable import open_facts
from coding.decision.table import HitPolicy, Rule, RuleTable


class Examination:
    """One table under examination. A row is known by its bit; ``cases`` are the cases in which each decides."""

    def __init__(
        self, table: RuleTable, rows: Compiled, cover: Cover, whole: Box | None = None
    ) -> None:
        self.table = table
        self.rows = rows
        self.cover = cover
        self.fact_places = {fact.key: place for place, fact in enumerate(rows.facts)}

        # What is looked at: all answers, or those that a derived fact's table has to cover.
        self.whole = cover.everything if whole is None else whole
        self.boxes = [cover.accepted(row) for row in each(rows.rule_rows | rows.modifier_rows)]
        if whole is not None:
            self.boxes = [cover.common(whole, box) for box in self.boxes]

        # The numbers of the rows of each rule.
        self.numbers: list[list[int]] = [[] for _ in table.rules]
        for number, index in enumerate(rows.rule_of):
            self.numbers[index].append(number)

        self.cases: dict[int, list[int]] = {}
        self.undecided: set[int] = set()
        # The facts that some cell is known to test for a purpose, and those of whose cells that is undecided.
        self.telling: set[str] = set()
        self.unsure: set[str] = set()

    @property
    def _unique(self) -> bool:
        return self.table.hit_policy is HitPolicy.UNIQUE

    def gap(self) -> Iterator[Finding]:
        """Answers that no rule covers."""
        try:
            case = self._reachable(self.whole, self.rows.rule_rows)
        except Undecided:
            yield Finding(Flaw.UNDECIDED, "Whether every case has a rule could not be decided.")
            return
        if case is not None:
            witness = self.cover.given(case)
            yield Finding(Flaw.GAP, "No rule covers this case.", witness=witness)

    def _reachable(self, box: Box, rows: int) -> list[int] | None:
        """A case of the box that derived facts allow and none of the rows accepts. Raises ``Undecided``."""
        return self.cover.uncovered(box, rows | self.rows.contradictions)

    def rules(self) -> Iterator[Finding]:
        """Rules and alternatives that never decide, and rules that others partly take the place of."""
        for index, rule in enumerate(self.table.rules):
            numbers = self.numbers[index]
            for number in numbers:
                self._reach(number)

            if any(number in self.cases for number in numbers):
                yield from self._idle_rows(rule.id, numbers)
                yield from self._masked(index)
            elif self.undecided.intersection(numbers):
                words = f"Whether {rule.id} ever decides could not be decided."
                yield Finding(Flaw.UNDECIDED, words, (rule.id,))
            else:
                yield self._unreachable(index, numbers)

    def _reach(self, number: int) -> None:
        """Find a case in which a row decides."""
        try:
            case = self._reachable(self.boxes[number], below(number))
        except Undecided:
            self.undecided.add(number)
            return
        if case is not None:
            self.cases[number] = case

    def _unreachable(self, index: int, numbers: list[int]) -> Finding:
        rule = self.table.rules[index]
        case = self._case_of_some(numbers)
        if case is None:
            words = f"{rule.id} never decides: no answers pass its cells."
            return Finding(Flaw.UNREACHABLE, words, (rule.id,))

        # The case passes a row of the rule itself, so some rule takes it.
        taken_by = self.rows.first_rule(self.cover.live(case)) or 0
        above = self.table.rules[taken_by].id
        words = (
            f"{rule.id} never decides: the rules above cover all its cases; {above} takes this one."
        )
        witness = self.cover.given(case)
        return Finding(Flaw.UNREACHABLE, words, (rule.id, above), witness=witness)

    def _case_of_some(self, numbers: list[int]) -> list[int] | None:
        """A case that the first of the numbered rows accepts which accepts any."""
        for number in numbers:
            case = self._any_case(self.boxes[number])
            if case:
                return case
        return None

    def _any_case(self, box: Box) -> list[int] | None:
        """Some case of a box that derived facts allow; of a box too hard to search, its first one."""
        if not holds_cases(box):
            return None
        if not self.rows.contradictions:
            return first_case(box)
        try:
            return self._reachable(box, 0)
        except Undecided:
            return first_case(box)

    def _idle_rows(self, rule_id: str, numbers: list[int]) -> Iterator[Finding]:
        for place, number in enumerate(numbers, start=1):
            if number in self.undecided:
                words = (
                    f"Whether alternative {place} of {rule_id} ever decides could not be decided."
                )
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
        if not above:
            return
        ids = [self.table.rules[other].id for other in above]
        words = f"{rule.id} is partly masked by {', '.join(ids)}; this case goes to a rule above."
        witness = self._common_case(numbers, min(above))
        yield Finding(Flaw.PARTLY_MASKED, words, (rule.id, *ids), witness=witness)

    def overlaps(self) -> Iterator[Finding]:
        """Under ``unique``: cases that two rules cover."""
        if not self._unique:
            return
        for index, rule in enumerate(self.table.rules):
            numbers = self.numbers[index]
            for other in self._owners(numbers, self._rows_before(index)):
                above = self.table.rules[other].id
                words = f"{above} and {rule.id} both cover this case."
                witness = self._common_case(numbers, other)
                yield Finding(Flaw.OVERLAP, words, (above, rule.id), witness=witness)

    def _rows_before(self, index: int) -> int:
        return below_lowest(self.rows.rows_of[index])

    def _owners(self, numbers: list[int], rows: int) -> list[int]:
        """The rules of those rows that share a case with one of the numbered rows."""
        shared = 0
        for number in numbers:
            box = self.boxes[number]
            if holds_cases(box):
                shared |= self.cover.touching(box) & rows

        # Without derived facts every case of two boxes that meet can be; with them it has to be looked for.
        if not self.rows.contradictions:
            return list(self.rows.rules_with(shared))
        owners: list[int] = []
        for row in each(shared):
            owner = self.rows.rule_of[lowest_place(row)]
            if owner not in owners and self._shares_case(numbers, row):
                owners.append(owner)
        return owners

    def _shares_case(self, numbers: list[int], row: int) -> bool:
        """Whether a row and one of the numbered rows accept a case that derived facts allow."""
        other = self.boxes[lowest_place(row)]
        for number in numbers:
            common = self.cover.common(self.boxes[number], other)
            if self._holds_reachable(common):
                return True
        return False

    def _holds_reachable(self, box: Box) -> bool:
        """Whether derived facts allow some case of a box; surely, if it leaves them free."""
        whole = self.cover.everything
        for key in self.rows.derivations:
            place = self.fact_places[key]
            if box[place].places != whole[place].places:
                return self._any_case(box) is not None
        return holds_cases(box)

    def _common_case(self, numbers: list[int], other: int) -> Facts:
        """A case that one of the numbered rows and a row of the other rule accept."""
        for own, others in product(numbers, self.numbers[other]):
            case = self._any_case(self.cover.common(self.boxes[own], self.boxes[others]))
            if case is not None:
                return self.cover.given(case)
        raise LookupError("The two rules have no case in common.")

    def cells(self) -> Iterator[Finding]:
        """Cells without which the table would decide every case by the same rule."""
        for number, case in self.cases.items():
            index = self.rows.rule_of[number]
            rule = self.table.rules[index]

            # A case that fails the cell alone must not be taken by these, or the cell changes nothing for it.
            rows = self.rows.rows_of[index] | self.rows.contradictions
            if not self._unique:
                rows |= self._rows_before(index)

            for cell in self.rows.rows[number]:
                try:
                    tells = self._tells(number, self.fact_places[cell.fact], case, rows)
                except Undecided:
                    self.unsure.add(cell.fact)
                    yield self._of_cell(rule, cell, Flaw.UNDECIDED)
                    continue

                if tells:
                    self.telling.add(cell.fact)
                is_guard = cell.fact in rule.guards
                if tells and is_guard:
                    yield self._of_cell(rule, cell, Flaw.TELLING_GUARD)
                if not tells and not is_guard:
                    yield self._of_cell(rule, cell, Flaw.IDLE_CELL)

    def _of_cell(self, rule: Rule, cell: Cell, flaw: Flaw) -> Finding:
        definition = self.table.fact_by_key[cell.fact]
        place = f"{rule.id}, {definition.label}"
        condition = in_words(definition, cell)
        match flaw:
            case Flaw.TELLING_GUARD:
                words = f"{place}: “{condition}” is marked as a guard, but it tests something."
            case Flaw.IDLE_CELL:
                words = f"{place}: “{condition}” tests nothing; no other answer gets there."
            case _:
                words = f"{place}: whether “{condition}” tests anything could not be decided."
        return Finding(flaw, words, (rule.id,), cell.fact)

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
        whole = self.whole[fact].places
        failing = [place for place in whole if place not in passing]
        return with_allowed(box, fact, self.cover.allowed(fact, failing))

    def facts(self) -> Iterator[Finding]:
        """Facts whose answer never changes an outcome."""
        tested = tested_facts(self.rows.rows)
        inputs: set[str] = set()
        for fact in self.table.derived:
            inputs.update(fact.inputs)
        alike: set[str] = set()
        for group in self.table.groups:
            alike.update(group.alike)
        asked = self._asked() if inputs else set()

        for place, definition in enumerate(self.table.facts):
            key = definition.key
            if definition.derived and key in alike:
                # It tells which rows of a group are one service.
                continue
            if key not in tested and key not in inputs:
                words = f"{definition.label}: no rule asks for it."
                yield Finding(Flaw.IDLE_FACT, words, fact=key)
            elif key in inputs:
                # Its cells stand in another table than the rules: the diagram knows what comes of its answers.
                yield from self._idle_input(definition, asked)
            elif key not in self.telling:
                yield from self._idle_unless_for_a_modifier(place, definition)

    def _asked(self) -> set[str] | None:
        """The facts that some outcome hangs on, and those that such facts are derived from; None if undecided."""
        root = diagram_of(self.table).root
        if root is None:
            return None
        return set(open_facts(self.table, root))

    def _idle_input(self, definition: FactDefinition, asked: set[str] | None) -> Iterator[Finding]:
        if definition.derived:
            return
        if asked is None:
            yield _may_matter(definition)
        elif definition.key not in asked:
            yield _never_matters(definition)

    def _idle_unless_for_a_modifier(
        self, place: int, definition: FactDefinition
    ) -> Iterator[Finding]:
        try:
            if self._decides_modifier(place):
                return
        except Undecided:
            self.unsure.add(definition.key)
        # The cells of a row that may never decide were not looked at.
        if self.undecided or definition.key in self.unsure:
            yield _may_matter(definition)
        else:
            yield _never_matters(definition)

    def _decides_modifier(self, fact: int) -> bool:
        """Whether, in some case with a code, only this fact's answer keeps a modifier away."""
        code_rows = [number for number in self.cases if 1 << number & self.rows.code_rows]
        first_of_modifiers = len(self.rows.rule_of)
        for number in range(first_of_modifiers, len(self.boxes)):
            without = self._failing(number, fact)
            same = self._rows_bringing(self.rows.modifier_of[1 << number])
            for code_row in code_rows:
                box = self.cover.common(self.boxes[code_row], without)
                if self._reachable(box, below(code_row) | same) is not None:
                    return True
        return False

    def _rows_bringing(self, modifier: str | Line) -> int:
        rows = 0
        for row, brought in self.rows.modifier_of.items():
            if brought == modifier:
                rows |= row
        return rows


def _never_matters(definition: FactDefinition) -> Finding:
    words = f"{definition.label}: its answer never changes the outcome."
    return Finding(Flaw.IDLE_FACT, words, fact=definition.key)


def _may_matter(definition: FactDefinition) -> Finding:
    words = f"{definition.label}: whether its answer matters is undecided."
    return Finding(Flaw.UNDECIDED, words, fact=definition.key)
