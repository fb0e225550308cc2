"""Contrast two codes: the fewest answers in which a case of one must differ from a case of the other."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from coding.decision.applying import rows_behind
from coding.decision.complete import complete
from coding.decision.decide import decide
from coding.decision.diagram import Branch, Node, Terminal, diagram_of
from coding.decision.errors import DecisionError
from coding.decision.explain import in_words
from coding.decision.facts import FactDefinition, Facts, FactValue
from coding.decision.outcomes import Decision
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact in which the codes differ, what each asks for, and what comes of changing this answer alone."""

    fact: str
    label: str
    first: str
    second: str
    alone: Decision | None


class Pair(NamedTuple):
    """A case of each of the two codes."""

    first: Facts
    second: Facts


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two codes, the differences between their nearest cases, and that pair of cases."""

    codes: tuple[str, str]
    differences: tuple[Difference, ...]
    cases: Pair


@lru_cache(maxsize=2048)
def contrast(table: RuleTable, first: str, second: str) -> Contrast | None:
    """How two codes differ; None if one of them is never reached.

    The nearest pair of cases is found by going through the diagram along two ways at once, where a fact answered
    alike costs nothing and one answered differently costs one: exact, one step for each pair of nodes. Kept, as the
    same pairs are asked for again and again.
    """
    nearest = _Nearest(table, first, second).pair()
    if nearest is None:
        return None
    differences = []
    for fact in table.facts:
        if nearest.first.get(fact.key) != nearest.second.get(fact.key):
            differences.append(_difference(table, fact, nearest))
    return Contrast((first, second), tuple(differences), nearest)


def _difference(table: RuleTable, fact: FactDefinition, cases: Pair) -> Difference:
    only_this_changed = {**cases.first, fact.key: cases.second[fact.key]}
    return Difference(
        fact=fact.key,
        label=fact.label,
        first=_asked(table, fact, cases.first),
        second=_asked(table, fact, cases.second),
        alone=_decision(table, only_this_changed),
    )


def _decision(table: RuleTable, facts: Facts) -> Decision | None:
    """The decision; None for a case in which the table is defective."""
    try:
        return decide(table, facts)
    except DecisionError:
        return None


def _asked(table: RuleTable, fact: FactDefinition, case: Facts) -> str:
    """What the deciding rule asks of a fact; where it asks nothing, the answer of the case."""
    rule = table.rule_by_id[decide(table, case).rule_id or ""]
    asked: list[str] = []
    for row in rows_behind(rule, complete(table, case)):
        cells = {cell.fact: cell for cell in row}
        if fact.key not in cells:
            return fact.describe(case[fact.key])
        asked.append(in_words(fact, cells[fact.key]))
    return " or ".join(dict.fromkeys(asked))


class Step(NamedTuple):
    """A fact, by its place, and the answers that the two cases give to it."""

    fact: int
    first: FactValue
    second: FactValue


Path = tuple[Step, ...]


class _Nearest:
    """The search for the nearest pair of cases of two codes."""

    def __init__(self, table: RuleTable, first: str, second: str) -> None:
        self.diagram = diagram_of(table)
        self.codes = (first, second)
        self.reaching: dict[tuple[Node, str], bool] = {}

    def pair(self) -> Pair | None:
        """Two cases, answered alike where nothing asks for a difference."""
        root = self.diagram.below({})
        # Nearer pairs of nodes stand before farther ones: a step that costs nothing goes to the front.
        waiting: deque[tuple[Node, Node, Path]] = deque([(root, root, ())])
        seen: set[tuple[Node, Node]] = set()
        while waiting:
            left, right, path = waiting.popleft()
            if (left, right) in seen or not self._both_reach(left, right):
                continue
            seen.add((left, right))
            if isinstance(left, Terminal) and isinstance(right, Terminal):
                return self._cases(path)
            for next_left, next_right, step in self._steps(left, right):
                entry = (next_left, next_right, (*path, step))
                if step.first == step.second:
                    waiting.appendleft(entry)
                else:
                    waiting.append(entry)
        return None

    def _steps(self, left: Node, right: Node) -> Iterator[tuple[Node, Node, Step]]:
        """The pairs of nodes behind the next fact: answered alike, then answered differently."""
        index = min(node.index for node in (left, right) if isinstance(node, Branch))
        answers = [group.answers[0] for group in self.diagram.facts[index].classes]
        lefts = _behind(left, index, len(answers))
        rights = _behind(right, index, len(answers))

        # Of answers that lead to the same pair of nodes, the last stands for all.
        alike: dict[tuple[Node, Node], FactValue] = {}
        for next_left, next_right, answer in zip(lefts, rights, answers, strict=True):
            alike[next_left, next_right] = answer
        for (next_left, next_right), answer in alike.items():
            yield next_left, next_right, Step(index, answer, answer)

        for (next_left, own), (next_right, others) in product(_places(lefts), _places(rights)):
            different = _first_different(own, others)
            if different is not None:
                place, other_place = different
                yield next_left, next_right, Step(index, answers[place], answers[other_place])

    def _both_reach(self, left: Node, right: Node) -> bool:
        return self._reach(left, self.codes[0]) and self._reach(right, self.codes[1])

    def _reach(self, node: Node, code: str) -> bool:
        if isinstance(node, Terminal):
            return node.outcome is not None and node.outcome.code == code
        key = (node, code)
        if key not in self.reaching:
            self.reaching[key] = any(self._reach(child, code) for _, child in node.ways)
        return self.reaching[key]

    def _cases(self, path: Path) -> Pair:
        facts = self.diagram.facts
        return Pair(
            first={facts[step.fact].key: step.first for step in path},
            second={facts[step.fact].key: step.second for step in path},
        )


def _behind(node: Node, index: int, count: int) -> list[Node]:
    """The nodes behind each class of answers to a fact, which a node further down does not ask for."""
    is_asked = isinstance(node, Branch) and node.index == index
    if not is_asked:
        return [node] * count
    return [child for _, child in node.ways]


def _places(nodes: Sequence[Node]) -> list[tuple[Node, list[int]]]:
    """The distinct nodes, each with the places where it stands."""
    places: dict[Node, list[int]] = {}
    for place, node in enumerate(nodes):
        places.setdefault(node, []).append(place)
    return list(places.items())


def _first_different(places: Sequence[int], others: Sequence[int]) -> tuple[int, int] | None:
    """The first place of each list that is not the same in both; two of each are enough to find some."""
    for place, other in product(places[:2], others[:2]):
        if place != other:
            return place, other
    return None
