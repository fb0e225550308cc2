"""Diagnoses of a FHIR encounter: their order, and how sure whoever made them was."""

from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import bundle, code, drafts, texts, visit_resources


def visit_with(encounter, *others):
    """The resources of a visit with this encounter, and others beside them."""
    return [*(visit_resources() | {"encounter": encounter}).values(), *others]


def test_diagnoses_stand_in_the_encounters_order_and_snomed_is_none():
    other = visit_resources()["condition"] | {
        "id": "c2",
        "code": code("http://hl7.org/fhir/sid/icd-10-cm", "M24.352"),
    }
    snomed = other | {"id": "c3", "code": code("http://snomed.info/sct", "48334007")}
    refuted = other | {"id": "c4", "verificationStatus": code("urn:x", "refuted")}
    ranked = [
        {"condition": {"reference": "Condition/c1"}, "rank": 2},
        {"condition": {"reference": "Condition/c2"}, "rank": 1},
    ]
    encounter = visit_resources()["encounter"] | {"diagnosis": ranked}
    visit = texts(FHIR_JSON, bundle(*visit_with(encounter, other, snomed, refuted)))
    assert visit.diagnoses == ("M24.352", "Q65.02")


def test_what_was_only_supposed_stands_behind_what_was_found_and_doubts_are_told():
    other = visit_resources()["condition"] | {
        "id": "c2",
        "code": code("http://hl7.org/fhir/sid/icd-10-cm", "M24.352"),
    }
    doubtful = other | {"verificationStatus": code("urn:x", "provisional")}
    named = [{"condition": {"reference": "Condition/c2"}, "use": code("urn:x", "AD")}]
    named += [{"condition": {"reference": "Condition/c1"}, "use": code("urn:x", "DD")}]
    encounter = visit_resources()["encounter"] | {"diagnosis": named, "status": "in-progress"}
    [draft] = drafts(FHIR_JSON, bundle(*visit_with(encounter, doubtful)))
    assert draft.texts.diagnoses == ("Q65.02", "M24.352")
    words = " ".join(remark.text for remark in draft.remarks)
    assert "The encounter is not finished: in-progress." in words
    assert "Diagnosis M24.352 is not confirmed: provisional." in words
