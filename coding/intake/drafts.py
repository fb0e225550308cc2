"""What readers bring: encounters as a file tells them, in texts, each with its place in the file.

A reader yields one item for whatever a file holds, in the file's order, and never stops at a bad one:

- ``Draft``: an encounter, not yet checked (``coding.intake.check`` does that), or what is wrong with it;
- ``Skipped``: what is no encounter and nobody's fault, such as a visit at which nothing was done.

``Draft`` and ``Skipped`` together account for the whole file. What an item does not take into its texts it tells: as
a problem, if the encounter would be wrong without it, else as a remark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, NamedTuple, Protocol

from coding.intake.note_documents import NoteDocument, SupersededText


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, in which field, with which value, and what to do about it, in words.

    ``place`` is as fine as the format allows (``segment 14 (DTP)``, ``entry[3].resource.period.start``); empty
    where the item's own place says all. ``value`` is cut to 60 characters.
    """

    field: str
    text: str
    value: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was left out of a good item, or how something doubtful was taken, in words; ``place`` as in a problem."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A submitted procedure code as the file tells it. Empty ``units`` mean one."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: str = ""
    diagnosis_pointers: tuple[str, ...] = ()


class Covers(StrEnum):
    """How much of an encounter an item tells."""

    ALL = "all"
    # A note that came apart from its charges: the rest of the encounter stays as it is stored.
    NOTE = "note"
    # A later state of such a note, which takes the place of an earlier one.
    EDITED_NOTE = "edited note"
    # That its source took the encounter, or its note, back.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class EncounterTexts:
    """The fields of an encounter as texts. Dates are ISO (``2026-05-31``) where the reader could tell, else as found.

    Diagnosis codes have their dot where the format leaves it out. ``documents`` are those of the note, where the format
    tells them; ``superseded`` are no part of it. ``places`` names the finer place of a field.
    ``patient_authority`` gave the patient reference, ``shared_reference`` says that it is not one patient's own,
    ``insured_number`` that a payer numbers its members by it; ``name_sum`` tells apart those whom one number names.
    ``visit_authority`` gave the external id. ``takes_back`` is the number of what an item takes back, if not its own.
    """

    external_id: str = ""
    patient_reference: str = ""
    birth_date: str = ""
    sex: str = ""
    date_of_service: str = ""
    place_of_service: str = ""
    provider: str = ""
    payer: str = ""
    note: str = ""
    documents: tuple[NoteDocument, ...] = ()
    superseded: tuple[SupersededText, ...] = ()
    diagnoses: tuple[str, ...] = ()
    service_lines: tuple[LineDraft, ...] = ()
    covers: Covers = Covers.ALL
    patient_authority: str = ""
    shared_reference: bool = False
    insured_number: bool = False
    name_sum: str = ""
    visit_authority: str = ""
    takes_back: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


class Cursor(NamedTuple):
    """Where to go on reading. ``number`` items lie before it; ``offset`` is a byte position the reader understands."""

    number: int = 0
    offset: int = 0


BEGINNING = Cursor()


@dataclass(frozen=True, slots=True)
class Draft:
    """An encounter of the file. ``problems`` are those that only the reader can see; ``number`` counts from 1.

    ``after`` is the cursor from which reading goes on behind this item.
    """

    number: int
    place: str
    texts: EncounterTexts
    after: Cursor
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that holds nothing to code; the reason in words, and what it held instead."""

    number: int
    place: str
    reason: str
    after: Cursor
    remarks: tuple[Remark, ...] = ()


Item = Draft | Skipped


@dataclass(frozen=True, slots=True)
class Layout:
    """How a person matched the columns of a table to fields: ``columns`` maps field to header.

    ``numbered`` maps a kind of numbered columns to their headers; see ``coding.intake.numbered_columns``. ``sheet``
    names the sheet of a workbook where a person chose between several.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str = "ymd"
    numbered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sheet: str = ""


class Format(Protocol):
    """One kind of file. ``file`` is seekable and may be larger than memory."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Item]:
        """The items from a cursor on. Raises FileError where the file cannot be read, or no further."""

    def excerpt(
        self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """A file of the same format with the items of these numbers only, to be mended and sent again.

        It carries the problems where the format has a place for them that ``read`` ignores.
        """
