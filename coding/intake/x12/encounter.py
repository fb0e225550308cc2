"""A professional claim as the texts of an encounter."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from coding.intake.accounts import account, kinds_left_out
from coding.intake.drafts import EncounterTexts, LineDraft, Problem, Remark
from coding.intake.texts import (
    birth_day,
    distinct,
    first_parts,
    left_out,
    not_of_one_day,
    part_at,
    problem,
    read_as_windows,
    sex_told,
    whole,
)
from coding.intake.values import dotted, fit
from coding.intake.x12.claims import Claim
from coding.intake.x12.elements import (
    CARRIED,
    DESCRIPTION,
    ICD_9,
    ICD_10,
    LONGEST_WORDS,
    NAMES,
    days_of,
    elements,
)
from coding.intake.x12.patient import (
    biller_of,
    called,
    element,
    first,
    is_numbered_by_state,
    name_sum_of,
    named,
    not_told_apart,
    own_number,
    patient_of,
)
from coding.intake.x12.segments import Segment

REPLACEMENT, VOID = "7", "8"
WORDS = {"CR1": (9, 10), "K3": (1,)}
CHARACTERS = (
    "The segment is not in UTF-8, and does not look like Windows-1252. Export the file in UTF-8."
)
OWN_LEVEL = "Send each patient under a level (HL) of their own, below their subscriber."
CUT = "The file ends in the middle of this claim. Export the file again."


def state_of(head: Segment) -> str:
    """Whether a claim replaces an earlier one (7) or takes it back (8); empty for an original."""
    frequency = part_at(head.components(5), 2)
    return frequency if frequency in (REPLACEMENT, VOID) else ""


def replaced_number(claim: Claim) -> str:
    """The number of the claim that this one replaces or takes back, where that is not its own number."""
    head = claim.segments[0]
    if not state_of(head):
        return ""
    for segment in claim.segments:
        if segment.id == "REF" and segment.element(1) == "F8":
            replaced = segment.element(2)
            return replaced if replaced != head.element(1) else ""
    return ""


def replacement_told(claim: Claim) -> tuple[Remark, ...]:
    """That a claim replaces or takes back one of another number, which may have come in another file."""
    number = replaced_number(claim)
    if not number:
        return ()
    head = claim.segments[0]
    what = "takes back" if state_of(head) == VOID else "replaces"
    text = f"It {what} the claim {number}. If that came here before, it stays: see by hand what becomes of it."
    return (Remark(fit(text), head.place),)


def encounter(claim: Claim) -> tuple[EncounterTexts, tuple[Problem, ...], tuple[Remark, ...]]:
    """The texts of a claim, and what only its segments show to be wrong or left out."""
    read = _Read()
    for segment in claim.segments[1:]:
        read.take(segment)
    of_people = filter(None, (named(claim.billing, "85"), named(claim.subscriber, "PR")))
    read.judge_letters([*claim.segments, *of_people])
    read.problems += _problems(claim, read)

    providers, sites = _providers(claim, read), _sites(claim, read)
    texts = _texts(claim, read, providers[0], sites[0])
    read.remarks += [left_out(f"rendering provider {name} of a line") for name in providers[1:]]
    read.remarks += [left_out(f"place of service {site} of a line") for site in sites[1:]]
    read.remarks += replacement_told(claim)
    if is_numbered_by_state(claim):
        read.remarks.append(left_out("the subscriber's number, which is a social security number"))
    kinds = [segment.id for segment in claim.segments]
    read.remarks += kinds_left_out(kinds, CARRIED, " segment", NAMES)
    faults: list[Problem | Remark] = [*read.problems, *read.remarks]
    read.remarks += account(elements(claim.segments), texts, faults).remarks
    return texts, tuple(read.problems), tuple(read.remarks)


def _problems(claim: Claim, read: "_Read") -> list[Problem]:
    """What is wrong with the claim as a whole: whose it is, of which days, and that it is cut off."""
    problems = []
    if why := not_told_apart(claim):
        text = f"{why} {OWN_LEVEL}"
        problems.append(problem("patient_reference", text, place=claim.segments[0].place))
    if several := not_of_one_day(read.days_told, read.places.get("date_of_service", "")):
        problems.append(several)
    if not claim.whole:
        problems.append(problem("", CUT, place=claim.segments[-1].place))
    return problems


def _providers(claim: Claim, read: "_Read") -> tuple[str, ...]:
    """Who rendered the lines, each once; the claim's own where no line says so. The first is the encounter's."""
    own = called(read.rendering) or called(named(claim.billing, "85"))
    rendering = distinct(called(segment) or own for segment in read.line_renderings)
    return rendering or (own,)


def _sites(claim: Claim, read: "_Read") -> tuple[str, ...]:
    """The places of service of the lines, each once; the claim's own where no line says one."""
    own = claim.segments[0].components(5)[0]
    sites = distinct(site or own for site in read.line_sites)
    return sites or (own,)


