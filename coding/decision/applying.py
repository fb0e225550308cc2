"""Whether rows apply to answers, cell by cell: yes, no, or not to be said yet (None)."""

from coding.decision.cells import Row, Rows
from coding.decision.facts import Facts
from coding.decision.table import Rule


def applies(rows: Rows, facts: Facts) -> bool | None:
    """Whether one of the rows applies; None if that hangs on a missing answer."""
    verdicts = [row_applies(row, facts) for row in rows]
    if True in verdicts:
        return True
    if None in verdicts:
        return None
    return False


def row_applies(row: Row, facts: Facts) -> bool | None:
    """Whether all cells of a row accept their answers; None if that hangs on a missing answer."""
    verdicts = [cell.test.accepts(facts.get(cell.fact)) for cell in row]
    if False in verdicts:
        return False
    if None in verdicts:
        return None
    return True


def rows_behind(rule: Rule, facts: Facts) -> Rows:
    """The rows on which a rule rests that decides these answers: the first of those that surely apply.

    A rule may also decide though none of its rows surely applies: where an answer is missing, and the rows that it
    leaves open take up every way in which it can turn out. Then the rule rests on all of these.
    """
    verdicts = [row_applies(row, facts) for row in rule.rows]
    if True in verdicts:
        return (rule.rows[verdicts.index(True)],)
    return tuple(row for row, verdict in zip(rule.rows, verdicts, strict=True) if verdict is None)
