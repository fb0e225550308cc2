"""Numbers as people write them, with a unit behind them: “2.6 cm”, also where the question counts in millimetres."""

import re
from decimal import Decimal

from coding.decision import FactDefinition, Kind

# Metres, and the powers of ten by which shorter units are smaller.
LENGTHS = {"mm": -3, "cm": -2, "m": 0}
WITH_UNIT = re.compile(r"([+-]?\d{1,12}(?:[.,]\d{1,6})?)\s*([a-z]{1,20})", re.IGNORECASE)


def without_unit(definition: FactDefinition, text: str) -> str:
    """A number without the unit of its question, and a length in that unit; other texts as they are."""
    unit = definition.unit.casefold()
    if definition.kind is not Kind.WHOLE_NUMBER or not unit:
        return text
    if text.casefold().endswith(unit) and not text[: -len(unit)].rstrip()[-1:].isalpha():
        return text[: -len(unit)].strip()
    written = WITH_UNIT.fullmatch(text.strip())
    if written is None or unit not in LENGTHS or written[2].casefold() not in LENGTHS:
        return text
    power = LENGTHS[written[2].casefold()] - LENGTHS[unit]
    number = Decimal(written[1].replace(",", ".")).scaleb(power).normalize()
    return f"{number:f}"
