"""Which row of the register of patients an encounter is of; read once for many encounters.

Of a number that names one patient it is the row of that number. Of a payer's number, which may be a family's, it is the
row that was told the same; else the one patient of the number of whom nothing differs, and birth date or name agrees;
else a new row, with a remark that names the others. Where it may be one of several, nobody is taken for it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from coding.intake.authorities import known_as, resolved, spellings
from coding.intake.records import EncounterRecord
from coding.models import Encounter, Patient, Sex
from coding.registers.authorities import NO_ALIASES, aliases_of_authorities

ANOTHER_MEMBER = (
    "The register of patients has the number {} for {}. What is told here is not told of them, so it is another"
    " patient; if it is one of them, an administrator merges both."
)
ONE_OF_SEVERAL = (
    "The register of patients has the number {} for {}. Nothing tells which of them it is:"
    " it has no patient."
)
DIFFERS = "{} {} differs from the register of patients, which has {}. The register stays as it is."
# Of a number that more have, the others are counted.
MOST_NAMED = 4
NO_ENCOUNTERS: Mapping[str, Encounter] = {}
# What a row of the register knows of a patient, and what the row knows that it was merged into.
OWN = ("birth_date", "sex", "name_sum")
OF_SURVIVOR = ("survivor", "survivor__birth_date", "survivor__sex")


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


def key_of_patient(
    record: EncounterRecord, source: str, aliases: Mapping[str, str] = NO_ALIASES
) -> PatientKey | None:
    """What names an encounter's patient; None where its reference names no single one."""
    is_of_several = record.insured_number and not (record.birth_date or record.name_sum)
    if record.shared_reference or is_of_several:
        return None
    authority = known_as(resolved(record.patient_authority, aliases))
    # Two senders may give one number to two patients, unless both name the authority.
    sender = "" if authority else source
    member = ""
    if record.insured_number:
        member = member_of(record.birth_date, record.sex, record.name_sum)
    return PatientKey(record.patient_reference, authority, sender, member)


def member_of(birth_date: date | None, sex: str, name_sum: str) -> str:
    """What tells whose of a family a payer's number is: 2026-01-15 F 3fa2, as far as it is known."""
    born = str(birth_date or "")
    known_sex = "" if sex == Sex.UNKNOWN else sex
    return " ".join(filter(None, (born, known_sex, name_sum)))


def tells_all(record: EncounterRecord) -> bool:
    """Whether an encounter tells all that tells members of one number apart."""
    return bool(record.birth_date and record.name_sum) and record.sex != Sex.UNKNOWN


def _tells_less(record: EncounterRecord) -> bool:
    return record.insured_number and not tells_all(record)


def tells_anew(record: EncounterRecord, before: Encounter) -> bool:
    """Whether a later state of an encounter tells of a payer's member what its earlier one did not."""
    born = record.birth_date not in (None, before.birth_date)
    sex = record.sex not in (Sex.UNKNOWN, before.sex)
    called = record.name_sum not in ("", before.name_sum)
    return record.insured_number and (born or sex or called)


@dataclass(slots=True, eq=False)
class KnownPatient:
    """A patient's row, or one that is to be added: ``pk`` is empty then.

    ``counts`` is the row that counts for it: the survivor of a merged one, else itself. ``beside`` are the others that
    had the number of one that is to be added.
    """

    key: PatientKey
    pk: int | None
    birth_date: date | None
    sex: str
    name_sum: str
    lacks: bool = False
    counts: int | None = None
    beside: tuple["KnownPatient", ...] = ()

    def learn(self, record: EncounterRecord) -> None:
        """Take what is not known yet from an encounter; what is known stays."""
        if self.birth_date is None and record.birth_date:
            self.birth_date, self.lacks = record.birth_date, True
        if self.sex == Sex.UNKNOWN and record.sex != Sex.UNKNOWN:
            self.sex, self.lacks = record.sex, True
        if not self.name_sum and record.name_sum:
            self.name_sum, self.lacks = record.name_sum, True

    @property
    def in_words(self) -> str:
        """Who it is, as far as is known."""
        return f"a patient born {self.birth_date or 'on no known day'}, sex {self.sex}"

    def contradictions(self, record: EncounterRecord | Encounter) -> list[str]:
        """In words, what an encounter says otherwise of the patient. Names are not shown."""
        words = []
        if self.birth_date and record.birth_date and self.birth_date != record.birth_date:
            words.append(DIFFERS.format("Birth date", record.birth_date, self.birth_date))
        if Sex.UNKNOWN not in (self.sex, record.sex) and self.sex != record.sex:
            words.append(DIFFERS.format("Sex", record.sex, self.sex))
        return words

    def is_another_than(self, record: EncounterRecord) -> bool:
        """Whether an encounter says otherwise of the patient, or names another."""
        both_named = bool(self.name_sum and record.name_sum)
        if both_named and self.name_sum != record.name_sum:
            return True
        return bool(self.contradictions(record))

    def may_be_of(self, record: EncounterRecord) -> bool:
        """Whether an encounter under the number is this patient's: nothing differs, and birth date or name agrees."""
        same_birth_date = bool(self.birth_date) and self.birth_date == record.birth_date
        same_name = bool(self.name_sum) and self.name_sum == record.name_sum
        return (same_birth_date or same_name) and not self.is_another_than(record)


