"""Whose an HL7 v2 message is: the patient's identifiers, each with the authority that gave it."""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from coding.intake.authorities import SEPARATOR, are_two_authorities, written
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import distinct, first_parts, iso_day, part_at
from coding.intake.whose import NOT_KNOWN, OF_PAYERS, name_sum

# Types of HL7 table 0203 that say who somebody is elsewhere, not which patient of the sender it is: the number of a
# social security, a licence, a passport, an account, a visit, a tax payer, a state (NN with its country), a bank.
NEVER = re.compile(r"SSN?|DL|PPN|AN|VN|TAX|NN[A-Z]{3}|BC|CC")
# Social security by the name of its authority, or by its OID.
NEVER_OF = re.compile(r"(US)?SSA?N?|2\.16\.840\.1\.113883\.4\.1")
# The medical record first, then the patient's number inside, one without a type, the number outside; what payers gave
# (MC, MA) comes last.
BY_WORTH = ("MR", "MRN", "PI", "", "PT", "PE")
# As many components of a CX are read.
LAST_OF_CX = 8
# The fields of PID, by their numbers in the standard.
PID_OLDER_NUMBER, PID_NUMBERS, PID_NAME, PID_BORN, PID_SEX = 2, 3, 5, 7, 8

# Of the fields of ``PatientOf``, those that tell who somebody is.
PERSON = slice(2, None)


class Identifier(NamedTuple):
    """A number of a patient with its type and its authority; see ``coding.intake.authorities``."""

    value: str
    type: str
    authority: str

    def is_same(self, other: "Identifier") -> bool:
        """Whether both name the same patient. An authority that is not told contradicts none."""
        if self.value != other.value:
            return False
        return not are_two_authorities(self.authority, other.authority)

    def __str__(self) -> str:
        return " of ".join(filter(None, (self.value, self.authority)))


class PatientOf(NamedTuple):
    """What one message says of its patient. ``left_out`` are the types of identifiers that do not count.

    Birth date, sex and the check sum of the name tell apart those whom a payer numbers alike.
    """

    identifiers: tuple[Identifier, ...]
    left_out: tuple[str, ...] = ()
    birth_date: str = ""
    sex: str = ""
    name_sum: str = ""

    @property
    def reference(self) -> str:
        """The identifier that counts; empty where there is none."""
        return self.identifiers[0].value if self.identifiers else ""

    @property
    def authority(self) -> str:
        """Who gave the identifier that counts."""
        return self.identifiers[0].authority if self.identifiers else ""

    @property
    def is_insured(self) -> bool:
        """Whether nothing but the number of a payer names the patient."""
        return bool(self.identifiers) and self.identifiers[0].type in OF_PAYERS

    def is_same(self, other: "PatientOf") -> bool:
        """Whether both messages are of one patient: the identifiers that count are the same, or one has both.

        A number of a payer, which may be a family's, says so only where nothing else contradicts; any other only
        where it names nobody who was born on another day and has another sex or name.
        """
        if self.is_another_person(other):
            return False
        if not (self.identifiers and other.identifiers):
            return False
        first, second = self.identifiers[0], other.identifiers[0]
        if first.type == second.type or not (first.type and second.type):
            compared = [(first, second)]
        else:
            compared = list(product(self.identifiers, other.identifiers))
        same = [own for own, theirs in compared if own.is_same(theirs)]
        if any(identifier.type not in OF_PAYERS for identifier in same):
            return True
        return bool(same) and not self._contradicts(other)

    def is_another_person(self, other: "PatientOf") -> bool:
        """Whether both were born on different days, and have two sexes or names."""
        birth_date, sex, name = self._differences(other)
        return birth_date and (sex or name)

    def _contradicts(self, other: "PatientOf") -> bool:
        return any(self._differences(other))

    def _differences(self, other: "PatientOf") -> list[bool]:
        """Of birth date, sex and name, whether both tell it, and not the same."""
        differences = []
        for own, theirs in zip(self[PERSON], other[PERSON], strict=True):
            differences.append(bool(own and theirs) and own != theirs)
        return differences

    def __str__(self) -> str:
        if not self.identifiers:
            return "none"
        return self.in_full if self.is_insured else str(self.identifiers[0])

    @property
    def in_full(self) -> str:
        """In words, with the birth date."""
        number = str(self.identifiers[0]) if self.identifiers else "none"
        return f"{number}, born {self.birth_date or 'no known day'}"


def patient_of(message: Message) -> PatientOf:
    """The patient of a message; of several, the first."""
    return next(iter(patients_of(message)), PatientOf(()))


