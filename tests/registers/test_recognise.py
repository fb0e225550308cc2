"""Who is named by what comes in: the same row for exactly the same name, a new one otherwise, and nothing guessed."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coding.actions import encounters, registers
from coding.actions.errors import Conflict
from coding.models import Encounter, Patient, Payer, Provider, RegisterState
from coding.registers.recognise import recognise
from tests import factories
from tests.incoming import imported, row
from tests.races import at_once


def entered(people, source="his", **values):
    return encounters.enter(people["coder"], factories.record(**values), source=source)


def test_a_new_patient_provider_and_payer_are_rows_that_wait_for_an_administrator(people):
    born = date(2026, 1, 15)
    encounter = entered(
        people,
        patient_reference="P-1",
        birth_date=born,
        sex="F",
        provider="Dr. Falk",
        payer="Northern",
    )
    patient = Patient.objects.get()
    told = (patient.identifier, patient.authority, patient.source, patient.birth_date, patient.sex)
    assert told == ("P-1", "", "his", born, "F")
    rows = (patient, Provider.objects.get(name="Dr. Falk"), Payer.objects.get(name="Northern"))
    assert (encounter.patient, encounter.registered_provider, encounter.registered_payer) == rows
    assert {row.state for row in rows} == {RegisterState.NEW}


def test_the_same_identifier_and_names_are_the_same_rows(people):
    first, second = (entered(people, patient_reference="P-1", payer="Northern") for _ in range(2))
    assert first.patient == second.patient
    assert first.registered_provider == second.registered_provider
    assert first.registered_payer == second.registered_payer


def test_names_are_the_same_but_for_case_and_blanks_and_keep_how_they_came_first(people):
    first = entered(people, provider="Dr. Iris  Falk", payer="Northern Health")
    second = entered(people, provider="DR. IRIS FALK", payer=" northern  health".strip())
    assert first.registered_provider == second.registered_provider
    assert first.registered_payer == second.registered_payer
    assert Provider.objects.get().name == "Dr. Iris  Falk"


@pytest.mark.parametrize("alike", ["Dr Falk", "Dr. I. Falk", "Falk", "Dr. Fálk", "Dr. Falk, MD"])
def test_a_name_that_is_only_alike_is_another_row(people, alike):
    entered(people, provider="Dr. Falk")
    entered(people, provider=alike)
    assert Provider.objects.count() == 2


def test_an_identifier_in_another_case_is_another_patient(people):
    entered(people, patient_reference="ab12")
    entered(people, patient_reference="AB12")
    assert Patient.objects.count() == 2


def test_without_an_authority_each_sending_system_has_numbers_of_its_own(people):
    first, second = (
        entered(people, source, patient_reference="P-1") for source in ("his", "clinic")
    )
    assert first.patient != second.patient


def test_an_authority_gives_one_number_whoever_sends_it(people):
    of_hospital = {"patient_reference": "P-1", "patient_authority": "HOSP"}
    first, second = (entered(people, source, **of_hospital) for source in ("his", "lab"))
    assert first.patient == second.patient
    other = entered(people, patient_reference="P-1", patient_authority="CLINIC")
    assert other.patient != first.patient
    assert entered(people, patient_reference="P-1").patient not in (first.patient, other.patient)


def test_an_authority_that_is_called_as_a_sending_system_is_not_that_system(people):
    told = entered(people, patient_reference="P-1", patient_authority="his")
    assert entered(people, "his", patient_reference="P-1").patient != told.patient


def test_a_number_that_several_share_names_no_patient(people):
    encounter = entered(people, patient_reference="POLICY-7", shared_reference=True)
    assert encounter.patient is None
    assert encounter.patient_reference == "POLICY-7"
    assert Patient.objects.count() == 0


def test_without_a_payer_there_is_no_row_of_one(people):
    assert entered(people, payer="").registered_payer is None
    assert Payer.objects.count() == 0


def test_what_a_row_lacked_is_learned_and_what_it_has_stays(people):
    entered(people, patient_reference="P-1")
    entered(people, patient_reference="P-1", birth_date=date(2026, 1, 15))
    entered(people, patient_reference="P-1", birth_date=date(2020, 2, 2), sex="M")
    patient = Patient.objects.get()
    assert (patient.birth_date, patient.sex) == (date(2026, 1, 15), "M")


def test_what_was_learned_is_not_wiped_by_a_form_of_before(people):
    seen = entered(people, patient_reference="P-1").patient
    entered(people, patient_reference="P-1", birth_date=date(2026, 1, 15))
    with pytest.raises(Conflict, match="changed meanwhile"):
        registers.complete_patient(people["administrator"], seen, seen.edition, None, "F")
    assert Patient.objects.get().birth_date == date(2026, 1, 15)


def test_an_encounter_that_tells_nothing_new_leaves_the_edition(people):
    for _ in range(2):
        entered(people, patient_reference="P-1", birth_date=date(2026, 1, 15))
    assert Patient.objects.get().edition == 1


def test_what_is_learned_of_merged_rows_is_written_into_the_one_that_counts_for_them(people):
    kept, *merged = (
        entered(people, patient_reference=number).patient for number in ("P-1", "P-2", "P-3")
    )
    registers.merge(people["administrator"], merged, kept, "One person.")
    told = [
        factories.record(patient_reference="P-2", birth_date=date(2026, 1, 15)),
        factories.record(patient_reference="P-3", sex="F"),
    ]
    with transaction.atomic():
        recognise(told, "his")
    kept.refresh_from_db()
    assert (kept.birth_date, kept.sex, kept.edition) == (date(2026, 1, 15), "F", 2)


def test_a_correction_points_to_the_provider_and_payer_that_it_names_and_keeps_the_patient(people):
    encounter = entered(people, patient_reference="P-1", provider="Dr. Falk", payer="Northern")
    patient = encounter.patient
    with transaction.atomic():
        factories.send_again(
            people, encounter, provider="Dr. Weiss", payer="", patient_authority="HOSP"
        )
    now = Encounter.objects.get()
    assert (now.registered_provider.name, now.registered_payer, now.patient) == (
        "Dr. Weiss",
        None,
        patient,
    )


def test_an_import_names_rows_as_the_typed_form_does(people):
    imported(people, row("V-1", patient_reference="P-1"), row("V-2", patient_reference="P-1"))
    first, second = Encounter.objects.select_related("patient", "registered_provider").order_by(
        "external_id"
    )
    assert first.patient == second.patient
    assert first.patient.source == "his"
    assert first.registered_provider.name == first.provider


def test_a_file_that_comes_again_adds_no_rows(people):
    for _ in range(2):
        imported(people, row("V-1"), row("V-2", payer="Southern"))
    before = Patient.objects.count(), Provider.objects.count(), Payer.objects.count()
    imported(people, row("V-1", note="Corrected."))
    assert (Patient.objects.count(), Provider.objects.count(), Payer.objects.count()) == before


def records(count, start=0):
    return [
        factories.record(
            patient_reference=f"P-{start + number}",
            provider=f"Dr. {start + number}",
            payer=f"Payer {start + number}",
        )
        for number in range(count)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("known", [False, True])
def test_the_number_of_queries_does_not_grow_with_the_encounters(known):
    counts = []
    for start, count in ((0, 2), (1000, 90)):
        with transaction.atomic():
            if known:
                recognise(records(count, start), "his")
            with CaptureQueriesContext(connection) as queries:
                recognise(records(count, start), "his")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_meet_the_same_new_names_at_once_get_the_same_rows(transactional_db):
    def enter(number):
        # Each in another order: a circle of waiting would end in a deadlock.
        with transaction.atomic():
            met = records(40) if number % 2 else records(40)[::-1]
            named = recognise(met, "his")
            return {record.patient_reference: named.ids(record) for record in met}

    results = at_once(4, enter)
    assert all(result == results[0] for result in results), results
    assert (Patient.objects.count(), Provider.objects.count(), Payer.objects.count()) == (
        40,
        40,
        40,
    )
