"""DMN's unary tests: the conditions that a cell of a decision table can hold, read and written.

Read are ``-``, literals and lists of them, ``not(…)``, comparisons and intervals. Everything else that FEEL allows
is refused with the text that stands there.
"""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from coding.decision import FactDefinition, Kind
from coding.decision.cells import Between, Cell, In, Not
from coding.decision.facts import SILENCES
from coding.exchange.answer_names import values_by_label
from coding.exchange.errors import Inexpressible, UnreadableFile

STRING = r'"(?:[^"\\]|\\.)*"'
NUMBER = r"-?(?:[0-9]{1,15}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})"
ITEM = re.compile(rf"\s*(?:({STRING})|(true|false))\s*(,|\Z)")
NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)
COMPARISON = re.compile(rf"(<=|>=|<|>)\s*({NUMBER})")
INTERVAL = re.compile(rf"([\[\](])\s*({NUMBER})\s*\.\.\s*({NUMBER})\s*([\[\])])")
DATE = re.compile(r"\b(?:date|time|date and time|duration)\s*\(")
CALL = re.compile(r"([^\W\d]\w*)\s*\(")
EQUALITY = re.compile(rf"(!=|==?)\s*({STRING}|{NUMBER}|true|false)")
LITERAL = rf"(?:{STRING}|{NUMBER}|true|false)"
# A list is passed by what is in it, and brackets around one literal say nothing.
LIST = re.compile(rf"\[\s*({LITERAL}(?:\s*,\s*{LITERAL})*)\s*\]|\(\s*({LITERAL})\s*\)")
# A text goes first: what stands within one is neither a comment nor a date of Flowable's.
SPOKEN = re.compile(
    rf"(?P<text>{STRING})|//[^\n]*|/\*.*?\*/"
    r"|(?:fn_date|date:toDate)\s*\(\s*'(?P<date>\d{4}-\d\d-\d\d)'\s*\)",
    re.DOTALL,
)
TRUTHS = {"true": "yes", "false": "no"}
ANY_NUMBER = "not(null)"
# The name of an input that says whether the number beside it is documented, and what it can be.
SILENCE_OF = "_silence"
DOCUMENTED = ("documented", *SILENCES)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
# What is written with an escape; a single quote within a text needs none.
ESCAPED = str.maketrans({"\n": r"\n", "\t": r"\t", "\r": r"\r", '"': r"\"", "\\": r"\\"})


def quoted(text: str) -> str:
    """A text as a FEEL literal."""
    escaped = text.translate(ESCAPED)
    return f'"{escaped}"'


def unquoted(literal: str, place: str) -> str:
    """The text of a FEEL literal. Raises UnreadableFile for one that is no text."""
    text = ESCAPE.sub(_unescaped, literal[1:-1])
    try:
        # Two escapes may make one character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"{place}: “{literal}” holds half a character. Write it out."
        ) from None
    if "\0" in text:
        raise UnreadableFile(
            f"{place}: “{literal}” holds the character NUL, which no text may hold. Take it out."
        )
    return text


def _unescaped(match: re.Match[str]) -> str:
    escaped = match[1]
    is_number = len(escaped) > 1
    if is_number:
        return chr(int(escaped[1:], 16))
    return ESCAPES.get(escaped, match[0])


def write_cell(cell: Cell, definition: FactDefinition, *, as_text: bool, place: str) -> str:
    """A cell as unary tests; ``as_text`` if the column holds texts, among them the names of the silences."""
    match cell.test:
        case In(values, silences) if definition.is_listed:
            listed = _literals(definition, values, as_text=as_text)
            listed += sorted(quoted(silence.value) for silence in silences)
            return ", ".join(listed)
        case Not(values):
            listed = _literals(definition, values, as_text=as_text)
            if as_text:
                # What is not one of these is documented: a column of texts has to exclude the silences too.
                listed += [quoted(name) for name in sorted(SILENCES)]
            return f"not({', '.join(listed)})"
        case Between(None, None):
            return ANY_NUMBER
        case Between(None, int(high)):
            return f"<= {definition.number_text(high)}"
        case Between(int(low), None):
            return f">= {definition.number_text(low)}"
        case Between(int(low), int(high)):
            return f"[{definition.number_text(low)}..{definition.number_text(high)}]"
    raise Inexpressible(
        f"{place}, {cell.fact}: DMN has no unary test for sets of codes. Export the rule set as JSON or XLSX."
    )


