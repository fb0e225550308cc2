"""What would flip a decision: the answers that would give another outcome, and the fewest that a code would need."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import inf
from typing import NamedTuple

from coding.decision.compiled import compiled
from coding.decision.compiled_facts import AnswerClass, CompiledFact
from coding.decision.decide import decide
from coding.decision.diagram import Branch, Node, Terminal, diagram_of
from coding.decision.explain import given_in_words
from coding.decision.facts import FactDefinition, Facts, FactValue, Known
from coding.decision.guide import possible_outcomes
from coding.decision.outcomes import Outcome
from coding.decision.table import RuleTable

# Answers to one fact that the table does not tell apart.
Answers = tuple[FactValue, ...]


class _Otherwise(NamedTuple):
    """Some facts, an outcome that they give when answered otherwise, and the answers with which they do."""

    changed: Sequence[CompiledFact]
    possible: tuple[Outcome, ...]
    alternatives: list[tuple[Answers, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact answered otherwise: the answer given, and the answers that would do, in words."""

    fact: str
    label: str
    given: str
    needed: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One or two changed answers, and the outcomes that are then possible: one, or several while more is to ask."""

    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The outcomes in short, each once."""
        return tuple(dict.fromkeys(outcome.name for outcome in self.outcomes))


def flips(table: RuleTable, facts: Facts) -> tuple[Flip, ...]:
    """Every single answer that would give another outcome; if there is none, every pair of answers that would.

    Of answers that the table does not tell apart, and of single ones with equal results, one flip is made.
    The facts are those of a settled decision; facts that were not asked do not change it by themselves. Raises what
    ``decide`` raises for a defective table.
    """
    return tuple(_single_flips(table, facts)) or tuple(_double_flips(table, facts))


def _single_flips(table: RuleTable, facts: Facts) -> Iterator[Flip]:
    for otherwise in _changing(table, facts, 1):
        [fact] = otherwise.changed
        answers: list[FactValue] = []
        for [alike] in otherwise.alternatives:
            answers += alike
        yield Flip((_change(fact.definition, facts, answers),), otherwise.possible)


def _double_flips(table: RuleTable, facts: Facts) -> Iterator[Flip]:
    for otherwise in _changing(table, facts, 2):
        for answers in otherwise.alternatives:
            pairs = zip(otherwise.changed, answers, strict=True)
            changes = tuple(_change(fact.definition, facts, alike) for fact, alike in pairs)
            yield Flip(changes, otherwise.possible)


def _changing(table: RuleTable, facts: Facts, size: int) -> Iterator[_Otherwise]:
    """What every so many of the given facts do, answered otherwise."""
    present = _possible(table, facts)
    given = [fact for fact in compiled(table).facts if fact.key in facts]
    for changed in combinations(given, size):
        for possible, alternatives in _alternatives(table, facts, changed).items():
            if possible != present:
                yield _Otherwise(changed, possible, alternatives)


def _alternatives(
    table: RuleTable, facts: Facts, changed: Sequence[CompiledFact]
) -> dict[tuple[Outcome, ...], list[tuple[Answers, ...]]]:
    """The other answers to some facts, an alternative for all of them, by the outcomes that are possible with it."""
    by_outcomes: dict[tuple[Outcome, ...], list[tuple[Answers, ...]]] = {}
    others = [_other_answers(fact, facts[fact.key]) for fact in changed]
    for alternative in product(*others):
        otherwise = dict(facts)
        for fact, alike in zip(changed, alternative, strict=True):
            otherwise[fact.key] = alike[0]
        possible = _possible(table, otherwise)
        by_outcomes.setdefault(possible, []).append(alternative)
    return by_outcomes


def _possible(table: RuleTable, facts: Facts) -> tuple[Outcome, ...]:
    outcome = decide(table, facts).outcome
    if outcome is None:
        return possible_outcomes(table, facts)
    return (outcome,)


def _other_answers(fact: CompiledFact, given: FactValue) -> list[Answers]:
    kept = {group.passing for group in fact.classes_within(given)}
    return [group.answers for group in fact.classes if group.passing not in kept]


def _change(definition: FactDefinition, facts: Facts, answers: Iterable[FactValue]) -> Change:
    needed = " or ".join(definition.describe(answer) for answer in answers)
    return Change(definition.key, definition.label, given_in_words(definition, facts), needed)


def needs(table: RuleTable, facts: Facts, code: str) -> tuple[Change, ...]:
    """The fewest answers that would have to be different, or given, for a code; the rules above its own count too.

    Empty for a code that these answers yield already, and for one that no answers yield.
    """
    return needs_by_code(table, facts, [code])[code]


def needs_by_code(
    table: RuleTable, facts: Facts, codes: Iterable[str]
) -> dict[str, tuple[Change, ...]]:
    """What ``needs`` gives for each of some codes, from one walk over the diagram."""
    nearest = _Nearest(table, facts)
    return {code: tuple(_changes_on_the_way(table, facts, nearest, code)) for code in codes}


def _changes_on_the_way(
    table: RuleTable, facts: Facts, nearest: "_Nearest", code: str
) -> Iterator[Change]:
    node = nearest.root
    while isinstance(node, Branch) and code in nearest.changes(node):
        group, child = nearest.best(node, code)
        if not nearest.keeps(node, group):
            alike = _answers_leading_to(child, node)
            # That the note were silent is nothing to wish for, unless the rule asks for just that.
            known = [answer for answer in alike if isinstance(answer, Known)] or alike
            yield _change(table.facts[node.index], facts, known)
        node = child


def _answers_leading_to(child: Node, node: Branch) -> list[FactValue]:
    answers: list[FactValue] = []
    for group, behind in node.ways:
        if behind is child:
            answers += group.answers
    return answers


def _passing(fact: CompiledFact, facts: Facts) -> set[int]:
    """The rows that the given answer passes, a set for each of its classes; nothing where the fact is open."""
    if fact.key not in facts:
        return set()
    return {group.passing for group in fact.classes_within(facts[fact.key])}


class _Nearest:
    """The shortest ways through the diagram to its codes, where each branch other than the given answer costs one."""

    def __init__(self, table: RuleTable, facts: Facts) -> None:
        diagram = diagram_of(table)
        self.root = diagram.below({})
        self.kept = [_passing(fact, facts) for fact in diagram.facts]
        self.known: dict[Node, dict[str, int]] = {}

    def keeps(self, node: Branch, group: AnswerClass) -> bool:
        """Whether the given answer leads this way."""
        return group.passing in self.kept[node.index]

    def changes(self, node: Node) -> dict[str, int]:
        """How many answers must change for each code that lies below a node."""
        if node not in self.known:
            self.known[node] = self._fewest(node)
        return self.known[node]

    def best(self, node: Branch, code: str) -> tuple[AnswerClass, Node]:
        """The branch to take to a code below the node; of equally long ways the first."""

        def cost(way: tuple[AnswerClass, Node]) -> float:
            group, child = way
            return self._own_change(node, group) + self.changes(child).get(code, inf)

        return min(node.ways, key=cost)

    def _own_change(self, node: Branch, group: AnswerClass) -> int:
        return 0 if self.keeps(node, group) else 1

    def _fewest(self, node: Node) -> dict[str, int]:
        if isinstance(node, Terminal):
            return {node.outcome.code: 0} if node.outcome is not None else {}
        fewest: dict[str, int] = {}
        for group, child in node.ways:
            own_change = self._own_change(node, group)
            for code, behind in self.changes(child).items():
                changes = own_change + behind
                if changes < fewest.get(code, inf):
                    fewest[code] = changes
        return fewest
