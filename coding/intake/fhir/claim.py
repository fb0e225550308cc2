"""Service lines, diagnoses, day, place and payer of a FHIR Claim."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coding.decision.shapes import MODIFIER, PROCEDURE
from coding.intake.drafts import EncounterTexts, LineDraft, Remark
from coding.intake.fhir.codes import (
    DIAGNOSES,
    ICD_9,
    PROCEDURES,
    code_of,
    day_of,
    has_code,
    identifier_of,
    in_words,
    place_of_service,
)
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.people import name_in, patient, payer, place
from coding.intake.fhir.resources import (
    CareTeam,
    Claim,
    ClaimDiagnosis,
    ClaimItem,
    Concept,
    Reference,
)
from coding.intake.texts import (
    birth_day,
    distinct,
    first,
    left_out,
    not_of_one_day,
    problem,
    sex_told,
    whole,
)
from coding.intake.values import dotted

REASONS = {
    "cancelled": "The claim is cancelled.",
    "entered-in-error": "The claim was entered in error.",
    "draft": "The claim is a draft.",
}
INSTITUTIONAL = "The claim is institutional: its lines are those of a hospital's bill, for no physician's is here."
REPLACING = ("prior", "replaces", "replaced")


@dataclass(frozen=True, slots=True)
class Line:
    """A service with the codes of its diagnoses, and the days on which it began and ended."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: str = ""
    diagnoses: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


class Bill(NamedTuple):
    """What a claim bills, and who did it."""

    items: tuple[ClaimItem, ...]
    diagnoses: tuple[ClaimDiagnosis, ...]
    provider: Reference
    team: tuple[CareTeam, ...]


@dataclass(slots=True)
class Services:
    """What claims say of an encounter. ``billed`` are the days on which bills begin, ``days`` those of lines."""

    lines: list[Line] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    billed: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    # Who rendered each line, and where, if the line says so.
    renderers: list[str] = field(default_factory=list)
    line_places: list[str] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)

    def take(
        self, graph: Graph, claim: Claim, located: Located, names: tuple[str, ...] = ()
    ) -> None:
        """Add one claim, without the lines of other encounters than the one of these names."""
        codes = _diagnosis_codes(graph, claim, located)
        self.diagnoses += codes.values()
        self._take_lines(graph, claim, located, codes, names)
        self.billed.append(day_of(claim.billable_period.start))
        self.places.append(place(graph, claim.facility, located))
        providers = [member.provider for member in claim.care_team] + [claim.provider]
        self.providers += (name_in(graph, reference, located) for reference in providers)
        self._take_payers(graph, claim, located)

    def _take_lines(
        self,
        graph: Graph,
        claim: Claim,
        located: Located,
        codes: dict[str, str],
        names: tuple[str, ...],
    ) -> None:
        """Add the lines of a claim, and say what is odd of them beside those that are here."""
        before = set(self.lines)
        there = len(self.lines)
        for at, item in enumerate(claim.item):
            if not names or not item.encounter or _is_of(item, names):
                self._take_line(graph, item, codes, located.at("item", at))
                self._take_whereabouts(graph, item, claim, located)
        added = self.lines[there:]
        if added and is_institutional(claim):
            graph.remarks.append(Remark(INSTITUTIONAL, located.place))
        for code in distinct(line.code for line in added if line in before):
            text = f"{code} is billed by another claim too. Both were taken."
            graph.remarks.append(Remark(text))

    def _take_payers(self, graph: Graph, claim: Claim, located: Located) -> None:
        # The one that the claim is sent to stands first.
        covers = sorted(claim.insurance, key=lambda insured: not insured.focal)
        insurers = []
        for each in covers:
            in_file = payer(graph, graph.target(each.coverage, located))
            insurers.append(in_file or each.coverage.display)
        for name in distinct(insurers)[1:]:
            graph.remarks.append(left_out(f"payer {name}", located.at("insurance")))
        self.payers += [*insurers, name_in(graph, claim.insurer, located)]

    def _take_line(self, graph: Graph, item: ClaimItem, codes: dict[str, str], place: str) -> None:
        code = code_of(item.product_or_service, PROCEDURES)
        if not code:
            _tell_line(graph, item, place)
            return
        diagnoses = distinct(codes.get(sequence, "") for sequence in item.diagnosis_sequence)
        for sequence in item.diagnosis_sequence:
            if sequence not in codes:
                text = f"pointer to diagnosis {sequence}, which the claim lacks"
                graph.remarks.append(left_out(text, place))
        period = item.serviced_period
        days = distinct(map(day_of, (item.serviced_date or period.start, period.end)))
        modifiers = _modifiers(graph, item, place)
        units = whole(item.quantity.value)
        self.lines.append(Line(code, modifiers, units, diagnoses, days))
        self.days += days

    def _take_whereabouts(
        self, graph: Graph, item: ClaimItem, claim: Claim, located: Located
    ) -> None:
        coded = place_of_service([item.location_codeable_concept])
        self.line_places.append(coded or place(graph, item.location_reference, located))
        for member in claim.care_team:
            if member.sequence in item.care_team_sequence:
                self.renderers.append(name_in(graph, member.provider, located))
                break

    def tell_others(self, graph: Graph) -> None:
        """Say which of several renderers and places of lines do not count: the first does."""
        for name in distinct(self.renderers)[1:]:
            graph.remarks.append(left_out(f"{name}, who rendered another line"))
        for site in distinct(self.line_places)[1:]:
            graph.remarks.append(left_out(f"place of service {site} of a line"))


