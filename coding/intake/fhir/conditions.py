"""The diagnoses of an encounter of FHIR: its own by rank and use, then the conditions that point to it."""

from collections.abc import Collection

from coding.intake.drafts import Remark
from coding.intake.fhir.claim import tell_diagnosis
from coding.intake.fhir.codes import DIAGNOSES, code_of, in_words
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import canonical
from coding.intake.fhir.people import same_patient
from coding.intake.fhir.resources import Condition, Encounter, EncounterDiagnosis, Reference
from coding.intake.texts import left_out
from coding.intake.values import dotted

DENIED = ("refuted", "entered-in-error")
NOT_CONFIRMED = ("unconfirmed", "provisional", "differential")
# Uses of diagnoses that say why a patient came, or what was supposed before an operation.
SUPPOSED = ("AD", "CC", "pre-op")


def diagnoses_of(
    graph: Graph, encounter: Encounter, located: Located, around: list[Located]
) -> list[str]:
    """The encounter's own diagnoses by rank and use, then the conditions that point to it."""
    codes = []
    for linked, condition in _conditions(graph, encounter, located, around):
        code = dotted(code_of(condition.code, DIAGNOSES))
        denied = _verification(condition, DENIED)
        if denied:
            text = f"diagnosis {code or in_words(condition.code)}: {denied}"
            graph.remarks.append(left_out(text, linked.place))
            continue
        if not code:
            tell_diagnosis(graph, condition.code, linked.place)
            continue
        codes.append(code)
        if doubt := _verification(condition, NOT_CONFIRMED):
            text = f"Diagnosis {code} is not confirmed: {doubt}."
            graph.remarks.append(Remark(text, linked.place))
    return codes


def _conditions(
    graph: Graph, encounter: Encounter, located: Located, around: list[Located]
) -> list[tuple[Located, Condition]]:
    """The conditions that the encounter names, then those that point to it, each with where it is told."""
    conditions = []
    for diagnosis in sorted(encounter.diagnosis, key=_order):
        if named := _named(graph, diagnosis.condition, located):
            conditions.append((located, named))
    for linked in around:
        pointing = graph.model(Condition, linked) if linked.kind == "Condition" else None
        if pointing and same_patient(graph, located, encounter.subject, linked, pointing.subject):
            conditions.append((linked, pointing))
    return conditions


def _order(diagnosis: EncounterDiagnosis) -> tuple[str, bool]:
    """By rank; of those without one, what was only supposed stands last."""
    rank = diagnosis.rank.zfill(9) if diagnosis.rank else "~"
    return rank, any(coding.code in SUPPOSED for coding in diagnosis.use.coding)


def _verification(condition: Condition, states: Collection[str]) -> str:
    """Which of these states of verification a diagnosis is in; empty where it is in none."""
    for coding in condition.verification_status.coding:
        if coding.code in states:
            return coding.code
    return ""


def _named(graph: Graph, reference: Reference, holder: Located) -> Condition | None:
    # An encounter may be for a procedure too.
    if canonical(reference.reference).startswith("Procedure/"):
        return None
    return graph.condition(reference, holder)
