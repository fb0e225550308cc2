"""Whose an HL7 v2 message is: which identifier of PID counts, and when two messages are of one patient."""

import pytest

from coding.intake.hl7.patient import (
    Identifier,
    PatientOf,
    all_same,
    authority_of,
    named,
    patient_of,
    patients_of,
)
from coding.intake.hl7.segments import taken_apart
from coding.intake.whose import name_sum

DAY = "20260112"


def pid(identifiers="", *, other="", born="20200101", sex="F", name="ROE^ANN"):
    return f"PID|1|{other}|{identifiers}||{name}||{born}|{sex}"


def message(*segments, day=DAY):
    header = f"MSH|^~\\&|EHR|CLINIC|||{day}||DFT^P03|1|P|2.5.1"
    return taken_apart("".join(f"{segment}\r" for segment in (header, *segments)).encode())


def patient(identifiers="", **changes):
    return patient_of(message(pid(identifiers, **changes)))


def known(*identifiers, born="2020-01-01", sex="F", name="a1"):
    """A patient with identifiers written as value/type/authority."""
    parts = [Identifier(*(*text.split("/"), "", "")[:3]) for text in identifiers]
    return PatientOf(tuple(parts), (), born, sex, name)


# The identifier that counts.


@pytest.mark.parametrize(
    ("identifiers", "reference"),
    [
        ("A^^^H^PI~B^^^H^MR", "B"),
        ("A^^^H~B^^^H^PI", "B"),
        ("A^^^H^PT~B^^^H", "B"),
        ("A^^^H^PE~B^^^H^PT", "B"),
        ("A^^^H^MC~B^^^H^PE", "B"),
        ("A^^^H^MC~B^^^H^XX", "A"),
        ("A^^^H^MRN~B^^^H^PI", "A"),
        ("A^^^H^PI~B^^^H^m.r.", "B"),
    ],
)
def test_the_medical_record_counts_first_and_a_payers_number_last(identifiers, reference):
    assert patient(identifiers).reference == reference


@pytest.mark.parametrize(
    "kind", ["SS", "SSN", "DL", "PPN", "AN", "VN", "TAX", "NNUSA", "BC", "CC", "ss"]
)
def test_a_number_that_says_who_somebody_is_elsewhere_never_counts(kind):
    read = patient(f"999^^^GOV^{kind}~A^^^H^PI")
    assert (read.reference, read.left_out) == ("A", (f"an identifier of the type {kind.upper()}",))
    assert patient(f"999^^^GOV^{kind}").reference == ""


@pytest.mark.parametrize(
    "authority", ["SSA", "USSSA", "ssn", "&2.16.840.1.113883.4.1&ISO", "X&2.16.840.1.113883.4.1"]
)
def test_nor_does_one_of_social_security_by_its_authority(authority):
    read = patient(f"999^^^{authority}~A^^^H")
    assert read.reference == "A"
    [told] = read.left_out
    assert told.startswith("an identifier of ")


def test_of_identifiers_those_count_that_hold_on_the_day_of_the_message():
    old, new = "A^^^H^MR^^20200101^20251231", "B^^^H^MR^^20260201"
    read = patient(f"{old}~{new}~C^^^H^PI")
    assert read.reference == "C"
    assert read.left_out == (
        "the identifier A, which expired on 2025-12-31",
        "the identifier B, which counts from 2026-02-01",
    )
    for day in ("A^^^H^MR^^20260112", "A^^^H^MR^^^20260112"):
        assert patient(day).reference == "A"
    # A message that tells no day takes all.
    assert patient_of(message(pid(old), day="")).reference == "A"


def test_the_older_field_counts_only_where_the_newer_holds_none_that_counts():
    assert [own.value for own in patient("A^^^H^MR", other="B^^^H^MR").identifiers] == ["A"]
    assert patient("999^^^GOV^SS", other="B^^^H^MR").reference == "B"
    assert patient("^^^H^MR", other="B").reference == "B"


