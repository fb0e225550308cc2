"""Lines, earlier services, days and payers as people write them in files of claims."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from coding.claim import EarlierLine, Line

CODE = r"(?:\d{4}[0-9FTUM]|[A-V]\d{4})"
# 11111-LT=22222 x1 [A,B] @B: what the answers of the line's own service come to stands behind the sign of equality.
LINE = re.compile(
    rf"(?P<code>{CODE})(?P<modifiers>(?:\s*[-,]\s*[A-Z0-9]{{2}}\b)*)(?:\s*=\s*(?P<supported>{CODE}))?"
    r"(?:\s*[x×*]\s*(?P<units>\d+)|\s+(?P<counted>\d+)\s+units?)?"
    r"(?:\s*[\[(](?P<pointers>[A-L\d,; ]*)[\])])?(?:\s*@\s*(?P<provider>\w+))?",
    re.IGNORECASE,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
    re.compile(rf"\b{MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})\.?\s+{MONTH}\s+(?P<y>\d{{4}})", re.IGNORECASE),
)
# A month without its day: its last day, so that a period of years is judged as it stands.
MONTH_ONLY = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})\b(?!-?\d)")
AGO = re.compile(
    r"\b(?P<number>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<span>day|week|month|year)s?\s+"
    r"(?:ago|earlier|before)",
    re.IGNORECASE,
)
NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}
EARLIER_CODE = re.compile(rf"\b(?P<code>{CODE})(?P<modifiers>(?:-[A-Z0-9]{{2}}\b)*)(?![\d/-])")
# Not the same group and specialty: either of the two is enough.
ANOTHER = re.compile(
    r"\b(?:an)?other\b(?! (?:matter|problem|knee|hip|wrist|side|hand|wound|joint))|\bdifferent (?!problem|side)"
    r"|\boutside\b|\belsewhere\b|\bnot (?:the|our|of our) (?:same )?(?:group|specialty|provider)"
    r"|\bunrelated (?:group|practice)",
    re.IGNORECASE,
)
NOBODY_SAW = re.compile(
    r"\bnone\b|\bno (?:earlier|prior|previous)\b|\bnever seen\b|\bnot seen\b|\bnew patient\b", re.I
)
# Kinds of payers by a word of their names; what is none of them is a kind of its own.
PAYERS = {
    "medicaid": re.compile(r"\bmedicaid\b|\bchip\b", re.IGNORECASE),
    "medicare": re.compile(r"\bmedicare\b|\bcms\b", re.IGNORECASE),
    "workers_compensation": re.compile(r"\bworkers?['’]?s?['’]? comp", re.IGNORECASE),
    "commercial": re.compile(
        r"\bcommercial\b|\bprivate\b|\bppo\b|\bhmo\b|\bblue (?:cross|shield)\b", re.IGNORECASE
    ),
}


def line_of(number: int, text: str, places: Mapping[str, int]) -> Line:
    """A line such as ``11111-LT x1 [A,B] @B``; ``places`` says where the diagnosis of a letter stands, from 1.

    Raises ValueError.
    """
    match = LINE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"“{text}” is no line such as 11111-LT x1 [A,B] @B.")
    pointers = re.findall(r"[A-L]|\d+", (match["pointers"] or "").upper())
    modifiers = re.findall(r"[A-Z0-9]{2}", match["modifiers"].upper())
    return Line(
        number=number,
        code=match["code"].upper(),
        modifiers=tuple(modifiers),
        units=int(match["units"] or match["counted"] or 1),
        pointers=tuple(_pointer(sign, places) for sign in pointers),
        provider=(match["provider"] or "").upper(),
        supported=(match["supported"] or "").upper() or None,
    )


def _pointer(sign: str, places: Mapping[str, int]) -> int:
    """The place of a diagnosis by its number or its letter; an unknown letter counts by its place in the alphabet."""
    if sign.isdigit():
        return int(sign)
    return places.get(sign, ord(sign) - ord("A") + 1)


def day_of(text: str) -> date:
    """A day as 2024-08-14, 08/14/2024 or August 14, 2024. Raises ValueError."""
    days = [day for _, day in _days(text, None)]
    if len(days) != 1:
        raise ValueError(f"“{text}” is no day such as 2024-08-14.")
    return days[0]


def payer_of(text: str) -> str:
    """The kind of payer that a name tells; the name itself where it tells none."""
    for kind, pattern in PAYERS.items():
        if pattern.search(text):
            return kind
    return text.strip().lower()


@dataclass(slots=True)
class _Entry:
    """What is gathered of an earlier day, while its text is read."""

    codes: list[re.Match[str]] = field(default_factory=list)
    day: date | None = None
    begins: int = 0


def history_of(text: str, claim_day: date) -> tuple[EarlierLine, ...] | None:
    """Earlier services: ``11111-LT on 2024-06-26, same provider; 22222 on 2023-02-01 by another group``.

    A code counts for the day that stands beside it, behind it or before; several codes may share one. A day without a
    code says that the patient was seen. Text that names neither is passed over. None where nothing is said at all, no
    services where the text says that there were none. Raises ValueError for codes without any day.
    """
    lines: list[EarlierLine] = []
    for part in text.split(";"):
        lines += _earlier(part, claim_day)
    if lines:
        return tuple(lines)
    if NOBODY_SAW.search(text):
        return ()
    return None


def _earlier(text: str, claim_day: date) -> Iterator[EarlierLine]:
    day: date | None = None
    entries = _entries(text, claim_day)
    for place, entry in enumerate(entries):
        following = entries[place + 1 :]
        end = following[0].begins if following else len(text)
        same_group = not ANOTHER.search(text[entry.begins : end])

        # Codes without a day of their own count for the day before.
        day = entry.day or day
        if day is None:
            raise ValueError(f"history “{text.strip()}” names no day such as 2024-06-26.")
        for code in entry.codes:
            # “-LT-59”: what stands before the first hyphen is empty.
            _, *modifiers = code["modifiers"].split("-")
            yield EarlierLine(day, code["code"], tuple(modifiers), same_group)
        if not entry.codes:
            yield EarlierLine(day, "", (), same_group)


def _entries(text: str, claim_day: date) -> list[_Entry]:
    """The codes and days of a text in their order: a new entry begins where the one before has both."""
    days = dict(_days(text, claim_day))
    codes = {match.start(): match for match in EARLIER_CODE.finditer(text)}
    entries = [_Entry()]
    for at in sorted({*days, *codes}):
        is_day = at in days
        if _is_full(entries[-1], is_day):
            entries.append(_Entry(begins=at))
        entry = entries[-1]
        if is_day:
            entry.day = days[at]
        else:
            entry.codes.append(codes[at])

    names_something = bool(days or codes)
    return entries if names_something else []


def _is_full(entry: _Entry, is_day: bool) -> bool:
    """Whether what follows an entry, a day or a code, is no more of it."""
    if entry.day is None:
        return False
    return is_day or bool(entry.codes)


def _days(text: str, claim_day: date | None) -> Iterator[tuple[int, date]]:
    """The days of a text, each with its place. Spans such as “three weeks ago” count from the claim's day."""
    for pattern in DAYS:
        for match in pattern.finditer(text):
            yield match.start(), _day(match)
    if claim_day is None:
        return
    for match in MONTH_ONLY.finditer(text):
        year, month = int(match["y"]), int(match["m"])
        following = date(year + month // 12, month % 12 + 1, 1)
        # Its last day, but no day of the claim or after it: what is told here was earlier.
        yield match.start(), min(following, claim_day) - timedelta(days=1)
    for match in AGO.finditer(text):
        count = _count(match["number"].lower())
        yield match.start(), claim_day - timedelta(days=count * SPANS[match["span"].lower()])


def _count(number: str) -> int:
    """A number in digits or in words; “a” and “an” are one."""
    if number.isdigit():
        return int(number)
    if number in NUMBERS:
        return NUMBERS.index(number)
    return 1


def _day(match: re.Match[str]) -> date:
    values = match.groupdict()
    if values.get("month"):
        month = MONTHS.index(values["month"].lower()[:3]) + 1
    else:
        month = int(values["m"])
    try:
        return date(int(values["y"]), month, int(values["d"]))
    except ValueError:
        raise ValueError(f"“{match.group()}” is no day such as 2024-08-14.") from None