def contradictions_of(encounter: Encounter) -> list[str]:
    """In words, what a stored encounter says otherwise of its patient than the register."""
    patient = encounter.patient
    if patient is None:
        return []
    key = PatientKey(patient.identifier, patient.authority, patient.source, patient.member)
    counting: Any = patient.survivor
    survivor = (counting.birth_date, counting.sex) if counting else (None, None)
    own = (patient.birth_date, patient.sex, patient.name_sum)
    return _of_two(key, patient.pk, own, survivor).contradictions(encounter)


def _of_two(
    key: PatientKey,
    pk: int,
    own: tuple[date | None, str, str],
    survivor: tuple[date | None, str | None],
) -> KnownPatient:
    """What is known of a row and the one that it was merged into: what the survivor lacks, the merged row may know.

    A name is the row's own: somebody whose name changed is merged.
    """
    own_birth, own_sex, name_sum = own
    birth, sex = survivor
    known_sex = sex if sex and sex != Sex.UNKNOWN else own_sex
    return KnownPatient(key, pk, birth or own_birth, known_sex, name_sum)


class KnownPatients:
    """The patients of some encounters of a source: rows of the register, and those that are to be added.

    ``stored`` are the encounters that some of the records correct, by external id. ``locking`` keeps others from
    completing rows of payers' numbers meanwhile: part of a transaction then.
    """

    def __init__(
        self,
        records: Collection[EncounterRecord],
        source: str,
        stored: Mapping[str, Encounter] = NO_ENCOUNTERS,
        *,
        locking: bool = False,
    ) -> None:
        self.source = source
        self.stored = stored
        self.aliases = aliases_of_authorities()
        self.rows: list[KnownPatient] = []
        self._by_key: dict[PatientKey, KnownPatient] = {}
        self._by_pk: dict[int | None, KnownPatient] = {}
        self._by_number: dict[PatientKey, list[KnownPatient]] = {}
        self._read(records, locking)
        self._by_id: dict[str, KnownPatient | None] = {}
        self._one_of: dict[str, list[KnownPatient]] = {}
        # Who tells less of a member may be one of those of whom all is told.
        for record in sorted(records, key=_tells_less):
            patient = self._row_of(record)
            if patient:
                patient.learn(record)
            self._by_id[record.external_id] = patient

    def patient(self, record: EncounterRecord) -> KnownPatient | None:
        """Whose one of these encounters is; None of an encounter that has no patient."""
        return self._by_id[record.external_id]

    def remarks(self, record: EncounterRecord) -> list[str]:
        """What a person is to know: what an encounter says otherwise of its patient, and who else has the number."""
        patient = self.patient(record)
        if several := self._one_of.get(record.external_id):
            return [ONE_OF_SEVERAL.format(record.patient_reference, _named(several))]
        if patient is None:
            return []
        if patient.beside:
            return [ANOTHER_MEMBER.format(record.patient_reference, _named(patient.beside))]
        return patient.contradictions(record)

    def read_ids(self) -> None:
        """Look up the rows that were added."""
        added = {patient.key: patient for patient in self.rows if patient.pk is None}
        rows = _of_numbers(added, self.aliases)
        for *key, pk in rows.values_list(*PatientKey._fields, "pk").order_by():
            if patient := added.get(PatientKey(*key)):
                patient.pk = patient.counts = pk

    def _row_of(self, record: EncounterRecord) -> KnownPatient | None:
        """The one row of the register that an encounter is of, added if there is none; None where nobody can tell.

        A correction stays with its patient unless it tells something new of a member that names another.
        """
        before = self._before(record)
        current = self._by_pk.get(before.patient_id) if before else None
        if before and current and not tells_anew(record, before):
            return current
        key = key_of_patient(record, self.source, self.aliases)
        exact = self._by_key.get(key) if key else None
        if exact and (tells_all(record) or not exact.key.member):
            return exact
        if current and not current.is_another_than(record):
            return current
        return self._of_number(key, record) if key else None

    def _before(self, record: EncounterRecord) -> Encounter | None:
        """What an encounter says that is corrected, if it names its patient by the same reference."""
        before = self.stored.get(record.external_id)
        return before if before and before.patient_reference == record.patient_reference else None

    def _of_number(self, key: PatientKey, record: EncounterRecord) -> KnownPatient | None:
        """The one patient of a number whom an encounter may be of, or a new one; None where they are several."""
        candidates = self._candidates(key, record)
        persons = {patient.counts or patient.key for patient in candidates}
        if len(persons) > 1:
            self._one_of[record.external_id] = candidates
            return None
        return candidates[0] if candidates else self._add(key, record)

    def _candidates(self, key: PatientKey, record: EncounterRecord) -> list[KnownPatient]:
        """Those of a payer's number whom an encounter may be of. Who was told the same is one of them."""
        others = self._by_number.get(key.number, ()) if key.member else ()
        return [patient for patient in others if patient.key == key or patient.may_be_of(record)]

    def _add(self, key: PatientKey, record: EncounterRecord) -> KnownPatient:
        beside = tuple(self._by_number.get(key.number, ())) if key.member else ()
        name_sum = record.name_sum if key.member else ""
        patient = KnownPatient(key, None, record.birth_date, record.sex, name_sum, beside=beside)
        self._know(patient)
        return patient

    def _know(self, patient: KnownPatient) -> None:
        self.rows.append(patient)
        # Of rows that one authority gave under several names, the first that is read counts until they are merged.
        self._by_key.setdefault(patient.key, patient)
        self._by_number.setdefault(patient.key.number, []).append(patient)
        if patient.pk:
            self._by_pk[patient.pk] = patient

    def _read(self, records: Iterable[EncounterRecord], locking: bool) -> None:
        """Read the rows of all numbers, and of the patients whose encounters are corrected."""
        numbers, of_payers = set(), set()
        for record in records:
            if key := key_of_patient(record, self.source, self.aliases):
                numbers.add(key.number)
                if key.member:
                    of_payers.add(key.number)
        if locking and of_payers:
            _lock_incomplete(_of_numbers(of_payers, self.aliases))
        if numbers:
            self._read_rows(_of_numbers(numbers, self.aliases))

        kept: set[int] = set()
        for record in records:
            before = self._before(record)
            if before and before.patient_id:
                kept.add(before.patient_id)
        if missing := kept - self._by_pk.keys():
            self._read_rows(Patient.objects.filter(pk__in=missing))

    def _read_rows(self, rows: QuerySet[Patient]) -> None:
        listed = rows.order_by("pk").values_list(*PatientKey._fields, "pk", *OWN, *OF_SURVIVOR)
        for *key, pk, birth_date, sex, name_sum, survivor, birth, sex_of_survivor in listed:
            named = PatientKey(*key)
            meant = named._replace(authority=known_as(resolved(named.authority, self.aliases)))
            patient = _of_two(meant, pk, (birth_date, sex, name_sum), (birth, sex_of_survivor))
            patient.counts = survivor or pk
            self._know(patient)


