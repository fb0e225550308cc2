"""Derived facts as lines of decision tables: what their own tables come down to, every silence among the answers.

No engine knows how a silence is carried. So a derived fact is written by its effective rows (``decision.derived``):
disjoint, and one for every combination of what it is derived from.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from coding.decision import FactDefinition, FactValue, Kind, Known, RuleTable
from coding.decision.cells import Among, Between, Cell, In, Row
from coding.decision.derived import effective_rows, inputs_of
from coding.decision.errors import Entangled
from coding.decision.facts import Band, Silence
from coding.exchange.errors import Inexpressible
from coding.exchange.unary_tests import write_cell


def derived_lines(table: RuleTable, fact: FactDefinition) -> Iterator[tuple[Row, str]]:
    """The lines of a derived fact: the cells of each, and its value as a FEEL literal. Raises Inexpressible."""
    try:
        rows = effective_rows(fact, inputs_of(table, fact))
    except Entangled as error:
        raise Inexpressible(str(error)) from None
    for row in rows:
        value = write_cell(_cell(fact, [row.value]), fact, as_text=True, place=fact.key)
        alternatives = []
        for cell in row.inputs:
            alternatives.append(list(_alternatives(table.fact_by_key[cell.fact], cell)))
        for cells in product(*alternatives):
            yield cells, value


def _alternatives(fact: FactDefinition, cell: Cell) -> Iterator[Cell]:
    """The cell as documents hold them; of a number one for each range, and one for its silences."""
    assert isinstance(cell.test, Among)  # what effective rows hold  # noqa: S101
    if fact.kind is not Kind.WHOLE_NUMBER:
        yield _cell(fact, cell.test.answers)
        return
    for band in sorted(cell.test.bands(), key=_beginning):
        yield Cell(fact.key, Between(band.low, band.high))
    silences = [answer for answer in cell.test.answers if isinstance(answer, Silence)]
    if silences:
        yield _cell(fact, silences)


def _beginning(band: Band) -> tuple[bool, int]:
    """Where a band begins, an open beginning before all others."""
    return band.low is not None, band.low or 0


def _cell(fact: FactDefinition, answers: Iterable[FactValue]) -> Cell:
    listed = list(answers)
    values = frozenset(answer.value for answer in listed if isinstance(answer, Known))
    silences = frozenset(answer for answer in listed if isinstance(answer, Silence))
    return Cell(fact.key, In(values, silences))  # type: ignore[arg-type]  # texts and truths: numbers are ranges
