"""What cells of a workbook hold, as the texts that a person sees: strings, numbers, days."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coding.intake.shown import BEGIN_OF_STRUCK, END_OF_STRUCK
from coding.tables.errors import FileError
from coding.tables.xlsx_package import Attributes, Package, local, parse

# What a cell holds at most by the format; a longer text is kept one character longer, to be known by it.
LONGEST_CELL = 32_767
MOST_MEMORY = 200_000_000
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# In a format, what stands in quotation marks or brackets or behind a backslash is no letter of a day.
LITERAL = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[\\_*].')
DATE_LETTER = re.compile(r"[dmyh]", re.IGNORECASE)
# A format that shows nothing but the digits of a whole number, with signs and words around and between them.
DIGITS_ONLY = re.compile(r'(?:[0#?]|[-()/+: ]|"[^"]*"|\\.|\[[^\]]*\]|_.|\*.)+')
DIGIT_OR_SIGN = re.compile(r'[0#?]|"(?P<words>[^"]*)"|\\(?P<sign>.)|\[[^\]]*\]|_.|\*.|(?P<plain>.)')
# A workbook keeps fifteen digits of a number.
MOST_EXACT = 10**15
# The last day of 9999, counted from 1904.
LAST_SERIAL = 2_957_004


OFF = ("0", "false")
# The elements that tell where a run of text begins, and whether it is struck out.
OF_RUNS = frozenset(("r", "si", "is", "strike", "t"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell has no text, and what it shows."""

    text: str
    value: str = ""


