"""Days that cannot be meant: the first and the last that can, and what is said of the others."""

from datetime import date

import pytest

from coding.tables.days import fault_of_start, is_too_early

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("day", "is_early"),
    [(date(1900, 1, 1), False), (date(1899, 12, 31), True), (date(1, 1, 1), True), (TODAY, False)],
)
def test_nothing_of_today_is_of_a_day_before_1900(day, is_early):
    assert is_too_early(day) is is_early


@pytest.mark.parametrize("day", [date(1900, 1, 1), TODAY, date(2036, 12, 31)])
def test_what_is_in_force_may_begin_up_to_ten_years_ahead(day):
    assert fault_of_start(day, TODAY) == ""


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (date(1026, 5, 4), "1026-05-04 lies before 1900. Correct the year."),
        (date(2037, 1, 1), "2037-01-01 lies more than 10 years ahead. Correct the year."),
    ],
)
def test_a_slip_in_the_year_is_told_with_the_day(day, fault):
    assert fault_of_start(day, TODAY) == fault
