"""Charges of an HL7 v2 visit: what DFT messages charge and take back, with the diagnoses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from coding.decision.shapes import ISO_DAY, MODIFIER, PROCEDURE
from coding.intake.drafts import LineDraft, Problem, Remark
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import (
    distinct,
    first_parts,
    iso_day,
    left_out,
    name_of,
    part_at,
    problem,
    whole,
)
from coding.intake.values import dotted

# The type of a message with charges.
CHARGES = "DFT"
# The fields of its segments, by their numbers in the standard.
DG1_METHOD, DG1_CODE, DG1_WORDS, DG1_TYPE, DG1_PRIORITY, DG1_ACTION = 2, 3, 4, 6, 15, 21
FT1_NUMBER, FT1_DAYS, FT1_KIND, FT1_CODE, FT1_UNITS = 2, 4, 6, 7, 10
FT1_DIAGNOSES, FT1_PERFORMER, FT1_PROCEDURE, FT1_MODIFIERS = 19, 20, 25, 26
PR1_CODE, PR1_WORDS, PR1_DAYS, PR1_MODIFIERS = 3, 4, 5, 16
CHARGE, CREDIT = ("", "CG"), ("CR", "CD")
# Payments, adjustments and co-payments, which change nothing of what was done.
OF_MONEY = ("PY", "AJ", "CO")
# Names of code systems as senders spell them, without what is neither letter nor digit; the numbers are their OIDs.
NO_LETTER = re.compile(r"[^A-Z0-9]")
PROCEDURES = re.compile(r"C[45]|CPT.*|HCPCS?.*|HPC|HCP|2168401113883612|21684011138836285")
ICD_10 = re.compile(r"|10|I10(?!P).*|ICD10(?!P).*|2168401113883690")
ICD_9 = re.compile(r"9|I9.*|ICD9.*|21684011138836103")
# DG1-21.
DELETED = "D"
LAST = 1_000_000
# DG1-6 of those without a rank: what was found stands before what was supposed, and that before why a patient came.
UNRANKED = {"W": LAST + 1, "A": LAST + 2}
# Each charge is compared with all before it: twice as many take four times as long.
MOST_CHARGES = 1_000
TOO_MANY = (
    f"More than {MOST_CHARGES:,} services are charged under the number of this visit."
    " Send each visit under a number of its own."
)
NEGATIVE = re.compile(r"-[1-9][0-9]*")


class Coded(NamedTuple):
    """A code with the name of its system, as it was sent."""

    code: str
    system: str

    def is_of(self, systems: re.Pattern[str]) -> bool:
        """Whether the code is of one of these systems."""
        if not self.code:
            return False
        plain = NO_LETTER.sub("", self.system.upper())
        return systems.fullmatch(plain) is not None

    def __str__(self) -> str:
        system = f"the system {self.system}" if self.system else "no system"
        return f"{self.code} under {system}"


@dataclass(frozen=True, slots=True)
class Charge:
    """A procedure that was charged; ``sent`` is the place of its message."""

    transaction: str
    code: str
    modifiers: tuple[str, ...]
    units: str
    diagnoses: tuple[str, ...]
    days: tuple[str, ...]
    sent: str = field(default="", compare=False)

    def is_taken_back_by(self, credit: "Charge") -> bool:
        """Whether a credit is for this charge."""
        if self.transaction and self.transaction == credit.transaction:
            return True
        is_same_code = (self.code, self.modifiers) == (credit.code, credit.modifiers)
        return is_same_code and self.days == credit.days

    def says_the_same(self, other: "Charge") -> bool:
        """Whether two charges differ in nothing, or in nothing but the numbers of their transactions."""
        return self._said == other._said

    @property
    def _said(self) -> tuple[object, ...]:
        return self.code, self.modifiers, self.units, self.diagnoses, self.days

    def __str__(self) -> str:
        return "-".join((self.code, *self.modifiers))


@dataclass(slots=True)
class Charges:
    """The charges of a visit, message by message."""

    charges: list[Charge] = field(default_factory=list)
    procedures: list[Charge] = field(default_factory=list)
    # In the order in which they came, each with its rank, if it has one.
    ranked: dict[str, int] = field(default_factory=dict)
    performers: list[str] = field(default_factory=list)
    taken_back: int = 0
    has_too_many: bool = False
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def take(self, message: Message, place: str) -> None:
        """Add what one DFT message charges, and take away what it credits."""
        for segment in message.segments:
            where = f"{place}, {segment.place}"
            match segment.id:
                case "DG1":
                    self._diagnose(segment, where)
                case "FT1":
                    self._charge(segment, where, place)
                case "PR1":
                    self._perform(segment, where, place)

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """By rank; those without one stand behind, in the order in which they came."""
        return tuple(sorted(self.ranked, key=lambda code: self.ranked[code]))

    @property
    def lines(self) -> tuple[LineDraft, ...]:
        """What stays charged; what was done, where nothing is charged."""
        numbers = {code: str(number) for number, code in enumerate(self.diagnoses, start=1)}
        drafts = []
        for charge in self._kept:
            pointers = distinct(numbers.get(code, "") for code in charge.diagnoses)
            drafts.append(LineDraft(charge.code, charge.modifiers, charge.units, pointers))
        return tuple(drafts)

    @property
    def days(self) -> tuple[str, ...]:
        """The days of what stays charged."""
        return distinct(chain.from_iterable(charge.days for charge in self._kept))

    @property
    def not_charged(self) -> list[Remark]:
        """The procedures that were done, but are not among what was charged."""
        charged = {charge.code for charge in self.charges}
        if not self.charges and not self.taken_back:
            return []
        missing = distinct(done.code for done in self.procedures if done.code not in charged)
        return [left_out(f"procedure {code}, which nothing charges") for code in missing]

    @property
    def _kept(self) -> list[Charge]:
        return self.charges if self.charges or self.taken_back else self.procedures

    def _diagnose(self, segment: Segment, place: str) -> None:
        first, other = _both(segment, DG1_CODE)
        if not first.system:
            first = first._replace(system=segment.component(DG1_METHOD))
        code = self._diagnosis([first, other], place, _rank(segment))
        if code and segment.component(DG1_ACTION).upper() == DELETED:
            self.ranked.pop(code, None)
            self.remarks.append(left_out(f"diagnosis {code}, which its source deleted", place))
            return
        words = segment.component(DG1_WORDS) or segment.component(DG1_CODE, 2)
        if words and not first.code and not other.code:
            self.remarks.append(left_out(f"diagnosis without a code: {words[:60]}", place))

    def _diagnosis_of_charge(self, parts: list[str], place: str) -> str:
        ways = coded(parts)
        words = part_at(parts, 1)
        if words and not any(way.code for way in ways):
            self.remarks.append(left_out(f"diagnosis without a code: {words[:60]}", place))
        return self._diagnosis(ways, place)

    def _diagnosis(self, ways: list[Coded], place: str, rank: int = LAST) -> str:
        """Take a diagnosis, coded in one or several ways; its ICD-10-CM code, or empty text."""
        if code := code_under(ICD_10, ways):
            code = dotted(code)
            self.ranked[code] = min(rank, self.ranked.get(code, rank))
            self.places.setdefault("diagnoses", place)
            return code
        other = next((way for way in ways if way.code), None)
        if other and other.is_of(ICD_9):
            text = f"The code is of {other.system[:20]}, which is ICD-9. Send ICD-10-CM codes, marked I10."
            self.problems.append(problem("diagnoses", text, other.code, place))
        elif other:
            self.remarks.append(left_out(f"diagnosis {other}", place))
        return ""

    def _charge(self, segment: Segment, place: str, message: str) -> None:
        kind = segment.component(FT1_KIND).upper()
        if kind not in CHARGE + CREDIT:
            self._leave_out(segment, kind, place)
            return
        diagnoses = [
            self._diagnosis_of_charge(parts, place) for parts in segment.repetitions(FT1_DIAGNOSES)
        ]
        code = self._procedure(segment, place)
        if not code:
            return
        charge = Charge(
            transaction=segment.component(FT1_NUMBER),
            code=code,
            modifiers=_modifiers(segment, FT1_MODIFIERS),
            units=whole(segment.component(FT1_UNITS)),
            diagnoses=distinct(diagnoses),
            days=_days(segment, FT1_DAYS),
            sent=message,
        )
        # Some systems credit by a charge of fewer than no units.
        if kind in CREDIT or NEGATIVE.fullmatch(charge.units):
            self._take_back(replace(charge, units=charge.units.removeprefix("-")), place)
        elif self._is_new(charge, self.charges, place):
            self.charges.append(charge)
            self.performers += people(segment, FT1_PERFORMER)
            self.places.setdefault("service_lines", place)
            self.places.setdefault("date_of_service", place)

    def _is_new(self, charge: Charge, before: list[Charge], place: str) -> bool:
        """Whether a charge is to be taken: there is room for it, and no other message sent it."""
        return not self._are_too_many(before) and not self._was_sent(charge, before, place)

    def _leave_out(self, segment: Segment, kind: str, place: str) -> None:
        """A transaction that is no charge; where its kind is not known and it names a procedure, it may be one."""
        names_code = segment.component(FT1_PROCEDURE) or segment.component(FT1_CODE)
        # Where a field was left out before it, the code stands where its kind should.
        may_be_charge = names_code or PROCEDURE.fullmatch(kind)
        if kind in OF_MONEY or not may_be_charge:
            self.remarks.append(left_out(f"transaction of the kind {kind[:20]}", place))
            return
        text = (
            f"The kind of the transaction (FT1-6), {kind[:20]}, is none that HL7 names."
            " Send charges as CG and credits as CD, or leave it out."
        )
        self.problems.append(problem("service_lines", text, segment.component(FT1_KIND), place))

    def _are_too_many(self, charges: Sequence[Charge]) -> bool:
        """Whether no more charges are taken; a problem says so, so that the visit comes back whole."""
        if len(charges) < MOST_CHARGES:
            return False
        if not self.has_too_many:
            self.problems.append(problem("service_lines", TOO_MANY))
        self.has_too_many = True
        return True

    def _was_sent(self, charge: Charge, before: list[Charge], place: str) -> bool:
        """Whether another message sent this before; the same under another number is taken, with a remark."""
        of_others = [other for other in before if other.sent != charge.sent]
        same = [other for other in of_others if other.says_the_same(charge)]
        if any(other.transaction == charge.transaction for other in same):
            self.remarks.append(left_out(f"{charge}, which {same[0].sent} sent already", place))
            return True
        if same:
            text = f"{charge} was sent by {same[0].sent} too, under another transaction number. Both were taken."
            self.remarks.append(Remark(text, place))
        for other in of_others:
            if charge.transaction and other.transaction == charge.transaction:
                text = f"{charge} has the transaction number of {other} in {other.sent}. Both were taken."
                self.remarks.append(Remark(text, place))
                break
        return False

    def _procedure(self, segment: Segment, place: str) -> str:
        """The procedure code of a charge, or of its transaction where that has one; empty, and told, without one."""
        procedure, other_procedure = _both(segment, FT1_PROCEDURE)
        transaction, other_transaction = _both(segment, FT1_CODE)
        ways = [procedure, other_procedure, transaction, other_transaction]
        if code := code_under(PROCEDURES, ways):
            return code
        if procedure.code and not procedure.system:
            return procedure.code
        unknown = procedure if procedure.code else transaction
        looks_like_one = PROCEDURE.fullmatch(unknown.code) and not unknown.system
        if procedure.code or looks_like_one:
            text = f"The charge is for {unknown}. Mark CPT codes C4 and HCPCS codes HCPCS, or leave the charge out."
            self.problems.append(problem("service_lines", text, unknown.code, place))
        else:
            named = unknown.code or "without any code"
            self.remarks.append(left_out(f"charge {named}: no procedure code", place))
        return ""

    def _take_back(self, credit: Charge, place: str) -> None:
        """Take the units of a credit from the charges that it is for; without units, one whole charge."""
        matching = [charge for charge in self.charges if charge.is_taken_back_by(credit)]
        if not matching:
            text = (
                "This credit takes back a charge that does not stand before it."
                " Send the charge too, or leave both out."
            )
            self.problems.append(problem("service_lines", text, credit.code, place))
            return
        units = _number(credit.units)
        for charge in matching:
            charged = _number(charge.units) or 1
            self.taken_back += 1
            if units and charged > units:
                at = self.charges.index(charge)
                self.charges[at] = replace(charge, units=str(charged - units))
                return
            self.charges.remove(charge)
            units -= charged
            if units <= 0:
                return
        text = "This credit takes back more units than were charged before it. Correct it, or send the other charges."
        self.problems.append(problem("service_lines", text, credit.code, place))

    def _perform(self, segment: Segment, place: str, message: str) -> None:
        first, other = _both(segment, PR1_CODE)
        code = code_under(PROCEDURES, [first, other])
        if not code and first.code and first.system:
            self.remarks.append(left_out(f"procedure {first}", place))
            return
        code = code or first.code
        if not code:
            words = segment.component(PR1_WORDS) or segment.component(PR1_CODE, 2)
            if words:
                self.remarks.append(left_out(f"procedure without a code: {words[:60]}", place))
            return
        done = Charge(
            transaction="",
            code=code,
            modifiers=_modifiers(segment, PR1_MODIFIERS),
            units="",
            diagnoses=(),
            days=_days(segment, PR1_DAYS),
            sent=message,
        )
        if self._is_new(done, self.procedures, place):
            self.procedures.append(done)
            self.places.setdefault("service_lines", place)


def _rank(diagnosis: Segment) -> int:
    """The rank that DG1-15 gives, from 1; without one it follows from what kind of diagnosis it is."""
    priority = diagnosis.component(DG1_PRIORITY)
    if priority.isdigit() and int(priority):
        return int(priority)
    return UNRANKED.get(diagnosis.component(DG1_TYPE).upper(), LAST)


def code_under(systems: re.Pattern[str], ways: Sequence[Coded]) -> str:
    """The code of the first way whose system is one of these; empty text without one."""
    return next((way.code for way in ways if way.is_of(systems)), "")


def _both(segment: Segment, at: int) -> list[Coded]:
    """The two ways in which a field codes a thing: its own, and the alternate one."""
    return coded(next(iter(segment.repetitions(at)), []))


def coded(parts: list[str]) -> list[Coded]:
    """The two ways in which one repetition codes a thing."""
    code, _, system, other, _, other_system = first_parts(parts, 6)
    # A second code is worth nothing without its system.
    return [Coded(code, system), Coded(other if other_system else "", other_system)]


def people(segment: Segment, at: int) -> list[str]:
    """The names of the people in a field, or their numbers, in order."""
    names = []
    for parts in segment.repetitions(at):
        number, family, given = first_parts(parts, 3)
        names.append(name_of(given, family) or number)
    return names


def _modifiers(segment: Segment, at: int) -> tuple[str, ...]:
    """The modifiers of a field: its repetitions, or components where a sender wrote them so (LT^59)."""
    modifiers: list[str] = []
    for first, *others in segment.repetitions(at):
        modifiers.append(first)
        if others and MODIFIER.fullmatch(others[0]):
            modifiers += (text for text in others if MODIFIER.fullmatch(text))
    return tuple(filter(None, modifiers))


def _days(segment: Segment, at: int) -> tuple[str, ...]:
    """The day of a service; where it took several, the first and the last."""
    first = iso_day(segment.component(at, 1))
    last = iso_day(segment.component(at, 2))
    # Before HL7 2.6 the second component may tell how precise the first is.
    return distinct((first, last if ISO_DAY.fullmatch(last) else ""))


def _number(units: str) -> int:
    return int(units) if units.isdigit() else 0