def unescaped(text: str) -> str:
    """The text with the characters that XML cannot hold: _x000D_ is a carriage return."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Struck:
    """Marks what a run of text strikes out: it stays readable, and is no part of what the cell says."""

    def __init__(self) -> None:
        self._is_struck = False

    def start(self, name: str, attributes: Attributes) -> str:
        """The mark before a text that begins; empty before what stands."""
        if name in ("r", "si", "is"):
            self._is_struck = False
        elif name == "strike":
            self._is_struck = attributes.get("val", "1") not in OFF
        return BEGIN_OF_STRUCK if name == "t" and self._is_struck else ""

    def end(self, name: str) -> str:
        """The mark behind a text that ends."""
        return END_OF_STRUCK if name == "t" and self._is_struck else ""


class SharedStrings:
    """Collects the texts that cells refer to by number, within bounded memory."""

    def __init__(self, package: Package, name: str) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._length = self._memory = 0
        self._phonetic = self._collecting = False
        self._struck = Struck()
        if name in package:
            package.survey(name)
            for _ in parse(package.chunks(name), self._start, self._end, self._text):
                pass

    def _start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "rPh":
            self._phonetic = True
        self._collecting = name == "t" and not self._phonetic
        if mark := self._struck.start(name, attributes):
            self._text(mark)

    def _text(self, text: str) -> None:
        if self._collecting and self._length <= LONGEST_CELL:
            self._parts.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if mark := self._struck.end(name):
            self._text(mark)
        self._collecting = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = unescaped("".join(self._parts))[: LONGEST_CELL + 1]
            self.texts.append(text)
            self._memory += sys.getsizeof(text)
            self._parts, self._length = [], 0
            if self._memory > MOST_MEMORY:
                raise FileError("The workbook holds too much text. Send it as CSV.")


class Styles:
    """Which styles show a number as a day, which with zeros before it, and which strike out what the cell holds."""

    def __init__(self, package: Package, name: str) -> None:
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._in_cells = self._in_fonts = False
        self._fonts: list[bool] = []
        self._font_of: list[str] = []
        if name in package:
            package.survey(name)
            for _ in parse(package.chunks(name), self._start, self._end):
                pass
        self._struck = [self._is_struck(font) for font in self._font_of]
        self._dates = [self._is_date(number) for number in self._formats]
        self._masks = [self._mask(number) for number in self._formats]

    def _start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._formats.append(attributes.get("numFmtId", "0"))
            self._font_of.append(attributes.get("fontId", "0"))
        elif name == "fonts":
            self._in_fonts = True
        elif name == "font" and self._in_fonts:
            self._fonts.append(False)
        elif name == "strike" and self._in_fonts and self._fonts:
            self._fonts[-1] = attributes.get("val", "1") not in OFF

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "cellXfs":
            self._in_cells = False
        elif name == "fonts":
            self._in_fonts = False

    def _is_struck(self, font: str) -> bool:
        is_known = font.isdecimal() and len(font) <= 6 and int(font) < len(self._fonts)
        return is_known and self._fonts[int(font)]

    def marked(self, value: str, style: int) -> str:
        """The text of a cell; where its style strikes it out, marked as such."""
        is_struck = value.strip() and style < len(self._struck) and self._struck[style]
        return f"{BEGIN_OF_STRUCK}{value}{END_OF_STRUCK}" if is_struck else value

    def _is_date(self, number: str) -> bool:
        if code := self._codes.get(number):
            return DATE_LETTER.search(LITERAL.sub("", code.partition(";")[0])) is not None
        return number.isdecimal() and int(number[:4]) in DATE_FORMATS

    def _mask(self, number: str) -> str:
        """The format of positive numbers, if it only spells out digits; empty for others."""
        code = self._codes.get(number, "").partition(";")[0]
        return code if DIGITS_ONLY.fullmatch(code) and re.search(r"[0#?]", code) else ""

    def number(self, value: str, style: int, from_1904: bool) -> str | Fault:
        """A number as its style shows it; without a fraction of zero."""
        try:
            number = float(value)
        except ValueError:
            return Fault("is damaged. Type it anew", value)
        if not -1e300 < number < 1e300:
            return Fault("holds no number that can be read. Type it anew", value)
        if style < len(self._dates) and self._dates[style]:
            return day(number, from_1904)
        if not number.is_integer():
            return f"{number:.15g}"
        if abs(number) >= MOST_EXACT:
            return Fault(
                "holds a number of more than 15 digits, of which the workbook keeps 15. Store it as text",
                value,
            )
        mask = self._masks[style] if style < len(self._masks) else ""
        return masked(int(number), mask) if mask and number >= 0 else str(int(number))


def masked(number: int, mask: str) -> str:
    """A whole number as a format shows it: 123 under ``"MRN-"00000`` is MRN-00123, under ``000-000`` it is 000-123."""
    parts = list(DIGIT_OR_SIGN.finditer(mask))
    places = sum(part[0] in ("0", "#", "?") for part in parts)
    waiting = str(number).rjust(places)
    # What has more digits than the format shows them all at its first place.
    widths = iter([len(waiting) - places + 1, *[1] * places])
    shown: list[str] = []
    at = 0
    for part in parts:
        if part[0] not in ("0", "#", "?"):
            shown.append(part["words"] or part["sign"] or part["plain"] or "")
            continue
        end = at + next(widths)
        shown.append(waiting[at:end].strip() or ("0" if part[0] == "0" else ""))
        at = end
    return "".join(shown)


def day(serial: float, from_1904: bool) -> str | Fault:
    """The day, and the time where there is one, that a spreadsheet counts by this number."""
    # The count of 1900 begins with 1, and has a day 60 that never was.
    is_no_day_of_1900 = serial < 1 or 60 <= serial < 61
    is_counted = 0 <= serial < LAST_SERIAL and (from_1904 or not is_no_day_of_1900)
    if not is_counted:
        return Fault("holds no day of the calendar. Type the date anew", f"{serial:.15g}")
    day_before_first = 31 if serial < 60 else 30
    begin = date(1904, 1, 1) if from_1904 else date(1899, 12, day_before_first)
    days, seconds = divmod(round(serial * 86_400), 86_400)
    written = (begin + timedelta(days)).isoformat()
    minutes = seconds // 60
    return (
        f"{written} {minutes // 60:02}:{minutes % 60:02}:{seconds % 60:02}" if seconds else written
    )


def plain(kind: str, value: str, strings: Sequence[str]) -> str | Fault:
    """The text of a cell that is no number."""
    if kind == "s":
        if not value.isdecimal() or len(value) > 9 or int(value) >= len(strings):
            return Fault("is damaged. Type it anew", value)
        return strings[int(value)]
    if kind == "b":
        return "yes" if value.strip() == "1" else "no"
    if kind == "e":
        return Fault(f"shows the error {value[:20]}. Correct it, or clear it", value)
    return unescaped(value)
