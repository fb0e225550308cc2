"""Until when a coder can object to a ruling."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from reviews.models import Ruling

SATURDAY = 5


def last_day(ruling: Ruling) -> date | None:
    """The last day on which its coder can object; None where there is no limit."""
    if not settings.REBUTTAL_WORKING_DAYS:
        return None
    return after_working_days(timezone.localdate(ruling.ruled_at), settings.REBUTTAL_WORKING_DAYS)


def is_open(ruling: Ruling) -> bool:
    """Whether a coder can still object to a ruling today."""
    last = last_day(ruling)
    return last is None or timezone.localdate() <= last


def after_working_days(day: date, count: int) -> date:
    """The day so many working days after another; Saturdays and Sundays are none."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
