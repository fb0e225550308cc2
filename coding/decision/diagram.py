"""The table as a reduced decision diagram: the exact source for what is still possible and what still matters.

Facts are branched on in the table's order; derived ones make no branch, so it speaks of base facts alone. A node
stands for the set of rows that can still apply: branches that leave the same rows share one node, a row with no test
left cuts off the rows behind it, and a node whose branches all lead to one place is dropped. A fact therefore occurs
in the diagram below the given answers if and only if some completion of the other answers makes its answer decide.

Cost: one step for each distinct set of live rows, some hundreds for a table of 36 rules; deciding is one step
for each question. A table whose rules have nothing to do with each other would make the diagram exponential in
the facts: beyond ``LIMIT`` steps it is given up with ``Entangled``, never cut short.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from coding.decision.compiled import End, Settling, compiled
from coding.decision.compiled_facts import REMEMBERED, AnswerClass, CompiledFact
from coding.decision.drawing import Drawing, Settled
from coding.decision.errors import Entangled, UnknownFact
from coding.decision.facts import Facts, FactValue, Kind
from coding.decision.outcomes import Decision, Outcome
from coding.decision.table import RuleTable


# Nodes are compared by identity: equal ones are one object. Both kinds have ``ways``, ``children`` and ``decision``, so
# that deciding, a walk of few steps a million times over, need not ask which kind a node is.
@dataclass(frozen=True, eq=False, slots=True)
class Terminal:
    """Where a path ends: the index of the rule, None for a gap; under ``unique`` also of a second one that applies.

    Only an end that is no defect of the table has a decision.
    """

    rule: int | None
    overlapping: int | None
    outcome: Outcome | None
    decision: Decision | None
    ways: tuple[()] = ()
    children: None = None


@dataclass(frozen=True, eq=False, slots=True)
class Branch:
    """A fact whose answer still decides, with the node behind each class of answers and behind each answer."""

    index: int
    key: str
    ways: "tuple[tuple[AnswerClass, Node], ...]"
    children: "Mapping[FactValue | None, Node]"
    decision: None = None


Node = Terminal | Branch
Shared = dict[tuple[object, ...], Branch]


class Children(dict[FactValue | None, Node]):
    """The nodes behind the answers of a fact of numbers or codes, found for every other such answer too."""

    def __init__(self, fact: CompiledFact, nodes: Mapping[FactValue | None, Node]) -> None:
        super().__init__(nodes)
        self.fact = fact

    def __missing__(self, answer: FactValue | None) -> Node:
        """The node behind an answer; raises KeyError for one that is missing or lies across branches."""
        node = self[self.fact.representative(answer)]
        if len(self) < REMEMBERED:
            self[answer] = node
        return node


class Diagram:
    """A table's diagram. As a whole it is drawn once, when it is first asked for."""

    def __init__(self, table: RuleTable) -> None:
        self.compiled = compiled(table)
        self.keys = table.fact_by_key.keys()
        self.facts = self.compiled.facts
        self._terminals: dict[End, Terminal] = {}
        self._own: Shared = {}

    @cached_property
    def root(self) -> Node | None:
        """The node with nothing answered; None for a table that is too entangled to be drawn as a whole.

        Below some answers such a table may still be drawn: each answer leaves fewer rows.
        """
        try:
            return self._drawn({}, self._own)
        except Entangled:
            return None

    def below(self, facts: Facts, shared: Shared | None = None) -> Node:
        """The node below the given answers. A derived value among them, of a worked case, stands for its table.

        Raises ``Entangled`` if even that cannot be drawn, and ``UnknownFact`` for an answer to no fact of the table.
        Nodes of several such diagrams are comparable by identity if they are drawn with one ``shared``.
        """
        if not facts.keys() <= self.keys:
            foreign = min(facts.keys() - self.keys)
            raise UnknownFact(f"{foreign} is no fact of {self.compiled.table.name}.")

        if shared is None:
            shared = {}
        states_derived = facts.keys() & self.compiled.derivations.keys()
        if self.root is None or states_derived:
            return self._drawn(facts, shared)
        if not facts:
            return self.root
        return self.restricted(self.root, facts, shared)

    def _drawn(self, facts: Facts, shared: Shared) -> Node:
        ways = [fact.classes_within(facts.get(fact.key)) for fact in self.facts]
        branch = partial(self._branch, shared)
        settled, stated = self._settled(facts)
        drawing = Drawing[Node](
            self.facts, ways, self.compiled.pruned, self.terminal, branch, settled
        )
        return drawing.node(0, self.compiled.everything & ~stated)

    def _settled(self, facts: Facts) -> tuple[Settled | None, int]:
        """The derived facts that are not stated, None if there are none; and the contradictions of those that are."""
        settlings = {}
        stated = 0
        for place, fact in enumerate(self.facts):
            derivation = self.compiled.derivations.get(fact.key)
            if derivation and fact.key in facts:
                stated |= derivation.contradictions
            elif derivation:
                settling = Settling(self.compiled.everything, derivation.contradictions)
                settlings[place] = (settling,)

        if not settlings:
            return None, stated
        return Settled(self.facts, self.compiled.rows, settlings), stated

    def restricted(self, root: Node, facts: Facts, shared: Shared) -> Node:
        """What is left below a node when more is answered: the branches taken, with nodes dropped or shared anew."""
        taken = {}
        for index, fact in enumerate(self.facts):
            if fact.key in facts:
                groups = fact.classes_within(facts[fact.key])
                taken[index] = {group.passing for group in groups}
        last = max(taken)
        left: dict[Node, Node] = {}

        def visit(node: Node) -> Node:
            # Behind the last fact that is answered all stays as it is.
            if node.children is None or node.index > last:
                return node
            if node not in left:
                ways: Sequence[tuple[AnswerClass, Node]] = node.ways
                if node.index in taken:
                    passing = taken[node.index]
                    ways = [way for way in ways if way[0].passing in passing]
                ways_left = [(group, visit(child)) for group, child in ways]
                left[node] = self._branch(shared, node.index, ways_left)
            return left[node]

        return visit(root)

    def _branch(self, shared: Shared, index: int, ways: Sequence[tuple[AnswerClass, Node]]) -> Node:
        """The node with these ways; the one they all lead to, if they do. Equal nodes are one object."""
        first = ways[0][1]
        if all(child is first for _, child in ways):
            return first
        # By the classes too: once an answer is given within a band, fewer of them lead to the same nodes.
        key = (index, *(child for _, child in ways), *(group.passing for group, _ in ways))
        node = self._own.get(key) or shared.get(key)
        if node is None:
            fact = self.facts[index]
            children = _children(fact, ways)
            node = shared[key] = Branch(index, fact.key, tuple(ways), children)
        return node

    def terminal(self, live: int) -> Terminal:
        """The end of a path on which these rows apply. Equal ends are one object."""
        end = self.compiled.end(live)
        if end not in self._terminals:
            self._terminals[end] = self._terminal(end)
        return self._terminals[end]

    def _terminal(self, end: End) -> Terminal:
        if end.rule is None:
            return Terminal(None, None, None, None)
        rule = self.compiled.table.rules[end.rule]
        outcome = Outcome.of(rule, end.modifiers, end.lines)
        decision = Decision(outcome, rule.id) if end.overlapping is None else None
        return Terminal(end.rule, end.overlapping, outcome, decision)


def _children(
    fact: CompiledFact, ways: Sequence[tuple[AnswerClass, Node]]
) -> Mapping[FactValue | None, Node]:
    nodes: dict[FactValue | None, Node] = {}
    for group, child in ways:
        nodes.update(dict.fromkeys(group.answers, child))
    # Numbers and sets of codes have more answers than could be listed.
    if fact.definition.kind in (Kind.WHOLE_NUMBER, Kind.CODE_SET):
        return Children(fact, nodes)
    return nodes


def nodes_below(root: Node) -> Iterator[Node]:
    """All nodes of a diagram, each once."""
    seen = {root}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        for _, child in node.ways:
            if child not in seen:
                seen.add(child)
                waiting.append(child)


@lru_cache(maxsize=64)
def diagram_of(table: RuleTable) -> Diagram:
    """The diagram of a table, kept for the next decision."""
    return Diagram(table)
