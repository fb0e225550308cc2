"""Which patient each kind of file names: the number with the authority that gave it, where the file says who did."""

from dataclasses import replace

import pytest

from coding.importing.compare_with_stored import texts_of
from coding.intake.check import check
from coding.intake.fhir.file import FHIR_JSON
from coding.intake.hl7.file import HL7_V2
from coding.intake.records import record_from_data
from coding.intake.x12.file import X12_837P
from tests import factories
from tests.intake import samples
from tests.intake.encounters import TEXTS, TODAY, SomeCodes

DEPENDENT = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*SAMPLE*TWIN", "DMG*D8*20260101*F"]


def whose(form, content):
    texts = samples.texts(form, content)
    return texts.patient_reference, texts.patient_authority, texts.shared_reference


def claim_of(*patient):
    """A claim for a dependent of the subscriber."""
    segments = samples.claim("C1")
    at = next(number for number, segment in enumerate(segments) if segment.startswith("CLM"))
    return samples.claims_file([*segments[:at], *patient, *segments[at:]])


def test_the_payer_numbers_the_members_of_a_claim():
    assert whose(X12_837P, samples.claims_file(samples.claim("C1"))) == ("M-C1", "PLAN01", False)


def test_a_dependent_without_a_number_comes_under_one_that_is_shared():
    assert whose(X12_837P, claim_of(*DEPENDENT)) == ("M-C1", "PLAN01", True)


def test_a_dependent_with_a_number_is_named_by_it():
    numbered = [segment.replace("TWIN", "TWIN****MI*M-C1-02") for segment in DEPENDENT]
    assert whose(X12_837P, claim_of(*numbered)) == ("M-C1-02", "PLAN01", False)


@pytest.mark.parametrize(
    ("authority", "expected"),
    [("^^^H^MR", "H"), ("^^^Hosp&1.2.840&ISO^MR", "HOSP^1.2.840"), ("^^^^MR", ""), ("", "")],
)
def test_an_hl7_identifier_has_the_authority_of_its_fourth_component(authority, expected):
    content = samples.dft("V1", samples.charge())
    number = whose(HL7_V2, content)[0]
    assert number.encode() in content
    told = whose(HL7_V2, _with_patient(content, f"MRN-9{authority}"))
    assert told == ("MRN-9", expected, False)


def _with_patient(content, identifier):
    """The message with another PID-3."""
    lines = content.decode().split("\r")
    changed = [
        "|".join([*line.split("|")[:3], identifier, *line.split("|")[4:]])
        if line.startswith("PID")
        else line
        for line in lines
    ]
    return "\r".join(changed).encode()


def test_a_fhir_identifier_has_the_authority_of_its_system():
    visit = samples.visit_resources()
    assert whose(FHIR_JSON, samples.bundle(*visit.values())) == ("MRN-1", "urn:example:mrn", False)


def test_the_id_of_a_fhir_resource_is_the_sending_systems_own():
    visit = samples.visit_resources()
    del visit["patient"]["identifier"]
    assert whose(FHIR_JSON, samples.bundle(*visit.values())) == ("p1", "", False)


def test_whose_an_encounter_is_goes_with_its_record_and_is_no_part_of_what_it_says():
    told = check(replace(TEXTS, patient_authority=" HOSP "), SomeCodes(), TODAY)
    bare = check(TEXTS, SomeCodes(), TODAY)
    assert told.patient_authority == "HOSP"
    assert (told.content_hash, told) == (bare.content_hash, bare)
    assert record_from_data(told.to_data()).patient_authority == "HOSP"
    assert texts_of(told).patient_authority == "HOSP"


def test_a_record_that_was_kept_before_there_were_registers_is_read():
    data = factories.record().to_data()
    del data["patient_authority"], data["shared_reference"]
    assert record_from_data(data).patient_authority == ""


@pytest.mark.parametrize("authority", ["x" * 256, "HOSP\0"])
def test_an_authority_that_cannot_be_kept_is_a_problem_of_the_patient_reference(authority):
    [problem] = check(replace(TEXTS, patient_authority=authority), SomeCodes(), TODAY)
    assert problem.field == "patient_reference"
