"""What the register of patients says of those whom encounters name; read once for many encounters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from coding.intake.records import EncounterRecord
from coding.intake.texts import distinct
from coding.models import Encounter, Patient, Sex

ANOTHER_MEMBER = (
    "The register of patients has the number {} for {}. Who differs in birth date, sex or name is another patient."
)
DIFFERS = "{} {} differs from the register of patients, which has {}. The register stays as it is."


class PatientKey(NamedTuple):
    """What names a patient: the identifier, and its authority or else the sending system.

    Of a payer's number ``member`` tells whose of a family it is.
    """

    identifier: str
    authority: str
    source: str
    member: str = ""

    @property
    def number(self) -> "PatientKey":
        """The number, whosever of a family it is."""
        return self._replace(member="")


def key_of_patient(record: EncounterRecord, source: str) -> PatientKey | None:
    """Whose an encounter is; None where its reference names no single patient."""
    is_of_several = record.insured_number and not (record.birth_date or record.name_sum)
    if record.shared_reference or is_of_several:
        return None
    authority = record.patient_authority
    member = member_of(record.birth_date, record.sex, record.name_sum) if record.insured_number else ""
    return PatientKey(record.patient_reference, authority, "" if authority else source, member)


def member_of(birth_date: date | None, sex: str, name_sum: str) -> str:
    """What tells whose of a family a payer's number is: 2026-01-15 F 3fa2, as far as it is known."""
    return " ".join(filter(None, (str(birth_date or ""), "" if sex == Sex.UNKNOWN else sex, name_sum)))


@dataclass(slots=True)
class KnownPatient:
    """A patient's row, or the first encounter of one who has none yet. ``pk`` is empty then.

    ``counts`` is the row that counts for it: the survivor of a merged one, else itself.
    """

    pk: int | None
    birth_date: date | None
    sex: str
    lacks: bool = False
    counts: int = 0

    def learn(self, record: EncounterRecord) -> None:
        """Take what is not known yet from an encounter; what is known stays."""
        if self.birth_date is None and record.birth_date:
            self.birth_date, self.lacks = record.birth_date, True
        if self.sex == Sex.UNKNOWN and record.sex != Sex.UNKNOWN:
            self.sex, self.lacks = record.sex, True

    @property
    def in_words(self) -> str:
        """Who it is, as far as is known."""
        return f"a patient born {self.birth_date or 'on no known day'}, sex {self.sex}"

    def contradictions(self, record: EncounterRecord | Encounter) -> list[str]:
        """In words, what an encounter says otherwise of the patient."""
        words = []
        if self.birth_date and record.birth_date and self.birth_date != record.birth_date:
            words.append(DIFFERS.format("Birth date", record.birth_date, self.birth_date))
        if Sex.UNKNOWN not in (self.sex, record.sex) and self.sex != record.sex:
            words.append(DIFFERS.format("Sex", record.sex, self.sex))
        return words


def contradictions_of(encounter: Encounter) -> list[str]:
    """In words, what a stored encounter says otherwise of its patient than the register."""
    patient = encounter.patient
    if patient is None:
        return []
    counting: Any = patient.survivor
    survivor = (counting.birth_date, counting.sex) if counting else (None, None)
    return _of_two(patient.pk, (patient.birth_date, patient.sex), survivor).contradictions(encounter)


def _of_two(pk: int, own: tuple[date | None, str], survivor: tuple[date | None, str | None]) -> KnownPatient:
    """What is known of a row and the one that it was merged into: what the survivor lacks, the merged row may know."""
    own_birth, own_sex = own
    birth, sex = survivor
    return KnownPatient(pk, birth or own_birth, sex if sex not in (None, Sex.UNKNOWN) else own_sex)


class KnownPatients:
    """The patients of some encounters of a source, by their keys: one query."""

    def __init__(self, records: Iterable[EncounterRecord], source: str) -> None:
        self.source = source
        self.keys = {key for record in records if (key := key_of_patient(record, source))}
        self.by_key = self._read()
        self._members: dict[PatientKey, list[KnownPatient]] = {}
        for key, patient in self.by_key.items():
            if key.member:
                self._members.setdefault(key.number, []).append(patient)

    def _read(self) -> dict[PatientKey, KnownPatient]:
        if not self.keys:
            return {}
        identifiers, authorities, sources, _ = zip(*self.keys, strict=True)
        rows = Patient.objects.filter(
            identifier__in=set(identifiers), authority__in=set(authorities), source__in=set(sources)
        )
        columns = rows.values_list(
            *PatientKey._fields, "pk", "birth_date", "sex", "survivor", "survivor__birth_date", "survivor__sex"
        )
        known = {}
        for *key, pk, own_birth, own_sex, survivor, birth, sex in columns.order_by():
            of_two = _of_two(pk, (own_birth, own_sex), (birth, sex))
            of_two.counts = survivor or pk
            known[PatientKey(*key)] = of_two
        return known

    def read_again(self) -> None:
        """Look again, after rows were added."""
        self.by_key = self._read()

    def learn(self, record: EncounterRecord) -> None:
        """Take what is not known yet from an encounter."""
        if key := key_of_patient(record, self.source):
            self.by_key.setdefault(key, KnownPatient(None, record.birth_date, record.sex)).learn(record)

    def contradictions(self, record: EncounterRecord) -> list[str]:
        """What an encounter says otherwise than what is known."""
        key = key_of_patient(record, self.source)
        if key is None:
            return []
        known = self.by_key.get(key)
        if key.member and (known is None or known.pk is None):
            return self._other_members(key)
        return known.contradictions(record) if known else []

    def _other_members(self, key: PatientKey) -> list[str]:
        """That the number of somebody who is new here is known for others."""
        others = distinct(patient.in_words for patient in self._members.get(key.number, ()))
        return [ANOTHER_MEMBER.format(key.identifier, " and ".join(others))] if others else []
