"""Contrast two codes: the fewest answers in which a case of one must differ from a case of the other."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from coding.decision.decide import decide
from coding.decision.diagram import Branch, Node, Terminal, diagram_of
from coding.decision.errors import DecisionError
from coding.decision.explain import in_words
from coding.decision.facts import FactDefinition, Facts, FactValue
from coding.decision.outcomes import Decision
from coding.decision.table import RuleTable
from coding.decision.trace import row_applies


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact in which the codes differ, what each asks for, and what comes of changing this answer alone."""

    fact: str
    label: str
    first: str
    second: str
    alone: Decision | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two codes, the differences between their nearest cases, and that pair of cases."""

    codes: tuple[str, str]
    differences: tuple[Difference, ...]
    cases: tuple[Facts, Facts]


def contrast(table: RuleTable, first: str, second: str) -> Contrast | None:
    """How two codes differ; None if one of them is never reached.

    The nearest pair of cases is found by going through the diagram along two ways at once, where a fact answered
    alike costs nothing and one answered differently costs one: exact, one step for each pair of nodes.
    """
    found = _Nearest(table, first, second).pair()
    if found is None:
        return None
    one, other = found
    differences = tuple(
        _difference(table, fact, one, other) for fact in table.facts if one.get(fact.key) != other.get(fact.key)
    )
    return Contrast((first, second), differences, (one, other))


def _difference(table: RuleTable, fact: FactDefinition, one: Facts, other: Facts) -> Difference:
    return Difference(
        fact=fact.key,
        label=fact.label,
        first=_asked(table, fact, one),
        second=_asked(table, fact, other),
        alone=_decision({**one, fact.key: other[fact.key]}, table),
    )


def _decision(facts: Facts, table: RuleTable) -> Decision | None:
    try:
        return decide(table, facts)
    except DecisionError:
        return None


def _asked(table: RuleTable, fact: FactDefinition, case: Facts) -> str:
    """What the deciding rule asks of a fact; where it asks nothing, the answer of the case."""
    rule = table.rule_by_id[decide(table, case).rule_id or ""]
    row = next(row for row in rule.rows if row_applies(row, case))
    return next((in_words(fact, cell) for cell in row if cell.fact == fact.key), fact.describe(case[fact.key]))


Path = tuple[tuple[int, FactValue, FactValue], ...]


class _Nearest:
    """The search for the nearest pair of cases of two codes."""

    def __init__(self, table: RuleTable, first: str, second: str) -> None:
        self.diagram = diagram_of(table)
        self.codes = (first, second)
        self.reaching: dict[tuple[Node, str], bool] = {}

    def pair(self) -> tuple[dict[str, FactValue], dict[str, FactValue]] | None:
        """Two cases, answered alike where nothing asks for a difference."""
        root = self.diagram.below({})
        waiting: deque[tuple[Node, Node, Path]] = deque([(root, root, ())])
        seen: set[tuple[Node, Node]] = set()
        while waiting:
            one, other, path = waiting.popleft()
            if (one, other) in seen or not self._reach(one, self.codes[0]) or not self._reach(other, self.codes[1]):
                continue
            seen.add((one, other))
            if isinstance(one, Terminal) and isinstance(other, Terminal):
                return self._cases(path)
            for left, right, step in self._steps(one, other):
                if step[1] == step[2]:
                    waiting.appendleft((left, right, (*path, step)))
                else:
                    waiting.append((left, right, (*path, step)))
        return None

    def _steps(self, one: Node, other: Node) -> Iterator[tuple[Node, Node, tuple[int, FactValue, FactValue]]]:
        """The pairs of nodes behind the next fact: answered alike, then answered differently."""
        index = min(node.index for node in (one, other) if isinstance(node, Branch))
        answers = [group.answers[0] for group in self.diagram.facts[index].classes]
        lefts, rights = (_behind(node, index, len(answers)) for node in (one, other))
        alike = dict(zip(zip(lefts, rights, strict=True), answers, strict=True))
        yield from ((left, right, (index, answer, answer)) for (left, right), answer in alike.items())
        for (left, own), (right, others) in product(_places(lefts), _places(rights)):
            pair = next(((a, b) for a in own[:2] for b in others[:2] if a != b), None)
            if pair is not None:
                yield left, right, (index, answers[pair[0]], answers[pair[1]])

    def _reach(self, node: Node, code: str) -> bool:
        key = (node, code)
        if key not in self.reaching:
            if isinstance(node, Terminal):
                self.reaching[key] = bool(node.outcome and node.outcome.code == code)
            else:
                self.reaching[key] = any(self._reach(child, code) for _, child in node.ways)
        return self.reaching[key]

    def _cases(self, path: Path) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
        keys = [fact.key for fact in self.diagram.facts]
        return {keys[i]: a for i, a, _ in path}, {keys[i]: b for i, _, b in path}


def _behind(node: Node, index: int, count: int) -> list[Node]:
    """The nodes behind each class of answers to a fact, which a node further down does not ask for."""
    is_asked = isinstance(node, Branch) and node.index == index
    return [child for _, child in node.ways] if is_asked else [node] * count


def _places(nodes: Sequence[Node]) -> list[tuple[Node, list[int]]]:
    """The distinct nodes, each with the places where it stands."""
    found: dict[Node, list[int]] = {}
    for place, node in enumerate(nodes):
        found.setdefault(node, []).append(place)
    return list(found.items())
