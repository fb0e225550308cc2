"""Decide in batches: columns of answers in, for every row what ``decide`` gives for it.

A row costs one step through the diagram for each question that decides it, on its answers as they lie in the
columns; equal ends are one object. Rows that lack an answer which ``decide`` would have to look behind are
decided once for each distinct combination.
"""

from collections.abc import Iterable, Mapping, Sequence

from coding.decision.decide import decide, unsettled
from coding.decision.diagram import Diagram, diagram_of
from coding.decision.errors import UnknownFact
from coding.decision.facts import FactValue
from coding.decision.outcomes import Decision
from coding.decision.table import RuleTable

Row = tuple[FactValue | None, ...]


def decide_batch(table: RuleTable, columns: Mapping[str, Sequence[FactValue | None]]) -> list[Decision]:
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
    unanswered = [None] * (lengths[0] if lengths else 0)
    rows = zip(*(columns.get(key, unanswered) for key in diagram.keys), strict=True)
    return _decided(table, diagram, rows)


def _decided(table: RuleTable, diagram: Diagram, rows: Iterable[Row]) -> list[Decision]:
    root = diagram.root
    combinations = _Combinations(table)
    if root is None:
        return [combinations[row] for row in rows]
    found: list[Decision] = []
    for row in rows:
        node = root
        try:
            while node.children is not None:
                node = node.children[row[node.index]]
        except KeyError:
            found.append(combinations[row])
        else:
            found.append(node.decision or unsettled(table, node))
    return found


class _Combinations(dict[Row, Decision]):
    """The decisions of distinct combinations of answers."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table

    def __missing__(self, row: Row) -> Decision:
        """Decide a combination that has not occurred before."""
        answered = zip(self.table.fact_by_key, row, strict=True)
        decision = self[row] = decide(self.table, {key: answer for key, answer in answered if answer is not None})
        return decision
