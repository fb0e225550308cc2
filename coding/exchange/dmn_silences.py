"""Inputs of an export that say whether a number is documented: read back as cells of the number itself."""

import re
from dataclasses import replace

from coding.exchange.dmn_model import Grid
from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import DOCUMENTED, SILENCE_OF, quoted, read_texts

# No FEEL begins so: a cell of a number that names silences, between the two steps of reading.
MARK = "\0silent "


def without_silence_inputs(grid: Grid) -> Grid:
    """The table with each such input taken into the number before it."""
    number_of = _silence_inputs(grid)
    if not number_of:
        return grid

    kept = [place for place in range(len(grid.inputs)) if place not in number_of]
    lines = []
    for line in grid.lines:
        tests = list(line.tests)
        for place, number in number_of.items():
            cell = f"rule {line.number}, {grid.inputs[place].expression}"
            tests[number] = _joined(tests[number], tests[place], cell)
        lines.append(replace(line, tests=tuple(tests[place] for place in kept)))
    inputs = tuple(grid.inputs[place] for place in kept)
    return replace(grid, inputs=inputs, lines=tuple(lines))


def _silence_inputs(grid: Grid) -> dict[int, int]:
    """The places of inputs that say whether a number is documented, each with the place of the number."""
    names = [column.expression for column in grid.inputs]
    allowed = ",".join(map(quoted, DOCUMENTED))
    number_of = {}
    for place, column in enumerate(grid.inputs):
        number = column.expression.removesuffix(SILENCE_OF)
        is_called_so = column.expression.endswith(SILENCE_OF) and number in names
        # A foreign file may call an input so too: only what an export writes is taken.
        if is_called_so and re.sub(r"\s", "", column.allowed) == allowed:
            number_of[place] = names.index(number)
    return number_of


def _joined(number: str, silence: str, place: str) -> str:
    listed = read_texts(silence, place)
    if listed is None:
        return number
    names_silences = not listed.excluded and set(listed.texts) <= set(DOCUMENTED[1:])
    if not names_silences or number not in ("", "-"):
        raise UnreadableFile(
            f"{place}: “{silence}” beside “{number or '-'}” is not read. Test one of the two."
        )
    return MARK + " ".join(listed.texts)


def silences_of(test: str) -> list[str]:
    """The silences that a cell of a number names."""
    if not test.startswith(MARK):
        return []
    return test.removeprefix(MARK).split()
