"""Who takes part in an encounter of FHIR: patient, provider, payer, and the place of service."""

from coding.intake.fhir.codes import place_of_service, value_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.resources import Coverage, Encounter, Patient, Person, Reference
from coding.intake.texts import name_of, problem

# Primary performer, attender, secondary performer.
PROVIDERS = ("PPRF", "ATND", "SPRF")


def patient(graph: Graph, reference: Reference, holder: Located) -> tuple[str, Patient]:
    """The patient's reference, and what else is told; a problem where the file lacks the patient."""
    located = graph.target(reference, holder)
    person = graph.model(Patient, located) or Patient()
    if located is None and not reference.identifier.value:
        text = "The patient is not in the file. Export patients together with their encounters."
        graph.problems.append(problem("patient_reference", text, reference.reference, holder.at("subject")))
    name = value_of(person.identifier, "MR") or person.id or reference.identifier.value or _last(reference)
    return name, person


def provider(graph: Graph, encounter: Encounter, holder: Located) -> str:
    """The name of whoever provided the service."""
    people = [participant for participant in encounter.participant if participant.individual != Reference()]
    ranked = [
        participant
        for code in PROVIDERS
        for participant in people
        if any(coding.code == code for concept in participant.type for coding in concept.coding)
    ]
    for participant in ranked + people:
        if name := name_in(graph, participant.individual, holder):
            return name
    return ""


def name_in(graph: Graph, reference: Reference, holder: Located) -> str:
    """The name of the person or organization that a reference points to."""
    located = graph.target(reference, holder)
    person = graph.model(Person, located) if located else None
    if located and person and person.practitioner != Reference():
        # A role: the person it is played by has the name.
        reference = person.practitioner
        person = graph.model(Person, graph.target(reference, located))
    return (_name(person) if person else "") or reference.display or reference.identifier.value or _last(reference)


def payer(graph: Graph, coverage: Located | None) -> str:
    """Who pays under a coverage."""
    cover = graph.model(Coverage, coverage)
    if coverage is None or cover is None or not cover.payor:
        return ""
    return name_in(graph, cover.payor[0], coverage)


def payer_of(graph: Graph, subject: Reference) -> str:
    """Who pays for a patient, if the file holds one coverage only."""
    coverages = graph.linked(f"Coverage of {canonical(subject.reference)}")
    return payer(graph, coverages[0]) if len(coverages) == 1 else ""


def place(graph: Graph, location: Reference, holder: Located) -> str:
    """The place of service that a location tells."""
    site = graph.model(Person, graph.target(location, holder))
    if site is None:
        return ""
    types = site.type if isinstance(site.type, tuple) else [site.type]
    return place_of_service(types)


def _name(person: Person) -> str:
    if isinstance(person.name, str):
        return person.name
    for name in person.name:
        if words := name_of(*filter(None, name.given), name.family) or name.text:
            return words
    return value_of(person.identifier, "NPI")


def _last(reference: Reference) -> str:
    return canonical(reference.reference).rpartition("/")[2].rpartition(":")[2]
