"""A typed encounter that says otherwise of its patient than the register: whoever typed it is told."""

from dataclasses import replace
from datetime import date

import pytest

from coding.actions import encounters
from coding.importing.write_encounters import record_of
from coding.models import Encounter, Patient
from coding.models.encounters import TYPED
from reviews.actions import corrections
from tests import factories

BORN = "Birth date 2026-01-16 differs from the register of patients, which has 2026-01-15."
SEX = "Sex M differs from the register of patients, which has F."
FIRST = {"patient_reference": "P-1", "birth_date": date(2026, 1, 15), "sex": "F"}


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def enter(people, **values):
    return encounters.enter(people["coder"], factories.record(**{**FIRST, **values}))


def page(client, encounter):
    return client.get(encounter.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"birth_date": date(2026, 1, 16)}, [BORN]),
        ({"sex": "M"}, [SEX]),
        ({"birth_date": date(2026, 1, 16), "sex": "M"}, [BORN, SEX]),
        ({"birth_date": None, "sex": "U"}, []),
        ({}, []),
    ],
    ids=["birth date", "sex", "both", "not known", "the same"],
)
def test_what_was_typed_otherwise_stands_above_the_ledger(people, coder, otherwise, told):
    first = enter(people)
    second = enter(people, **otherwise)
    assert [words in page(coder, second) for words in (BORN, SEX)] == [BORN in told, SEX in told]
    assert "differs from the register" not in page(coder, first)
    assert Patient.objects.get().birth_date == FIRST["birth_date"]


def test_a_correction_that_contradicts_the_register_tells_it_and_one_that_mends_it_no_more(
    people, coder
):
    enter(people)
    second = enter(people)
    for born, is_told in ((date(2026, 1, 16), True), (date(2026, 1, 15), False)):
        now = Encounter.objects.get(pk=second.pk)
        corrections.correct_typed(
            people["coder"], now, replace(record_of(now), birth_date=born), now.revision
        )
        assert (BORN in page(coder, second)) == is_told


def test_of_a_merged_patient_the_row_that_counts_is_compared_with(people, coder):
    enter(people)
    second = enter(people, patient_reference="P-2", birth_date=date(2026, 1, 16))
    survivor, merged = Patient.objects.order_by("identifier")
    Patient.objects.filter(pk=merged.pk).update(state="merged", survivor=survivor)
    assert BORN in page(coder, second)
    assert second.source == TYPED
