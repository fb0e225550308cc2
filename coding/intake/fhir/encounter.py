"""An Encounter of FHIR with all that points to it, as texts."""

from coding.intake.drafts import Covers, EncounterTexts
from coding.intake.fhir.claim import Line, Services, claim_reason, drafts_of, first
from coding.intake.fhir.codes import DIAGNOSES, PROCEDURES, SEXES, code_of, day_of, value_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import DOCUMENTS, canonical
from coding.intake.fhir.notes import note_of
from coding.intake.fhir.people import patient, payer_of, place, provider
from coding.intake.fhir.resources import Claim, Condition, Document, Encounter, Procedure, Reference
from coding.intake.texts import distinct, problem
from coding.intake.values import dotted

REASONS = {
    "cancelled": "The encounter is cancelled.",
    "entered-in-error": "The encounter was entered in error.",
    "planned": "The encounter is planned; nothing was done yet.",
}
NOT_DONE = ("entered-in-error", "not-done")
DENIED = ("refuted", "entered-in-error")
R5 = "The resource is of FHIR R5. Export it as R4 (4.0.1)."


def encounter_texts(graph: Graph, encounter: Encounter, located: Located) -> EncounterTexts | None:
    """The texts of an encounter; None if there is nothing to code."""
    if encounter.actual_period is not None:
        graph.problems.append(problem("date_of_service", R5, "actualPeriod", located.at("actualPeriod")))
    graph.tell_twins(located)
    around = graph.linked(*located.names)
    services = _services(graph, around, located.names)
    done = _procedures(graph, around)
    note = note_of(graph, [document for document in around if document.kind in DOCUMENTS])
    lines = services.lines or [Line(code) for procedure in done if (code := code_of(procedure.code, PROCEDURES))]
    if not (lines or done or note or graph.problems):
        return None
    diagnoses = distinct([*services.diagnoses, *_diagnoses(graph, encounter, located, around)])
    reference, known = patient(graph, encounter.subject, located)
    days = [
        encounter.period.start,
        *services.days,
        *services.billed,
        *(item.performed_date_time or item.performed_period.start for item in done),
    ]
    places = [place(graph, stay.location, located) for stay in encounter.location]
    own_name = "".join(located.names[:1]).rpartition(":")[2]
    return EncounterTexts(
        external_id=value_of(encounter.identifier, "VN") or encounter.id or own_name,
        patient_reference=reference,
        birth_date=known.birth_date,
        sex=SEXES.get(known.gender, known.gender),
        date_of_service=day_of(first(days)),
        place_of_service=first([*services.places, *places]),
        provider=provider(graph, encounter, located) or first(services.providers),
        payer=first(services.payers) or payer_of(graph, encounter.subject),
        note=note,
        diagnoses=diagnoses,
        service_lines=drafts_of(lines, diagnoses),
        places={
            "date_of_service": located.at("period", "start"),
            "patient_reference": located.at("subject"),
            "provider": located.at("participant"),
        },
    )


def note_alone(graph: Graph, documents: list[Located], encounter: str) -> EncounterTexts | None:
    """The texts of documents whose encounter is not in the file; None if none holds any."""
    note = note_of(graph, documents)
    if not (note or graph.problems):
        return None
    document = graph.model(Document, documents[0]) or Document()
    known = graph.target(document.subject, documents[0])
    return EncounterTexts(
        external_id=encounter.rpartition("/")[2].rpartition(":")[2],
        patient_reference=patient(graph, document.subject, documents[0])[0] if known else "",
        date_of_service=day_of(document.date or document.effective_date_time),
        note=note,
        covers=Covers.NOTE,
    )


def _services(graph: Graph, around: list[Located], names: tuple[str, ...]) -> Services:
    services = Services()
    for linked in around:
        claim = graph.model(Claim, linked) if linked.kind == "Claim" else None
        if claim and not claim_reason(claim):
            services.take(graph, claim, linked, names)
    return services


def _procedures(graph: Graph, around: list[Located]) -> list[Procedure]:
    procedures = (graph.model(Procedure, linked) for linked in around if linked.kind == "Procedure")
    return [procedure for procedure in procedures if procedure and procedure.status not in NOT_DONE]


def _diagnoses(graph: Graph, encounter: Encounter, located: Located, around: list[Located]) -> list[str]:
    """The encounter's own diagnoses by rank, then the conditions that point to it."""
    ranked = sorted(encounter.diagnosis, key=lambda diagnosis: diagnosis.rank.zfill(9) if diagnosis.rank else "~")
    own = [_named(graph, diagnosis.condition, located) for diagnosis in ranked]
    pointing = [graph.model(Condition, linked) for linked in around if linked.kind == "Condition"]
    return [
        dotted(code_of(condition.code, DIAGNOSES))
        for condition in own + pointing
        if condition and not any(coding.code in DENIED for coding in condition.verification_status.coding)
    ]


def _named(graph: Graph, reference: Reference, holder: Located) -> Condition | None:
    # An encounter may be for a procedure too.
    return None if canonical(reference.reference).startswith("Procedure/") else graph.condition(reference, holder)
