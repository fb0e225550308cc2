"""Whose of a family an encounter under a payer's number is: the one patient whom nothing contradicts, or nobody's."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction

from coding.actions import encounters, registers
from coding.models import Encounter, Patient, RegisterState
from coding.registers.history import others_of_patient
from coding.registers.recognise import recognise
from tests import factories

MOTHER = {"birth_date": date(1985, 3, 2), "sex": "F", "name_sum": "aaaa"}
CHILD = {"birth_date": date(2015, 7, 1), "sex": "M", "name_sum": "bbbb"}
TWIN = {**CHILD, "name_sum": "cccc"}


def told(**values):
    of_plan = {"patient_reference": "M-1", "patient_authority": "PLAN", "insured_number": True}
    return factories.record(**{**of_plan, **values})


def entered(people, **values):
    return encounters.enter(people["coder"], told(**values), source="his")


def remarks(*records):
    with transaction.atomic():
        named = recognise(records, "his")
    return [named.remarks.get(record.external_id, []) for record in records]


def row_of_before(**values):
    """A row from before names told members apart."""
    return Patient.objects.create(identifier="M-1", authority="PLAN", **values)


@pytest.mark.parametrize("part", MOTHER)
def test_what_is_told_later_is_learned_and_makes_nobody_else(people, part):
    less = {**MOTHER, part: {"birth_date": None, "sex": "U", "name_sum": ""}[part]}
    first, second, third = (entered(people, **parts) for parts in (less, MOTHER, less))
    assert first.patient == second.patient == third.patient
    assert Patient.objects.values(*MOTHER).get() == MOTHER
    assert others_of_patient(first).count() == 2


def test_in_one_file_who_tells_less_is_whoever_tells_more_in_whatever_order(people):
    less = told(**{**CHILD, "sex": "U"})
    assert remarks(less, told(**CHILD)) == [[], []]
    assert Patient.objects.count() == 1


def test_who_may_be_one_of_several_is_nobodys_and_is_remarked(people):
    for twin in (CHILD, TWIN):
        entered(people, **twin)
    nameless = told(**{**CHILD, "name_sum": ""})
    [[remark]] = remarks(nameless)
    assert "born 2015-07-01, sex M, 2 times. Nothing tells which of them it is" in remark
    assert entered(people, **{**CHILD, "name_sum": ""}).patient is None
    assert Patient.objects.count() == 2


def test_several_rows_that_are_merged_are_one_patient(people):
    kept, other = (
        entered(people, **parts).patient for parts in (MOTHER, {**MOTHER, "name_sum": "dddd"})
    )
    registers.merge(people["administrator"], [other], kept, "Married.")
    assert entered(people, **{**MOTHER, "name_sum": ""}).patient in (kept, other)


def test_of_whom_nothing_but_the_number_and_the_sex_agrees_is_a_new_patient(people):
    first = entered(people, sex="F", name_sum="aaaa")
    [[remark]] = remarks(told(sex="F", birth_date=date(2015, 7, 1)))
    assert "so it is another patient; if it is one of them, an administrator merges both" in remark
    assert Patient.objects.exclude(pk=first.patient_id).get().birth_date == date(2015, 7, 1)


def test_new_twins_of_one_file_are_remarked(people):
    assert [len(texts) for texts in remarks(told(**CHILD), told(**TWIN), told(**TWIN))] == [0, 1, 1]
    assert Patient.objects.count() == 2


def test_a_row_of_before_is_that_of_the_first_member_who_agrees_with_it(people):
    row = row_of_before(birth_date=CHILD["birth_date"], sex="M")
    earlier = Encounter.objects.filter(pk=entered(people, **{**CHILD, "name_sum": ""}).pk)
    child, twin, mother = (entered(people, **parts) for parts in (CHILD, TWIN, MOTHER))
    assert child.patient == earlier.get().patient == row
    assert list(others_of_patient(child)) == [earlier.get()]
    assert len({child.patient, twin.patient, mother.patient}) == 3


def test_a_row_of_before_that_tells_no_birth_date_is_nobodys_and_is_remarked(people):
    row_of_before()
    [[remark]] = remarks(told(**MOTHER))
    assert "born on no known day" in remark
    assert Patient.objects.count() == 2


def test_a_correction_that_adds_the_sex_leaves_a_patient_whole(people):
    first, second = (entered(people, **{**MOTHER, "sex": "U"}) for _ in range(2))
    factories.send_again(people, first, insured_number=True, patient_authority="PLAN", sex="F")
    assert {encounter.patient for encounter in Encounter.objects.all()} == {second.patient}
    assert Patient.objects.get().sex == "F"


def test_a_correction_that_tells_another_name_first_is_another_members(people):
    row_of_before(birth_date=CHILD["birth_date"], sex="M")
    child, twin = (entered(people, **{**CHILD, "name_sum": ""}) for _ in range(2))
    for encounter, parts in ((child, CHILD), (twin, TWIN)):
        factories.send_again(
            people, encounter, insured_number=True, patient_authority="PLAN", note="Seen.", **parts
        )
    child, twin = Encounter.objects.order_by("pk")
    assert child.patient != twin.patient
    assert Patient.objects.count() == 2


def test_a_correction_stays_with_a_patient_whose_birth_date_an_administrator_corrected(people):
    encounter = entered(people, **MOTHER)
    row = encounter.patient
    registers.complete_patient(people["administrator"], row, row.edition, date(1985, 2, 3), "F")
    factories.send_again(
        people, encounter, insured_number=True, patient_authority="PLAN", note="Seen again."
    )
    assert Encounter.objects.get().patient == Patient.objects.get() == row


# An upgrade of a database in which a number named one row.


def upgrade():
    Patient.objects.update(member="", name_sum="")
    import_module("coding.migrations.0059_members_of_payers").tell_members(
        apps, SimpleNamespace(connection=connection)
    )


def shared(people, row, *members):
    """The encounters of some members, all of which point to one row."""
    keys = [entered(people, **member).pk for member in members]
    Encounter.objects.filter(pk__in=keys).update(patient=row)
    Patient.objects.exclude(pk=row.pk).filter(survivor=None, merged_rows=None).delete()
    return lambda: [Encounter.objects.select_related("patient").get(pk=key) for key in keys]


def test_an_upgrade_leaves_a_row_to_whom_its_birth_date_and_sex_are(people):
    row = row_of_before(birth_date=CHILD["birth_date"], sex="M")
    now = shared(people, row, CHILD, MOTHER, TWIN)
    upgrade()
    child, mother, twin = now()
    assert child.patient == row
    assert mother.patient.member == "1985-03-02 F aaaa"
    people_told = Patient.objects.filter(
        pk__in=[child.patient_id, mother.patient_id, twin.patient_id]
    )
    assert list(people_told.order_by("name_sum").values(*MOTHER)) == [MOTHER, CHILD, TWIN]
    assert [entered(people, **parts).patient for parts in (CHILD, MOTHER)] == [
        child.patient,
        mother.patient,
    ]


def test_an_upgrade_takes_who_tells_less_for_the_only_one_whom_it_may_be_and_for_nobody_else(
    people,
):
    row = row_of_before(birth_date=CHILD["birth_date"], sex="M")
    less = {**MOTHER, "birth_date": None}
    namesake = {**MOTHER, "birth_date": date(2010, 1, 1), "name_sum": "dddd"}
    other = {**namesake, "birth_date": date(1950, 1, 1)}
    now = shared(people, row, CHILD, less, MOTHER, namesake, other, {**other, "birth_date": None})
    upgrade()
    _, of_less, mother, *_, of_several = now()
    assert of_less.patient == mother.patient != row
    assert of_several.patient is None


def test_an_upgrade_leaves_a_row_that_no_member_has_to_those_of_before(people):
    row = row_of_before(birth_date=date(1950, 1, 1), sex="M")
    now = shared(people, row, {"birth_date": date(1950, 1, 1)}, MOTHER)
    upgrade()
    before, mother = now()
    row.refresh_from_db()
    assert before.patient == row != mother.patient
    assert (row.member, row.birth_date) == ("", date(1950, 1, 1))


@pytest.mark.parametrize("state", [RegisterState.NEW, RegisterState.COMPLETE])
def test_an_upgrade_gives_a_row_that_is_nobodys_to_its_first_member(people, state):
    row = row_of_before(birth_date=date(1985, 2, 3), sex="F", state=state)
    now = shared(people, row, MOTHER)
    upgrade()
    [mother] = now()
    assert mother.patient == row
    corrected = mother.patient.birth_date == date(1985, 2, 3)
    assert corrected is (state == RegisterState.COMPLETE)


def test_an_upgrade_keeps_the_members_of_a_merged_row_together_but_for_whom_the_survivor_contradicts(
    people,
):
    survivor = Patient.objects.create(
        identifier="P-9", source="his", birth_date=CHILD["birth_date"], sex="M"
    )
    row = row_of_before(
        birth_date=CHILD["birth_date"], sex="M", state=RegisterState.MERGED, survivor=survivor
    )
    now = shared(people, row, CHILD, TWIN, MOTHER)
    upgrade()
    child, twin, mother = now()
    assert child.patient.survivor == twin.patient.survivor == survivor
    assert (mother.patient.survivor, mother.patient.state) == (None, RegisterState.NEW)
