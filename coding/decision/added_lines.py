"""Further lines that a code brings: add-ons and second codes, each with its units."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from coding.decision.cells import Between, Cell, Rows, rows_to_data, tested_facts
from coding.decision.document import check_object, optional_number, rows_of, text_of
from coding.decision.errors import (
    DanglingFact,
    ImpossibleRange,
    MissingKey,
    UnsuitableTest,
    WrongType,
)
from coding.decision.facts import FactDefinition, Kind
from coding.decision.shapes import LISTED_CODE, PROCEDURE

# As many as three digits write. Of units that go by a number, each count is rows of the table by itself.
MOST_UNITS = 999
# What a report of a service has room for.
MOST_LINES = 16
# As people write a line: 12345, 12345 x 2.
WRITTEN = re.compile(rf"(?P<code>{PROCEDURE.pattern})(?:\s*[X×*]\s*(?P<units>[0-9]{{1,3}}))?")


class Line(NamedTuple):
    """A further code and how often it is reported."""

    code: str
    units: int


@dataclass(frozen=True, slots=True)
class Step:
    """Units by a number: the first from ``first`` on, a further one for each ``each`` more; none below."""

    fact: str
    first: int
    each: int


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A code that is reported beside the rule's when one of the rows applies, so many times or by a number."""

    code: str
    rows: Rows
    units: int | Step = 1

    def alternatives(self, facts: Mapping[str, FactDefinition]) -> Iterator[tuple[Line, Rows]]:
        """The line with each count of units that it can have, and the rows for it."""
        if isinstance(self.units, int):
            yield Line(self.code, self.units), self.rows
            return
        step = self.units
        maximum = facts[step.fact].maximum
        if maximum is None:
            raise ImpossibleRange(f"line {self.code}: {step.fact} has no maximum.")
        for units, low in enumerate(range(step.first, maximum + 1, step.each), start=1):
            high = min(low + step.each - 1, maximum)
            cell = Cell(step.fact, Between(low, high))
            yield Line(self.code, units), tuple((*row, cell) for row in self.rows)


def lines_from_text(text: str) -> tuple[Line, ...]:
    """Further lines as people write them, “12345, 54321 x 2”. Raises ValueError that says what an entry is not."""
    entries = (entry.strip() for entry in re.split(r"[,;\n]", text))
    return tuple(_line_from_text(entry) for entry in entries if entry)


def _line_from_text(entry: str) -> Line:
    line = WRITTEN.fullmatch(entry.upper())
    if line is None:
        raise ValueError(
            f"“{entry}” is no further line. Write a code and its units, such as “12345” or “12345 x 2”; "
            "separate several by commas."
        )
    units = int(line["units"] or 1)
    if not units:
        raise ValueError(
            f"{line['code']}: write units from 1 to {MOST_UNITS}, or leave the line out."
        )
    return Line(line["code"], units)


def lines_from_data(
    listed: Iterable[Any], facts: Mapping[str, FactDefinition]
) -> tuple[AddedLine, ...]:
    """The further lines of a document."""
    lines = tuple(_line(data, facts) for data in listed)
    if len(lines) > MOST_LINES:
        raise ImpossibleRange(
            f"the rule set has {len(lines)} further lines; a report has room for {MOST_LINES}."
        )
    return lines


def _line(data: Any, facts: Mapping[str, FactDefinition]) -> AddedLine:
    check_object(data, {"code", "rows", "units"}, "a line")
    code = text_of(data, "code", "a line")
    place = f"line {code}"
    if not LISTED_CODE.fullmatch(code):
        raise WrongType(f"{place}: a code has five characters, digits or capital letters.")
    rows = rows_of(data, facts, place)
    units = data.get("units", 1)
    if isinstance(units, Mapping):
        return AddedLine(code, rows, _step(units, rows, facts, place))
    if type(units) is not int:
        raise WrongType(
            f"{place}: units is a number, or an object of fact, first and each; not “{units}”."
        )
    if not 1 <= units <= MOST_UNITS:
        raise ImpossibleRange(f"{place}: units is a number from 1 to {MOST_UNITS}, not {units}.")
    return AddedLine(code, rows, units)


def _step(
    data: Mapping[str, Any], rows: Rows, facts: Mapping[str, FactDefinition], place: str
) -> Step:
    of_units = f"{place}, units"
    check_object(data, {"fact", "first", "each"}, of_units)
    key = text_of(data, "fact", of_units)
    if key not in facts:
        raise DanglingFact(f"{of_units}: there is no fact “{key}”.")
    fact = facts[key]
    if fact.kind is not Kind.WHOLE_NUMBER or fact.maximum is None:
        raise UnsuitableTest(
            f"{of_units}: {key} has to be a number with a maximum, so that every count is known."
        )

    first = optional_number(data, "first", of_units)
    each = optional_number(data, "each", of_units)
    if first is None or each is None:
        raise MissingKey(f"{of_units}: give first and each.")
    if each < 1 or first > fact.maximum or (fact.maximum - first) // each >= MOST_UNITS:
        raise ImpossibleRange(
            f"{of_units}: first lies up to {fact.maximum}, and each gives 1 to {MOST_UNITS} units."
        )
    if key in tested_facts(rows):
        raise UnsuitableTest(
            f"{place}: {key} gives the units, so no row of the line tests it. Derive a fact from it and test that."
        )
    return Step(key, first, each)


def line_to_data(line: AddedLine) -> dict[str, Any]:
    data: dict[str, Any] = {"code": line.code, "rows": rows_to_data(line.rows)}
    match line.units:
        case Step(fact, first, each):
            data["units"] = {"fact": fact, "first": first, "each": each}
        case int(units) if units != 1:
            data["units"] = units
    return data
