"""Codes and identifiers of FHIR: which systems count, which number names a patient, and what the rest is called."""

import pytest

from coding.intake.fhir.codes import (
    DIAGNOSES,
    PROCEDURES,
    code_of,
    counts,
    day_of,
    identifier_of,
    in_words,
    is_of_payer,
    place_of_service,
    value_of,
)
from coding.intake.fhir.resources import Concept, Identifier

CPT, ICD = PROCEDURES[0], DIAGNOSES[0]


def concept(*codings, text=""):
    """A concept with codings written as system|code|display."""
    named = [
        dict(zip(("system", "code", "display"), own.split("|"), strict=False)) for own in codings
    ]
    return Concept.model_validate({"coding": named, "text": text})


def identifier(value="M1", kind="", **more):
    typed = {"type": {"coding": [{"code": kind}]}} if kind else {}
    return Identifier.model_validate({"value": value, **typed, **more})


# Codes.


def test_the_first_code_of_a_system_that_counts_is_taken():
    both = concept("http://snomed.info/sct|1", f"{CPT}|", f"{CPT}|12345", f"{CPT}|23456")
    assert code_of(both, PROCEDURES) == "12345"
    assert code_of(both, DIAGNOSES) == ""
    assert code_of(concept(), PROCEDURES) == ""


@pytest.mark.parametrize("system", [*PROCEDURES, *DIAGNOSES])
def test_a_system_is_known_by_each_of_its_addresses(system):
    assert code_of(concept(f"{system}|A"), PROCEDURES + DIAGNOSES) == "A"


@pytest.mark.parametrize(
    "system",
    [
        "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set",
        "http://terminology.hl7.org/CodeSystem/ex-serviceplace",
        "https://example.org/Place-Of-Service",
    ],
)
def test_a_place_of_service_is_told_by_its_system(system):
    assert place_of_service([concept("urn:rooms|A"), concept(f"{system}|22")]) == "22"
    assert place_of_service([concept("urn:rooms|A")]) == ""


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-12", "2026-01-12"),
        ("2026-01-12T23:30:00-05:00", "2026-01-12"),
        ("2026-01", "2026-01"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_a_moment_is_of_the_day_that_is_written(moment, day):
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (concept("http://snomed.info/sct|1"), "1 in SNOMED"),
        (concept("http://example.org/codes/|A"), "A in codes"),
        (concept("urn:house|A"), "A in urn:house"),
        (concept("|A"), "A without a system"),
        (concept("urn:x|", "http://loinc.org|2", text="Hip"), "2 in LOINC"),
        (concept(text="Hip pain"), "Hip pain"),
        (concept("urn:x||Hip pain"), "Hip pain"),
        (concept(), "without a code"),
    ],
)
def test_what_is_not_taken_is_called_by_its_code_or_its_words(told, words):
    assert in_words(told) == words


def test_long_words_are_cut():
    assert in_words(concept(text="x" * 100)) == "x" * 60


# Identifiers.


@pytest.mark.parametrize(
    ("changes", "has_effect"),
    [
        ({}, True),
        ({"use": "usual"}, True),
        ({"use": "old"}, False),
        ({"value": ""}, False),
        ({"period": {"end": "2026-01-11"}}, False),
        ({"period": {"end": "2026-01-12"}}, True),
        ({"period": {"end": "2026-01-12T08:00:00Z"}}, True),
        ({"period": {"start": "2026-01-13"}}, False),
        ({"period": {"start": "2026-01-12"}}, True),
        ({"kind": "SS"}, False),
        ({"kind": "DL"}, False),
        ({"kind": "PPN"}, False),
        ({"kind": "TAX"}, False),
        ({"kind": "MR"}, True),
        ({"system": "http://hl7.org/fhir/sid/us-ssn"}, False),
        ({"system": "urn:oid:2.16.840.1.113883.4.1"}, False),
        ({"system": "urn:oid:2.16.840.1.113883.4.12"}, True),
        ({"system": "http://example.org/passport"}, False),
        ({"type": {"text": "Social Security number"}}, False),
        ({"type": {"text": "SSN"}}, False),
        ({"type": {"text": "Driver's license"}}, False),
        ({"type": {"text": "Medical record"}}, True),
    ],
)
def test_an_identifier_names_a_patient_on_a_day(changes, has_effect):
    assert counts(identifier(**changes), "2026-01-12") is has_effect


def test_where_no_day_is_known_time_takes_no_identifier_away():
    expired = identifier(period={"end": "2020-01-01"})
    assert counts(expired, "")
    assert not counts(identifier(kind="SS"), "")


@pytest.mark.parametrize(
    "identifiers",
    [
        [identifier("B"), identifier("A", "MR")],
        [identifier("B", "MB"), identifier("A")],
        [identifier("B", use="temp"), identifier("A")],
        [identifier("B", use="secondary"), identifier("A", use="official")],
        [identifier("", "MR"), identifier("A")],
        [identifier("B", "MR", use="old"), identifier("A")],
        [identifier("A"), identifier("B")],
        [identifier("B", "MC"), identifier("A", use="temp")],
    ],
)
def test_of_several_identifiers_the_one_of_most_worth_counts(identifiers):
    assert identifier_of(identifiers, "MR").value == "A"
    assert value_of(identifiers, "MR") == "A"


def test_where_none_can_be_used_there_is_none():
    assert identifier_of([identifier("A", use="old")], "MR") is None
    assert value_of([], "MR") == ""


@pytest.mark.parametrize(
    ("own", "is_payers"),
    [
        (identifier(kind="MB"), True),
        (identifier(kind="MC"), True),
        (identifier(kind="MA"), True),
        (identifier(kind="SN"), True),
        (identifier(kind="MR"), False),
        (identifier(system="http://hl7.org/fhir/sid/us-mbi"), True),
        (identifier(system="http://hl7.org/fhir/sid/us-medicare"), True),
        (identifier(system="urn:oid:2.16.840.1.113883.4.572"), True),
        (identifier(system="urn:oid:2.16.840.1.113883.4.5720"), False),
    ],
)
def test_a_payers_number_is_told_by_its_type_or_its_system(own, is_payers):
    assert is_of_payer(own) is is_payers
