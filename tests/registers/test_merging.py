"""Merging rows of a register and taking them apart: by administrators, with a reason, and never in a circle."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from coding.actions import registers
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Encounter, Patient, Payer, Provider, RegisterState
from reviews.roles import ROLES
from tests.races import at_once
from tests.registers import rows

WHY = "The same practice under its old name."


def three(people):
    return [rows.payer(people, name) for name in ("Northern", "Northern Health", "NH Inc.")]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_merged_row_stays_and_points_to_the_one_that_counts(people):
    kept, merged, _ = three(people)
    registers.merge(people["administrator"], [merged], kept, WHY)
    now = fresh(merged)
    assert (now.state, now.survivor, now.counting_id, now.name) == (
        "merged",
        kept,
        kept.pk,
        "Northern Health",
    )
    assert fresh(kept).counting_id == kept.pk


def test_several_are_merged_at_once_and_each_is_told(people):
    kept, *others = three(people)
    registers.merge(people["administrator"], others, kept, WHY)
    assert kept.merged_rows.count() == 2
    events = AuditEvent.objects.filter(event="register.merged")
    assert [(event.after["into"], event.reason) for event in events] == [("Northern", WHY)] * 2


def test_what_names_a_merged_row_still_finds_it_and_counts_for_the_survivor(people):
    kept, merged, _ = three(people)
    registers.merge(people["administrator"], [merged], kept, WHY)
    came = rows.encounter(people, payer="northern health")
    assert came.registered_payer == merged
    assert came.registered_payer.counting_id == kept.pk
    assert Payer.objects.count() == 3


def test_taken_apart_each_has_its_own_encounters_again(people):
    kept, merged, _ = three(people)
    registers.merge(people["administrator"], [merged], kept, WHY)
    rows.encounter(people, payer="Northern Health")
    registers.take_apart(people["administrator"], [merged], "Two payers after all.")
    now = fresh(merged)
    assert (now.state, now.survivor, now.counting_id) == (RegisterState.NEW, None, merged.pk)
    assert Encounter.objects.filter(registered_payer=merged).count() == 2
    event = AuditEvent.objects.get(event="register.taken_apart")
    assert (event.before["into"], event.reason) == ("Northern", "Two payers after all.")


def test_a_row_is_not_merged_into_itself(people):
    kept, other, _ = three(people)
    with pytest.raises(Conflict, match="into itself"):
        registers.merge(people["administrator"], [other, kept], kept, WHY)
    assert fresh(other).state == RegisterState.NEW


def test_the_database_refuses_a_row_that_survives_itself(people):
    kept, *_ = three(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payer.objects.filter(pk=kept.pk).update(state=RegisterState.MERGED, survivor=kept)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payer.objects.filter(pk=kept.pk).update(state=RegisterState.MERGED)


def test_nothing_is_merged_into_a_merged_row_nor_in_a_circle(people):
    first, second, third = three(people)
    administrator = people["administrator"]
    registers.merge(administrator, [second], first, WHY)
    for merged, survivor in ((third, second), (first, second), (second, third)):
        with pytest.raises(Conflict, match="Northern Health is merged into another row already"):
            registers.merge(administrator, [merged], survivor, WHY)


def test_a_row_into_which_others_are_merged_is_merged_the_other_way_round(people):
    first, second, third = three(people)
    administrator = people["administrator"]
    registers.merge(administrator, [second], first, WHY)
    with pytest.raises(Conflict, match=r"counts for 1 merged row\. Merge the other way round"):
        registers.merge(administrator, [first], third, WHY)
    registers.merge(administrator, [third], first, WHY)
    assert first.merged_rows.count() == 2


def test_all_are_merged_or_none(people):
    first, second, third = three(people)
    administrator = people["administrator"]
    registers.merge(administrator, [second], first, WHY)
    fourth = rows.payer(people, "NH")
    with pytest.raises(Conflict):
        registers.merge(administrator, [fourth, second], third, WHY)
    assert fresh(fourth).state == RegisterState.NEW


@pytest.mark.parametrize(
    ("own", "other", "what"),
    [
        ({"birth_date": date(2026, 1, 15)}, {"birth_date": date(2026, 1, 16)}, "birth date"),
        ({"sex": "F"}, {"sex": "M"}, "sex"),
    ],
)
def test_patients_who_differ_are_not_merged_until_one_is_corrected(people, own, other, what):
    kept, merged = rows.patient(people, "P-1", **own), rows.patient(people, "P-2", **other)
    with pytest.raises(Conflict, match=f"differ in {what}") as refusal:
        registers.merge(people["administrator"], [merged], kept, WHY)
    assert "P-1" not in str(refusal.value)


def test_a_patient_of_whom_one_row_knows_more_is_merged(people):
    kept, merged = (
        rows.patient(people, "P-1", sex="F"),
        rows.patient(people, "P-2", birth_date=date(2026, 1, 15)),
    )
    registers.merge(people["administrator"], [merged], kept, WHY)
    event = AuditEvent.objects.get(event="register.merged")
    assert "P-1" not in str(event.after) + str(event.before)


def test_what_is_not_merged_is_not_taken_apart(people):
    kept, *_ = three(people)
    with pytest.raises(Conflict, match="not merged"):
        registers.take_apart(people["administrator"], [kept], WHY)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_nobody_but_an_administrator_merges_or_takes_apart(people, role):
    kept, merged, _ = three(people)
    with pytest.raises(NotAllowed):
        registers.merge(people[role], [merged], kept, WHY)
    with pytest.raises(NotAllowed):
        registers.take_apart(people[role], [merged], WHY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Patient, Provider, Payer])
def test_of_two_merges_at_the_same_instant_one_is_refused(people, model):
    make = {Patient: rows.patient, Provider: rows.provider, Payer: rows.payer}[model]
    first, second = (make(people, name) for name in ("First", "Second"))
    pairs = [(first, second), (second, first)]
    administrator = people["administrator"]
    results = at_once(
        2, lambda number: registers.merge(administrator, [pairs[number][0]], pairs[number][1], WHY)
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"], results
    assert model.objects.filter(state=RegisterState.MERGED).count() == 1
