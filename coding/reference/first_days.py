"""The first day of a release, as the names of the files of CMS tell it.

Quarters begin with January, April, July and October. The numbers of the pair files count from 1994: ``v322`` is the
third quarter of 2026. Fee schedules of a quarter end in a letter (``rvu24c``) or a month (``PPRRVU2026_Jul``).
"""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
QUARTERS = 4
FIRST_PAIR_YEAR = 1994
YEAR = r"(?P<year>20\d\d)"
SHORT_YEAR = r"(?P<short>\d\d)"
MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"eff[_-]?(?P<number>\d\d)-(?P<day>\d\d)-" + YEAR,
        YEAR + r"-(?P<number>[01]\d)-(?P<day>[0-3]\d)",
        YEAR + r"[-_](?P<number>[01]\d)(?!\d)",
        YEAR + r"[-_ ]?q(?P<quarter>[1-4])",
        YEAR + r"[_-]?" + MONTH,
        YEAR + r"[_-]?(?P<letter>[a-d])(?![a-z])",
        r"(?:rvu|gpci)" + SHORT_YEAR + r"[_-]?" + MONTH,
        r"(?:rvu|gpci)" + SHORT_YEAR + r"[_-]?(?P<letter>[a-d])(?![a-z])",
        r"v(?P<count>\d\d)(?P<part>[0-3])r\d",
        r"(?:gpci|hcpc|rvu)[_-]?" + YEAR,
    )
)


def first_day(name: str) -> date | None:
    """The first day of the release that a file's name tells of; None where it tells none."""
    for shape in SHAPES:
        match = shape.search(name)
        if match:
            return _day(match.groupdict())
    return None


def _day(parts: dict[str, str | None]) -> date | None:
    try:
        return date(_year(parts), _month(parts), int(parts.get("day") or 1))
    except ValueError:
        return None


def _year(parts: dict[str, str | None]) -> int:
    """The year as a name counts it: of its releases in pairs, in four digits, or in two."""
    count, year, short = parts.get("count"), parts.get("year"), parts.get("short")
    if count:
        return FIRST_PAIR_YEAR + int(count)
    if year:
        return int(year)
    return 2000 + int(short or 0)


def _month(parts: dict[str, str | None]) -> int:
    """The month, by its number or name, or the first one of a quarter."""
    number, name = parts.get("number"), parts.get("month")
    if number:
        return int(number)
    if name:
        return MONTHS.index(name.lower()) + 1
    return 1 + _quarter(parts) * 12 // QUARTERS


def _quarter(parts: dict[str, str | None]) -> int:
    """The quarter from 0 on: by its letter, by its number, or by the part of a pair file; the first where none is."""
    letter, spelled, part = parts.get("letter"), parts.get("quarter"), parts.get("part")
    if letter:
        return "abcd".index(letter.lower())
    if spelled:
        return int(spelled) - 1
    return int(part or 0)
