"""Until when a coder can object to a ruling: so many working days after it, by the department's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from reviews.judging import rebuttals
from reviews.models import Ruling

MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 5, day) for day in (4, 8, 9, 10))
NEXT_MONDAY, NEXT_TUESDAY = date(2026, 5, 11), date(2026, 5, 12)


def ruled_on(day, hour=12):
    return Ruling(ruled_at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def today_is(monkeypatch, day):
    """As if it were noon of this day; the days of other moments stay what they are."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 1, date(2026, 5, 5)),
        (MONDAY, 5, NEXT_MONDAY),
        (FRIDAY, 1, NEXT_MONDAY),
        (SATURDAY, 1, NEXT_MONDAY),
        (SUNDAY, 1, NEXT_MONDAY),
        (SUNDAY, 2, NEXT_TUESDAY),
        (FRIDAY, 10, date(2026, 5, 22)),
    ],
)
def test_saturdays_and_sundays_do_not_count(day, count, last):
    assert rebuttals.after_working_days(day, count) == last


@pytest.mark.parametrize("count", range(1, 12))
def test_the_last_day_is_a_working_day_however_many_there_are(count):
    for offset in range(7):
        last = rebuttals.after_working_days(MONDAY + timedelta(days=offset), count)
        assert last.weekday() < 5


def test_the_window_is_open_on_its_last_day_and_closed_the_day_after(settings, monkeypatch):
    settings.REBUTTAL_WORKING_DAYS = 1
    ruling = ruled_on(FRIDAY)
    assert rebuttals.last_day(ruling) == NEXT_MONDAY
    for day, is_open in (
        (FRIDAY, True),
        (SUNDAY, True),
        (NEXT_MONDAY, True),
        (NEXT_TUESDAY, False),
    ):
        today_is(monkeypatch, day)
        assert rebuttals.is_open(ruling) is is_open


def test_without_the_setting_a_ruling_is_open_for_ever(settings, monkeypatch):
    settings.REBUTTAL_WORKING_DAYS = 0
    today_is(monkeypatch, date(2040, 1, 1))
    assert rebuttals.last_day(ruled_on(MONDAY)) is None
    assert rebuttals.is_open(ruled_on(MONDAY))


@pytest.mark.parametrize(
    ("zone", "last"), [("UTC", NEXT_TUESDAY), ("America/Chicago", NEXT_MONDAY)]
)
def test_the_day_of_a_ruling_is_the_department_s(settings, zone, last):
    """At two in the morning of Monday in London it is Sunday in Chicago."""
    settings.REBUTTAL_WORKING_DAYS = 1
    with timezone.override(zone):
        assert rebuttals.last_day(ruled_on(NEXT_MONDAY, hour=2)) == last
