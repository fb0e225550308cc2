"""What the record beside a note speaks for: diagnoses, submitted lines, age, sex and place, as weak evidence.

Which answer a value of the record speaks for is data of the lexicon (``record``). It is shown with its origin, decides
nothing, and chooses no answer: a submitted code is what is being checked.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from coding.evidence.statements import Condition
from coding.evidence.terms import LexiconError, read_condition, text_of

YEARS = re.compile(r"(\d{1,3})\.\.(\d{1,3})")


class Kind(StrEnum):
    """What of the record speaks."""

    DIAGNOSIS = "diagnosis"
    CODE = "code"
    MODIFIER = "modifier"
    AGE = "age"
    SEX = "sex"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a service: the visit's diagnoses, its own lines, and the patient. The age is in whole years."""

    diagnoses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    age: int | None = None
    sex: str = ""
    place: str = ""

    def values(self, kind: Kind) -> tuple[str, ...]:
        """What it holds of a kind, as texts."""
        match kind:
            case Kind.DIAGNOSIS:
                return self.diagnoses
            case Kind.CODE:
                return self.codes
            case Kind.MODIFIER:
                return self.modifiers
            case Kind.AGE:
                return () if self.age is None else (str(self.age),)
            case Kind.SEX:
                return (self.sex,) if self.sex else ()
            case Kind.PLACE:
                return (self.place,) if self.place else ()


class Origin(NamedTuple):
    """Where on the record evidence stands: a kind and the value there."""

    kind: Kind
    text: str


class RecordEvidence(NamedTuple):
    """An answer that the record speaks for, with all that speaks for it."""

    fact: str
    value: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row: where the record holds what ``when`` names, it speaks for a value of a fact.

    ``when`` is written ``kind=value|value``. A diagnosis may end in ``*``; an age is a range of years, ``0..2``.
    """

    when: Condition
    fact: str
    value: str

    def to_document(self) -> dict[str, str]:
        """The row as JSON data."""
        return {"when": self.when.text(), "fact": self.fact, "value": self.value}

    def origins(self, record: Record) -> Iterator[Origin]:
        """What of a record the row holds for."""
        kind = Kind(self.when.fact)
        for text in record.values(kind):
            if any(_holds(kind, wanted, text) for wanted in self.when.values):
                yield Origin(kind, text)


def read_record_row(row: Any, number: int) -> RecordRow:
    """The row of JSON data. Raises LexiconError, which names it by its number."""
    place = f"Record {number}"
    if not isinstance(row, dict) or set(row) != {"when", "fact", "value"}:
        raise LexiconError(f"{place}: a row is an object with when, fact and value.")
    when = read_condition(row["when"], place)
    if when.fact not in set(Kind):
        raise LexiconError(
            f"{place}: “{when.fact}” is nothing that the record holds. Use {', '.join(Kind)}."
        )
    if when.fact == Kind.AGE and not all(map(YEARS.fullmatch, when.values)):
        raise LexiconError(f"{place}: an age is a range of years. Write it as age=0..2.")
    return RecordRow(when, text_of(row, "fact", place), text_of(row, "value", place))


def record_evidence(rows: Iterable[RecordRow], record: Record) -> dict[str, list[RecordEvidence]]:
    """By fact the values that a record speaks for, in the order of the rows."""
    origins: dict[tuple[str, str], list[Origin]] = {}
    for row in rows:
        for origin in row.origins(record):
            of_value = origins.setdefault((row.fact, row.value), [])
            if origin not in of_value:
                of_value.append(origin)
    evidence: dict[str, list[RecordEvidence]] = {}
    for (fact, value), of_value in origins.items():
        evidence.setdefault(fact, []).append(RecordEvidence(fact, value, tuple(of_value)))
    return evidence


def finest(
    named: Iterable[str], diagnoses: Collection[str], finer: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, str], ...]:
    """Each diagnosis that rules name, with the more specific one on the record that it must not replace, or ``""``.

    More specific is what goes on where the named one ends, and, by ``finer``, what begins in one of the listed ways
    in place of the named one's beginning and ends as it does: side and kind of visit stay the same.
    """
    return tuple((code, _finer_of(code, diagnoses, finer)) for code in named)


def _finer_of(code: str, diagnoses: Collection[str], finer: Mapping[str, tuple[str, ...]]) -> str:
    same: set[str] = set()
    for general, others in finer.items():
        if code.startswith(general):
            same.update(other + code[len(general) :] for other in others)
    longer = (
        diagnosis for diagnosis in diagnoses if diagnosis != code and diagnosis.startswith(code)
    )
    listed = (diagnosis for diagnosis in diagnoses if diagnosis in same)
    return next(longer, "") or next(listed, "")


def _holds(kind: Kind, wanted: str, text: str) -> bool:
    if kind is Kind.DIAGNOSIS and wanted.endswith("*"):
        return text.startswith(wanted[:-1])
    if kind is Kind.AGE and (years := YEARS.fullmatch(wanted)):
        return int(years[1]) <= int(text) <= int(years[2])
    return text == wanted
