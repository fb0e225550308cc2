"""What a FHIR file may carry, and the elements of an encounter that are accounted for.

Each resource makes an item, belongs to one, or is named by its kind. Of the Encounter, Condition, Procedure, Claim and
DiagnosticReport resources of an item each code of ICD-10-CM, CPT and HCPCS is accounted for, wherever it stands in
them; codes of other systems are told where they stand for a diagnosis, a procedure, a line or a modifier. So is what
people wrote beside codes. Of documents each content is.
"""

from collections.abc import Iterator
from typing import Any

from coding.intake.accounts import Element, account, kinds_left_out
from coding.intake.drafts import EncounterTexts, Remark
from coding.intake.fhir.codes import DIAGNOSES, PROCEDURES
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import Index, canonical
from coding.intake.fhir.json import text_at
from coding.intake.values import dotted

# Resources whose codes say what there is to code.
CODED = ("Encounter", "Condition", "Procedure", "Claim", "DiagnosticReport", "DocumentReference")
# What people wrote beside codes: in these elements, and in these parts of others.
WORDS_BESIDE_CODES = (
    "bodySite note complication complicationDetail outcome reasonCode statusReason followUp usedCode"
    " usedReference description"
)
BESIDE_CODES = frozenset(WORDS_BESIDE_CODES.split())
PARTS_BESIDE_CODES = {
    "Condition.stage": ("summary",),
    "Condition.evidence": ("code",),
    "Procedure.focalDevice": ("action", "manipulated"),
    "Claim.supportingInfo": ("valueString", "code", "reason"),
    "Claim.procedure": ("procedureCodeableConcept",),
    "Claim.item": ("bodySite", "subSite", "programCode"),
}
# Of which a coder needs nothing: envelopes, where things come from, who works with whom, what was planned.
NAMED = (
    "Account Appointment Bundle CapabilityStatement CarePlan CareTeam ClaimResponse CodeSystem Consent Device Endpoint"
    " Goal Group HealthcareService InsurancePlan List MessageHeader OperationOutcome Parameters"
    " Provenance RelatedPerson SearchParameter StructureDefinition Subscription Task ValueSet"
)
LISTED = frozenset(NAMED.split())
# Of those, what the element itself is.
MAIN_PARTS = ("procedureCodeableConcept",)


def accounted(graph: Graph, piece: int, texts: EncounterTexts) -> tuple[Remark, ...]:
    """What of the resources that were read for an item was neither taken nor told; a rejected one comes back whole."""
    if graph.problems:
        return ()
    item = graph.resource(piece)
    names = item.names if item and item.kind == "Encounter" else ()
    # A remark on a resource as a whole tells all of it.
    whole = {remark.place for remark in graph.remarks}
    seen: list[Element] = []
    for used in sorted(graph.used):
        located = graph.resource(used)
        if located and located.kind in CODED and located.place not in whole:
            seen += elements(located, names)
    return account(seen, texts, graph.remarks).remarks


def elements(located: Located, names: tuple[str, ...] = ()) -> Iterator[Element]:
    """The codes of a resource that count; of a claim only those of the encounter of these names."""
    for name, value in located.resource.items():
        for part in _parts(value):
            is_of_another = name == "item" and names and not _is_of(part, names)
            if not is_of_another:
                yield from _codes(part, f"{located.kind}.{name} code", located.at(name))
                yield from _beside(part, located, name)


def _beside(part: Any, located: Located, name: str) -> Iterator[Element]:
    """What a part of a resource says beside codes that count; a claim's procedure in another system, too."""
    place = located.at(name)
    for what, value in _values_beside(part, located.kind, name):
        words = _words(value)
        if words and not any(_codes(value, what, place)):
            yield Element(what, words, place)


def _values_beside(part: Any, kind: str, name: str) -> Iterator[tuple[str, Any]]:
    """The values of a part in which people write beside codes, each with what it is."""
    what = f"{kind}.{name}"
    if name in BESIDE_CODES:
        yield what, part
    if not isinstance(part, dict):
        return
    for member in PARTS_BESIDE_CODES.get(what, ()):
        of_member = what if member in MAIN_PARTS else f"{what}.{member}"
        for value in _parts(part.get(member)):
            yield of_member, value


def _words(concept: Any) -> str:
    """What a coded thing, a remark or a reference says: its text, or else its first name or code."""
    if isinstance(concept, str):
        return concept
    codings = concept.get("coding") if isinstance(concept, dict) else None
    coding = codings[0] if isinstance(codings, list) and codings else None
    own_words = text_at(concept, "text") or text_at(concept, "display")
    return own_words or text_at(coding, "display") or text_at(coding, "code")


def _codes(value: Any, what: str, place: str) -> Iterator[Element]:
    if isinstance(value, list):
        for part in value:
            yield from _codes(part, what, place)
    elif isinstance(value, dict):
        system, code = text_at(value, "system"), text_at(value, "code")
        if code and system in DIAGNOSES:
            yield Element(what, dotted(code), place)
        elif code and system in PROCEDURES:
            yield Element(what, code, place)
        for part in value.values():
            if isinstance(part, list | dict):
                yield from _codes(part, what, place)


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_of(item: Any, names: tuple[str, ...]) -> bool:
    """Whether a line belongs to the encounter; one that names none belongs to each."""
    named = item.get("encounter") if isinstance(item, dict) else None
    if not isinstance(named, list) or not named:
        return True
    return any(canonical(text_at(part, "reference")) in names for part in named)


def unlinked(index: Index) -> list[Remark]:
    """The resources of a file that belong to no encounter of it, by their kinds."""
    remarks = kinds_left_out(index.unlinked(), LISTED)
    return [Remark(f"{remark.text.removesuffix('.')}: of no encounter here.") for remark in remarks]
