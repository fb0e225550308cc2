"""A patient's history: what came before an encounter, under all of the patient's numbers, and who saw them then."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.actions import registers
from coding.actions.registers import Affiliation
from coding.models import Encounter, Provider
from coding.registers.history import history
from reviews.actions.voiding import void
from tests.registers import rows

DAY = date(2026, 5, 4)
LONG_AGO = date(2020, 1, 1)


def seen(people, day, provider="Dr. Falk", reference="P-1", **values):
    return rows.encounter(
        people, date_of_service=day, provider=provider, patient_reference=reference, **values
    )


def belongs(people, name, group, specialty, since=LONG_AGO):
    provider = Provider.objects.get(name=name)
    affiliation = Affiliation(since, group, specialty)
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )


def days(encounter):
    return [str(earlier.encounter.date_of_service) for earlier in history(encounter)]


def test_it_holds_the_earlier_days_of_three_years_the_latest_first(people):
    for day in (date(2023, 5, 3), date(2023, 5, 4), date(2026, 5, 3), DAY, date(2026, 5, 5)):
        seen(people, day)
    assert days(seen(people, DAY)) == ["2026-05-03", "2023-05-04"]


def test_it_holds_nobody_elses(people):
    seen(people, date(2026, 5, 1), reference="P-2")
    assert days(seen(people, DAY)) == []


def test_what_was_voided_is_none_of_it(people):
    mistaken = seen(people, date(2026, 5, 1))
    void(people["supervisor"], mistaken, "Another patient's visit.")
    assert days(seen(people, DAY)) == []


def test_a_merged_patients_encounters_belong_to_it_from_either_side(people):
    old, new = seen(people, date(2026, 1, 1), reference="OLD"), seen(people, DAY, reference="NEW")
    third = seen(people, date(2026, 2, 2), reference="THIRD")
    registers.merge(
        people["administrator"], [old.patient, third.patient], new.patient, "One child."
    )
    assert days(new) == ["2026-02-02", "2026-01-01"]
    assert days(third) == ["2026-01-01"]
    registers.take_apart(people["administrator"], [old.patient], "Two children.")
    assert days(new) == ["2026-02-02"]


def test_group_and_specialty_are_those_of_each_day(people):
    for day in (date(2025, 1, 1), date(2026, 1, 1)):
        seen(people, day)
    now = seen(people, DAY)
    belongs(people, "Dr. Falk", "Knee Centre", "Orthopedics")
    belongs(people, "Dr. Falk", "Hip Centre", "Orthopedics", date(2025, 6, 1))
    assert [(earlier.same_group, earlier.same_specialty) for earlier in history(now)] == [
        (True, True),
        (False, True),
    ]
    assert [earlier.same_group_and_specialty for earlier in history(now)] == [True, False]


def test_another_provider_of_the_same_group_and_specialty_counts(people):
    seen(people, date(2026, 1, 1), "Dr. Weiss")
    now = seen(people, DAY)
    belongs(people, "Dr. Falk", "Hip Centre", "Orthopedics")
    belongs(people, "Dr. Weiss", "HIP CENTRE", "orthopedics")
    assert [earlier.same_group_and_specialty for earlier in history(now)] == [True]


def test_a_merged_provider_has_the_group_of_the_survivor(people):
    seen(people, date(2026, 1, 1), "I. Falk")
    now = seen(people, DAY)
    belongs(people, "Dr. Falk", "Hip Centre", "Orthopedics")
    kept, merged = Provider.objects.get(name="Dr. Falk"), Provider.objects.get(name="I. Falk")
    registers.merge(people["administrator"], [merged], kept, "One person.")
    assert [earlier.same_group_and_specialty for earlier in history(now)] == [True]


def test_what_the_register_does_not_know_is_not_guessed(people):
    seen(people, date(2026, 1, 1), "Dr. Weiss")
    now = seen(people, DAY)
    assert [earlier.same_group_and_specialty for earlier in history(now)] == [None]
    belongs(people, "Dr. Falk", "Hip Centre", "Orthopedics")
    assert [earlier.same_group_and_specialty for earlier in history(now)] == [None]


def test_a_number_under_which_somebody_was_born_on_another_day_is_doubtful(people):
    seen(people, date(2026, 1, 1), birth_date=date(2025, 12, 1), sex="F")
    seen(people, date(2026, 1, 2), birth_date=date(2025, 12, 2), sex="F")
    seen(people, date(2026, 1, 3), birth_date=date(2025, 12, 1), sex="M")
    now = seen(people, DAY, birth_date=date(2025, 12, 1), sex="F")
    assert [earlier.doubtful for earlier in history(now)] == [True, True, False]


def test_a_shared_number_has_no_history(people):
    seen(people, date(2026, 1, 1), shared_reference=True)
    assert history(seen(people, DAY, shared_reference=True)) == []


def test_it_asks_three_queries_however_long_it_is(people):
    counts = []
    for number in range(2):
        for place in range(1 + 20 * number):
            seen(people, date(2026, 1, 1 + place), f"Dr. {place}")
        now = Encounter.objects.get(pk=seen(people, DAY).pk)
        with CaptureQueriesContext(connection) as queries:
            assert [earlier.encounter.provider for earlier in history(now)]
        counts.append(len(queries))
    assert counts == [3, 3]
