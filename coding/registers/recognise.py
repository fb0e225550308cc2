"""The rows of the registers that encounters name: recognised exactly, or new. Set-based: so many queries a portion.

Two workers may meet the same new name at once. Both insert it, in the same order so that neither waits for the other in
a circle; the database keeps one, and both read which. Nothing is compared by likeness.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from coding.intake.records import EncounterRecord
from coding.models import Patient, Payer, Provider, Sex
from coding.registers.patients import KnownPatient, KnownPatients, PatientKey, key_of_patient
from coding.work import bulk

AnyNamed = TypeVar("AnyNamed", Provider, Payer)


class RowIds(NamedTuple):
    """The rows that an encounter points to."""

    patient: int | None
    provider: int | None
    payer: int | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The rows of some encounters of a source. ``contradictions`` are in words, by external id."""

    source: str
    patients: dict[PatientKey, int]
    providers: dict[str, int]
    payers: dict[str, int]
    contradictions: dict[str, list[str]]

    def ids(self, record: EncounterRecord) -> RowIds:
        """The rows of one of these encounters."""
        patient = key_of_patient(record, self.source)
        return RowIds(
            self.patients[patient] if patient else None,
            self.providers.get(name_key(record.provider)),
            self.payers.get(name_key(record.payer)),
        )


def name_key(text: str) -> str:
    """A name or identifier without regard to case and blanks."""
    return " ".join(text.split()).casefold()


def recognise(records: Collection[EncounterRecord], source: str) -> Recognised:
    """The rows that encounters name; those that are missing are added as new. Part of a verb's transaction."""
    known = KnownPatients(records, source)
    for record in records:
        known.learn(record)
    patients = _patients(known)
    return Recognised(
        source=source,
        patients=patients,
        providers=_named(Provider, (record.provider for record in records)),
        payers=_named(Payer, (record.payer for record in records)),
        contradictions={record.external_id: words for record in records if (words := known.contradictions(record))},
    )


def _patients(known: KnownPatients) -> dict[PatientKey, int]:
    """The patients' ids. What a row lacked and an encounter tells is written into it."""
    wanted = known.by_key
    new = sorted(key for key, patient in wanted.items() if patient.pk is None)
    if new:
        rows = ((*key, wanted[key].birth_date, wanted[key].sex) for key in new)
        bulk.insert_missing(Patient, (*PatientKey._fields, "birth_date", "sex"), rows)
        known.read_again()
    _complete([patient for patient in wanted.values() if patient.pk and patient.lacks])
    return {key: patient.pk for key, patient in known.by_key.items() if patient.pk}


def _complete(patients: Collection[KnownPatient]) -> None:
    """Write birth date and sex into rows that still lack them; locked by their ids, as every verb does.

    The edition rises with them: what an administrator has in a form of before does not go over what was learned.
    """
    if not patients:
        return
    keys = {patient.counts for patient in patients}
    rows = {row.pk: row for row in Patient.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    changed = {}
    for patient in patients:
        row = rows[patient.counts]
        before = row.birth_date, row.sex
        row.birth_date = row.birth_date or patient.birth_date
        row.sex = row.sex if row.sex != Sex.UNKNOWN else patient.sex
        if (row.birth_date, row.sex) != before:
            changed[row.pk] = row
    for row in changed.values():
        row.edition += 1
    bulk.update([*changed.values()], ["birth_date", "sex", "edition"])


def _named(model: type[AnyNamed], texts: Iterable[str]) -> dict[str, int]:
    """The ids of names, by their keys."""
    names: dict[str, str] = {}
    for text in texts:
        if text:
            names.setdefault(name_key(text), text)
    known = _ids(model, names)
    new = sorted(names.keys() - known.keys())
    if new:
        bulk.insert_missing(model, ("key", "name"), [(key, names[key]) for key in new])
        known = _ids(model, names)
    return known


def _ids(model: type[AnyNamed], keys: Collection[str]) -> dict[str, int]:
    return dict(model._default_manager.filter(key__in=keys).order_by().values_list("key", "pk")) if keys else {}
