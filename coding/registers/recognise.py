"""The rows of the registers that encounters name: recognised exactly, or new. Set-based: so many queries a portion.

Two workers may meet the same new name at once. Both insert it, in the same order so that neither waits for the other in
a circle; the database keeps one, and both read which. Nothing is compared by likeness.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, TypeVar

from coding.intake.records import EncounterRecord
from coding.models import Encounter, Patient, Payer, Provider, Sex
from coding.registers.patients import NO_ENCOUNTERS, KnownPatient, KnownPatients, PatientKey
from coding.work import bulk

AnyNamed = TypeVar("AnyNamed", Provider, Payer)


class RowIds(NamedTuple):
    """The rows that an encounter points to."""

    patient: int | None
    provider: int | None
    payer: int | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The rows of some encounters. ``patients`` and ``remarks``, which are in words, are by external id."""

    patients: dict[str, int | None]
    providers: dict[str, int]
    payers: dict[str, int]
    remarks: dict[str, list[str]]

    def ids(self, record: EncounterRecord) -> RowIds:
        """The rows of one of these encounters."""
        return RowIds(
            self.patients[record.external_id],
            self.providers.get(name_key(record.provider)),
            self.payers.get(name_key(record.payer)),
        )


def name_key(text: str) -> str:
    """A name or identifier without regard to case and blanks."""
    return " ".join(text.split()).casefold()


def recognise(
    records: Collection[EncounterRecord],
    source: str,
    stored: Mapping[str, Encounter] = NO_ENCOUNTERS,
) -> Recognised:
    """The rows that encounters name; those that are missing are added as new. Part of a verb's transaction.

    ``stored`` are the encounters that some of them correct, by external id, as they stand before.
    """
    known = KnownPatients(records, source, stored, locking=True)
    _add(known)
    _complete([patient for patient in known.rows if patient.lacks])

    patients: dict[str, int | None] = {}
    remarks: dict[str, list[str]] = {}
    for record in records:
        patient = known.patient(record)
        patients[record.external_id] = patient.pk if patient else None
        if words := known.remarks(record):
            remarks[record.external_id] = words
    providers = _named(Provider, (record.provider for record in records))
    payers = _named(Payer, (record.payer for record in records))
    return Recognised(patients, providers, payers, remarks)


def _add(known: KnownPatients) -> None:
    """Add the rows that are new."""
    new = [patient for patient in known.rows if patient.pk is None]
    if not new:
        return
    # In one order, so that no two workers wait for each other.
    new.sort(key=attrgetter("key"))
    rows = [(*patient.key, patient.birth_date, patient.sex, patient.name_sum) for patient in new]
    bulk.insert_missing(Patient, (*PatientKey._fields, "birth_date", "sex", "name_sum"), rows)
    known.read_ids()


def _complete(patients: Collection[KnownPatient]) -> None:
    """Write birth date, sex and name into rows that still lack them; locked by their ids, as every verb does.

    Birth date and sex go to the row that counts, the name to the row of the number. The edition rises with them: what
    an administrator has in a form of before does not go over what was learned.
    """
    if not patients:
        return
    own_ids = {patient.pk or 0 for patient in patients}
    counting_ids = {patient.counts or 0 for patient in patients}
    wanted = Patient.objects.filter(pk__in=own_ids | counting_ids)
    locked = wanted.select_for_update(no_key=True).order_by("pk")
    rows: dict[int | None, Patient] = {row.pk: row for row in locked}
    changed: dict[int, Patient] = {}
    for patient in patients:
        counting, own = rows[patient.counts], rows[patient.pk]
        before = counting.birth_date, counting.sex, own.name_sum
        counting.birth_date = counting.birth_date or patient.birth_date
        counting.sex = counting.sex if counting.sex != Sex.UNKNOWN else patient.sex
        own.name_sum = own.name_sum or patient.name_sum
        if (counting.birth_date, counting.sex, own.name_sum) != before:
            changed |= {counting.pk: counting, own.pk: own}
    for row in changed.values():
        row.edition += 1
    bulk.update([*changed.values()], ["birth_date", "sex", "name_sum", "edition"])


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
    if not keys:
        return {}
    rows = model._default_manager.filter(key__in=keys).order_by()
    return dict(rows.values_list("key", "pk"))
