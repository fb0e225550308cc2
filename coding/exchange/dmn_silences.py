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
    names = [column.expression for column in grid.inputs]
    own = {
        place: names.index(column.expression.removesuffix(SILENCE_OF))
        for place, column in enumerate(grid.inputs)
        if column.expression.endswith(SILENCE_OF)
        and column.expression.removesuffix(SILENCE_OF) in names
        and re.sub(r"\s", "", column.allowed) == ",".join(map(quoted, DOCUMENTED))
    }
    if not own:
        return grid
    kept = [place for place in range(len(names)) if place not in own]
    lines = []
    for line in grid.lines:
        tests = list(line.tests)
        for place, number in own.items():
            tests[number] = _joined(
                tests[number], tests[place], f"rule {line.number}, {names[place]}"
            )
        lines.append(replace(line, tests=tuple(tests[place] for place in kept)))
    return replace(grid, inputs=tuple(grid.inputs[place] for place in kept), lines=tuple(lines))


def _joined(number: str, silence: str, place: str) -> str:
    listed = read_texts(silence, place)
    if listed is None:
        return number
    known = not listed.excluded and set(listed.texts) <= set(DOCUMENTED[1:])
    if not known or number not in ("", "-"):
        raise UnreadableFile(
            f"{place}: “{silence}” beside “{number or '-'}” is not read. Test one of the two."
        )
    return MARK + " ".join(listed.texts)


def silences_of(test: str) -> list[str]:
    """The silences that a cell of a number names."""
    return test.removeprefix(MARK).split() if test.startswith(MARK) else []
