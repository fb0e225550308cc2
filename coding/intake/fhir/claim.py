"""Service lines, diagnoses, day, place and payer of a FHIR Claim."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from coding.intake.drafts import EncounterTexts, LineDraft
from coding.intake.fhir.codes import DIAGNOSES, PROCEDURES, SEXES, code_of, day_of, place_of_service, value_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.people import name_in, patient, payer, place
from coding.intake.fhir.resources import Claim, ClaimItem
from coding.intake.texts import distinct, not_of_one_day, whole
from coding.intake.values import dotted

REASONS = {
    "cancelled": "The claim is cancelled.",
    "entered-in-error": "The claim was entered in error.",
    "draft": "The claim is a draft.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A service with the codes of its diagnoses."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: str = ""
    diagnoses: tuple[str, ...] = ()


@dataclass(slots=True)
class Services:
    """What claims say of an encounter. ``billed`` are the days on which bills begin, ``days`` those of lines."""

    lines: list[Line] = field(default_factory=list)
    diagnoses: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    billed: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)

    def take(self, graph: Graph, claim: Claim, located: Located, names: tuple[str, ...] = ()) -> None:
        """Add one claim, without the lines of other encounters than the one of these names."""
        codes: dict[str, str] = {}
        for diagnosis in claim.diagnosis:
            concept = diagnosis.diagnosis_codeable_concept
            if diagnosis.diagnosis_reference.reference:
                condition = graph.condition(diagnosis.diagnosis_reference, located)
                concept = condition.code if condition else concept
            codes[diagnosis.sequence] = dotted(code_of(concept, DIAGNOSES))
        self.diagnoses += codes.values()
        for item in claim.item:
            if not names or not item.encounter or _is_of(item, names):
                self._take_line(item, codes)
        self.billed.append(day_of(claim.billable_period.start))
        self.places.append(place(graph, claim.facility, located))
        providers = [member.provider for member in claim.care_team] + [claim.provider]
        self.providers += (name_in(graph, reference, located) for reference in providers)
        self.payers += (
            payer(graph, graph.target(insured.coverage, located)) or insured.coverage.display
            for insured in claim.insurance
        )
        self.payers.append(name_in(graph, claim.insurer, located))

    def _take_line(self, item: ClaimItem, codes: dict[str, str]) -> None:
        if code := code_of(item.product_or_service, PROCEDURES):
            modifiers = tuple(coding.code for concept in item.modifier for coding in concept.coding[:1] if coding.code)
            diagnoses = distinct(codes.get(sequence, "") for sequence in item.diagnosis_sequence)
            self.lines.append(Line(code, modifiers, whole(item.quantity.value), diagnoses))
            self.days.append(day_of(item.serviced_date or item.serviced_period.start))
            self.places.append(place_of_service([item.location_codeable_concept]))


def _is_of(item: ClaimItem, names: tuple[str, ...]) -> bool:
    return any(canonical(encounter.reference) in names for encounter in item.encounter)


def drafts_of(lines: Sequence[Line], diagnoses: Sequence[str]) -> tuple[LineDraft, ...]:
    """The lines with pointers into these diagnoses."""
    known = {code: str(number) for number, code in enumerate(diagnoses, start=1)}
    return tuple(
        LineDraft(line.code, line.modifiers, line.units, distinct(known.get(code, "") for code in line.diagnoses))
        for line in lines
    )


def first(texts: Sequence[str]) -> str:
    """The first text that is told."""
    return next(filter(None, texts), "")


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
    days = distinct(services.days) or distinct(services.billed)
    if several := not_of_one_day(days, located.at("item")):
        graph.problems.append(several)
    reference, known = patient(graph, claim.patient, located)
    diagnoses = distinct(services.diagnoses)
    return EncounterTexts(
        external_id=value_of(claim.identifier, "") or claim.id,
        patient_reference=reference,
        birth_date=known.birth_date,
        sex=SEXES.get(known.gender, known.gender),
        date_of_service=min(days, default=""),
        place_of_service=first(services.places),
        provider=first(services.providers),
        payer=first(services.payers),
        diagnoses=diagnoses,
        service_lines=drafts_of(services.lines, diagnoses),
        places={"service_lines": located.at("item"), "diagnoses": located.at("diagnosis")},
    )
