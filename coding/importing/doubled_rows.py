"""Ids that stand in a file more than once with different content, as a person sees them who chooses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, Window
from django.db.models.functions import RowNumber

from coding.importing.compare_with_stored import WHOSE, record_with_patient, whose_of_row
from coding.importing.shown_rows import as_text, first_difference, part
from coding.importing.write_encounters import record_of
from coding.intake.check import LABELS
from coding.intake.records import EncounterRecord, record_from_data
from coding.intake.whose import Whose, are_two_patients
from coding.models import Encounter, RowState, Upload, UploadRow

# An id that stands there more often is no id; the others are counted.
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the items of an id differ, with the place and the text of each."""

    label: str
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DoubledId:
    """The items of one id, of which one may count. ``more`` are those that are not shown."""

    external_id: str
    rows: tuple[UploadRow, ...]
    more: int
    differences: tuple[Difference, ...]
    of_two_patients: bool

    @property
    def number(self) -> int:
        """The first item's: it names the id in forms."""
        return self.rows[0].number

    @property
    def chosen(self) -> UploadRow | None:
        """The item that counts."""
        for row in self.rows:
            if row.state not in (RowState.DOUBLED, RowState.REJECTED):
                return row
        return None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to choose."""
        return any(row.state == RowState.DOUBLED for row in self.rows)


def doubled_ids(upload: Upload) -> QuerySet[Any, Any]:
    """The ids by their first items, each with ``external_id`` and ``first``."""
    rows = upload.rows.filter(doubled=True).order_by()
    return rows.values("external_id").annotate(first=Min("number")).order_by("first")


def of_two_patients(upload: Upload, ids: Iterable[str]) -> set[str]:
    """The ids whose items name different patients."""
    rows = upload.rows.filter(doubled=True, external_id__in=list(ids)).order_by()
    named: dict[str, set[Whose]] = defaultdict(set)
    without_record = set()
    for external_id, *columns in rows.values_list("external_id", *WHOSE).distinct():
        whose = whose_of_row(columns)
        if whose:
            named[external_id].add(whose)
        else:
            without_record.add(external_id)

    # An item that changes nothing keeps no record: it is of the patient who is stored.
    stored = Encounter.objects.filter(source=upload.source, external_id__in=without_record)
    stored = stored.select_related("patient").prefetch_related("diagnoses", "service_lines")
    for encounter in stored:
        named[encounter.external_id].add(Whose.of(record_with_patient(encounter)))
    return {external_id for external_id, patients in named.items() if are_two_patients(patients)}


def shown_ids(upload: Upload, ids: Iterable[str]) -> list[DoubledId]:
    """Some of the ids with their first items, what differs in them, and whether they name different patients."""
    wanted = list(ids)
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in _first_rows(upload, wanted):
        rows[row.external_id].append(row)

    stored = Encounter.objects.filter(source=upload.source, external_id__in=wanted)
    records = {}
    for encounter in stored.prefetch_related("diagnoses", "service_lines"):
        records[encounter.external_id] = record_of(encounter)

    contradicting = of_two_patients(upload, wanted)
    shown = []
    for external_id, own in rows.items():
        doubled = DoubledId(
            external_id=external_id,
            rows=tuple(own),
            more=own[0].of_its_id - len(own),
            differences=_differences(_read(own, records.get(external_id))),
            of_two_patients=external_id in contradicting,
        )
        shown.append(doubled)
    return shown


def _first_rows(upload: Upload, ids: Iterable[str]) -> QuerySet[Any, Any]:
    """The first items of each id, in the order of the file, each with how many have its id."""
    rows = upload.rows.filter(doubled=True, external_id__in=ids)
    place = Window(RowNumber(), partition_by="external_id", order_by="number")
    count = Window(Count("pk"), partition_by="external_id")
    counted = rows.annotate(place_in_id=place, of_its_id=count)
    return counted.filter(place_in_id__lte=MOST_SHOWN).order_by("number")


def _read(
    rows: Iterable[UploadRow], stored: EncounterRecord | None
) -> list[tuple[str, EncounterRecord]]:
    """What each item says, with its place. One that keeps no record changes nothing: it says what is stored."""
    read = []
    for row in rows:
        record = record_from_data(row.record) if row.record else stored
        if record is not None:
            read.append((row.place, record))
    return read


def _differences(read: Sequence[tuple[str, EncounterRecord]]) -> tuple[Difference, ...]:
    differences = []
    places = [place for place, _ in read]
    for field, label in LABELS.items():
        texts = [as_text(record, field) for _, record in read]
        if len(set(texts)) < 2:
            continue
        begin = first_difference(texts)
        parts = [part(text, begin) for text in texts]
        differences.append(Difference(label, tuple(zip(places, parts, strict=True))))
    return tuple(differences)