def patients_of(message: Message) -> list[PatientOf]:
    """The patient of each PID of a message: of charges and documents there is one, of results there may be several."""
    day = iso_day(message.component("MSH", 7))
    return [_patient(segment, day) for segment in message.all("PID")]


def _patient(segment: Segment, day: str) -> PatientOf:
    """The identifiers of PID-3, or else PID-2, that count on the day of the message, the best first."""
    counting: list[Identifier] = []
    left_out: list[str] = []
    for at in (PID_NUMBERS, PID_OLDER_NUMBER):
        for raw in filter(None, segment.raw_repetitions(at)):
            identifier, begins, expires = _identifier(segment, raw)
            if not identifier.value:
                continue
            why_not = _why_never(identifier)
            if day and not why_not:
                why_not = _why_not_on(day, identifier, begins, expires)
            if why_not:
                left_out.append(why_not)
            else:
                counting.append(identifier)
        if counting:
            break
    sex = segment.component(PID_SEX).upper()
    family, given = segment.component(PID_NAME, 1), segment.component(PID_NAME, 2)
    return PatientOf(
        identifiers=tuple(sorted(counting, key=_worth)),
        left_out=tuple(left_out),
        birth_date=iso_day(segment.component(PID_BORN)),
        sex="" if sex == NOT_KNOWN else sex,
        name_sum=name_sum(family, given),
    )


def _why_not_on(day: str, identifier: Identifier, begins: str, expires: str) -> str:
    """Why an identifier does not count on a day; empty for one that does."""
    if expires and expires < day:
        return f"the identifier {identifier.value}, which expired on {expires}"
    if begins and begins > day:
        return f"the identifier {identifier.value}, which counts from {begins}"
    return ""


def _is_one(texts: Sequence[str]) -> bool:
    """Whether texts, but for empty ones, are the same."""
    return len(set(filter(None, texts))) < 2


def all_same(patients: Sequence[PatientOf]) -> bool:
    """Whether all are one patient. Of those whom a payer numbers, none contradicts another in who it is."""
    insured = [patient[PERSON] for patient in patients if patient.is_insured]
    values_of_each = zip(*insured, strict=True)
    if not all(map(_is_one, values_of_each)):
        return False
    first, *others = patients
    return all(map(first.is_same, others))


def authority_of(patients: Sequence[PatientOf]) -> str:
    """Who gave the identifier by which messages of one patient know them; the first message that says so counts."""
    same = [patient for patient in patients if patient.reference == patients[0].reference]
    return next((patient.authority for patient in same if patient.authority), "")


def named(patients: Iterable[PatientOf]) -> str:
    """The different patients, in words; those of one number and birth date differ in sex or name."""
    first, *others = patients
    have_one_number = all(patient.reference == first.reference for patient in others)
    if have_one_number and any(map(first.is_another_person, others)):
        return " and ".join(distinct(patient.in_full for patient in (first, *others)))
    words = distinct(map(str, (first, *others)))
    if len(words) > 1:
        return " and ".join(words)
    return f"{words[0]}, of another sex or name in other messages"


def _worth(identifier: Identifier) -> int:
    return BY_WORTH.index(identifier.type) if identifier.type in BY_WORTH else len(BY_WORTH)


def _why_never(identifier: Identifier) -> str:
    """Why an identifier never tells which patient it is; empty for one that may."""
    if NEVER.fullmatch(identifier.type):
        return f"an identifier of the type {identifier.type}"
    names = sorted(identifier.authority.upper().split(SEPARATOR))
    never = [name for name in names if NEVER_OF.fullmatch(name)]
    return f"an identifier of {never[0]}" if never else ""


def _identifier(segment: Segment, raw: str) -> tuple[Identifier, str, str]:
    """One repetition of a CX, and the days from which and up to which it counts."""
    value, _, _, _, kind, _, begins, expires = first_parts(segment.components(raw), LAST_OF_CX)
    plain_kind = re.sub(r"\W", "", kind).upper()
    identifier = Identifier(value, plain_kind, authority_in(segment, raw))
    return identifier, iso_day(begins), iso_day(expires)


def authority_in(segment: Segment, raw: str) -> str:
    """The authority that one repetition of a CX names in its fourth component, by a short and a worldwide name (HD)."""
    component = part_at(raw.split(segment.signs.component), 3)
    short, worldwide = first_parts(segment.subcomponents(component), 2)
    return written(short.upper(), worldwide)