def _literals(
    definition: FactDefinition, values: Collection[str | bool], *, as_text: bool
) -> list[str]:
    return [_literal(value, as_text=as_text) for value in definition.values() if value in values]


def _literal(value: str | bool, *, as_text: bool) -> str:
    if isinstance(value, str):
        return quoted(value)
    if as_text:
        return quoted("yes" if value else "no")
    return "true" if value else "false"


def plain_test(text: str) -> str:
    """A cell without its comments, the brackets around literals, and the sign of equality before one.

    DMN 1.4 allows that sign, and Flowable writes it as ``==``, and dates by a function of its own. A comparison with
    ``?`` is another test: where nothing is documented it comes to null, which null equals.
    """
    text = SPOKEN.sub(_plain, text).strip()
    listed = LIST.fullmatch(text)
    if listed:
        return str(listed[1] or listed[2])

    match = EQUALITY.fullmatch(text)
    if match is None:
        return text
    operator, literal = match.groups()
    if operator == "!=":
        return f"not({literal})"
    return str(literal)


def _plain(match: re.Match[str]) -> str:
    if match["date"]:
        return f'date("{match["date"]}")'
    return match["text"] or " "


class Listed(NamedTuple):
    """The texts that a cell lists, and whether it excludes them."""

    texts: list[str]
    excluded: bool


def read_texts(text: str, place: str) -> Listed | None:
    """What a cell in a column of texts or truth values lists; None for ``-``, which lists nothing."""
    text = text.strip()
    if text in ("", "-"):
        return None
    negation = NEGATION.fullmatch(text)
    listed = negation[1] if negation else text
    values: list[str] = []
    end = 0
    while match := ITEM.match(listed, end):
        literal, truth, comma = match.groups()
        values.append(unquoted(literal, place) if literal else TRUTHS[truth])
        if not comma:
            return Listed(values, negation is not None)
        end = match.end()
    raise unreadable(text, place)


def read_ranges(text: str, place: str, decimals: int = 0) -> list[list[int | None]] | None:
    """The ranges that a column of numbers allows, both ends included; None for ``-``.

    Numbers are whole ones of their last place: 26 for 2.6 where ``decimals`` is 1. Raises UnreadableFile for more.
    """
    text = text.strip()
    if text in ("", "-"):
        return None
    if re.sub(r"\s", "", text) == ANY_NUMBER:
        return [[None, None]]
    negation = NEGATION.fullmatch(text)
    listed = negation[1] if negation else text
    ranges = [_range(part.strip(), text, place, decimals) for part in listed.split(",")]
    # Engines differ on an interval that begins behind its end, and on what is not in it.
    is_empty = any(map(_holds_no_number, ranges))
    if negation and not is_empty:
        ranges = _outside(ranges)
    if is_empty or not ranges or any(map(_holds_no_number, ranges)):
        raise UnreadableFile(f"{place}: “{text}” allows no number.")
    return ranges


def decimals_in(text: str) -> int:
    """How many decimals the numbers of a test have; a zero behind the last of them does not count."""
    without_strings = re.sub(STRING, "", text)
    # The dots of an interval are two: no decimals follow them.
    fractions = re.findall(r"(?<!\.)\.([0-9]+)", without_strings)
    return max((len(fraction.rstrip("0")) for fraction in fractions), default=0)


def _holds_no_number(ends: Sequence[int | None]) -> bool:
    low, high = ends
    return low is not None and high is not None and low > high


