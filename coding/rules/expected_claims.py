"""Files of claims with the checks that an expert expects to speak, and how what is said stands beside them."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from coding.claim import Claim, Finding, Line, Severity
from coding.rules.claim_texts import day_of, history_of, line_of, payer_of
from coding.tables.errors import FileError

COLUMNS = (
    "id",
    "place_of_service",
    "payer",
    "service_date",
    "diagnoses",
    "history",
    "right_lines",
    "submitted_lines",
    "speak_ids",
    "silent_ids",
    "remain_ids",
)
# Checks that the files do not judge: what no rule set covers, and what is not loaded.
NOT_JUDGED = frozenset({"N44", "N45"})
JUDGED = re.compile(r"N\d\d")
LETTERS = "ABCDEFGHIJKL"
# The visit's own minutes, as a note states them: “total own time today 58 minutes”, “I spent 40 minutes on this visit”.
OWN_MINUTES = re.compile(
    r"\b(?:total|own|spent)\b[^.;]{0,40}?\b(\d{1,3}) ?min(?:ute)?s?\b"
    r"|\b(\d{1,3}) ?min(?:ute)?s? (?:of )?(?:my |own |total )+time\b",
    re.IGNORECASE,
)
MINUTES = re.compile(r"\b(\d{1,3}) ?min(?:ute)?s?\b", re.IGNORECASE)
SEDATION = re.compile(r"\b(?:intra-?service|sedation|sedated)\b", re.IGNORECASE)
SINGLE_DOSE = re.compile(r"\bsingle[- ](?:dose|use|patient)\b", re.IGNORECASE)
OTHER_MINUTES = re.compile(
    r"\b(?:intra-?service|sedation|critical care|procedure)\b", re.IGNORECASE
)


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
        spoken = {finding.check for finding in on_submitted}
        faults = []
        for check in sorted(self.speak - spoken):
            faults.append(f"{check} should have spoken on the submitted lines")
        for check in sorted(self.silent & spoken):
            faults.append(f"{check} should be silent on the submitted lines")
        for finding in on_right:
            if finding.severity is not Severity.INFO and self._is_judged(finding.check):
                faults.append(f"{finding.check} spoke on the right lines: {finding.message}")
        return faults

    def _is_judged(self, check: str) -> bool:
        return bool(JUDGED.fullmatch(check)) and check not in self.remain | NOT_JUDGED


def read_claims(file: IO[str]) -> Iterator[ExpectedClaim | ClaimError]:
    """The claims of a CSV file, each row that is none as its error. Raises FileError for a file that is not one."""
    rows = csv.DictReader(file, strict=True)
    try:
        check_columns(rows.fieldnames, COLUMNS)
        for row in rows:
            yield _claim_or_error(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(f"The file is no CSV in UTF-8: {error}.") from error


def check_columns(names: Sequence[str] | None, needed: Sequence[str]) -> None:
    """Refuse a header that lacks a column that every row needs. Raises FileError."""
    for column in needed:
        if column not in (names or ()):
            raise FileError(
                f"The first line lacks the column {column}. It needs {', '.join(needed)}."
            )


def _claim_or_error(row: dict[str, str]) -> ExpectedClaim | ClaimError:
    try:
        return ExpectedClaim(
            name=row["id"],
            submitted=_claim(row, "submitted_lines"),
            right=_claim(row, "right_lines"),
            speak=_ids(row, "speak_ids"),
            silent=_ids(row, "silent_ids"),
            remain=_ids(row, "remain_ids"),
        )
    except ValueError as error:
        return ClaimError(f"{row['id']}: {error}")


def _ids(row: dict[str, str], column: str) -> frozenset[str]:
    return frozenset((row[column] or "").split())


def _claim(row: dict[str, str], column: str) -> Claim:
    day = day_of(row["service_date"])
    note = row.get("note_text") or ""

    codes = []
    places = {}
    for number, text in enumerate(_parts(row["diagnoses"]), start=1):
        letter, code = _diagnosis(number - 1, text)
        places[letter] = number
        codes.append(code)

    lines = _lines(row[column], places)
    if not any(line.pointers for line in _lines(row["right_lines"], places)):
        # The row says nothing of pointers: they are none of its matters.
        lines = tuple(replace(line, pointers=(1,)) for line in lines)

    return Claim(
        day=day,
        lines=lines,
        diagnoses=tuple(codes),
        place=_place(row["place_of_service"]),
        payer=payer_of(row["payer"] or ""),
        history=history_of(row["history"] or "", day),
        minutes=minutes_of(note),
        sedation_minutes=sedation_minutes_of(note),
        from_single_dose=bool(SINGLE_DOSE.search(note)),
    )


def minutes_of(note: str) -> int | None:
    """The visit's own minutes where a note states them once; minutes of other work are none."""
    stated: set[str] = set()
    for sentence in _sentences(note):
        if not OTHER_MINUTES.search(sentence):
            stated.update(match[1] or match[2] for match in OWN_MINUTES.finditer(sentence))
    return _only_number(stated)


def sedation_minutes_of(note: str) -> int | None:
    """The minutes of sedation where a note states them once."""
    stated: set[str] = set()
    for sentence in _sentences(note):
        if SEDATION.search(sentence):
            stated.update(match[1] for match in MINUTES.finditer(sentence))
    return _only_number(stated)


def _only_number(stated: set[str]) -> int | None:
    if len(stated) != 1:
        return None
    return int(stated.pop())


def _sentences(note: str) -> list[str]:
    return re.split(r"(?<=[.;])\s", note)


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[;\n]", text or "")]
    return [part for part in parts if part]


def _diagnosis(place: int, text: str) -> tuple[str, str]:
    """The letter of a diagnosis and its code: ``A=S73.014A``; a bare code has the letter of its place."""
    named, _, code = text.rpartition("=")
    letter = named.strip().upper() or LETTERS[place % len(LETTERS)]
    return letter, code.strip().upper()


def _lines(text: str, places: dict[str, int]) -> tuple[Line, ...]:
    return tuple(line_of(number, part, places) for number, part in enumerate(_parts(text), start=1))


def _place(text: str) -> str:
    """The number of a place of service, with its zero, without words beside it."""
    digits = re.match(r"\s*(\d{1,2})\b", text or "")
    if digits is None:
        return ""
    return digits[1].zfill(2)