def _of_numbers(keys: Collection[PatientKey], aliases: Mapping[str, str]) -> QuerySet[Patient]:
    """The rows of some numbers; and of others whose identifier, authority and source all stand among theirs."""
    authorities = {key.authority for key in keys}
    authorities |= {name for name, target in aliases.items() if known_as(target) in authorities}
    authorities |= {name.upper() for name in authorities}
    written = set(chain.from_iterable(map(spellings, authorities)))
    return Patient.objects.filter(
        identifier__in={key.identifier for key in keys},
        authority__in=written,
        source__in={key.source for key in keys},
    )


def _lock_incomplete(rows: QuerySet[Patient]) -> None:
    """Lock the rows of which something may still be learned: who comes first names whose a row is."""
    lacking = Q(birth_date=None) | Q(sex=Sex.UNKNOWN) | Q(name_sum="")
    list(rows.filter(lacking).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _named(patients: Collection[KnownPatient]) -> str:
    """Some patients in words, each once under all merged rows; those who are told alike with how many they are."""
    persons = {patient.counts or patient.key: patient.in_words for patient in patients}
    words = []
    for person, times in Counter(persons.values()).items():
        words.append(f"{person}, {times} times" if times > 1 else person)
    shown = words[:MOST_NAMED]
    more = len(words) - MOST_NAMED
    if more > 0:
        shown.append(f"{more} more")
    return " and ".join(shown)
