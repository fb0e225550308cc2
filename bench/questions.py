"""How many questions the guided form asks, beside a fixed order, all questions, and what no order can beat."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import combinations, count

from coding.decision import (
    NOT_DOCUMENTED,
    Facts,
    FactValue,
    RuleTable,
    Source,
    decide,
    guide,
    possible_outcomes,
)
from coding.decision.diagram import Branch, Node, diagram_of

Case = Mapping[str, FactValue]


def guided(table: RuleTable, case: Case) -> int:
    """Questions asked by ``guide``; a fact that the case does not answer is not documented."""
    told = not_asked(table, case)
    given = dict(told)
    while (question := guide(table, given).next_question) is not None:
        given[question.key] = case.get(question.key, NOT_DOCUMENTED)
    return len(given) - len(told)


def not_asked(table: RuleTable, case: Case) -> Facts:
    """The answers of a case that record, set-up and history give."""
    given = {fact.key for fact in table.facts if fact.source is not Source.CODER}
    return {key: answer for key, answer in case.items() if key in given}


def in_fixed_order(table: RuleTable, case: Case) -> int:
    """Questions asked one after the other, none left out, until the outcome is settled."""
    given: dict[str, FactValue] = {}
    for key in table.fact_by_key:
        if decide(table, given).outcome is not None:
            break
        given[key] = case.get(key, NOT_DOCUMENTED)
    return len(given)


def in_table_order(table: RuleTable, case: Case) -> int:
    """Questions asked in the table's order, those left out that no longer matter."""
    given: dict[str, FactValue] = {}
    while open_facts := guide(table, given).open_facts:
        given[open_facts[0]] = case.get(open_facts[0], NOT_DOCUMENTED)
    return len(given)


def smallest_proof(table: RuleTable, case: Case) -> int:
    """The fewest answers of a case that settle its outcome: no order of questions asks fewer.

    An answer that flips the outcome by itself is in every proof; the rest is tried, smaller sets first.
    """
    complete = _base_answers(table, case)
    told = not_asked(table, complete)
    asked = [key for key in complete if key not in told]
    needed = [key for key in asked if not _settles(table, _without(complete, key))]
    others = [key for key in asked if key not in needed]
    for more in count():
        for chosen in combinations(others, more):
            if _settles(table, {**told, **{key: complete[key] for key in (*needed, *chosen)}}):
                return len(needed) + more
    raise AssertionError("a complete case is always settled")


def _base_answers(table: RuleTable, case: Case) -> Facts:
    """All answers of a case but for those that are derived; what it does not answer is not documented."""
    return {
        fact.key: case.get(fact.key, NOT_DOCUMENTED) for fact in table.facts if not fact.derived
    }


def _without(case: Case, key: str) -> Facts:
    return {other: answer for other, answer in case.items() if other != key}


def _settles(table: RuleTable, facts: Facts) -> bool:
    return len(possible_outcomes(table, facts)) == 1


def expected(table: RuleTable, *, optimal: bool) -> tuple[float, int]:
    """The questions to be expected if every documented answer is equally likely, and the states gone through.

    By the choice that ``guide`` makes at each step, or by the optimal decision tree: of all questions the one with
    the cheapest best trees behind its answers, over all states that any order of questions can reach.
    """
    tree = _Tree(table)
    return (
        (tree.optimal(tree.root), tree.states) if optimal else (tree.guided(tree.root), tree.states)
    )


class _Tree:
    """The table's diagram with one branch for each documented answer, and restrictions of it, each node once."""

    def __init__(self, table: RuleTable) -> None:
        self.diagram = diagram_of(table)
        self.answers = [
            [place for place, group in enumerate(fact.classes) for _ in range(group.documented)]
            for fact in self.diagram.facts
        ]
        self.nodes: dict[tuple[int, ...], _Fork] = {}
        self.states = 0
        self.restricted = cache(self._restricted)
        self.optimal = cache(self._optimal)
        self.after = cache(self._after)
        self.guided = cache(self._guided)
        root = self.diagram.below({})
        self.root = self._copied({}, root)

    def _copied(self, known: dict[Node, "_Fork | Node"], node: Node) -> "_Fork | Node":
        if node not in known:
            known[node] = (
                self._fork(node.index, [self._copied(known, child) for _, child in node.ways])
                if isinstance(node, Branch)
                else node
            )
        return known[node]

    def _fork(self, fact: int, children: Sequence["_Fork | Node"]) -> "_Fork | Node":
        if all(child is children[0] for child in children):
            return children[0]
        key = (fact, *map(id, children))
        if key not in self.nodes:
            self.nodes[key] = _Fork(fact, tuple(children))
        return self.nodes[key]

    def _restricted(self, node: "_Fork | Node", fact: int, place: int) -> "_Fork | Node":
        if not isinstance(node, _Fork) or fact not in node.open_facts:
            return node
        if node.fact == fact:
            return node.children[place]
        return self._fork(
            node.fact, [self.restricted(child, fact, place) for child in node.children]
        )

    def _mean(self, node: "_Fork", fact: int, cost: Callable[["_Fork | Node"], float]) -> float:
        places = self.answers[fact]
        return sum(cost(self.restricted(node, fact, place)) for place in places) / len(places)

    def _optimal(self, node: "_Fork | Node") -> float:
        if not isinstance(node, _Fork):
            return 0
        self.states += 1
        return 1 + min(self._mean(node, fact, self.optimal) for fact in sorted(node.open_facts))

    def _after(self, node: "_Fork | Node") -> float:
        """Questions in the table's order."""
        return 1 + self._mean(node, node.fact, self.after) if isinstance(node, _Fork) else 0

    def _guided(self, node: "_Fork | Node") -> float:
        if not isinstance(node, _Fork):
            return 0
        self.states += 1
        chosen = min(
            sorted(node.open_facts), key=lambda fact: round(self._mean(node, fact, self.after), 9)
        )
        return 1 + self._mean(node, chosen, self.guided)


class _Fork:
    """A node of the tree."""

    def __init__(self, fact: int, children: tuple["_Fork | Node", ...]) -> None:
        self.fact = fact
        self.children = children
        below = (child.open_facts for child in children if isinstance(child, _Fork))
        self.open_facts: frozenset[int] = frozenset({fact}).union(*below)
