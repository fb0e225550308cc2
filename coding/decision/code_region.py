"""Exactly which answers end in a code: what every case of it has, whether that is enough, and the ways to it if not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from coding.decision.cells import Row
from coding.decision.compiled_facts import AnswerClass, answers_of
from coding.decision.diagram import Branch, Node, Terminal, diagram_of
from coding.decision.facts import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    Facts,
    FactValue,
    Known,
)
from coding.decision.table import RuleTable

MOST_WAYS = 12
# So many answers are listed though all that are documented would do.
FEW = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact, the answers to it that a code takes, and the same in words."""

    fact: FactDefinition
    answers: tuple[FactValue, ...]
    words: str

    @property
    def must_be_documented(self) -> bool:
        """Whether silence of the note does not do."""
        return NOT_DOCUMENTED not in self.answers


@dataclass(frozen=True, slots=True)
class CodeRegion:
    """What every case of a code has. If it is ``exact``, whatever has all that is a case of the code.

    Otherwise ``ways`` are the first of the ways to the code, each with what it asks beyond; ``count`` tells them all.
    ``case`` is one case of the code.
    """

    code: str
    always: tuple[Asked, ...]
    exact: bool
    ways: tuple[tuple[Asked, ...], ...]
    count: int
    case: Facts

    def leaves_open(self, row: Row) -> bool:
        """Whether each cell of a row accepts one of the answers that a case of the code can have."""
        taken = {asked.fact.key: asked.answers for asked in self.always}
        for cell in row:
            if cell.fact in taken and not any(map(cell.test.accepts, taken[cell.fact])):
                return False
        return True


@dataclass(frozen=True, eq=False, slots=True)
class _Place:
    """A node of that diagram; an end has no ways. Equal ones are one object."""

    index: int
    ways: "tuple[tuple[AnswerClass, _Place], ...]" = ()


@lru_cache(maxsize=512)
def code_region(table: RuleTable, code: str) -> CodeRegion | None:
    """The region of a code; None if no answers reach it. Raises ``Entangled`` for a table that cannot be drawn."""
    return _Regions(table, code).region()


class _Regions:
    """The region of one code, by the table's diagram with two ends: the code, and all else."""

    def __init__(self, table: RuleTable, code: str) -> None:
        self.code = code
        self.diagram = diagram_of(table)
        self.facts = [fact.definition for fact in self.diagram.facts]
        self.classes = [fact.classes for fact in self.diagram.facts]
        self.end = len(self.facts)
        self.yes, self.no = _Place(self.end), _Place(self.end)
        self.shared: dict[tuple[object, ...], _Place] = {}
        self.seen: dict[Node, _Place] = {}
        self.counted: dict[_Place, int] = {}

    def region(self) -> CodeRegion | None:
        root = self._place(self.diagram.below({}))
        if root is self.no:
            return None

        taken = self._taken(root)
        always = []
        for index, groups in enumerate(taken):
            if len(groups) < len(self.classes[index]):
                always.append(self._asked(index, groups))

        ways: tuple[tuple[Asked, ...], ...] = ()
        count = 1
        exact = not self._leaves(root, taken, set())
        if not exact:
            ways = tuple(islice(self._ways(root, taken, ()), MOST_WAYS))
            count = self._count(root)
        return CodeRegion(self.code, tuple(always), exact, ways, count, self._case())

    def _place(self, node: Node) -> _Place:
        if isinstance(node, Terminal):
            is_the_code = node.outcome is not None and node.outcome.code == self.code
            return self.yes if is_the_code else self.no
        if node not in self.seen:
            self.seen[node] = self._branch(node)
        return self.seen[node]

    def _branch(self, node: Branch) -> _Place:
        ways = tuple((group, self._place(child)) for group, child in node.ways)
        first = ways[0][1]
        if all(place is first for _, place in ways):
            return first
        key = (node.index, *(place for _, place in ways))
        return self.shared.setdefault(key, _Place(node.index, ways))

    def _taken(self, root: _Place) -> list[set[AnswerClass]]:
        """By fact the classes of answers with which some way leads to the code."""
        taken: list[set[AnswerClass]] = [set() for _ in self.facts]
        self._take_all(taken, range(root.index))
        waiting, seen = [root], {root}
        while waiting:
            place = waiting.pop()
            for group, child in place.ways:
                if child is self.no:
                    continue
                taken[place.index].add(group)
                self._take_all(taken, range(place.index + 1, child.index))
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
        return taken

    def _take_all(self, taken: list[set[AnswerClass]], skipped: range) -> None:
        """Of facts that a way does not ask for, any answer does."""
        for index in skipped:
            taken[index].update(self.classes[index])

    def _leaves(self, place: _Place, taken: Sequence[set[AnswerClass]], seen: set[_Place]) -> bool:
        """Whether answers that are all taken lead to another end."""
        if place is self.no:
            return True
        if place in seen:
            return False
        seen.add(place)
        ways_taken = [child for group, child in place.ways if group in taken[place.index]]
        return any(self._leaves(child, taken, seen) for child in ways_taken)

    def _count(self, place: _Place) -> int:
        if not place.ways:
            return int(place is self.yes)
        if place not in self.counted:
            children = {child for _, child in place.ways}
            self.counted[place] = sum(map(self._count, children))
        return self.counted[place]

    def _ways(
        self, place: _Place, taken: Sequence[set[AnswerClass]], path: tuple[Asked, ...]
    ) -> Iterator[tuple[Asked, ...]]:
        if place is self.yes:
            yield path

        groups_by_child: dict[_Place, set[AnswerClass]] = {}
        for group, child in place.ways:
            if child is not self.no:
                groups_by_child.setdefault(child, set()).add(group)

        for child, groups in groups_by_child.items():
            further = path
            # What every way to the code has is told once, under “always”.
            if groups != taken[place.index]:
                further = (*path, self._asked(place.index, groups))
            yield from self._ways(child, taken, further)

    def _asked(self, index: int, groups: set[AnswerClass]) -> Asked:
        fact = self.facts[index]
        answers = answers_of(group for group in self.classes[index] if group in groups)
        others = answers_of(group for group in self.classes[index] if group not in groups)
        return Asked(fact, answers, _in_words(fact, answers, others))

    def _case(self) -> Facts:
        node = self.diagram.below({})
        case: dict[str, FactValue] = {}
        while isinstance(node, Branch):
            reaching = [way for way in node.ways if self._place(way[1]) is not self.no]
            # A documented answer makes the plainer case; silence only where the code asks for it.
            documented = [way for way in reaching if way[0].documented]
            group, child = (documented or reaching)[0]
            known = [answer for answer in group.answers if isinstance(answer, Known)]
            case[node.key] = (known or group.answers)[0]
            node = child
        return case


def _in_words(
    fact: FactDefinition, answers: Sequence[FactValue], others: Sequence[FactValue]
) -> str:
    if others == (CONFLICTING,):
        return "whatever it is, or not documented; only not documented two ways"
    if set(others) == {NOT_DOCUMENTED, CONFLICTING}:
        if len(answers) <= FEW:
            return " or ".join(map(fact.describe, answers))
        return "whatever it is, if it is documented"
    return fact.describe_any(answers)
