"""Decide in batches: columns of answers in, for every row what ``decide`` gives for it.

A row costs one step through the diagram for each question that decides it, on its answers as they lie in the
columns; equal ends are one object. Rows that lack an answer which ``decide`` would have to look behind are
decided once for each distinct combination. Stored answers come as rows of numbers: ``NumberedAnswers``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_

from coding.decision.bits import up_to_lowest
from coding.decision.compiled import compiled
from coding.decision.decide import decide, unsettled
from coding.decision.diagram import Diagram, diagram_of
from coding.decision.errors import DecisionError, FactError, UnknownFact
from coding.decision.facts import FactValue
from coding.decision.outcomes import Decision
from coding.decision.table import RuleTable

Row = tuple[FactValue | None, ...]
Result = Decision | DecisionError | FactError
# What an answer leaves whose effect has to be asked of ``decide``: not even the bit of certainty.
UNCERTAIN = 0


def decide_batch(
    table: RuleTable, columns: Mapping[str, Sequence[FactValue | None]]
) -> list[Decision]:
    """The decisions for the rows of columns of equal length, one column a fact; None is an unanswered fact.

    A fact without a column is unanswered in all rows. Raises ValueError for columns of different lengths, and
    for the first row that fails whatever ``decide`` raises for it.
    """
    diagram = diagram_of(table)
    if not columns.keys() <= diagram.keys:
        raise UnknownFact(f"{min(columns.keys() - diagram.keys)} is no fact of {table.name}.")
    lengths = sorted({len(column) for column in columns.values()})
    if len(lengths) > 1:
        raise ValueError(f"The columns differ in length: {', '.join(map(str, lengths))} rows.")
    count = lengths[0] if lengths else 0
    unanswered = [None] * count
    in_order = [columns.get(key, unanswered) for key in diagram.keys]
    return _decided(table, diagram, zip(*in_order, strict=True))


def _decided(table: RuleTable, diagram: Diagram, rows: Iterable[Row]) -> list[Decision]:
    root = diagram.root
    combinations = _Combinations(table)
    if root is None:
        return [combinations[row] for row in rows]
    decisions: list[Decision] = []
    for row in rows:
        node = root
        try:
            while node.children is not None:
                node = node.children[row[node.index]]
        except KeyError:
            # An answer is missing, or is a band that lies across branches.
            decisions.append(combinations[row])
        else:
            decisions.append(node.decision or unsettled(table, node))
    return decisions


# A dictionary, because a look-up that succeeds costs no call.
class _Combinations(dict[Row, Decision]):
    """The decisions of distinct combinations of answers."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table

    def __missing__(self, row: Row) -> Decision:
        facts = {}
        for key, answer in zip(self.table.fact_by_key, row, strict=True):
            if answer is not None:
                facts[key] = answer
        decision = self[row] = decide(self.table, facts)
        return decision


class NumberedAnswers:
    """Decides rows of numbered answers.

    ``answers`` says for every number which fact it answers and how, or why the table does not understand it;
    answers to facts that the table does not define, or derives, decide nothing.

    Every number leaves a bit set: the rows of the table that its answer leaves alive, and all facts but its own.
    What the sets of a row have in common, the live rows and the unanswered facts, is all that the decision depends
    on; so each such set is decided once.
    """

    def __init__(
        self, table: RuleTable, answers: Mapping[int, tuple[str, FactValue] | FactError]
    ) -> None:
        self.table = table
        self.answers = answers
        self.decisions: dict[int, Result] = {}
        self.rows = compiled(table)
        self.fact_by_key = {fact.key: fact for fact in self.rows.facts}
        # Bits above those of the rows: one for each fact, and a last one that is set in whatever is common to
        # answers that all leave a certain set.
        first = len(self.rows.rows)
        self.own = {key: 1 << place for place, key in enumerate(self.fact_by_key, start=first)}
        self.certain = 1 << (first + len(self.own))
        self.everything = up_to_lowest(self.certain)
        self.left = {number: self._left(meant) for number, meant in answers.items()}

    def _left(self, meant: tuple[str, FactValue] | FactError) -> int:
        if isinstance(meant, FactError):
            return UNCERTAIN
        key, answer = meant
        fact = self.fact_by_key.get(key)
        if fact is None or fact.definition.derived:
            return self.everything
        passing, possible = fact.judged[answer]
        if passing != possible:
            # The answer is a wide band within which the table tells numbers apart.
            return UNCERTAIN
        other_facts = self.everything & ~self.rows.everything & ~self.own[key]
        return passing | other_facts

    def decide(self, rows: Iterable[Sequence[int]]) -> list[Result]:
        """The decision for each row, or what ``decide`` would raise for it; equal sets give one and the same object."""
        # Looked up once, not for each of a million rows.
        left, everything, decisions = self.left.__getitem__, self.everything, self.decisions
        results: list[Result] = []
        for row in rows:
            common = reduce(and_, map(left, row), everything)
            decision = decisions.get(common)
            if decision is None:
                decision = self._decided(row, common)
            results.append(decision)
        return results

    def _decided(self, row: Sequence[int], common: int) -> Result:
        facts: dict[str, FactValue] = {}
        for number in row:
            meant = self.answers[number]
            if isinstance(meant, FactError):
                return meant
            key, answer = meant
            if key in self.own and not self.fact_by_key[key].definition.derived:
                facts[key] = answer
        result: Result
        try:
            result = decide(self.table, facts)
        except DecisionError as error:
            result = error
        if common & self.certain:
            self.decisions[common] = result
        return result
