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
    found = graph.target(reference, holder)
    told = graph.model(Patient, found) or Patient()
    if found is None and not reference.identifier.value:
        text = "The patient is not in the file. Export patients together with their encounters."
        graph.problems.append(problem("patient_reference", text, reference.reference, holder.at("subject")))
    name = value_of(told.identifier, "MR") or told.id or reference.identifier.value or _last(reference)
    return name, told


def provider(graph: Graph, encounter: Encounter, holder: Located) -> str:
    """The name of whoever provided the service."""
    people = [participant for participant in encounter.participant if participant.individual != Reference()]
    ranked = [
        participant
        for code in PROVIDERS
        for participant in people
        if any(coding.code == code for concept in participant.type for coding in concept.coding)
    ]
    return next(filter(None, (name_in(graph, found.individual, holder) for found in ranked + people)), "")


def name_in(graph: Graph, reference: Reference, holder: Located) -> str:
    """The name of the person or organization that a reference points to."""
    found = graph.target(reference, holder)
    person = graph.model(Person, found) if found else None
    if found and person and person.practitioner != Reference():
        reference, found = person.practitioner, graph.target(person.practitioner, found)
        person = graph.model(Person, found)
    return (_name(person) if person else "") or reference.display or reference.identifier.value or _last(reference)


def payer(graph: Graph, coverage: Located | None) -> str:
    """Who pays under a coverage."""
    told = graph.model(Coverage, coverage)
    if coverage is None or told is None or not told.payor:
        return ""
    return name_in(graph, told.payor[0], coverage)


def payer_of(graph: Graph, subject: Reference) -> str:
    """Who pays for a patient, if the file holds one coverage only."""
    coverages = graph.linked(f"Coverage of {canonical(subject.reference)}")
    return payer(graph, coverages[0]) if len(coverages) == 1 else ""


def place(graph: Graph, location: Reference, holder: Located) -> str:
    """The place of service that a location tells."""
    told = graph.model(Person, graph.target(location, holder))
    if told is None:
        return ""
    return place_of_service(told.type if isinstance(told.type, tuple) else [told.type])


def _name(person: Person) -> str:
    if isinstance(person.name, str):
        return person.name
    for name in person.name:
        if told := name_of(*filter(None, name.given), name.family) or name.text:
            return told
    return value_of(person.identifier, "NPI")


def _last(reference: Reference) -> str:
    return canonical(reference.reference).rpartition("/")[2].rpartition(":")[2]
