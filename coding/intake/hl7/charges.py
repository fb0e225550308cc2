"""Charges of an HL7 v2 visit: what DFT messages charge and take back, with the diagnoses."""

from dataclasses import dataclass, field

from coding.intake.drafts import LineDraft, Problem
from coding.intake.hl7.segments import Message, Segment
from coding.intake.texts import distinct, iso_day, name_of, problem, whole
from coding.intake.values import dotted

CHARGE, CREDIT = ("", "CG"), ("CR", "CD")
PROCEDURES = ("C4", "CPT", "CPT4", "CPT-4", "C5", "HCPCS", "HCPC", "HPC", "HCP")
ICD_10 = ("", "I10", "I10C", "ICD10", "ICD-10", "ICD10CM", "ICD-10-CM", "10")


@dataclass(frozen=True, slots=True)
class Charge:
    """A procedure that was charged."""

    transaction: str
    code: str
    modifiers: tuple[str, ...]
    units: str
    diagnoses: tuple[str, ...]
    day: str

    def is_taken_back_by(self, credit: "Charge") -> bool:
        """Whether a credit is for this charge."""
        if self.transaction and self.transaction == credit.transaction:
            return True
        return (self.code, self.modifiers, self.day) == (credit.code, credit.modifiers, credit.day)


@dataclass(slots=True)
class Charges:
    """The charges of a visit, message by message."""

    charges: list[Charge] = field(default_factory=list)
    procedures: list[Charge] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    performers: list[str] = field(default_factory=list)
    taken_back: int = 0
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def take(self, message: Message, place: str) -> None:
        """Add what one DFT message charges, and take away what it credits."""
        for segment in message.segments:
            where = f"{place}, {segment.place}"
            match segment.id:
                case "DG1":
                    self._diagnose([_parts(segment, 3)], where)
                case "FT1":
                    self._charge(segment, where)
                case "PR1" if _parts(segment, 3)[2].upper() in ("", *PROCEDURES):
                    self.procedures.append(_charge(segment, _parts(segment, 3)[0], 16, 5))
                    self.places.setdefault("service_lines", where)

    def _charge(self, segment: Segment, place: str) -> None:
        diagnoses = [_padded(parts) for parts in segment.repetitions(19)]
        self._diagnose(diagnoses, place)
        code = _procedure(segment)
        kind = segment.component(6).upper()
        if not code or kind not in CHARGE + CREDIT:
            return
        charge = _charge(segment, code, 26, 4)
        if kind in CREDIT:
            self._take_back(charge, place)
            return
        self.charges.append(charge)
        performer = name_of(segment.component(20, 3), segment.component(20, 2)) or segment.component(20)
        self.performers.append(performer)
        self.places.setdefault("service_lines", place)
        self.places.setdefault("date_of_service", place)

    def _take_back(self, credit: Charge, place: str) -> None:
        for at, charge in enumerate(self.charges):
            if charge.is_taken_back_by(credit):
                del self.charges[at]
                self.taken_back += 1
                return
        text = "This credit takes back a charge that does not stand before it. Send the charge too, or leave both out."
        self.problems.append(problem("service_lines", text, credit.code, place))

    def _diagnose(self, concepts: list[list[str]], place: str) -> None:
        for code, _, system, *_ in concepts:
            if not code:
                continue
            if system.upper() in ICD_10:
                self.diagnoses.append(dotted(code))
                self.places.setdefault("diagnoses", place)
            elif system.upper().startswith(("I9", "ICD9", "ICD-9")):
                text = f"The code is of {system[:20]}, which is ICD-9. Send ICD-10-CM codes, marked I10."
                self.problems.append(problem("diagnoses", text, code, place))

    @property
    def lines(self) -> tuple[LineDraft, ...]:
        """What stays charged; what was done, where nothing is charged."""
        known = {code: str(number) for number, code in enumerate(distinct(self.diagnoses), start=1)}
        return tuple(
            LineDraft(
                charge.code,
                charge.modifiers,
                charge.units,
                distinct(known.get(code, "") for code in charge.diagnoses),
            )
            for charge in self._kept
        )

    @property
    def days(self) -> tuple[str, ...]:
        """The days of what stays charged."""
        return distinct(charge.day for charge in self._kept)

    @property
    def _kept(self) -> list[Charge]:
        return self.charges if self.charges or self.taken_back else self.procedures


def _charge(segment: Segment, code: str, modifiers_at: int, day_at: int) -> Charge:
    is_charge = segment.id == "FT1"
    return Charge(
        transaction=segment.component(2) if is_charge else "",
        code=code,
        modifiers=tuple(parts[0] for parts in segment.repetitions(modifiers_at) if parts[0]),
        units=whole(segment.component(10)) if is_charge else "",
        diagnoses=tuple(dotted(parts[0]) for parts in segment.repetitions(19)) if is_charge else (),
        day=iso_day(segment.component(day_at)),
    )


def _procedure(segment: Segment) -> str:
    """The procedure code of a charge; the transaction code where that is one."""
    code, _, system, *_ = _parts(segment, 25)
    if code and system.upper() in ("", *PROCEDURES):
        return code
    code, _, system, *_ = _parts(segment, 7)
    return code if system.upper() in PROCEDURES else ""


def _parts(segment: Segment, at: int) -> list[str]:
    return _padded([segment.component(at, which) for which in (1, 2, 3)])


def _padded(parts: list[str]) -> list[str]:
    return parts + [""] * (3 - len(parts))
