"""What a code was worth: the whole service's row alone, and only where CMS prices it by relative values."""

from datetime import date
from decimal import Decimal

import pytest

from coding.actions import fee_schedules
from coding.reference.fee_schedules import FACILITY_PLACES, UNPRICED, FeeSchedules, is_facility

DAY = date(2026, 5, 4)
HEADER = "hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days\n"


def load(*rows, valid_from=date(2026, 1, 1)):
    data = HEADER + "".join(f"{row}\n" for row in rows)
    fee_schedules.load(None, data.encode(), valid_from, f"Values of {valid_from}")


def value_of(code, on=DAY, facility=False):
    return FeeSchedules.of([code]).value_of(code, on, facility)


def test_the_row_of_a_part_of_a_service_is_not_its_value(db):
    load(
        "73525,,A,0.50,3.20,3.10,XXX",
        "73525,26,A,0.50,0.70,0.60,XXX",
        "73525,TC,A,0.00,2.50,2.50,XXX",
    )
    assert value_of("73525").total == Decimal("3.20")


def test_a_code_of_which_only_parts_are_listed_has_no_value(db):
    load("73525,26,A,0.50,0.70,0.60,XXX")
    assert value_of("73525") is None


@pytest.mark.parametrize("status", sorted(UNPRICED))
def test_a_code_without_a_relative_value_has_none_and_not_zero(db, status):
    load(f"01200,,{status},0.00,0.00,0.00,XXX")
    assert value_of("01200") is None


@pytest.mark.parametrize("status", ["A", "R", "T"])
def test_a_code_that_is_priced_may_be_worth_nothing(db, status):
    load(f"99024,,{status},0.00,0.00,0.00,XXX")
    assert value_of("99024").total == Decimal("0.00")


def test_a_code_that_was_not_asked_for_when_the_values_were_read_has_none(db):
    load("99203,,A,1.60,3.30,2.40,XXX", "99204,,A,2.60,4.90,3.90,XXX")
    schedules = FeeSchedules.of(["99203"])
    assert schedules.value_of("99203", DAY, facility=False).work == Decimal("1.60")
    assert schedules.value_of("99204", DAY, facility=False) is None


def test_a_code_that_a_newer_release_no_longer_prices_has_no_value_from_then_on(db):
    load("99203,,A,1.60,3.30,2.40,XXX")
    load("99203,,N,0.00,0.00,0.00,XXX", valid_from=date(2026, 4, 1))
    assert value_of("99203", on=date(2026, 3, 31)).release == "Values of 2026-01-01"
    assert value_of("99203", on=date(2026, 4, 1)) is None


def test_releases_are_told_apart_by_their_day_in_whatever_order_they_were_loaded(db):
    load("99203,,A,2.00,2.00,2.00,XXX", valid_from=date(2026, 4, 1))
    load("99203,,A,1.00,1.00,1.00,XXX", valid_from=date(2026, 1, 1))
    assert value_of("99203", on=date(2026, 2, 1)).work == Decimal("1.00")
    assert value_of("99203", on=date(2026, 5, 1)).work == Decimal("2.00")


@pytest.mark.parametrize("place", sorted(FACILITY_PLACES))
def test_in_a_facility_the_facility_total_counts(db, place):
    load("99203,,A,1.60,3.30,2.40,XXX")
    assert value_of("99203", facility=is_facility(place)).total == Decimal("2.40")


@pytest.mark.parametrize("place", ["11", "20", "02", "10", "12", "99", ""])
def test_elsewhere_and_where_no_place_is_known_the_other_total_counts(db, place):
    load("99203,,A,1.60,3.30,2.40,XXX")
    assert value_of("99203", facility=is_facility(place)).total == Decimal("3.30")