def _texts(claim: Claim, read: "_Read", rendered_by: str, site: str) -> EncounterTexts:
    head = claim.segments[0]
    person = first(claim.patient or claim.subscriber, "DMG")
    insurer = named(claim.subscriber, "PR")
    return EncounterTexts(
        external_id=head.element(1),
        visit_authority=biller_of(claim),
        patient_reference=patient_of(claim).reference,
        # The payer numbers its members. A dependent without a number of their own comes under the subscriber's.
        patient_authority=element(insurer, 9) or called(insurer),
        shared_reference=bool(claim.patient) and not own_number(claim),
        insured_number=True,
        name_sum=name_sum_of(claim),
        birth_date=birth_day(element(person, 2), read.remarks),
        sex=sex_told(element(person, 3), read.remarks),
        date_of_service=min(read.days_told, default=""),
        place_of_service=site,
        provider=rendered_by,
        payer=called(insurer),
        note="\n".join(read.notes),
        diagnoses=tuple(read.diagnoses),
        service_lines=tuple(read.lines),
        places={"external_id": head.place, "place_of_service": head.place, **read.places},
    )


@dataclass(slots=True)
class _Read:
    """What the segments of a claim say. ``loop`` tells the claim's own from another payer's and from a line's.

    ``line_renderings`` and ``line_sites`` are of each line: who rendered it and where, if it says so.
    """

    loop: str = "claim"
    rendering: Segment | None = None
    line_renderings: list[Segment | None] = field(default_factory=list)
    line_sites: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    claim_days: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    lines: list[LineDraft] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def days_told(self) -> tuple[str, ...]:
        """The days of the lines; those of the claim where no line tells one."""
        return distinct(self.days or self.claim_days)

    def take(self, segment: Segment) -> None:
        match segment.id, self.loop:
            case "SBR", "claim":
                self.loop = "other payer"
            case "LX", _:
                self.loop = "line"
            case "NM1", "other payer" if segment.element(1) == "PR":
                self.remarks.append(left_out(f"payer {called(segment)}", segment.place))
            case "NM1", "claim" if segment.element(1) == "82" and self.rendering:
                what = f"rendering provider {called(segment)} of the claim"
                self.remarks.append(left_out(what, segment.place))
            case "NM1", "claim" if segment.element(1) == "82":
                self.rendering = segment
                self.places["provider"] = segment.place
            case "NM1", "line" if segment.element(1) == "82" and self.line_renderings:
                self.line_renderings[-1] = segment
            case "HI", "claim":
                self._take_diagnoses(segment)
            case "SV1", _:
                self._take_line(segment)
            case "DTP", "claim" | "line" if segment.element(1) == "472":
                self._take_days(segment)
            case "CR1" | "K3", _:
                self._tell_words(segment)
            case "NTE", "claim" | "line":
                self.notes.append(segment.element(2))
                self.places.setdefault("note", segment.place)

    def judge_letters(self, segments: Iterable[Segment]) -> None:
        """Tell how letters that are not UTF-8 were taken, and where they look like nothing that is known."""
        for segment in segments:
            if segment.is_unknown:
                self.problems.append(problem("", CHARACTERS, place=segment.place))
            elif segment.is_windows:
                letters = read_as_windows(segment.elements, segment.place)
                self.remarks += [letters] if letters else []

    def _take_diagnoses(self, segment: Segment) -> None:
        for at in range(1, len(segment.elements)):
            qualifier, code = first_parts(segment.components(at), 2)
            if qualifier in ICD_9:
                text = f"The qualifier {qualifier} means ICD-9. If the code is ICD-10-CM, send it with ABK or ABF."
                self.problems.append(problem("diagnoses", text, code, segment.place))
            if qualifier in ICD_10 + ICD_9:
                self.diagnoses.append(dotted(code))
                self.places.setdefault("diagnoses", segment.place)
            elif code:
                what = f"code {code} under the qualifier {qualifier}"
                self.remarks.append(left_out(what, segment.place))

    def _take_line(self, segment: Segment) -> None:
        # SV101: qualifier and code, then four modifiers at most; its description stands behind them.
        qualifier, code, *modifiers = first_parts(segment.components(1), DESCRIPTION)
        if qualifier != "HC":
            text = "A service line needs a CPT or HCPCS code with the qualifier HC."
            self.problems.append(problem("service_lines", text, segment.element(1), segment.place))
        if description := part_at(segment.components(1), DESCRIPTION):
            words = description[:LONGEST_WORDS]
            self.remarks.append(left_out(f"description of {code}: {words}", segment.place))
        pointers = tuple(whole(pointer) for pointer in segment.components(7) if pointer)
        # Other units than UN are minutes of anesthesia, which say nothing on how often a service was done.
        units = whole(segment.element(4)) if segment.element(3) == "UN" else ""
        self.lines.append(LineDraft(code, tuple(filter(None, modifiers)), units, pointers))
        self.line_renderings.append(None)
        self.line_sites.append(segment.element(5))
        self.places.setdefault("service_lines", segment.place)

    def _tell_words(self, segment: Segment) -> None:
        """Tell what people wrote in a segment that is not read else: why a transport was needed, a payer's own text."""
        for at in WORDS[segment.id]:
            if words := segment.element(at):
                what = f"text of {segment.id}: {words[:LONGEST_WORDS]}"
                self.remarks.append(left_out(what, segment.place))

    def _take_days(self, segment: Segment) -> None:
        days = self.days if self.loop == "line" else self.claim_days
        days += days_of(segment)
        self.places.setdefault("date_of_service", segment.place)
