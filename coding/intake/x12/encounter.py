"""A professional claim as the texts of an encounter."""

from dataclasses import dataclass, field

from coding.intake.drafts import EncounterTexts, LineDraft, Problem
from coding.intake.texts import distinct, iso_day, name_of, not_of_one_day, problem, whole
from coding.intake.values import dotted
from coding.intake.x12.claims import Block, Claim
from coding.intake.x12.segments import Segment

VOID = "8"
ICD_10, ICD_9 = ("ABK", "ABF"), ("BK", "BF")
CUT = "The file ends in the middle of this claim. Export the file again."


def void(claim: Claim) -> bool:
    """Whether the claim takes back an earlier one."""
    return claim.segments[0].components(5)[2:3] == [VOID]


def encounter(claim: Claim) -> tuple[EncounterTexts, tuple[Problem, ...]]:
    """The texts of a claim, and what only its segments show to be wrong."""
    head = claim.segments[0]
    read = _Read()
    for segment in claim.segments[1:]:
        read.take(segment)
    patient = claim.patient or claim.subscriber
    if problems := not_of_one_day(distinct(read.days), read.places.get("date_of_service", "")):
        read.problems.append(problems)
    if not claim.whole:
        read.problems.append(problem("", CUT, place=claim.segments[-1].place))
    insured = _named(claim.subscriber, "IL")
    birth = _first(patient, "DMG")
    texts = EncounterTexts(
        external_id=head.element(1),
        patient_reference=_element(_named(claim.patient, "QC"), 9) or _element(insured, 9),
        birth_date=iso_day(_element(birth, 2)),
        sex=_element(birth, 3),
        date_of_service=min(read.days, default=""),
        place_of_service=head.components(5)[0],
        provider=_name(read.rendering) or _name(_named(claim.billing, "85")),
        payer=_name(_named(claim.subscriber, "PR")),
        note="\n".join(read.notes),
        diagnoses=tuple(read.diagnoses),
        service_lines=tuple(read.lines),
        places={"external_id": head.place, "place_of_service": head.place, **read.places},
    )
    return texts, tuple(read.problems)


@dataclass(slots=True)
class _Read:
    """What the segments of a claim say. ``loop`` tells the claim's own from another payer's and from a line's."""

    loop: str = "claim"
    rendering: Segment | None = None
    days: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    lines: list[LineDraft] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        match segment.id, self.loop:
            case "SBR", "claim":
                self.loop = "other payer"
            case "LX", _:
                self.loop = "line"
            case "NM1", "claim" if segment.element(1) == "82":
                self.rendering = segment
                self.places["provider"] = segment.place
            case "HI", "claim":
                self._take_diagnoses(segment)
            case "SV1", _:
                self._take_line(segment)
            case "DTP", "line" if segment.element(1) == "472":
                self._take_days(segment)
            case "NTE", "claim" | "line":
                self.notes.append(segment.element(2))
                self.places.setdefault("note", segment.place)

    def _take_diagnoses(self, segment: Segment) -> None:
        for at in range(1, len(segment.elements)):
            qualifier, code = (*segment.components(at), "")[:2]
            if qualifier not in ICD_10 + ICD_9:
                continue
            if qualifier in ICD_9:
                text = f"The qualifier {qualifier} means ICD-9. If the code is ICD-10-CM, send it with ABK or ABF."
                self.problems.append(problem("diagnoses", text, code, segment.place))
            self.diagnoses.append(dotted(code))
            self.places.setdefault("diagnoses", segment.place)

    def _take_line(self, segment: Segment) -> None:
        qualifier, code, *modifiers = (*segment.components(1), "")[:6]
        if qualifier != "HC":
            text = "A service line needs a CPT or HCPCS code with the qualifier HC."
            self.problems.append(problem("service_lines", text, segment.element(1), segment.place))
        pointers = tuple(whole(pointer) for pointer in segment.components(7) if pointer)
        # Other units than UN are minutes of anesthesia, which say nothing on how often a service was done.
        units = whole(segment.element(4)) if segment.element(3) == "UN" else ""
        self.lines.append(LineDraft(code, tuple(filter(None, modifiers)), units, pointers))
        self.places.setdefault("service_lines", segment.place)

    def _take_days(self, segment: Segment) -> None:
        days = segment.element(3).split("-") if segment.element(2) == "RD8" else [segment.element(3)]
        self.days += map(iso_day, days)
        self.places.setdefault("date_of_service", segment.place)


def _first(block: Block, name: str) -> Segment | None:
    return next((segment for segment in block if segment.id == name), None)


def _named(block: Block, role: str) -> Segment | None:
    return next((segment for segment in block if segment.id == "NM1" and segment.element(1) == role), None)


def _element(segment: Segment | None, at: int) -> str:
    return segment.element(at) if segment else ""


def _name(segment: Segment | None) -> str:
    """The name of a person or an organization; the identifier where there is none."""
    return name_of(_element(segment, 4), _element(segment, 3)) or _element(segment, 9)
