"""DMN's unary tests: the conditions that a cell of a decision table can hold, read and written.

Read are ``-``, literals and lists of them, ``not(…)``, comparisons and intervals. Everything else that FEEL allows
is refused with the text that stands there.
"""

import re
from collections.abc import Sequence
from typing import Any

from coding.decision import FactDefinition, Kind
from coding.decision.cells import Between, Cell, In, Not
from coding.decision.facts import SILENCES
from coding.exchange.errors import Inexpressible, UnreadableFile

STRING = r'"(?:[^"\\]|\\.)*"'
NUMBER = r"-?[0-9]{1,18}"
ITEM = re.compile(rf"\s*(?:({STRING})|(true|false))\s*(,|\Z)")
NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)
COMPARISON = re.compile(rf"(<=|>=|<|>)\s*({NUMBER})")
INTERVAL = re.compile(rf"([\[\](])\s*({NUMBER})\s*\.\.\s*({NUMBER})\s*([\[\])])")
ANY_NUMBER = "not(null)"
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


def quoted(text: str) -> str:
    """A text as a FEEL literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'


def unquoted(literal: str, place: str) -> str:
    """The text of a FEEL literal. Raises UnreadableFile for one that is no text."""
    text = ESCAPE.sub(_unescaped, literal[1:-1])
    try:
        # Two escapes may make one character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{place}: “{literal}” holds half a character. Write it out.") from None
    if "\0" in text:
        raise UnreadableFile(f"{place}: “{literal}” holds the character NUL, which no text may hold. Take it out.")
    return text


def _unescaped(match: re.Match[str]) -> str:
    what = match[1]
    return chr(int(what[1:], 16)) if len(what) > 1 else ESCAPES.get(what, match[0])


def write_cell(cell: Cell, definition: FactDefinition, *, as_text: bool, place: str) -> str:
    """A cell as unary tests; ``as_text`` if the column holds texts, among them the names of the silences."""
    match cell.test:
        case In(values, silences) if definition.kind in (Kind.CHOICE, Kind.YES_NO):
            known = [_literal(value, as_text=as_text) for value in definition.values() if value in values]
            return ", ".join([*known, *sorted(quoted(silence.value) for silence in silences)])
        case Not(values):
            known = [_literal(value, as_text=as_text) for value in definition.values() if value in values]
            return f"not({', '.join([*known, *map(quoted, sorted(SILENCES))] if as_text else known)})"
        case Between(None, None):
            return ANY_NUMBER
        case Between(None, high):
            return f"<= {high}"
        case Between(low, None):
            return f">= {low}"
        case Between(low, high):
            return f"[{low}..{high}]"
    raise Inexpressible(
        f"{place}, {cell.fact}: DMN has no unary test for sets of codes, nor for a number that is not documented."
        " Export the rule set as JSON or XLSX."
    )


def _literal(value: str | bool, *, as_text: bool) -> str:
    if isinstance(value, bool):
        text = "yes" if value else "no"
        return quoted(text) if as_text else str(value).lower()
    return quoted(value)


def read_texts(text: str, place: str) -> tuple[list[str], bool] | None:
    """The texts that a column of texts or truth values lists, and whether they are excluded; None for ``-``."""
    text = text.strip()
    if text in ("", "-"):
        return None
    negation = NEGATION.fullmatch(text)
    listed, values, end = negation[1] if negation else text, [], 0
    while match := ITEM.match(listed, end):
        literal, truth, comma = match.groups()
        values.append(unquoted(literal, place) if literal else {"true": "yes", "false": "no"}[truth])
        if not comma:
            return values, negation is not None
        end = match.end()
    raise _unreadable(text, place)


def read_ranges(text: str, place: str) -> list[list[int | None]] | None:
    """The ranges that a column of numbers allows, both ends included; None for ``-``."""
    text = text.strip()
    if text in ("", "-"):
        return None
    if re.sub(r"\s", "", text) == ANY_NUMBER:
        return [[None, None]]
    negation = NEGATION.fullmatch(text)
    ranges = [_range(part.strip(), text, place) for part in (negation[1] if negation else text).split(",")]
    found = _outside(ranges) if negation else ranges
    if not found or any(low is not None and high is not None and low > high for low, high in found):
        raise UnreadableFile(f"{place}: “{text}” allows no number.")
    return found


def _range(part: str, text: str, place: str) -> list[int | None]:
    if re.fullmatch(NUMBER, part):
        return [int(part), int(part)]
    if match := COMPARISON.fullmatch(part):
        number = int(match[2])
        return {"<=": [None, number], "<": [None, number - 1], ">=": [number, None], ">": [number + 1, None]}[match[1]]
    if match := INTERVAL.fullmatch(part):
        # Whole numbers: an end that is left out is the next number.
        return [int(match[2]) + (match[1] != "["), int(match[3]) - (match[4] != "]")]
    raise _unreadable(text, place)


def _outside(ranges: Sequence[list[int | None]]) -> list[list[int | None]]:
    """The ranges between and around some ranges."""
    found: list[list[int | None]] = []
    start: int | None = None
    open_below = True
    for low, high in sorted(ranges, key=lambda pair: (pair[0] is not None, pair[0] or 0)):
        if low is not None and (open_below or (start is not None and low > start)):
            found.append([None if open_below else start, low - 1])
        open_below = False
        if high is None:
            return found
        start = high + 1 if start is None else max(start, high + 1)
    return [*found, [start, None]]


def _unreadable(text: str, place: str) -> UnreadableFile:
    return UnreadableFile(
        f"{place}: “{text}” is not among the tests that are read: -, literals, lists, not(…), comparisons, intervals."
    )


def text_cell(definition: FactDefinition, read: tuple[list[str], bool], *, has_silences: bool) -> dict[str, Any]:
    """The cell of a choice or yes/no fact from the texts that its column lists: values, or labels of choices."""
    texts, excluded = read
    names: dict[str, str | bool] = {"yes": True, "no": False} if definition.kind is Kind.YES_NO else {}
    names |= {choice.label: choice.value for choice in definition.choices}
    names |= {choice.value: choice.value for choice in definition.choices}
    values = [names.get(text, text) for text in texts]
    if not excluded:
        return {"in": values}
    if not has_silences or SILENCES.keys() <= set(texts):
        known = [value for value in values if value not in SILENCES]
        return {"not": known} if known else {"in": list(definition.values())}
    return {"in": [value for value in (*definition.values(), *SILENCES) if value not in values]}
