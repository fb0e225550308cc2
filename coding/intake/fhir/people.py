"""Who takes part in an encounter of FHIR: patient, provider, payer, and the place of service."""

from typing import Any, NamedTuple

from coding.intake.fhir.codes import (
    counts,
    has_code,
    identifier_of,
    is_of_payer,
    place_of_service,
    value_of,
)
from coding.intake.fhir.graph import Graph, Located, are_two
from coding.intake.fhir.index import canonical, server_of
from coding.intake.fhir.resources import (
    Coverage,
    Encounter,
    Name,
    Participant,
    Patient,
    Person,
    Reference,
)
from coding.intake.texts import distinct, first, left_out, name_of, problem
from coding.intake.whose import name_sum

# Primary performer, attender, secondary performer.
PROVIDERS = ("PPRF", "ATND", "SPRF")


class Named(NamedTuple):
    """The reference of a patient and the system that gave it, if any is named.

    Of one that a payer gave, the check sum of the name tells whom of a family it names.
    """

    reference: str
    authority: str = ""
    insured: bool = False
    name_sum: str = ""

    @property
    def texts(self) -> dict[str, Any]:
        """Whose an encounter is, as its texts tell it."""
        return {
            "patient_reference": self.reference,
            "patient_authority": self.authority,
            "insured_number": self.insured,
            "name_sum": self.name_sum if self.insured else "",
        }


def patient(
    graph: Graph, reference: Reference, holder: Located, day: str = ""
) -> tuple[Named, Patient]:
    """The patient's reference, and what else the file says of them; a problem where the file lacks the patient."""
    located = graph.target(reference, holder)
    person = graph.model(Patient, located) or Patient()
    if located is None and not reference.identifier.value:
        text = "The patient is not in the file. Export patients together with their encounters."
        where = holder.at("subject")
        graph.problems.append(problem("patient_reference", text, reference.reference, where))
    counting = [identifier for identifier in person.identifier if counts(identifier, day)]
    if len(counting) < len(person.identifier):
        what = "identifiers of the patient that are old, expired or of a state"
        graph.remarks.append(left_out(what))
    if identifier := identifier_of(counting, "MR"):
        insured = is_of_payer(identifier)
        return Named(identifier.value, identifier.system, insured, _name_sum(person)), person
    if not person.id and counts(reference.identifier, day):
        return Named(reference.identifier.value, reference.identifier.system), person
    return Named(person.id or _last(reference)), person


def same_patient(
    graph: Graph, holder: Located, subject: Reference, other: Located, reference: Reference
) -> bool:
    """Whether a resource around an encounter is of the encounter's patient; a problem that names both where not.

    One that names no patient belongs to the encounter to which it points.
    """
    if reference == Reference():
        return True
    address = reference.reference
    if address and address == subject.reference and not address.startswith("#"):
        return True
    apart = are_two({server_of(subject.reference), server_of(address)})
    theirs = graph.target(reference, other)
    ours = graph.target(subject, holder)
    # What is not in the file is the same where it has the same address.
    leads_to_same = theirs is ours and (
        theirs or canonical(address) == canonical(subject.reference)
    )
    if address and leads_to_same and not apart:
        return True
    our_names = _identity(graph, ours, subject)
    their_names = _identity(graph, theirs, reference)
    if our_names & their_names and not apart:
        return True
    our_patient, their_patient = _in_words(our_names), _in_words(their_names)
    if our_patient == their_patient:
        # Two of a family, under one number.
        our_patient, their_patient = subject.reference, address
    text = (
        f"The {other.kind} is of {their_patient}, its encounter of {our_patient}."
        " Correct the patient or the encounter."
    )
    graph.problems.append(problem("patient_reference", text, address, other.at("subject")))
    return False


def _in_words(names: set[tuple[str, ...]]) -> str:
    return min(names)[0] if names else "an unnamed patient"


def _identity(graph: Graph, located: Located | None, reference: Reference) -> set[tuple[str, ...]]:
    """All by which a patient can be known: identifiers with their systems, or else the reference.

    The number of a payer, which may be a family's, comes with who somebody is.
    """
    person = graph.model(Patient, located) or Patient()
    identifiers = [*person.identifier, reference.identifier]
    who = (person.birth_date, person.gender, _name_sum(person))
    known: set[tuple[str, ...]] = set()
    for identifier in identifiers:
        if counts(identifier, ""):
            number = f"{identifier.value} {identifier.system}".strip()
            known.add((number, *who) if is_of_payer(identifier) else (number,))
    name = canonical(reference.reference)
    return known or ({(name,)} if name else set())


def _name_sum(person: Patient) -> str:
    name = next(iter(person.name), Name())
    return name_sum(name.family or name.text, next(filter(None, name.given), ""))


def provider(graph: Graph, encounter: Encounter, holder: Located) -> str:
    """The name of whoever provided the service."""
    named = [taking for taking in encounter.participant if taking.individual != Reference()]
    ranked: list[Participant] = []
    for role in PROVIDERS:
        ranked += (taking for taking in named if _has_role(taking, role))
    people = [taking.individual for taking in ranked or named]
    names = distinct(name_in(graph, person, holder) for person in people)
    for name in names[1:]:
        graph.remarks.append(left_out(f"{name}, who took part too", holder.at("participant")))
    return first(names)


def _has_role(participant: Participant, role: str) -> bool:
    return any(has_code(concept, role) for concept in participant.type)


def name_in(graph: Graph, reference: Reference, holder: Located) -> str:
    """The name of the person or organization that a reference points to."""
    located = graph.target(reference, holder)
    person = graph.model(Person, located) if located else None
    if located and person and person.practitioner != Reference():
        # A role: the person it is played by has the name.
        reference = person.practitioner
        person = graph.model(Person, graph.target(reference, located))
    own_name = _name(person) if person else ""
    return own_name or reference.display or reference.identifier.value or _last(reference)


def payer(graph: Graph, coverage: Located | None) -> str:
    """Who pays under a coverage."""
    cover = graph.model(Coverage, coverage)
    if coverage is None or cover is None or not cover.payor:
        return ""
    return name_in(graph, cover.payor[0], coverage)


def payer_of(graph: Graph, subject: Reference) -> str:
    """Who pays for a patient, if the file holds one coverage only."""
    coverages = graph.linked(f"Coverage of {canonical(subject.reference)}")
    payers = distinct(payer(graph, coverage) for coverage in coverages)
    if len(payers) > 1:
        text = f"payers {' and '.join(payers)}: no claim says which of them pays"
        graph.remarks.append(left_out(text))
        return ""
    return first(payers)


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
