"""The stored services that a version for a day in the past concerns: of its days, decided by other content."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.models import RuleSetVersion
from reviews.actions import services
from reviews.publishing import touched
from reviews.publishing.touched import Touched
from tests import factories, small_rules

HELD = {"held": "yes", "drug": "none"}
DAY = date(2026, 3, 1)
BEFORE, FIRST, LATER, NEXT = (
    date(2026, 2, 28),
    DAY,
    date(2026, 4, 30),
    date(2026, 5, 1),
)


def standing(people):
    """Services of four days that the first version decided, and a draft of other content."""
    version = small_rules.published(people)
    for day in (BEFORE, FIRST, LATER, NEXT):
        factories.decide(
            people["coder"], factories.service(people, version, date_of_service=day), HELD
        )
    first, *others = small_rules.document()["rules"]
    mended = small_rules.table(rules=[{**first, "title": "Held and awake"}, *others])
    return small_rules.draft(people, mended)


@pytest.fixture
def draft(standing):
    return standing


def days_of(version, day=DAY):
    return sorted(touched.touched(version, day).values_list("day", flat=True))


def test_services_from_its_first_day_on_are_concerned(draft):
    assert touched.last_day(draft, DAY) is None
    assert days_of(draft) == [FIRST, LATER, NEXT]


def test_where_a_later_version_decides_it_concerns_none_of_its_days(people, draft):
    last, *others = small_rules.document()["rules"][::-1]
    rules = small_rules.table(rules=[*others[::-1], {**last, "title": "The rest"}])
    small_rules.published(people, NEXT, rules)
    assert touched.last_day(draft, DAY) == LATER
    assert days_of(draft) == [FIRST, LATER]


def test_what_the_same_content_decided_is_not_concerned(people, draft):
    decided_by = RuleSetVersion.objects.published().get()
    assert days_of(decided_by, BEFORE) == []


def test_what_was_withdrawn_or_never_answered_is_not_concerned(people, draft):
    version = RuleSetVersion.objects.published().get()
    visit = factories.encounter(people, version, date_of_service=LATER)
    added = services.add(people["coder"], visit, version.rule_set)
    factories.answer(people["coder"], added, HELD)
    assert days_of(draft) == [FIRST, LATER, LATER, NEXT]
    services.withdraw(people["coder"], factories.service_of(added), "Not there.")
    assert days_of(draft) == [FIRST, LATER, NEXT]


def test_they_are_counted_by_month_and_state_the_earliest_first(people, draft):
    version = RuleSetVersion.objects.published().get()
    open_one = factories.service(people, version, date_of_service=LATER)
    factories.answer(people["coder"], open_one, HELD)
    assert touched.by_month(draft, DAY) == [
        Touched(date(2026, 3, 1), "Final", 1),
        Touched(date(2026, 4, 1), "Final", 1),
        Touched(date(2026, 4, 1), "To code", 1),
        Touched(date(2026, 5, 1), "Final", 1),
    ]


@pytest.mark.parametrize(("days", "has_passed"), [(-1, True), (0, False), (1, False)])
def test_a_day_has_passed_from_the_day_after_it_on(days, has_passed):
    assert touched.is_back_dated(timezone.localdate() + timedelta(days=days)) is has_passed


def test_a_version_without_a_day_is_dated_back_to_none():
    assert not touched.is_back_dated(None)
