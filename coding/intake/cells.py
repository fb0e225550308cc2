"""Cells of tables, as billing systems and spreadsheet programs write them, read as the values that they mean."""

import re

# What programs write where there is nothing.
NO_VALUES = re.compile(
    r"\(?null\)?|[<\[]null[>\]]|nil|none|undefined|na[nt]?|n/a|n\.a\.|\\n|--?|\?+"
    r"|[<(\[]?(?:blank|empty)[>)\]]?|unknown|tbd|not (?:available|applicable|known|specified|stated|recorded)",
    re.IGNORECASE,
)
# What a spreadsheet shows where a formula failed.
ERROR = re.compile(
    r"#(?:N/?A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#+)", re.IGNORECASE
)
# ="00123" and '00123 keep a program from taking zeros off.
AS_TEXT = re.compile(r"=\s*\"([^\"]*)\"|'(?=\d)(.*)", re.DOTALL)
# The signs with which what is no plain value begins.
BEGINS_OTHERWISE = frozenset("(<[-\\#='nNuUbBeEtT?")
WITH_EMPTY_FRACTION = re.compile(r"(\d+)\.0+")
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
# A spreadsheet keeps fifteen digits of a number and makes zeros of the others.
CUT_NUMBER = re.compile(r"\d{15}0+")
SEXES = {
    "f": "F",
    "m": "M",
    "o": "O",
    "u": "U",
    "female": "F",
    "woman": "F",
    "girl": "F",
    "male": "M",
    "man": "M",
    "boy": "M",
    "other": "O",
    "unknown": "U",
    "diverse": "O",
    "nonbinary": "O",
    "non-binary": "O",
    "unspecified": "U",
    "not specified": "U",
    # HL7 table 0001 and others: ambiguous and X are neither female nor male, not applicable is unknown.
    "a": "O",
    "ambiguous": "O",
    "x": "O",
    "n": "U",
    "not applicable": "U",
    "undifferentiated": "O",
}
NOT_EXACT = "spreadsheets have cut it to 15 digits. Export it again with this column as text."


def cleaned(text: str) -> str:
    """The value without what programs put around it; empty where they wrote that there is none."""
    value = text.strip()
    if value[:1] not in BEGINS_OTHERWISE:
        return value
    if as_text := AS_TEXT.fullmatch(value):
        value = (as_text[1] if as_text[1] is not None else as_text[2]).strip()
    return "" if NO_VALUES.fullmatch(value) or ERROR.fullmatch(value) else value


def is_error(text: str) -> bool:
    """Whether the cell shows that a formula failed."""
    return "#" in text and ERROR.fullmatch(text.strip()) is not None


def whole_number(text: str) -> str:
    """A whole number without the fraction that some programs add: 1001.0 is 1001."""
    number = WITH_EMPTY_FRACTION.fullmatch(text)
    return number[1] if number else text


def is_cut(cell: str) -> bool:
    """Whether digits of an identifier are lost for good: 1.23457E+11, or zeros behind fifteen digits.

    What its program marked as text was no number there, and is whole.
    """
    identifier = whole_number(cleaned(cell))
    is_number = SCIENTIFIC.fullmatch(identifier) or CUT_NUMBER.fullmatch(identifier)
    return bool(is_number) and not AS_TEXT.fullmatch(cell.strip())


def sex_letter(text: str) -> str:
    """The letter of a word for a sex; what is none stays as it is."""
    return SEXES.get(text.casefold(), text)
