"""The real fee schedule files load, and give the values that stand in them."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from coding.models import FeeScheduleRelease, FeeScheduleValue
from coding.reference.fee_schedules import FeeSchedules, Value
from tests.conftest import SHARED_DATA

SERVED = date(2024, 7, 15)
QUARTERS = SHARED_DATA / "pprrvu_hip_family_2022_2024_no_descriptors.csv"
ALL_CODES = SHARED_DATA / "pprrvu_2024c_jul_all_no_descriptors.csv"


def rows(path, **wanted):
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if wanted.items() <= row.items()]


@pytest.mark.parametrize(
    ("path", "options", "releases", "values"),
    [(QUARTERS, [], 12, 648), (ALL_CODES, ["--valid-from", "2024-07-01"], 1, 18_664)],
    ids=["quarters", "all codes"],
)
def test_every_row_of_the_file_is_loaded_and_a_code_has_the_value_that_stands_in_it(
    db, path, options, releases, values
):
    call_command("load_fee_schedule", path, *options, verbosity=0)
    assert (FeeScheduleRelease.objects.count(), FeeScheduleValue.objects.count()) == (
        releases,
        values,
    )
    [row] = rows(path, hcpcs="27256", mod="", source_file="rvu24c_jul")
    schedules = FeeSchedules.of(["27256"])
    for facility, total in ((True, "facility_total"), (False, "non_facility_total")):
        expected = Value(Decimal(row["work_rvu"]), Decimal(row[total]), "rvu24c_jul")
        assert schedules.value_of("27256", SERVED, facility) == expected


def test_each_quarter_has_its_own_value(db):
    call_command("load_fee_schedule", QUARTERS, verbosity=0)
    schedules = FeeSchedules.of(["27256"])
    for row in rows(QUARTERS, hcpcs="27256", mod=""):
        for day in (row["date_start"], row["date_end"]):
            value = schedules.value_of("27256", date.fromisoformat(day), facility=True)
            assert (value.total, value.release) == (
                Decimal(row["facility_total"]),
                row["source_file"],
            )
    assert schedules.value_of("27256", date(2021, 12, 31), facility=True) is None
