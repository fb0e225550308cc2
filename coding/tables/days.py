"""Days that cannot be meant: a slip in a year is refused at every door."""

from datetime import date

EARLIEST = date(1900, 1, 1)
# Contracts, fee schedules and rules are known some years before they hold, but not more.
MOST_YEARS_AHEAD = 10


def is_too_early(day: date) -> bool:
    """Whether nothing of today's records can be of that day."""
    return day < EARLIEST


def fault_of_start(day: date, today: date) -> str:
    """Why nothing can be in force from this day on, and what to do; empty for a day that can be meant."""
    if is_too_early(day):
        return f"{day} lies before 1900. Correct the year."
    if day.year > today.year + MOST_YEARS_AHEAD:
        return f"{day} lies more than {MOST_YEARS_AHEAD} years ahead. Correct the year."
    return ""
