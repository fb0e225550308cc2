"""Drawing a diagram: facts are branched on in order, and equal sets of live rows are gone into once.

A derived fact makes no branch: at its place, behind its inputs, the one class of answers is taken that leaves none of
its contradictions alive. They are live rows like others until then, kept while a row tests the fact; of those that
ask for the same from a place on, the first stands for all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from coding.decision.bits import each, lowest, lowest_place
from coding.decision.cells import Row
from coding.decision.compiled import Settling
from coding.decision.compiled_facts import AnswerClass, CompiledFact, pending_rows
from coding.decision.errors import Entangled

LIMIT = 30_000
Drawn = TypeVar("Drawn")
Settlings = Mapping[int, tuple[Settling, ...]]


class Drawing(Generic[Drawn]):
    """One diagram in the making.

    ``ways`` are the answer classes of each fact that may still be given; ``pruned`` takes away live rows that can
    no longer matter, given the rows with a test still open; ``terminal`` and ``branch`` make the nodes. ``settlings``
    says at which places which contradictions, of ``rows``, tell a derived value.
    """

    def __init__(
        self,
        facts: Sequence[CompiledFact],
        ways: Sequence[tuple[AnswerClass, ...]],
        pruned: Callable[[int, int], int],
        terminal: Callable[[int], Drawn],
        branch: Callable[[int, Sequence[tuple[AnswerClass, Drawn]]], Drawn],
        settled: "Settled | None" = None,
    ) -> None:
        self.ways = ways
        self.pruned = pruned
        self.terminal = terminal
        self.branch = branch
        self.settled = settled
        self.tested = [fact.tested for fact in facts]
        self.pending = pending_rows(facts)
        self.drawn: dict[tuple[int, int], Drawn] = {}

    def node(self, index: int, live: int) -> Drawn:
        """The node before a fact, with the rows that can still apply. Raises ``Entangled`` beyond ``LIMIT`` steps."""
        live = self.pruned(live, self.pending[index])
        if self.settled:
            live = self.settled.pruned(index, live)
        if not live & self.pending[index]:
            return self.terminal(live)
        # A fact that no live row tests makes no branch.
        while not live & self.tested[index]:
            index += 1

        drawn = self.drawn.get((index, live))
        if drawn is None:
            if len(self.drawn) >= LIMIT:
                raise Entangled("The rules have too many combinations to tell them all apart.")
            drawn = self.drawn[index, live] = self._branch(index, live)
        return drawn

    def _branch(self, index: int, live: int) -> Drawn:
        ways = self.ways[index]
        if self.settled and index in self.settled.settlings:
            return self.node(index + 1, self.settled.left(index, live, ways))
        # Answers that leave the same rows alive lead to one node.
        nodes: dict[int, Drawn] = {}
        for group in ways:
            left = live & group.passing
            if left not in nodes:
                nodes[left] = self.node(index + 1, left)
        return self.branch(index, [(group, nodes[live & group.passing]) for group in ways])


class Settled:
    """The derived facts of a drawing: their places, and the contradictions that tell their values."""

    def __init__(
        self, facts: Sequence[CompiledFact], rows: Sequence[Row], settlings: Settlings
    ) -> None:
        self.rows = rows
        self.settlings = settlings
        self.places = {fact.key: place for place, fact in enumerate(facts)}
        # By derived fact and side: the rows that ask for the value, and the contradictions that tell it.
        self.readers: list[tuple[int, int]] = []
        self.contradictions = 0
        # Backwards: the contradictions of a later fact may test an earlier one.
        for place in sorted(settlings, reverse=True):
            for settling in settlings[place]:
                readers = facts[place].tested & settling.readers & ~settling.contradictions
                self.readers.append((readers, settling.contradictions))
                self.contradictions |= settling.contradictions
        self.equals: dict[int, list[int]] = {}
        self.first_of_equals: dict[tuple[int, int], int] = {}

    def pruned(self, index: int, live: int) -> int:
        """The live rows without contradictions that nothing reads any more, or that say what another says."""
        for readers, contradictions in self.readers:
            if live & contradictions and not live & readers:
                live &= ~contradictions
        own = live & self.contradictions
        if not own:
            return live
        known = (index, own)
        first = self.first_of_equals.get(known)
        if first is None:
            first = self.first_of_equals[known] = self._firsts(index, own)
        return (live & ~own) | first

    def _firsts(self, index: int, contradictions: int) -> int:
        """Of contradictions that are equal from a place on, the first of each."""
        if index not in self.equals:
            self.equals[index] = self._equals(index)
        firsts = contradictions
        for alike in self.equals[index]:
            own = contradictions & alike
            others = own & ~lowest(own)
            firsts &= ~others
        return firsts

    def _equals(self, index: int) -> list[int]:
        """The sets of contradictions that are equal from a place on."""
        alike: dict[tuple[object, ...], int] = {}
        for number, (_, contradictions) in enumerate(self.readers):
            for row in each(contradictions):
                cells = self.rows[lowest_place(row)]
                left = tuple(cell for cell in cells if self.places[cell.fact] >= index)
                key = (number, *left)
                alike[key] = alike.get(key, 0) | row
        return [rows for rows in alike.values() if rows.bit_count() > 1]

    def left(self, index: int, live: int, ways: Sequence[AnswerClass]) -> int:
        """The rows left alive by the value that the contradictions leave: each reader is settled by its own."""
        left = 0
        for settling in self.settlings[index]:
            own = live & settling.contradictions
            value = next(group for group in ways if not own & group.passing)
            left |= live & settling.readers & value.passing
        return left
