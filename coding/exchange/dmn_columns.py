"""The inputs of decision tables as DMN has them: one for each fact, and one more where a number may be silent."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.cells import Between, Cell, In
from coding.decision.facts import SILENCES
from coding.exchange.errors import Inexpressible
from coding.exchange.unary_tests import DOCUMENTED, SILENCE_OF, quoted, write_cell


@dataclass(frozen=True, slots=True)
class Column:
    """An input of a table: a fact, or beside a number whether it is documented."""

    name: str
    label: str
    kind: str
    allowed: str
    fact: FactDefinition
    is_silence: bool = False

    def test(self, cell: Cell | None, place: str) -> str:
        """The cell of a row as a unary test of this column."""
        if cell is None or _is_silent_number(cell, self.fact) is not self.is_silence:
            return "-"
        if self.is_silence and isinstance(cell.test, In):
            return ", ".join(
                quoted(name) for name, silence in SILENCES.items() if silence in cell.test.silences
            )
        return write_cell(cell, self.fact, as_text=self.kind == "string", place=place)


def columns_of(table: RuleTable) -> list[Column]:
    """The columns of a rule set, in the order of its facts."""
    # What a derived fact is derived from counts with its silences, and so does what it is derived to.
    silent = {key for fact in table.derived for key in (fact.key, *fact.inputs)}
    return [
        column
        for fact in table.facts
        for column in _columns(table, fact, may_be_silent=fact.key in silent)
    ]


def _columns(table: RuleTable, fact: FactDefinition, *, may_be_silent: bool) -> Iterator[Column]:
    cells = [
        cell for rule in table.rules for row in rule.rows for cell in row if cell.fact == fact.key
    ]
    as_text = _holds_texts(fact, cells, may_be_silent=may_be_silent)
    kinds = {Kind.YES_NO: "boolean", Kind.WHOLE_NUMBER: "number"}
    kind = "string" if as_text else kinds.get(fact.kind, "string")
    yield Column(fact.key, fact.label, kind, _allowed(fact, as_text=as_text), fact)
    is_number = fact.kind is Kind.WHOLE_NUMBER
    if is_number and (may_be_silent or any(_is_silent_number(cell, fact) for cell in cells)):
        name = f"{fact.key}{SILENCE_OF}"
        if name in table.fact_by_key:
            raise Inexpressible(
                f"A fact is called {name}, as DMN would say whether {fact.key} is documented."
            )
        allowed = ",".join(map(quoted, DOCUMENTED))
        yield Column(name, f"{fact.label}: documented?", "string", allowed, fact, is_silence=True)


def _is_silent_number(cell: Cell, fact: FactDefinition) -> bool:
    return cell.fact == fact.key and fact.kind is Kind.WHOLE_NUMBER and isinstance(cell.test, In)


def _holds_texts(fact: FactDefinition, cells: list[Cell], *, may_be_silent: bool) -> bool:
    """Whether a column holds texts: choices do, and yes/no where a rule asks for silence."""
    silent = may_be_silent or any(
        isinstance(cell.test, In) and cell.test.silences for cell in cells
    )
    return fact.kind is Kind.CHOICE or (fact.kind is Kind.YES_NO and silent)


def _allowed(fact: FactDefinition, *, as_text: bool) -> str:
    """All that an input may be; empty if that need not be said."""
    if as_text:
        values = (
            ["yes", "no"] if fact.kind is Kind.YES_NO else [choice.value for choice in fact.choices]
        )
        return ",".join(quoted(value) for value in (*values, *SILENCES))
    if fact.minimum is None and fact.maximum is None:
        return ""
    return write_cell(
        Cell(fact.key, Between(fact.minimum, fact.maximum)),
        fact,
        as_text=False,
        place="the rule set",
    )
