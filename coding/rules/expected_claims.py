"""Files of claims with the checks that an expert expects to speak, and how what is said stands beside them."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from coding.claim import Claim, EarlierLine, Finding, Line, Severity
from coding.tables.errors import FileError

COLUMNS = (
    *("id", "place_of_service", "payer", "service_date", "diagnoses", "history"),
    *("right_lines", "submitted_lines", "speak_ids", "silent_ids", "remain_ids"),
)
LINE = re.compile(
    r"(?P<code>[A-Z0-9]{5})(?P<modifiers>(?:-[A-Z0-9]{2})*)(?:\s+x(?P<units>\d+))?"
    r"(?:\s+\[(?P<pointers>[A-L, ]*)\])?(?:\s+@(?P<provider>\w+))?"
)
EARLIER = re.compile(
    r"(?:(?P<code>[A-Z0-9]{5})(?P<modifiers>(?:-[A-Z0-9]{2})*)\s)?.*?(?P<day>\d{4}-\d\d-\d\d)(?P<rest>.*)", re.DOTALL
)
ANOTHER = re.compile(r"\b(?:an)?other\b|\bdifferent\b", re.IGNORECASE)
# Checks that the files do not judge: what no rule set covers, and what is not loaded.
NOT_JUDGED = frozenset({"N44", "N45"})
JUDGED = re.compile(r"N\d\d")


class ClaimError(ValueError):
    """A row that cannot be read; the message names it, the column and what it may hold."""


@dataclass(frozen=True, slots=True)
class ExpectedClaim:
    """An encounter's claim as it was submitted and as it should be, and the checks that speak of each."""

    name: str
    submitted: Claim
    right: Claim
    speak: frozenset[str]
    silent: frozenset[str]
    remain: frozenset[str]

    def faults(self, on_submitted: Iterable[Finding], on_right: Iterable[Finding]) -> list[str]:
        """What is not as expected, in words."""
        said = {finding.check for finding in on_submitted}
        missing = [f"{check} should have spoken on the submitted lines" for check in sorted(self.speak - said)]
        loud = [f"{check} should be silent on the submitted lines" for check in sorted(self.silent & said)]
        remaining = [
            f"{finding.check} spoke on the right lines: {finding.message}"
            for finding in on_right
            if finding.severity is not Severity.INFO and self._is_judged(finding.check)
        ]
        return missing + loud + remaining

    def _is_judged(self, check: str) -> bool:
        return bool(JUDGED.fullmatch(check)) and check not in self.remain | NOT_JUDGED


def read_claims(file: IO[str]) -> Iterator[ExpectedClaim | ClaimError]:
    """The claims of a CSV file, each row that is none as its error. Raises FileError for a file that is not one."""
    rows = csv.DictReader(file, strict=True)
    try:
        if missing := [column for column in COLUMNS if column not in (rows.fieldnames or ())]:
            raise FileError(f"The first line lacks the column {missing[0]}. It needs {', '.join(COLUMNS)}.")
        for row in rows:
            yield _claim_or_error(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(f"The file is no CSV in UTF-8: {error}.") from error


def _claim_or_error(row: dict[str, str]) -> ExpectedClaim | ClaimError:
    try:
        return ExpectedClaim(
            row["id"],
            _claim(row, "submitted_lines"),
            _claim(row, "right_lines"),
            *(frozenset((row[column] or "").split()) for column in ("speak_ids", "silent_ids", "remain_ids")),
        )
    except ValueError as error:
        return ClaimError(f"{row['id']}: {error}")


def _claim(row: dict[str, str], column: str) -> Claim:
    return Claim(
        day=_day(row["service_date"]),
        lines=tuple(_line(number, text) for number, text in enumerate(_parts(row[column]), start=1)),
        diagnoses=tuple(text.partition("=")[2].strip() for text in _parts(row["diagnoses"])),
        place=row["place_of_service"],
        payer=row["payer"].lower(),
        history=tuple(map(_earlier, _parts(row["history"]))) or None,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _line(number: int, text: str) -> Line:
    match = LINE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is no line such as 10060-LT x1 [A,B] @B.")
    pointers = [letter for letter in match["pointers"] or "" if letter.isalpha()]
    return Line(
        number,
        match["code"],
        _modifiers(match["modifiers"]),
        int(match["units"] or 1),
        tuple(ord(letter) - ord("A") + 1 for letter in pointers),
        match["provider"] or "",
    )


def _earlier(text: str) -> EarlierLine:
    match = EARLIER.fullmatch(text)
    if match is None:
        raise ValueError(f"history “{text}” names no day such as 2024-06-26.")
    modifiers = _modifiers(match["modifiers"] or "")
    return EarlierLine(_day(match["day"]), match["code"] or "", modifiers, not ANOTHER.search(match["rest"]))


def _modifiers(text: str) -> tuple[str, ...]:
    return tuple(text.split("-")[1:])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no day such as 2024-08-14.") from None
