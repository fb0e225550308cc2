"""The inputs of decision tables as DMN has them: one for each fact, and one more where a number may be silent."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.cells import Between, Cell, In
from coding.decision.facts import SILENCES, Silence
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
            asked = cell.test.silences
            return ", ".join(quoted(silence.value) for silence in Silence if silence in asked)
        return write_cell(cell, self.fact, as_text=self.kind == "string", place=place)


def columns_of(table: RuleTable) -> list[Column]:
    """The columns of a rule set, in the order of its facts."""
    # What a derived fact is derived from counts with its silences, and so does what it is derived to.
    may_be_silent: set[str] = set()
    for fact in table.derived:
        may_be_silent.update((fact.key, *fact.inputs))

    columns: list[Column] = []
    for fact in table.facts:
        columns += _columns(table, fact, may_be_silent=fact.key in may_be_silent)
    return columns


def _columns(table: RuleTable, fact: FactDefinition, *, may_be_silent: bool) -> Iterator[Column]:
    cells = _cells_on(table, fact)
    as_text = _holds_texts(fact, cells, may_be_silent=may_be_silent)
    kinds = {Kind.YES_NO: "boolean", Kind.WHOLE_NUMBER: "number"}
    kind = "string" if as_text else kinds.get(fact.kind, "string")
    yield Column(fact.key, fact.label, kind, _allowed(fact, as_text=as_text), fact)

    if fact.kind is not Kind.WHOLE_NUMBER:
        return
    if may_be_silent or any(_is_silent_number(cell, fact) for cell in cells):
        name = f"{fact.key}{SILENCE_OF}"
        if name in table.fact_by_key:
            raise Inexpressible(
                f"A fact is called {name}, as DMN would say whether {fact.key} is documented."
            )
        allowed = ",".join(map(quoted, DOCUMENTED))
        yield Column(name, f"{fact.label}: documented?", "string", allowed, fact, is_silence=True)


def _cells_on(table: RuleTable, fact: FactDefinition) -> list[Cell]:
    """The cells of the rules that test a fact."""
    cells = []
    for rule in table.rules:
        for row in rule.rows:
            cells += [cell for cell in row if cell.fact == fact.key]
    return cells


def _is_silent_number(cell: Cell, fact: FactDefinition) -> bool:
    is_on_number = cell.fact == fact.key and fact.kind is Kind.WHOLE_NUMBER
    return is_on_number and isinstance(cell.test, In)


def _holds_texts(fact: FactDefinition, cells: list[Cell], *, may_be_silent: bool) -> bool:
    """Whether a column holds texts: choices do, and yes/no where a rule asks for silence."""
    if fact.kind is not Kind.YES_NO:
        return fact.kind is Kind.CHOICE
    return may_be_silent or any(_asks_for_silence(cell) for cell in cells)


def _asks_for_silence(cell: Cell) -> bool:
    return isinstance(cell.test, In) and bool(cell.test.silences)


def _allowed(fact: FactDefinition, *, as_text: bool) -> str:
    """All that an input may be; empty if that need not be said."""
    if as_text:
        values = [choice.value for choice in fact.choices]
        if fact.kind is Kind.YES_NO:
            values = ["yes", "no"]
        return ",".join(quoted(value) for value in (*values, *SILENCES))
    if fact.minimum is None and fact.maximum is None:
        return ""
    whole = Cell(fact.key, Between(fact.minimum, fact.maximum))
    return write_cell(whole, fact, as_text=False, place="the rule set")
