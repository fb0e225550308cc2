"""How a person writes dates, diagnoses and service lines in a cell, read into the texts of a draft."""

import re
from collections.abc import Iterable

from coding.decision.shapes import PROCEDURE
from coding.intake.cells import cleaned
from coding.intake.drafts import LineDraft, Problem
from coding.intake.records import ServiceLineRecord
from coding.intake.values import dotted, shown

# Longer is no service line; it is not even tried.
LONGEST_SERVICE_LINE = 100
# Behind a blank only what cannot be a number of units is a modifier.
SERVICE_LINE = re.compile(
    r"(?P<code>[0-9A-Z]{5})(?P<modifiers>([-:][0-9A-Z]{2}|\s(?!X[0-9])(?=[0-9]?[A-Z])[0-9A-Z]{2}(?![0-9A-Z]))*)"
    r"(\s*X\s*(?P<units>[0-9]{1,3}))?"
    r"(\s+FOR\s+(?P<pointers>[0-9]+([ ,]+[0-9]+)*))?",
    re.ASCII | re.IGNORECASE,
)
UNREAD_LINE = "Service lines: “{}” cannot be read. Write it as “12345-LT x1 for 1”."
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
TIME_OF_DAY = re.compile(
    r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?( ?[AP]M)?", re.IGNORECASE
)
COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
MONTHS_IN_WORDS = "jan feb mar apr may jun jul aug sep oct nov dec"
NAMES_OF_MONTHS = MONTHS_IN_WORDS.split()
MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
# 1-Jun-2026, 01JUN2026, 1 June 2026; June 1, 2026.
DAY_BEFORE_MONTH = re.compile(rf"(?P<day>[0-9]{{1,2}})[- /.]?{MONTH}[- /.,]*(?P<year>[0-9]{{4}})")
MONTH_BEFORE_DAY = re.compile(
    rf"{MONTH}[- ]?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[- ](?P<year>[0-9]{{4}})"
)
MONTHS, LONGEST_MONTH = 12, 31
BETWEEN_CODES = re.compile(r"[\s,;|/]+")
BETWEEN_NAMED = re.compile(r"[;\n|]")
DIAGNOSIS = r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?"
CODE_THEN_NAME = re.compile(rf"({DIAGNOSIS})(?:\s+[-–—]\s*|\s*:\s*)(\S.*)", re.IGNORECASE)
NAME_THEN_CODE = re.compile(rf"([^\[(]*)[\[(]({DIAGNOSIS})[\])]", re.IGNORECASE)
CODE_WITHIN = re.compile(rf"\b{DIAGNOSIS}\b", re.IGNORECASE)
# A comma stands between lines where a code follows on it: the numbers behind "for" are diagnoses.
BETWEEN_LINES = re.compile(
    rf"[\n;|]|,(?=\s*{PROCEDURE.pattern}(?![0-9A-Z]))", re.ASCII | re.IGNORECASE
)
NO_LETTER = re.compile(r"[^0-9A-Z]", re.IGNORECASE)


def iso_date(text: str, order: str) -> str:
    """The day as ISO, without a time behind it. What is no day in this order (ymd, mdy, dmy) stays as it is."""
    text = text.strip()
    day = _without_time(text)
    if match := YEAR_FIRST.fullmatch(day) or COMPACT.fullmatch(day):
        return _iso(text, *match.groups())
    if named := DAY_BEFORE_MONTH.fullmatch(day) or MONTH_BEFORE_DAY.fullmatch(day):
        return _with_month_in_words(text, named)
    if order != "ymd" and (match := YEAR_LAST.fullmatch(day)):
        first, second, year = match.groups()
        month, day = (first, second) if order == "mdy" else (second, first)
        return _iso(text, year, month, day)
    return text


def _without_time(text: str) -> str:
    time = TIME_OF_DAY.search(text) if ":" in text else None
    ends_with_time = time is not None and time.end() == len(text)
    return text[: time.start()] if time and ends_with_time else text


def proven_order(texts: Iterable[str]) -> str:
    """The order that days such as 5/31/2026 prove by a part that is no month; ymd where none does, or two disagree."""
    proven = set()
    for text in texts:
        day = TIME_OF_DAY.sub("", text.strip())
        if match := YEAR_LAST.fullmatch(day):
            first, second = int(match[1]), int(match[2])
            if first > MONTHS >= second:
                proven.add("dmy")
            elif second > MONTHS >= first:
                proven.add("mdy")
    return proven.pop() if len(proven) == 1 else "ymd"


def _iso(text: str, year: str, month: str, day: str) -> str:
    """The day as ISO; the text as it was found where that would be no month or day, so that a message shows it."""
    if int(month) > MONTHS or int(day) > LONGEST_MONTH:
        return text
    return f"{year}-{month:0>2}-{day:0>2}"


def _with_month_in_words(text: str, match: re.Match[str]) -> str:
    name = match["month"].lower()[:3]
    if name not in NAMES_OF_MONTHS:
        return text
    month = NAMES_OF_MONTHS.index(name) + 1
    return _iso(text, match["year"], str(month), match["day"])


def diagnosis_codes(text: str) -> tuple[str, ...]:
    """Codes separated by blanks, commas or semicolons, each with its dot: Q6502 is Q65.02.

    Codes with their names, each behind a dash or colon, or in brackets behind its name, come without them.
    """
    parts = filter(None, map(str.strip, BETWEEN_NAMED.split(text)))
    codes = [_named_code(part) for part in parts]
    is_with_names = bool(codes) and all(codes)
    if not is_with_names:
        codes = [cleaned(part) for part in BETWEEN_CODES.split(text)]
    return tuple(map(dotted, filter(None, codes)))


def _named_code(text: str) -> str:
    """The code that stands with its name; empty where it has none, or where the name may be another code."""
    if match := CODE_THEN_NAME.fullmatch(text):
        code, name = match.groups()
    elif match := NAME_THEN_CODE.fullmatch(text):
        name, code = match.groups()
    else:
        return ""
    return "" if CODE_WITHIN.search(name) else code


def service_lines(text: str) -> tuple[tuple[LineDraft, ...], tuple[Problem, ...]]:
    """Lines such as “12345-LT x1 for 1 2”, and those that cannot be read.

    Between them stand semicolons, bars, line breaks or commas; before a modifier “-”, “:” or a blank.
    """
    drafts, problems = [], []
    for line in filter(None, map(str.strip, BETWEEN_LINES.split(text))):
        match = SERVICE_LINE.fullmatch(line) if len(line) <= LONGEST_SERVICE_LINE else None
        if match:
            drafts.append(_line_draft(match))
        else:
            problems.append(Problem("service_lines", UNREAD_LINE.format(shown(line)), shown(line)))
    return tuple(drafts), tuple(problems)


def written(line: ServiceLineRecord) -> str:
    """A service line as a person writes it: 12345-LT x1 for 1 2. ``service_lines`` reads it back."""
    code = "-".join((line.code, *line.modifiers))
    whole = f"{code} x{line.units}"
    pointers = " ".join(map(str, line.diagnosis_pointers))
    return f"{whole} for {pointers}" if pointers else whole


def _line_draft(match: re.Match[str]) -> LineDraft:
    pointers = (match["pointers"] or "").replace(",", " ").split()
    modifiers = filter(None, NO_LETTER.split(match["modifiers"]))
    return LineDraft(
        code=match["code"],
        modifiers=tuple(modifiers),
        units=match["units"] or "",
        diagnosis_pointers=tuple(pointers),
    )