def _range(part: str, text: str, place: str, decimals: int) -> list[int | None]:
    if re.fullmatch(NUMBER, part):
        number = _scaled(part, place, decimals)
        return [number, number]

    comparison = COMPARISON.fullmatch(part)
    if comparison:
        operator, end = comparison.groups()
        return _compared(operator, _scaled(end, place, decimals))

    interval = INTERVAL.fullmatch(part)
    if interval:
        opening, first, last, closing = interval.groups()
        low, high = _scaled(first, place, decimals), _scaled(last, place, decimals)
        # Whole numbers of the last place: an end that is left out is the next number.
        if opening != "[":
            low += 1
        if closing != "]":
            high -= 1
        return [low, high]

    raise unreadable(text, place)


def _scaled(number: str, place: str, decimals: int) -> int:
    scaled = Decimal(number).scaleb(decimals)
    if scaled != int(scaled):
        has = decimals or "none"
        raise UnreadableFile(
            f"{place}: “{number}” has more decimals than the question, which has {has}."
        )
    return int(scaled)


def _compared(operator: str, number: int) -> list[int | None]:
    ranges: dict[str, list[int | None]] = {
        "<=": [None, number],
        "<": [None, number - 1],
        ">=": [number, None],
        ">": [number + 1, None],
    }
    return ranges[operator]


def _outside(ranges: Sequence[list[int | None]]) -> list[list[int | None]]:
    """The ranges between and around some ranges."""
    outside: list[list[int | None]] = []
    # The first number behind the ranges so far; None before the first of them.
    start: int | None = None
    for low, high in sorted(ranges, key=_beginning):
        if low is not None and (start is None or low > start):
            outside.append([start, low - 1])
        if high is None:
            return outside
        start = high + 1 if start is None else max(start, high + 1)
    return [*outside, [start, None]]


def _beginning(ends: Sequence[int | None]) -> tuple[bool, int]:
    """Where a range begins, an open beginning before all others."""
    low = ends[0]
    return low is not None, low or 0


def unreadable(text: str, place: str) -> UnreadableFile:
    """A cell that is not read, with the reason where one is known."""
    return UnreadableFile(
        f"{place}: “{text}” is not among the tests that are read: -, literals, lists, not(…), comparisons, intervals."
        f"{_reason(text)}"
    )


def _reason(text: str) -> str:
    bare = re.sub(STRING, "", text)
    if bare in ("True", "False"):
        return f" FEEL writes {bare.lower()}."
    if "?" in bare:
        return " A condition on “?” is not read."
    if "@" in bare or DATE.search(bare):
        return " A date, time or duration is read where it is written out."
    call = CALL.search(bare)
    if call and call[1] != "not":
        return f" It calls “{call[1]}”."
    if "'" in bare:
        return ' FEEL writes texts in double quotes: "…".'
    return ""


def text_cell(definition: FactDefinition, listed: Listed, *, has_silences: bool) -> dict[str, Any]:
    """The cell of a choice or yes/no fact from the texts that its column lists: values, or labels of choices.

    ``has_silences`` says that the column knows the names of the silences, so that a list may mean them.
    """
    values_by_name = _values_by_name(definition)
    values = [values_by_name.get(text, text) for text in listed.texts]
    if not listed.excluded:
        return {"in": values}
    only_documented = not has_silences or SILENCES.keys() <= set(listed.texts)
    if not only_documented:
        all_answers = (*definition.values(), *SILENCES)
        return {"in": [answer for answer in all_answers if answer not in values]}
    known = [value for value in values if value not in SILENCES]
    if not known:
        # Silences alone are excluded: what is left is every documented answer.
        return {"in": list(definition.values())}
    return {"not": known}


def _values_by_name(definition: FactDefinition) -> dict[str, str | bool]:
    if definition.kind is Kind.YES_NO:
        return {"yes": True, "no": False}
    values: dict[str, str | bool] = {**values_by_label(definition)}
    # The value of one choice may be the label of another: values go first.
    for choice in definition.choices:
        values[choice.value] = choice.value
    return values
