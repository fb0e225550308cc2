"""The parts of FHIR R4 resources that make an encounter. What is not named here is ignored."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

# Numbers are texts here; see fhir_json.
Text = str


class Element(BaseModel):
    """Any part of a resource."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class Coding(Element):
    """A code of a code system."""

    system: Text = ""
    code: Text = ""
    display: Text = ""


class Concept(Element):
    """A CodeableConcept."""

    coding: tuple[Coding, ...] = ()
    text: Text = ""

    @property
    def words(self) -> str:
        """What a person reads of it."""
        return self.text or next((coding.display for coding in self.coding if coding.display), "")


class Period(Element):
    """A time from a moment to another."""

    start: Text = ""
    end: Text = ""


class Identifier(Element):
    """A number that some system gave."""

    use: Text = ""
    type: Concept = Concept()
    system: Text = ""
    value: Text = ""
    period: Period = Period()


class Reference(Element):
    """A pointer to another resource."""

    reference: Text = ""
    display: Text = ""
    identifier: Identifier = Identifier()


class Quantity(Element):
    """An amount."""

    value: Text = ""


class Attachment(Element):
    """A document, or where it is."""

    content_type: Text = ""
    data: Text = ""
    url: Text = ""


class Narrative(Element):
    """A text in XHTML."""

    div: Text = ""


class Name(Element):
    """A person's name."""

    text: Text = ""
    family: Text = ""
    given: tuple[Text | None, ...] = ()


class Resource(Element):
    """What all resources have."""

    id: Text = ""
    status: Text = ""
    identifier: tuple[Identifier, ...] = ()


class Patient(Resource):
    """The patient."""

    birth_date: Text = ""
    gender: Text = ""
    name: tuple[Name, ...] = ()


class Person(Resource):
    """A Practitioner, PractitionerRole, Organization or Location, as far as its name goes."""

    # An Organization has one name, a Practitioner several.
    name: Text | tuple[Name, ...] = ""
    practitioner: Reference = Reference()
    type: tuple[Concept, ...] | Concept = ()


class Coverage(Resource):
    """An insurance."""

    payor: tuple[Reference, ...] = ()


class Participant(Element):
    """Somebody who took part in an encounter."""

    type: tuple[Concept, ...] = ()
    individual: Reference = Reference()


class EncounterDiagnosis(Element):
    """A pointer from an encounter to a condition."""

    condition: Reference = Reference()
    use: Concept = Concept()
    rank: Text = ""


class EncounterLocation(Element):
    """Where an encounter was."""

    location: Reference = Reference()


class Encounter(Resource):
    """A visit."""

    subject: Reference = Reference()
    period: Period = Period()
    participant: tuple[Participant, ...] = ()
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    location: tuple[EncounterLocation, ...] = ()


class Condition(Resource):
    """A diagnosis."""

    subject: Reference = Reference()
    code: Concept = Concept()
    verification_status: Concept = Concept()


class Performer(Element):
    """Somebody who did a procedure."""

    actor: Reference = Reference()


class Procedure(Resource):
    """Something that was done."""

    subject: Reference = Reference()
    performer: tuple[Performer, ...] = ()
    code: Concept = Concept()
    performed_date_time: Text = ""
    performed_period: Period = Period()


class Content(Element):
    """One form of a document."""

    attachment: Attachment = Attachment()


class DocumentContext(Element):
    """What a document belongs to."""

    encounter: tuple[Reference, ...] = ()


class Section(Element):
    """A part of a Composition."""

    title: Text = ""
    text: Narrative = Narrative()
    section: tuple["Section", ...] = ()


class Relation(Element):
    """What a document does to another one."""

    code: Text | Concept = ""
    target: Reference = Reference()
    # So a Composition points to it.
    target_reference: Reference = Reference()


class Document(Resource):
    """A DocumentReference, Composition or DiagnosticReport."""

    subject: Reference = Reference()
    type: Concept = Concept()
    code: Concept = Concept()
    doc_status: Text = ""
    date: Text = ""
    effective_date_time: Text = ""
    context: DocumentContext = DocumentContext()
    content: tuple[Content, ...] = ()
    section: tuple[Section, ...] = ()
    presented_form: tuple[Attachment, ...] = ()
    conclusion: Text = ""
    relates_to: tuple[Relation, ...] = ()
    # Who wrote it, and so a DiagnosticReport calls them: lists of references, or of what else they were in STU3.
    author: Any = None
    performer: Any = None
    # Who vouches for a DocumentReference, and for a Composition.
    authenticator: Any = None
    attester: Any = None
    # A Composition has one identifier, the others a list.
    identifier: Any = None


class ClaimDiagnosis(Element):
    """A diagnosis of a claim."""

    sequence: Text = ""
    diagnosis_codeable_concept: Concept = Concept()
    diagnosis_reference: Reference = Reference()


class CareTeam(Element):
    """Somebody who provided a service of a claim."""

    sequence: Text = ""
    provider: Reference = Reference()


class Insurance(Element):
    """An insurance of a claim; ``focal`` is the one that the claim is sent to."""

    focal: bool = False
    coverage: Reference = Reference()


class ClaimItem(Element):
    """A line of a claim."""

    sequence: Text = ""
    encounter: tuple[Reference, ...] = ()
    product_or_service: Concept = Concept()
    modifier: tuple[Concept, ...] = ()
    quantity: Quantity = Quantity()
    diagnosis_sequence: tuple[Text, ...] = ()
    care_team_sequence: tuple[Text, ...] = ()
    location_reference: Reference = Reference()
    serviced_date: Text = ""
    serviced_period: Period = Period()
    location_codeable_concept: Concept = Concept()


class RelatedClaim(Element):
    """An earlier claim, and what it is to this one."""

    claim: Reference = Reference()
    relationship: Concept = Concept()


class Claim(Resource):
    """A bill."""

    use: Text = ""
    type: Concept = Concept()
    related: tuple[RelatedClaim, ...] = ()
    patient: Reference = Reference()
    billable_period: Period = Period()
    provider: Reference = Reference()
    insurer: Reference = Reference()
    care_team: tuple[CareTeam, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    facility: Reference = Reference()
    diagnosis: tuple[ClaimDiagnosis, ...] = ()
    item: tuple[ClaimItem, ...] = ()
