"""Guide: which outcomes are still possible, which facts still matter, and the question to ask next.

The next question is the one after which the fewest further questions are to be expected, if every documented
answer is equally likely and the questions after it follow the table's order. The expectation is exact, read off
the reduced diagram below each answer: some milliseconds for 36 rules. Asking in the best order of all would need
the optimal decision tree, which takes hundreds of thousands of states for the same table (``bench/decision.py``
shows what it would save). Ties are broken by the table's order; facts that are ``asked_first`` come first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from coding.decision.compiled import AnswerClass
from coding.decision.diagram import Diagram, Node, Shared, diagram_of
from coding.decision.facts import Band, FactDefinition, Facts, FactValue, Kind, Known
from coding.decision.outcomes import Outcome
from coding.decision.reachable import open_facts, terminals
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the answers so far leave open; exact, not estimated."""

    outcomes: tuple[Outcome, ...]
    open_facts: tuple[str, ...]
    next_question: FactDefinition | None


def guide(table: RuleTable, facts: Facts) -> Guidance:
    """The outcomes that some completion of the answers yields, the facts that still decide, and the next question.

    Raises ``Entangled`` for answers that leave more combinations of rules open than can be told apart.
    """
    diagram = diagram_of(table)
    root = diagram.below(facts)
    still_open = open_facts(table, root)
    return Guidance(_outcomes(root), still_open, _next_question(diagram, root, still_open))


def possible_outcomes(table: RuleTable, facts: Facts) -> tuple[Outcome, ...]:
    """The outcomes that some completion of the answers yields, in the order of the rules."""
    return _outcomes(diagram_of(table).below(facts))


def can_guide(table: RuleTable) -> bool:
    """Whether guidance can be given from the first question on: not if the rules are too entangled."""
    return diagram_of(table).root is not None


def _outcomes(root: Node) -> tuple[Outcome, ...]:
    ends = (end.outcome for end in terminals(root))
    return tuple(dict.fromkeys(outcome for outcome in ends if outcome is not None))


def _next_question(diagram: Diagram, root: Node, still_open: tuple[str, ...]) -> FactDefinition | None:
    questions = [fact.definition for fact in diagram.facts if fact.key in still_open]
    first = [question for question in questions if question.asked_first]
    if first or len(questions) < 2:
        return next(iter(first or questions), None)
    expected = _Expected(diagram, root)
    return min(questions, key=expected.after)


class _Expected:
    """Numbers of further questions to be expected below a node."""

    def __init__(self, diagram: Diagram, root: Node) -> None:
        self.diagram = diagram
        self.root = root
        self.shared: Shared = {}
        self.known: dict[Node, float] = {}

    def after(self, question: FactDefinition) -> float:
        """The questions to be expected once this one is answered, to nine decimals."""
        fact = next(fact for fact in self.diagram.facts if fact.definition is question)
        nodes = [
            (group, self.diagram.restricted(self.root, {question.key: group.answers[0]}, self.shared))
            for group in fact.classes
        ]
        return round(self._mean(nodes), 9)

    def _from(self, node: Node) -> float:
        if node.children is None:
            return 0
        if node not in self.known:
            self.known[node] = 1 + self._mean(node.ways)
        return self.known[node]

    def _mean(self, ways: Iterable[tuple[AnswerClass, Node]]) -> float:
        weighed = [(group.documented, child) for group, child in ways]
        total = sum(weight for weight, _ in weighed)
        return sum(weight * self._from(child) for weight, child in weighed) / total if total else 0


def in_bands(tables: Iterable[RuleTable], facts: Facts) -> dict[str, FactValue]:
    """The facts with each whole number widened to the band within which none of the tables tells numbers apart."""
    widened = dict(facts)
    for table in tables:
        for fact in diagram_of(table).facts:
            match facts.get(fact.key):
                case Known(int() as number) if fact.definition.kind is Kind.WHOLE_NUMBER:
                    bands = (
                        answer.value for group in fact.classes for answer in group.answers if isinstance(answer, Known)
                    )
                    for band in bands:
                        if isinstance(band, Band) and number in band:
                            widened[fact.key] = _common(widened[fact.key], band)
    return widened


def _common(answer: FactValue, band: Band) -> Known:
    """What two bands that hold the same number have in common; a number itself has no band yet."""
    match answer:
        case Known(Band(low, high)):
            lows = [end for end in (low, band.low) if end is not None]
            highs = [end for end in (high, band.high) if end is not None]
            return Known(Band(max(lows, default=None), min(highs, default=None)))
    return Known(band)
