"""Derived facts: what their own tables come down to, and the values that answers give them.

A derived fact has its value from the first line of its table of which a row applies. If a cell names a silence of an
input, both its silences are answers like any other. Otherwise silence is carried: the value is settled if all
documented answers of the carried inputs give one; else it is *conflicting* if an input that is documented two ways
still decides it, else *not documented*.

Such a table becomes **effective rows**: disjoint, silences resolved, for every combination of inputs one with its
value. Each makes a **contradiction**, a row that never applies: "inputs so, and the derived value another than this".
So every search and every drawing goes over reachable combinations alone, and asks for nothing new.

Cost: a step for each distinct state of the table's small diagram. Beyond ``LIMIT`` rows or states it is given up with
``Entangled``; a table that asks so much is better split into a chain of two.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from coding.decision.bits import below, lowest_place, up_to_lowest
from coding.decision.cells import Among, Cell, In, Row
from coding.decision.compiled_facts import AnswerClass, compiled_facts, pending_rows
from coding.decision.errors import Entangled
from coding.decision.facts import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    FactDefinition,
    FactValue,
    Known,
)
from coding.decision.table import HitPolicy, OutcomeKind, Rule, RuleTable

LIMIT = 4_096


@dataclass(frozen=True, slots=True)
class EffectiveRow:
    """What the inputs are, and the value that they give."""

    inputs: Row
    value: FactValue

    def contradiction(self, key: str) -> Row:
        """The row of these inputs and any other value."""
        return (*self.inputs, Cell(key, Among(frozenset({self.value}), negated=True)))


@dataclass(frozen=True, eq=False, slots=True)
class _Fork:
    """An input by its place, the diagrams behind its answers, the inputs asked from here on and the values reached."""

    place: int
    ways: "tuple[_Diagram, ...]"
    asked: frozenset[int]
    values: frozenset[FactValue]


# A diagram is the value of an end, None in a gap, or a fork. Equal forks are one object.
_Diagram = _Fork | FactValue | None


def silence_is_named(fact: FactDefinition, key: str) -> bool:
    """Whether a cell of the derived fact's table names a silence of an input."""
    for line in fact.derived:
        for row in line.rows:
            for cell in row:
                if cell.fact == key and isinstance(cell.test, In) and cell.test.silences:
                    return True
    return False


def own_table(table: RuleTable, fact: FactDefinition) -> RuleTable:
    """The table of a derived fact as a rule table of its own, a rule a line, over its inputs as if they were asked."""
    lines = [
        Rule(f"line {number}", "", line.rows, OutcomeKind.NO_FAMILY_CODE, "", "", "")
        for number, line in enumerate(fact.derived, start=1)
    ]
    inputs = tuple(replace(own, derived=()) for own in inputs_of(table, fact))
    return replace(
        table,
        facts=inputs,
        hit_policy=HitPolicy.FIRST,
        rules=tuple(lines),
        modifiers=(),
        diagnoses=(),
        lines=(),
    )


def inputs_of(table: RuleTable, fact: FactDefinition) -> list[FactDefinition]:
    """The facts that a derived fact's table tests, in the order of the facts."""
    keys = set(fact.inputs)
    return [own for own in table.facts if own.key in keys]


def effective_rows(
    fact: FactDefinition, inputs: Sequence[FactDefinition]
) -> tuple[EffectiveRow, ...]:
    """The effective rows of a derived fact; ``inputs`` are the facts that it tests, in the table's order.

    Raises ``Entangled`` for a table of too many combinations.
    """
    return tuple(_Effective(fact, inputs).rows())