def _diagnosis_codes(graph: Graph, claim: Claim, located: Located) -> dict[str, str]:
    """The codes of a claim's diagnoses by their number, in its order; empty for one that has none that counts."""
    codes: dict[str, str] = {}
    for diagnosis in sorted(claim.diagnosis, key=lambda diagnosis: diagnosis.sequence.zfill(9)):
        concept = diagnosis.diagnosis_codeable_concept
        if diagnosis.diagnosis_reference.reference:
            condition = graph.condition(diagnosis.diagnosis_reference, located)
            concept = condition.code if condition else concept
        code = dotted(code_of(concept, DIAGNOSES))
        codes[diagnosis.sequence] = code
        if not code:
            tell_diagnosis(graph, concept, located.at("diagnosis"))
    return codes


def tell_diagnosis(graph: Graph, concept: Concept, place: str) -> None:
    """Say that a diagnosis has no code that counts: one of ICD-9 may be one of ICD-10-CM under a wrong system."""
    if code := code_of(concept, ICD_9):
        text = "The code is of ICD-9-CM. Send ICD-10-CM codes, with their system."
        graph.problems.append(problem("diagnoses", text, code, place))
    else:
        graph.remarks.append(left_out(f"diagnosis {in_words(concept)}", place))


def _tell_line(graph: Graph, item: ClaimItem, place: str) -> None:
    """Say that a line has no code that counts: one that looks like such a code must not get lost with its system."""
    concept = item.product_or_service
    if any(PROCEDURE.fullmatch(coding.code) for coding in concept.coding):
        text = f"The line is for {in_words(concept)}. Name the system of CPT or HCPCS, or leave the line out."
        graph.problems.append(problem("service_lines", text, place=place))
    else:
        graph.remarks.append(left_out(f"line {in_words(concept)}", place))


def _modifiers(graph: Graph, item: ClaimItem, place: str) -> tuple[str, ...]:
    """The codes of the modifiers; of one without a code the text, if it is one."""
    modifiers = []
    for concept in item.modifier:
        codes = [coding.code for coding in concept.coding if coding.code]
        codes = codes or [concept.words.strip().upper()]
        shaped = [code for code in codes if MODIFIER.fullmatch(code)]
        modifiers += shaped
        if not shaped:
            graph.remarks.append(left_out(f"modifier {in_words(concept)}", place))
    return distinct(modifiers)


def is_institutional(claim: Claim) -> bool:
    """Whether it is the bill of a hospital for the same visit, beside that of the physician."""
    return has_code(claim.type, "institutional")


def is_professional(claim: Claim) -> bool:
    """Whether it is the bill of a physician."""
    return has_code(claim.type, "professional")


def bill_of(claim: Claim) -> Bill:
    """What claims have in common of which one was sent twice: the lines, the diagnoses and the people."""
    return Bill(claim.item, claim.diagnosis, claim.provider, claim.care_team)


def replaced_by(claim: Claim) -> set[str]:
    """The names of the claims that a claim takes the place of."""
    names = set()
    for related in claim.related:
        relations = {coding.code for coding in related.relationship.coding}
        if not relations.isdisjoint(REPLACING):
            names.add(canonical(related.claim.reference))
    return names


def _is_of(item: ClaimItem, names: tuple[str, ...]) -> bool:
    return any(canonical(encounter.reference) in names for encounter in item.encounter)


def drafts_of(lines: Sequence[Line], diagnoses: Sequence[str]) -> tuple[LineDraft, ...]:
    """The lines with pointers into these diagnoses."""
    numbers = {code: str(number) for number, code in enumerate(diagnoses, start=1)}
    drafts = []
    for line in lines:
        pointers = distinct(numbers.get(code, "") for code in line.diagnoses)
        drafts.append(LineDraft(line.code, line.modifiers, line.units, pointers))
    return tuple(drafts)


def claim_reason(claim: Claim) -> str:
    """Why a claim brings nothing to code; empty for one that does."""
    if claim.use not in ("", "claim"):
        return f"This is a {claim.use[:40]}, not a claim for what was done."
    return REASONS.get(claim.status, "")


def claim_alone(graph: Graph, claim: Claim, located: Located) -> EncounterTexts:
    """The texts of a claim without an encounter."""
    services = Services()
    services.take(graph, claim, located)
    if not services.lines:
        return EncounterTexts()
    services.tell_others(graph)
    days = distinct(services.days) or distinct(services.billed)
    if several := not_of_one_day(days, located.at("item")):
        graph.problems.append(several)
    named, person = patient(graph, claim.patient, located, min(days, default=""))
    diagnoses = distinct(services.diagnoses)
    number = identifier_of(claim.identifier, "")
    return EncounterTexts(
        external_id=number.value if number else claim.id,
        visit_authority=number.system if number else "",
        **named.texts,
        birth_date=birth_day(person.birth_date, graph.remarks),
        sex=sex_told(person.gender, graph.remarks),
        date_of_service=min(days, default=""),
        place_of_service=first([*services.line_places, *services.places]),
        provider=first([*services.renderers, *services.providers]),
        payer=first(services.payers),
        diagnoses=diagnoses,
        service_lines=drafts_of(services.lines, diagnoses),
        places={"service_lines": located.at("item"), "diagnoses": located.at("diagnosis")},
    )
