"""Whose an HL7 v2 message is: the patient's identifiers, each with the authority that gave it."""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from coding.intake.authorities import SEPARATOR, are_two_authorities, written
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import distinct, iso_day
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

# Of the fields of a patient, those that tell who somebody is.
PERSON = slice(2, None)


class Identifier(NamedTuple):
    """A number of a patient with its type and its authority; see ``coding.intake.authorities``."""

    value: str
    type: str
    authority: str

    def is_same(self, other: "Identifier") -> bool:
        """Whether both name the same patient. An authority that is not told contradicts none."""
        return self.value == other.value and not are_two_authorities(
            self.authority, other.authority
        )

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
        pairs = zip(self[PERSON], other[PERSON], strict=True)
        birth_date, *others = [bool(own and theirs) and own != theirs for own, theirs in pairs]
        return birth_date and any(others)

    def _contradicts(self, other: "PatientOf") -> bool:
        pairs = zip(self[PERSON], other[PERSON], strict=True)
        return any(own and theirs and own != theirs for own, theirs in pairs)

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
    for at in (3, 2):
        for raw in filter(None, segment.field(at).split(segment.signs.repetition)):
            identifier, begins, expires = _identifier(segment, raw)
            if not identifier.value:
                continue
            if why := _why_never(identifier):
                left_out.append(why)
            elif expires and day and expires < day:
                left_out.append(f"the identifier {identifier.value}, which expired on {expires}")
            elif begins and day and begins > day:
                left_out.append(f"the identifier {identifier.value}, which counts from {begins}")
            else:
                counting.append(identifier)
        if counting:
            break
    sex = segment.component(8).upper()
    return PatientOf(
        tuple(sorted(counting, key=_worth)),
        tuple(left_out),
        iso_day(segment.component(7)),
        "" if sex == NOT_KNOWN else sex,
        name_sum(segment.component(5, 1), segment.component(5, 2)),
    )


def _is_one(texts: Sequence[str]) -> bool:
    """Whether texts, but for empty ones, are the same."""
    return len(set(filter(None, texts))) < 2


def all_same(patients: Sequence[PatientOf]) -> bool:
    """Whether all are one patient. Of those whom a payer numbers, none contradicts another in who it is."""
    people = [patient[PERSON] for patient in patients if patient.is_insured]
    agree = all(map(_is_one, zip(*people, strict=True)))
    return agree and all(patients[0].is_same(patient) for patient in patients[1:])


def authority_of(patients: Sequence[PatientOf]) -> str:
    """Who gave the identifier by which messages of one patient know them; the first message that says so counts."""
    same = [patient for patient in patients if patient.reference == patients[0].reference]
    return next((patient.authority for patient in same if patient.authority), "")


def named(patients: Iterable[PatientOf]) -> str:
    """The different patients, in words; those of one number and birth date differ in sex or name."""
    told = [*patients]
    have_one_number = len({patient.reference for patient in told}) == 1
    if have_one_number and any(told[0].is_another_person(patient) for patient in told):
        return " and ".join(distinct(patient.in_full for patient in told))
    words = distinct(map(str, told))
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
    of = next((name for name in names if NEVER_OF.fullmatch(name)), "")
    return f"an identifier of {of}" if of else ""


def _identifier(segment: Segment, raw: str) -> tuple[Identifier, str, str]:
    """One repetition of a CX, and the days from which and up to which it counts."""
    components = [*segment.components(raw), *[""] * LAST_OF_CX]
    value, kind = components[0], components[4]
    begins, expires = iso_day(components[6]), iso_day(components[7])
    authority = "".join(raw.split(segment.signs.component)[3:4])
    own = Identifier(value, re.sub(r"\W", "", kind).upper(), authority_in(segment, authority))
    return own, begins, expires


def authority_in(segment: Segment, component: str) -> str:
    """The authority that a component with a short and a worldwide name (HD) tells."""
    short, worldwide, *_ = (*segment.subcomponents(component), "", "")
    return written(short.upper(), worldwide)
