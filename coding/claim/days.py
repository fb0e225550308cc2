"""Days as claims count them."""

from datetime import date


def years_before(day: date, years: int) -> date:
    """The same day some years before; the 28th for the 29th of February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
