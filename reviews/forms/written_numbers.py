"""Numbers as people write them, with a unit behind them: “2.6 cm”, also where the question counts in millimetres."""

import re
from decimal import Decimal

from coding.decision import FactDefinition, Kind

# Metres, and the powers of ten by which shorter units are smaller.
LENGTHS = {"mm": -3, "cm": -2, "m": 0}
WITH_UNIT = re.compile(
    r"(?P<number>[+-]?\d{1,12}(?:[.,]\d{1,6})?)\s*(?P<unit>[a-z]{1,20})", re.IGNORECASE
)


def without_unit(definition: FactDefinition, text: str) -> str:
    """A number without the unit of its question, and a length in that unit; other texts as they are."""
    unit = definition.unit.casefold()
    if definition.kind is not Kind.WHOLE_NUMBER or not unit:
        return text
    number = text[: -len(unit)].rstrip()
    # “12 cm” ends with “m” too, and says nothing of metres.
    if text.casefold().endswith(unit) and not number[-1:].isalpha():
        return number.strip()

    written = WITH_UNIT.fullmatch(text.strip())
    if written is None:
        return text
    named = written["unit"].casefold()
    if unit not in LENGTHS or named not in LENGTHS:
        return text
    power = LENGTHS[named] - LENGTHS[unit]
    converted = Decimal(written["number"].replace(",", ".")).scaleb(power).normalize()
    return f"{converted:f}"