def test_a_patient_is_told_with_authority_birth_date_and_sex():
    read = patient("A^^^Hosp&2.16.840.1.5&ISO^MR")
    assert (read.authority, read.birth_date, read.sex) == ("HOSP^2.16.840.1.5", "2020-01-01", "F")
    assert read.name_sum == name_sum("ROE", "ANN")
    assert patient("A", sex="U", name="").sex == ""
    assert patient("A", name="").name_sum == ""


def test_a_message_without_a_patient_names_nobody():
    nobody = patient_of(message())
    assert (nobody.reference, nobody.authority, str(nobody), nobody.is_insured) == (
        "",
        "",
        "none",
        False,
    )
    assert nobody.in_full == "none, born no known day"


def test_each_patient_of_a_message_is_told():
    read = patients_of(message(pid("A"), pid("B")))
    assert [own.reference for own in read] == ["A", "B"]


# One patient or two.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (known("A/MR/H"), known("A/MR/H")),
        (known("A/MR"), known("A/MR/H")),
        (known("A"), known("A/MR")),
        (known("A/MR/H", "B/PI/H"), known("C/PI/H", "A/MR/H")),
        (known("A/MC"), known("A/MC")),
        # A birth date that was corrected makes no other patient, nor does a name.
        (known("A/MR"), known("A/MR", born="2020-01-02")),
        (known("A/MR"), known("A/MR", sex="M", name="b2")),
    ],
)
def test_messages_are_of_one_patient(first, second):
    assert first.is_same(second)
    assert second.is_same(first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (known("A/MR/H"), known("B/MR/H")),
        (known("A/MR/H"), known("A/MR/G")),
        (known("A/MR", "C/PI"), known("B/MR", "C/PI")),
        (known("A"), known("B/MR", "A/PI")),
        (known("A/MR"), known()),
        (known(), known()),
        (known("A/MR"), known("A/MR", born="2020-01-02", sex="M")),
        (known("A/MR"), known("A/MR", born="2020-01-02", name="b2")),
        (known("A/MC"), known("A/MC", sex="M")),
        (known("A/MB"), known("A/MB", born="2021-01-01")),
    ],
)
def test_messages_are_of_two_patients(first, second):
    assert not first.is_same(second)
    assert not second.is_same(first)


def test_what_is_not_told_of_a_member_contradicts_nothing():
    silent = known("A/MC", born="", sex="", name="")
    assert silent.is_same(known("A/MC"))
    assert not silent.is_another_person(known("B/MR"))


def test_of_members_of_a_payer_no_message_may_contradict_another():
    silent, girl, boy = known("A/MC", sex=""), known("A/MC"), known("A/MC", sex="M")
    assert all_same([silent, girl])
    # Each agrees with the silent one, and they do not agree with each other.
    assert not all_same([silent, girl, boy])
    assert all_same([known("A/MR", sex="F"), known("A/MR", sex="M")])


def test_the_first_message_that_names_the_authority_of_the_number_tells_it():
    patients = [known("A/MR"), known("B/MR/G"), known("A/MR/H"), known("A/MR/I")]
    assert authority_of(patients) == "H"
    assert authority_of(patients[:2]) == ""


# In words.


def test_two_patients_are_named_as_briefly_as_they_can_be_told_apart():
    assert named([known("A/MR/H"), known("B/MR"), known("A/MR/H")]) == "A of H and B"
    younger = known("A/MR", born="2021-01-01", sex="M")
    assert named([known("A/MR"), younger]) == "A, born 2020-01-01 and A, born 2021-01-01"
    assert named([known("A/MC"), known("A/MC", born="2021-01-01")]) == (
        "A, born 2020-01-01 and A, born 2021-01-01"
    )
    assert named([known("A/MC"), known("A/MC", sex="M")]) == (
        "A, born 2020-01-01, of another sex or name in other messages"
    )
