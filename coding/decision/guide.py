"""Guide: which outcomes are still possible, which facts still matter, and the question to ask next.

The next question is the one after which the fewest further questions are to be expected, if every documented
answer is equally likely and the questions after it follow the table's order. The expectation is exact, read off
the reduced diagram below each answer: some 20 milliseconds at the first step for 36 rules. Asking in the best order
of all would need the optimal decision tree, which takes over a hundred thousand states for the same table
(``bench/decision.py`` shows what it would save). Ties are broken by the table's order; facts that are
``asked_first`` come first.

While more than ``WEIGHED`` nodes are left, the first question in the table's order that still decides is asked:
weighing them all would let the coder wait. Some answers later fewer are left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from coding.decision.compiled_facts import REMEMBERED, CompiledFact
from coding.decision.diagram import Branch, Diagram, Node, Shared, diagram_of, nodes_below
from coding.decision.facts import Band, FactDefinition, Facts, FactValue, Kind, Known
from coding.decision.outcomes import Outcome
from coding.decision.reachable import open_facts, outcomes
from coding.decision.table import RuleTable

WEIGHED = 1_000


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the answers so far leave open; exact, not estimated.

    ``waits_for`` are the open facts that no coder is asked for: record, set-up or history have to give them.
    """

    outcomes: tuple[Outcome, ...]
    open_facts: tuple[str, ...]
    next_question: FactDefinition | None
    waits_for: tuple[FactDefinition, ...] = ()


def guide(table: RuleTable, facts: Facts) -> Guidance:
    """The outcomes that some completion of the answers yields, the facts that still decide, and the next question.

    Raises ``Entangled`` for answers that leave more combinations of rules open than can be told apart.
    """
    return remembered(table, frozenset(facts.items()))


@lru_cache(maxsize=REMEMBERED)
def remembered(table: RuleTable, answers: frozenset[tuple[str, FactValue]]) -> Guidance:
    """The guidance, kept: a page asks for what the verb before it asked for, and coders begin alike."""
    diagram = diagram_of(table)
    root = diagram.below(dict(answers))
    still_open = open_facts(table, root)

    questions = []
    waits_for = []
    for key in still_open:
        fact = table.fact_by_key[key]
        if fact.is_asked:
            questions.append(fact)
        else:
            waits_for.append(fact)

    return Guidance(
        outcomes=outcomes(root),
        open_facts=still_open,
        next_question=_next_question(diagram, root, questions),
        waits_for=tuple(waits_for),
    )


def possible_outcomes(table: RuleTable, facts: Facts) -> tuple[Outcome, ...]:
    """The outcomes that some completion of the answers yields, in the order of the rules."""
    return outcomes(diagram_of(table).below(facts))


def can_guide(table: RuleTable) -> bool:
    """Whether guidance can be given from the first question on: not if the rules are too entangled."""
    return diagram_of(table).root is not None


def _next_question(
    diagram: Diagram, root: Node, questions: Sequence[FactDefinition]
) -> FactDefinition | None:
    """The next of some questions, which stand in the table's order."""
    for question in questions:
        if question.asked_first:
            return question

    if len(questions) < 2:
        return next(iter(questions), None)

    nodes = list(islice(nodes_below(root), WEIGHED + 1))
    if len(nodes) > WEIGHED:
        return questions[0]
    # Of equal expectations, min takes the first: the table's order breaks the tie.
    return min(questions, key=_Expected(diagram, root, nodes).after)


class _Expected:
    """Numbers of further questions to be expected below a node."""

    def __init__(self, diagram: Diagram, root: Node, nodes: Iterable[Node]) -> None:
        self.diagram = diagram
        self.root = root
        self.shared: Shared = {}
        self.known: dict[Node, float] = {}
        self.asking: dict[str, list[Branch]] = {}
        for node in nodes:
            if isinstance(node, Branch):
                self.asking.setdefault(node.key, []).append(node)

    def after(self, question: FactDefinition) -> float:
        """The questions to be expected once this one is answered, to nine decimals."""
        ways = []
        for weight, answer in self._telling_answers(question.key):
            answered = {question.key: answer}
            ways.append((weight, self.diagram.restricted(self.root, answered, self.shared)))
        # Expectations that are equal as fractions differ in their last digits as floats, and a tie has to stay one.
        return round(self._mean(ways), 9)

    def _telling_answers(self, key: str) -> list[tuple[int, FactValue]]:
        """One answer for all that lead to the same nodes wherever the fact is asked, with how many are documented."""
        asking = self.asking[key]
        # In one table: its keys are as long as the diagram is wide, and each look-up hashes them anew.
        weighed: dict[tuple[Node, ...], tuple[int, FactValue]] = {}
        for place, (group, _) in enumerate(asking[0].ways):
            nodes_behind = tuple([node.ways[place][1] for node in asking])
            weight, answer = weighed.get(nodes_behind, (0, group.answers[0]))
            weighed[nodes_behind] = (weight + group.documented, answer)
        return [(weight, answer) for weight, answer in weighed.values() if weight]

    def _from(self, node: Node) -> float:
        if node.children is None:
            return 0
        if node not in self.known:
            own_question = int(self.diagram.facts[node.index].definition.is_asked)
            ways = [(group.documented, child) for group, child in node.ways]
            self.known[node] = own_question + self._mean(ways)
        return self.known[node]

    def _mean(self, ways: Sequence[tuple[int, Node]]) -> float:
        total = sum(weight for weight, _ in ways)
        if not total:
            return 0
        return sum(weight * self._from(child) for weight, child in ways) / total


def in_bands(tables: Iterable[RuleTable], facts: Facts) -> dict[str, FactValue]:
    """The facts with each whole number widened to the band within which none of the tables tells numbers apart."""
    widened = dict(facts)
    for table in tables:
        for fact in diagram_of(table).facts:
            band = _band_of(fact, facts.get(fact.key))
            if band is not None:
                widened[fact.key] = _common(widened[fact.key], band)
    return widened


def _band_of(fact: CompiledFact, answer: FactValue | None) -> Band | None:
    """The band that a number lies in; None for an answer that is no number, or out of the fact's range."""
    match answer:
        case Known(int() as number) if fact.definition.kind is Kind.WHOLE_NUMBER:
            for band in fact.bands():
                if number in band:
                    return band
    return None


def _common(answer: FactValue, band: Band) -> Known:
    """What two bands that hold the same number have in common; a number itself has no band yet."""
    match answer:
        case Known(Band(low, high)):
            lows = [end for end in (low, band.low) if end is not None]
            highs = [end for end in (high, band.high) if end is not None]
            return Known(Band(max(lows, default=None), min(highs, default=None)))
    return Known(band)


def tells_apart(table: RuleTable, key: str, answer: FactValue) -> bool:
    """Whether the table makes different things of the numbers of one band."""
    for fact in diagram_of(table).facts:
        if fact.key == key:
            return len(fact.classes_within(answer)) > 1
    return False
