"""Completing rows of the registers: what an administrator says, from which day it holds, and what the trail keeps."""

from datetime import date

import pytest

from coding.actions import registers
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.registers import Affiliation, Terms
from coding.models import (
    AuditEvent,
    Patient,
    Payer,
    PayerKind,
    PayerTerms,
    Provider,
    ProviderAffiliation,
)
from reviews.roles import ROLES
from tests.races import at_once
from tests.registers import rows

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)
HIPS = Affiliation(JANUARY, "Hip Centre", "Pediatric orthopedics")
KNEES = Affiliation(JULY, "Knee Centre", "Orthopedics")
MEDICAID = Terms(JANUARY, PayerKind.MEDICAID, {"fracture_care": "itemised"})


@pytest.fixture
def falk(people):
    return rows.provider(people, "Dr. Falk")


def test_a_provider_belongs_to_a_group_and_a_specialty_from_a_day_on(people, falk):
    registers.complete_provider(people["administrator"], falk, 1, "falk@hips.example", HIPS)
    registers.complete_provider(people["administrator"], falk, 2, "falk@hips.example", KNEES)
    falk.refresh_from_db()
    assert (falk.state, falk.email, falk.edition) == ("complete", "falk@hips.example", 3)
    on = {
        day: falk.affiliations.on(day).first()
        for day in (date(2025, 12, 31), JANUARY, date(2026, 6, 30), JULY)
    }
    assert [str(row) if row else None for row in on.values()] == [
        None,
        "Hip Centre, Pediatric orthopedics, from 2026-01-01",
        "Hip Centre, Pediatric orthopedics, from 2026-01-01",
        "Knee Centre, Orthopedics, from 2026-07-01",
    ]


def test_what_was_said_wrongly_for_a_day_is_said_again_and_the_trail_keeps_both(people, falk):
    registers.complete_provider(
        people["administrator"], falk, 1, "", Affiliation(JANUARY, "Hip Center", "?")
    )
    registers.complete_provider(people["administrator"], falk, 2, "", HIPS)
    assert ProviderAffiliation.objects.get().group == "Hip Centre"
    event = AuditEvent.objects.filter(event="register.completed").latest("sequence")
    assert (event.before["group"], event.after["group"]) == ("Hip Center", "Hip Centre")
    assert event.after["from"] == "2026-01-01"


def test_a_payer_has_a_kind_and_options_from_a_day_on(people):
    payer = rows.payer(people, "State Medicaid")
    registers.complete_payer(people["administrator"], payer, 1, MEDICAID)
    terms = payer.terms.on(JULY).first()
    assert (terms.kind, terms.options) == ("medicaid", {"fracture_care": "itemised"})
    assert payer.terms.on(date(2025, 1, 1)).first() is None


def test_of_a_patient_the_trail_is_told_which_fields_changed_and_nothing_that_they_hold(people):
    patient = rows.patient(people, "P-1", birth_date=date(2026, 1, 15))
    registers.complete_patient(people["administrator"], patient, 1, date(2026, 1, 16), "F")
    patient.refresh_from_db()
    assert (patient.birth_date, patient.sex, patient.state) == (date(2026, 1, 16), "F", "complete")
    event = AuditEvent.objects.get(event="register.completed")
    assert event.after == {"state": "Complete", "changed": ["birth_date", "sex"]}
    assert "2026-01" not in str(event.before)


def test_several_are_complete_as_they_are(people):
    patients = [rows.patient(people, reference) for reference in ("P-1", "P-2")]
    registers.accept(people["administrator"], patients)
    assert set(Patient.objects.values_list("state", flat=True)) == {"complete"}
    assert AuditEvent.objects.filter(event="register.completed").count() == 2


def test_a_row_that_was_changed_since_it_was_opened_is_not_overwritten(people, falk):
    registers.complete_provider(people["administrator"], falk, 1, "first@hips.example")
    with pytest.raises(Conflict, match=r"Dr\. Falk was changed meanwhile"):
        registers.complete_provider(people["administrator"], falk, 1, "second@hips.example", HIPS)
    assert Provider.objects.get().email == "first@hips.example"
    assert not ProviderAffiliation.objects.exists()


def test_a_merged_row_is_not_completed(people, falk):
    other = rows.provider(people, "Dr. Weiss")
    registers.merge(people["administrator"], [falk], other, "Married.")
    with pytest.raises(Conflict, match="is merged into another row"):
        registers.complete_provider(people["administrator"], falk, 2, "")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_nobody_but_an_administrator_completes_a_row(people, falk, role):
    with pytest.raises(NotAllowed):
        registers.complete_provider(people[role], falk, 1, "")
    with pytest.raises(NotAllowed):
        registers.complete_payer(people[role], rows.payer(people, "Northern"), 1, MEDICAID)
    with pytest.raises(NotAllowed):
        registers.complete_patient(people[role], rows.patient(people, "P-1"), 1, None, "U")
    with pytest.raises(NotAllowed):
        registers.accept(people[role], [falk])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_complete_a_payer_at_the_same_instant_one_is_told(people):
    payer = rows.payer(people, "Northern")
    administrator = people["administrator"]
    results = at_once(2, lambda number: registers.complete_payer(administrator, payer, 1, MEDICAID))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"], results
    assert (Payer.objects.get(name="Northern").edition, PayerTerms.objects.count()) == (2, 1)
