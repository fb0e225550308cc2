"""Facts that nobody is asked for: from the record, the payer register and the history, each with its origin."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.actions import registers
from coding.actions.registers import Affiliation, Terms
from coding.decision import NOT_DOCUMENTED, known
from coding.intake.records import ServiceLineRecord
from coding.models import (
    Encounter,
    FeeScheduleRelease,
    FeeScheduleValue,
    Payer,
    PayerKind,
    Provider,
)
from reviews.actions import decisions
from reviews.actions.decisions import Judgement
from reviews.coding_form.given_facts import (
    ESTABLISHED,
    WITHIN_GLOBAL_DAYS,
    age_on,
    from_history,
    given_facts,
)
from reviews.models import Choice
from tests import factories, small_rules

DAY = date(2026, 5, 4)
SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def family(people):
    """A family, so that visits have services."""
    return small_rules.published(people)


def seen(people, day=DAY, code="27256", modifiers=(), **values):
    """A service of a visit of one patient."""
    visit = factories.visit(
        people, ServiceLineRecord(code, modifiers), date_of_service=day, **values
    )
    return visit.services.select_related("encounter").get()


def given(service, name):
    answer, origin = given_facts(service)[name]
    return answer, origin


def belongs(people, name, group, specialty="Orthopedics"):
    provider = Provider.objects.get(name=name)
    affiliation = Affiliation(SINCE, group, specialty)
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )


def pays(people, name, since, kind=PayerKind.MEDICARE, **options):
    payer = Payer.objects.get(name=name)
    registers.complete_payer(
        people["administrator"], payer, payer.edition, Terms(since, kind, options)
    )


def finished(people, day, code, days, *modifiers):
    """An earlier visit whose code is final, and a fee schedule that gives it global days."""
    earlier = seen(people, day, code, modifiers)
    release = FeeScheduleRelease.objects.create(
        name="Test", valid_from=SINCE, source="Test", content_hash="0"
    )
    values = {"status": "A", "work_rvu": 1, "facility_total": 1, "non_facility_total": 1}
    FeeScheduleValue.objects.create(release=release, code=code, global_days=days, **values)
    decisions.decide(people["coder"], factories.service_of(earlier), Judgement(Choice.KEEP))
    return earlier


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(2000, 5, 4), 26),
        (date(2000, 5, 5), 25),
        (date(2026, 5, 4), 0),
        (date(2000, 2, 29), 26),
        (date(2026, 5, 5), None),
        (None, None),
    ],
)
def test_age_is_that_of_the_day_of_service(born, age):
    assert age_on(born, DAY) == age


def test_of_nobody_whom_the_register_knows_there_is_no_history():
    given = from_history(Encounter(date_of_service=DAY), [], [])
    assert set(given) == {ESTABLISHED, WITHIN_GLOBAL_DAYS}
    for answer, origin in given.values():
        assert answer is NOT_DOCUMENTED
        assert "does not know whose encounter it is" in origin


def test_the_record_tells_age_sex_place_payer_and_diagnoses(people):
    service = seen(
        people, birth_date=date(1950, 5, 5), sex="F", payer="Northern", diagnoses=("S73.011A",)
    )
    assert given(service, "age_years") == (known(75), "from the record: born 1950-05-05")
    assert given(service, "sex") == (known("F"), "from the record: female")
    assert given(service, "place_of_service") == (known("11"), "from the record: 11")
    assert given(service, "payer") == (known("Northern"), "from the record: Northern")
    assert given(service, "diagnoses") == (
        known(frozenset({"S73.011A"})),
        "from the record: S73.011A",
    )


def test_what_the_record_lacks_is_not_documented_and_says_so(people):
    facts = given_facts(seen(people))
    for name in ("age_years", "sex", "payer", "diagnoses"):
        assert facts[name] == (NOT_DOCUMENTED, "from the record: not documented")
    assert facts["payer_kind"] == (NOT_DOCUMENTED, "payer register: not documented")


def test_the_payers_kind_and_options_are_those_of_the_day(people):
    service = seen(people, payer="Northern")
    pays(people, "Northern", date(2026, 1, 1), fracture_care="itemized", tissue_adhesive="yes")
    pays(people, "Northern", date(2026, 6, 1), PayerKind.COMMERCIAL, fracture_care="global")
    told = "payer register: Northern, from 2026-01-01"
    assert given(service, "payer_kind") == (known("medicare"), told)
    assert given(service, "fracture_care") == (
        known("itemized"),
        f"{told}, fracture_care: itemized",
    )
    assert given(service, "tissue_adhesive")[0] == known(True)


def test_an_option_does_not_stand_for_what_the_record_tells(people):
    service = seen(people, payer="Northern", sex="F")
    pays(people, "Northern", SINCE, sex="M")
    assert given(service, "sex")[0] == known("F")


def test_a_kind_that_is_not_known_is_not_documented(people):
    service = seen(people, payer="Northern")
    pays(people, "Northern", SINCE, PayerKind.NOT_KNOWN)
    assert given(service, "payer_kind")[0] is NOT_DOCUMENTED


@pytest.mark.parametrize(
    ("group", "answer", "words"),
    [
        ("Hill Clinic", known(True), "seen 2024-03-01 by Dr. Osei"),
        ("Valley Clinic", known(False), "not seen within three years"),
        (None, NOT_DOCUMENTED, "do not tell whether it is the same"),
    ],
)
def test_a_patient_is_established_by_the_same_group_and_specialty_within_three_years(
    people, group, answer, words
):
    seen(people, date(2024, 3, 1), provider="Dr. Osei")
    service = seen(people, provider="Dr. Falk")
    belongs(people, "Dr. Falk", "Hill Clinic")
    if group:
        belongs(people, "Dr. Osei", group)
    told, origin = given(service, ESTABLISHED)
    assert told == answer
    assert words in origin


def test_a_patient_whom_nobody_saw_before_is_new(people):
    assert given(seen(people), ESTABLISHED)[0] == known(False)


@pytest.mark.parametrize(
    ("day", "days", "answer"),
    [
        (date(2026, 2, 3), "090", known(True)),  # the ninetieth day is the 4th of May
        (date(2026, 2, 2), "090", known(False)),
        (date(2026, 5, 3), "000", known(False)),
        (date(2026, 5, 3), "XXX", known(False)),
        (date(2026, 5, 3), "YYY", NOT_DOCUMENTED),
    ],
)
def test_a_service_falls_within_the_global_days_of_an_earlier_one(people, day, days, answer):
    finished(people, day, "25600", days)
    service = seen(people)
    belongs(people, "Dr. Falk", "Hill Clinic")
    told, origin = given(service, WITHIN_GLOBAL_DAYS)
    assert told == answer
    assert origin.startswith("history: ")


def test_the_care_of_another_group_opens_no_period(people):
    finished(people, date(2026, 5, 1), "25600", "090")
    service = seen(people, provider="Dr. Osei")
    belongs(people, "Dr. Falk", "Hill Clinic")
    belongs(people, "Dr. Osei", "Valley Clinic")
    assert given(service, WITHIN_GLOBAL_DAYS)[0] == known(False)


def test_an_operation_whose_follow_up_is_anothers_opens_no_period(people):
    finished(people, date(2026, 5, 1), "25600", "090", "54")
    service = seen(people)
    belongs(people, "Dr. Falk", "Hill Clinic")
    assert given(service, WITHIN_GLOBAL_DAYS)[0] == known(False)


def test_the_queries_do_not_grow_with_the_history(people):
    for month in range(1, 4):
        seen(people, date(2026, month, 1))
    service = seen(people, payer="Northern")
    with CaptureQueriesContext(connection) as few:
        given_facts(service)
    for month in range(1, 9):
        seen(people, date(2025, month, 1))
    with CaptureQueriesContext(connection) as many:
        given_facts(service)
    assert len(many) == len(few) <= 10
