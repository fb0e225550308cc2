"""What tells a patient of the register from another one, as far as it is known; no database is asked."""

from dataclasses import replace
from datetime import date

import pytest

from coding.models import Encounter
from coding.registers.history import EarlierEncounter, is_doubtful, years_before
from coding.registers.patients import (
    KnownPatient,
    PatientKey,
    key_of_patient,
    member_of,
    tells_all,
    tells_anew,
)
from coding.registers.recognise import name_key
from tests import factories

BORN, LATER = date(2020, 1, 1), date(2020, 1, 2)
RECORD = factories.record(patient_reference="P1", birth_date=BORN, sex="F")
MEMBER = replace(RECORD, insured_number=True, name_sum="a1b2")


def known(birth_date=BORN, sex="F", name_sum="a1b2"):
    return KnownPatient(PatientKey("P1", "H", ""), 7, birth_date, sex, name_sum)


# What names a patient.


def test_a_number_is_its_authoritys_or_else_its_senders():
    own = replace(RECORD, patient_authority="HOSP")
    assert key_of_patient(own, "his") == PatientKey("P1", "HOSP", "")
    assert key_of_patient(RECORD, "his") == PatientKey("P1", "", "his")
    worldwide = replace(RECORD, patient_authority="HOSP^2.16.840.1.5")
    assert key_of_patient(worldwide, "his").authority == "2.16.840.1.5"
    assert key_of_patient(own, "his", {"hosp": "Northern"}).authority == "Northern"


def test_of_a_payers_number_it_is_told_whose_of_a_family_it_is():
    key = key_of_patient(MEMBER, "his")
    assert key.member == "2020-01-01 F a1b2"
    assert key.number == PatientKey("P1", "", "his")
    assert key_of_patient(replace(MEMBER, sex="U"), "his").member == "2020-01-01 a1b2"
    assert key_of_patient(RECORD, "his").member == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"shared_reference": True},
        {"insured_number": True, "birth_date": None, "name_sum": ""},
    ],
)
def test_a_reference_that_names_no_single_patient_names_none(changes):
    assert key_of_patient(replace(RECORD, **changes), "his") is None


def test_one_thing_that_tells_members_apart_is_enough():
    assert key_of_patient(replace(MEMBER, birth_date=None), "his").member == "F a1b2"
    assert key_of_patient(replace(MEMBER, name_sum=""), "his").member == "2020-01-01 F"
    assert member_of(None, "U", "") == ""


@pytest.mark.parametrize(
    ("changes", "is_all"),
    [({}, True), ({"birth_date": None}, False), ({"sex": "U"}, False), ({"name_sum": ""}, False)],
)
def test_all_that_tells_members_apart_is_birth_date_sex_and_name(changes, is_all):
    assert tells_all(replace(MEMBER, **changes)) is is_all


@pytest.mark.parametrize(
    ("before", "is_new"),
    [
        ({}, False),
        ({"birth_date": None}, True),
        ({"birth_date": LATER}, True),
        ({"sex": "U"}, True),
        ({"name_sum": ""}, True),
    ],
)
def test_a_correction_tells_anew_what_was_not_told_before(before, is_new):
    stored = Encounter(**{"birth_date": BORN, "sex": "F", "name_sum": "a1b2"} | before)
    assert tells_anew(MEMBER, stored) is is_new
    # Of a number that names one patient nothing else has to be told.
    assert not tells_anew(replace(MEMBER, insured_number=False), stored)
    # What is told no more is nothing new.
    silent = replace(MEMBER, birth_date=None, sex="U", name_sum="")
    assert not tells_anew(silent, stored)


# What is known of one.


def test_what_is_not_known_yet_is_learned_and_what_is_known_stays():
    patient = known(birth_date=None, sex="U", name_sum="")
    patient.learn(MEMBER)
    assert (patient.birth_date, patient.sex, patient.name_sum, patient.lacks) == (
        BORN,
        "F",
        "a1b2",
        True,
    )
    patient = known()
    patient.learn(replace(MEMBER, birth_date=LATER, sex="M", name_sum="c3"))
    assert (patient.birth_date, patient.sex, patient.name_sum, patient.lacks) == (
        BORN,
        "F",
        "a1b2",
        False,
    )
    patient = known(birth_date=None)
    patient.learn(replace(MEMBER, birth_date=None))
    assert not patient.lacks


def test_what_an_encounter_says_otherwise_is_told_with_both():
    told = known().contradictions(replace(RECORD, birth_date=LATER, sex="M"))
    stays = "The register stays as it is."
    assert told == [
        f"Birth date 2020-01-02 differs from the register of patients, which has 2020-01-01. {stays}",
        f"Sex M differs from the register of patients, which has F. {stays}",
    ]


@pytest.mark.parametrize("changes", [{}, {"birth_date": None}, {"sex": "U"}])
def test_what_either_does_not_tell_contradicts_nothing(changes):
    assert known().contradictions(replace(RECORD, **changes)) == []
    assert known(birth_date=None, sex="U").contradictions(RECORD) == []


def test_another_name_is_another_patient_of_a_number():
    assert known().is_another_than(replace(MEMBER, name_sum="c3"))
    assert not known().is_another_than(replace(MEMBER, name_sum=""))
    assert not known(name_sum="").is_another_than(MEMBER)


@pytest.mark.parametrize(
    ("patient", "changes", "may_be"),
    [
        (known(), {}, True),
        (known(), {"birth_date": None}, True),
        (known(), {"name_sum": ""}, True),
        (known(), {"birth_date": None, "name_sum": ""}, False),
        (known(birth_date=None, name_sum=""), {}, False),
        (known(), {"sex": "M"}, False),
        (known(), {"birth_date": LATER}, False),
        (known(), {"name_sum": "c3"}, False),
    ],
)
def test_an_encounter_may_be_a_members_if_birth_date_or_name_agrees_and_nothing_differs(
    patient, changes, may_be
):
    assert patient.may_be_of(replace(MEMBER, **changes)) is may_be


def test_a_patient_is_told_as_far_as_is_known():
    assert known().in_words == "a patient born 2020-01-01, sex F"
    assert known(birth_date=None).in_words == "a patient born on no known day, sex F"


# History.


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 5, 31), date(2023, 5, 31)),
        (date(2024, 2, 29), date(2021, 2, 28)),
        (date(2026, 1, 1), date(2023, 1, 1)),
    ],
)
def test_three_years_before_a_day_is_the_same_day(day, before):
    assert years_before(day, 3) == before


@pytest.mark.parametrize(
    ("other", "doubtful"),
    [
        ({}, False),
        ({"birth_date": LATER}, True),
        ({"sex": "M"}, True),
        ({"name_sum": "c3"}, True),
        ({"birth_date": None, "sex": "U", "name_sum": ""}, False),
    ],
)
def test_an_encounter_of_the_number_may_be_anothers(other, doubtful):
    own = {"birth_date": BORN, "sex": "F", "name_sum": "a1b2"}
    assert is_doubtful(Encounter(**own), Encounter(**own | other)) is doubtful


@pytest.mark.parametrize(
    ("group", "specialty", "both"),
    [
        (True, True, True),
        (True, False, False),
        (False, None, False),
        (None, True, None),
        (True, None, None),
    ],
)
def test_group_and_specialty_are_the_same_only_if_both_are_known_to_be(group, specialty, both):
    assert (
        EarlierEncounter(Encounter(), group, specialty, doubtful=False).same_group_and_specialty
        is both
    )


def test_a_name_is_known_whatever_its_case_and_blanks():
    assert name_key("  Dr.\tA  FALK ") == "dr. a falk"