class _Effective:
    """The table of one derived fact."""

    def __init__(self, fact: FactDefinition, inputs: Sequence[FactDefinition]) -> None:
        self.fact = fact

        # The rows of all lines, numbered through, and the value that each gives.
        table_rows: list[Row] = []
        self.values: list[FactValue] = []
        for line in fact.derived:
            table_rows += line.rows
            self.values += [line.value] * len(line.rows)
        self.everything = below(len(table_rows))

        self.inputs = compiled_facts(inputs, table_rows)
        self.pending = pending_rows(self.inputs)
        # Of an input whose silences no cell names, silence is no answer like others: it is carried.
        self.carried = [not silence_is_named(fact, own.key) for own in self.inputs]
        self.groups = [self._groups(place) for place in range(len(inputs))]

        # What was made already: forks, the table's diagrams, and those with carried silences.
        self.forks: dict[tuple[int, tuple[_Diagram, ...]], _Fork] = {}
        self.drawn: dict[tuple[int, int], _Diagram] = {}
        self.states: dict[Hashable, _Diagram] = {}

    def _groups(self, place: int) -> list[AnswerClass]:
        """The answers to an input that the table tells apart, without silences that are carried."""
        classes = self.inputs[place].classes
        if not self.carried[place]:
            return list(classes)

        groups = []
        for group in classes:
            documented = tuple(answer for answer in group.answers if isinstance(answer, Known))
            if documented:
                groups.append(AnswerClass(documented, group.passing))
        return groups

    def rows(self) -> Iterator[EffectiveRow]:
        """The ways through the diagram of the effective values, each as a row."""
        of_documented = self._drawn(0, self.everything)
        root = self._effective(0, of_documented, frozenset())
        for count, (cells, value) in enumerate(self._ways(root), start=1):
            if count > LIMIT:
                raise self._too_many()
            yield EffectiveRow(cells, value)

    def _too_many(self) -> Entangled:
        return Entangled(
            f"The table of {self.fact.key} tells too many combinations apart. Split it into a chain."
        )

    def _drawn(self, place: int, live: int) -> _Diagram:
        """The value by the answers from a place on, carried silences left out."""
        certain = live & ~self.pending[place]
        if certain:
            live &= up_to_lowest(certain)
        if not live:
            return None
        if not live & self.pending[place]:
            return self.values[lowest_place(live)]

        known = (place, live)
        if known not in self.drawn:
            if len(self.drawn) >= LIMIT:
                raise self._too_many()
            ways = [self._drawn(place + 1, live & group.passing) for group in self.groups[place]]
            self.drawn[known] = self._fork(place, tuple(ways))
        return self.drawn[known]

    def _effective(self, place: int, diagram: _Diagram, conflicting: frozenset[int]) -> _Diagram:
        """The value by all answers from a place on, silences included.

        What ``diagram`` still asks before the place are carried inputs that are silent; of these, ``conflicting`` are
        documented two ways.
        """
        asked = _asked(diagram)
        only_silent_ones = all(other < place for other in asked)
        if only_silent_ones:
            return _resolved(diagram, conflicting)

        # One that is not asked any more decides nothing, whatever is documented of it.
        still_asked = conflicting & asked
        state = (place, diagram, still_asked)
        if state not in self.states:
            if len(self.states) >= LIMIT:
                raise self._too_many()
            self.states[state] = self._effective_fork(place, diagram, still_asked)
        return self.states[state]

    def _effective_fork(
        self, place: int, diagram: _Diagram, conflicting: frozenset[int]
    ) -> _Diagram:
        ways = []
        for way in range(len(self.groups[place])):
            answered = self._restricted(diagram, place, way)
            ways.append(self._effective(place + 1, answered, conflicting))
        if self.carried[place]:
            # Not documented, then documented two ways.
            ways.append(self._effective(place + 1, diagram, conflicting))
            ways.append(self._effective(place + 1, diagram, conflicting | {place}))
        return self._fork(place, tuple(ways))

    def _restricted(self, diagram: _Diagram, place: int, way: int) -> _Diagram:
        """What is left of a diagram when one input is answered."""
        if not isinstance(diagram, _Fork) or diagram.place > place:
            return diagram
        if diagram.place == place:
            return diagram.ways[way]
        ways = tuple(self._restricted(behind, place, way) for behind in diagram.ways)
        return self._fork(diagram.place, ways)

    def _fork(self, place: int, ways: tuple[_Diagram, ...]) -> _Diagram:
        """The diagram with these ways; the one that they all lead to, if they do."""
        if all(way == ways[0] for way in ways):
            return ways[0]
        fork = self.forks.get((place, ways))
        if fork is None:
            asked = frozenset({place}).union(*map(_asked, ways))
            values = frozenset[FactValue]().union(*map(_values, ways))
            fork = self.forks[place, ways] = _Fork(place, ways, asked, values)
        return fork

    def _ways(self, diagram: _Diagram) -> Iterator[tuple[Row, FactValue]]:
        if not isinstance(diagram, _Fork):
            # A gap is a defect that is reported by itself; its value has to be some.
            value = NOT_DOCUMENTED if diagram is None else diagram
            yield (), value
            return
        for behind in dict.fromkeys(diagram.ways):
            answers = self._answers(diagram, behind)
            cell = Cell(self.inputs[diagram.place].key, Among(answers))
            for cells, value in self._ways(behind):
                yield (cell, *cells), value

    def _answers(self, fork: _Fork, behind: _Diagram) -> frozenset[FactValue]:
        """The answers behind which a diagram lies; numbers as bands that do not touch."""
        alike = [group.answers for group in self.groups[fork.place]]
        if self.carried[fork.place]:
            # In the order in which ``_effective_fork`` puts their ways.
            alike += [(NOT_DOCUMENTED,), (CONFLICTING,)]

        bands: list[Band] = []
        others: list[FactValue] = []
        for answers, way in zip(alike, fork.ways, strict=True):
            if way != behind:
                continue
            for answer in answers:
                if isinstance(answer, Known) and isinstance(answer.value, Band):
                    bands.append(answer.value)
                else:
                    others.append(answer)
        return frozenset([*others, *map(Known, _joined(bands))])


def _asked(diagram: _Diagram) -> frozenset[int]:
    return diagram.asked if isinstance(diagram, _Fork) else frozenset()


def _values(diagram: _Diagram) -> frozenset[FactValue]:
    if isinstance(diagram, _Fork):
        return diagram.values
    if diagram is None:
        return frozenset()
    return frozenset({diagram})


def _resolved(diagram: _Diagram, conflicting: frozenset[int]) -> FactValue | None:
    """The value when every input that is left is silent; ``conflicting`` are those that are documented two ways."""
    if not isinstance(diagram, _Fork):
        return diagram
    if len(diagram.values) == 1:
        return next(iter(diagram.values))
    return CONFLICTING if diagram.asked & conflicting else NOT_DOCUMENTED


def _joined(bands: Sequence[Band]) -> list[Band]:
    """Bands in order, those that touch made one."""
    joined: list[Band] = []
    for band in sorted(bands, key=_beginning):
        last = joined[-1] if joined else None
        if last is not None and last.high is not None and band.low == last.high + 1:
            joined[-1] = Band(last.low, band.high)
        else:
            joined.append(band)
    return joined


def _beginning(band: Band) -> tuple[bool, int]:
    """Where a band begins, an open beginning before all others."""
    return band.low is not None, band.low or 0
