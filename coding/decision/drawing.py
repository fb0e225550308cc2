"""Drawing a diagram: facts are branched on in order, and equal sets of live rows are gone into once."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from coding.decision.compiled import AnswerClass, CompiledFact
from coding.decision.errors import Entangled

LIMIT = 30_000
Drawn = TypeVar("Drawn")


class Drawing(Generic[Drawn]):
    """One diagram in the making.

    ``ways`` are the answer classes of each fact that may still be given; ``pruned`` takes away live rows that can
    no longer matter, given the rows with a test still open; ``terminal`` and ``branch`` make the nodes.
    """

    def __init__(
        self,
        facts: Sequence[CompiledFact],
        ways: Sequence[tuple[AnswerClass, ...]],
        pruned: Callable[[int, int], int],
        terminal: Callable[[int], Drawn],
        branch: Callable[[int, Sequence[tuple[AnswerClass, Drawn]]], Drawn],
    ) -> None:
        self.ways = ways
        self.pruned = pruned
        self.terminal = terminal
        self.branch = branch
        self.tested = [fact.tested for fact in facts]
        self.pending = [0]
        for tested in reversed(self.tested):
            self.pending.append(self.pending[-1] | tested)
        self.pending.reverse()
        self.drawn: dict[tuple[int, int], Drawn] = {}

    def node(self, index: int, live: int) -> Drawn:
        """The node before a fact, with the rows that can still apply. Raises ``Entangled`` beyond ``LIMIT`` steps."""
        live = self.pruned(live, self.pending[index])
        if not live & self.pending[index]:
            return self.terminal(live)
        while not live & self.tested[index]:
            index += 1
        known = self.drawn.get((index, live))
        if known is None:
            if len(self.drawn) >= LIMIT:
                raise Entangled("The rules have too many combinations to tell them all apart.")
            known = self.drawn[index, live] = self._branch(index, live)
        return known

    def _branch(self, index: int, live: int) -> Drawn:
        nodes: dict[int, Drawn] = {}
        for group in self.ways[index]:
            left = live & group.passing
            if left not in nodes:
                nodes[left] = self.node(index + 1, left)
        return self.branch(index, [(group, nodes[live & group.passing]) for group in self.ways[index]])
