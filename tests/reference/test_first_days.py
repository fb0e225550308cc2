"""The first day of a release by the name of its file: every way in which CMS has named them, and none besides."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.reference.first_days import MONTHS, first_day


@pytest.mark.parametrize(
    ("name", "day"),
    [
        # Unit limits and add-on codes say the day.
        ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", date(2026, 7, 1)),
        ("AOC_V2026Q3-MCR_eff07-01-2026.txt", date(2026, 7, 1)),
        ("mue-eff-10-01-2025.csv", date(2025, 10, 1)),
        ("table 2026-04-15.csv", date(2026, 4, 15)),
        # Or a month, or a quarter.
        ("ptp_2024-07.csv", date(2024, 7, 1)),
        ("ptp_2024_10.csv", date(2024, 10, 1)),
        ("ptp 2024 q3.csv", date(2024, 7, 1)),
        ("ptp_2024Q4.csv", date(2024, 10, 1)),
        ("PPRRVU2026_Jul.csv", date(2026, 7, 1)),
        ("HCPC2026_OCT_ANWEB.csv", date(2026, 10, 1)),
        ("PPRRVU2026-B.csv", date(2026, 4, 1)),
        # Fee schedules of a quarter end in a letter, or a month.
        ("rvu24a.csv", date(2024, 1, 1)),
        ("rvu24b.csv", date(2024, 4, 1)),
        ("RVU24C", date(2024, 7, 1)),
        ("rvu24d-2.csv", date(2024, 10, 1)),
        ("rvu24c_jul", date(2024, 7, 1)),
        ("rvu24_oct", date(2024, 10, 1)),
        ("GPCI26A.txt", date(2026, 1, 1)),
        # Pair files count their years from 1994, and their quarters from 0.
        ("ccipra-v320r0-f1.TXT", date(2026, 1, 1)),
        ("ccipra-v322r0-f1.TXT", date(2026, 7, 1)),
        ("ptp-v303r1-f2.csv", date(2024, 10, 1)),
        # A year alone is its first day.
        ("GPCI2026.csv", date(2026, 1, 1)),
        ("hcpc_2026.txt", date(2026, 1, 1)),
    ],
)
def test_a_name_tells_the_first_day(name, day):
    assert first_day(name) == day


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pairs.csv",
        "ccipra.TXT",
        "rvu24.csv",
        "rvu24e.csv",
        "ptp_2024-13.csv",
        "ptp_2024-00.csv",
        "table 2026-02-30.csv",
        "v324r0.txt",
        "2026.csv",
        "eff_13-01-2026.csv",
        "1926-07.csv",
    ],
)
def test_a_name_that_tells_no_day_tells_none(name):
    assert first_day(name) is None


def test_the_day_that_is_written_out_counts_more_than_a_quarter_beside_it():
    assert first_day("AOC_V2026Q3-MCR_eff_08-15-2026.txt") == date(2026, 8, 15)


@settings(max_examples=25)
@given(st.integers(2000, 2099), st.integers(1, 12))
def test_a_month_is_the_same_by_its_number_and_by_its_name(year, month):
    name = MONTHS[month - 1]
    expected = date(year, month, 1)
    assert first_day(f"ptp_{year}-{month:02}.csv") == expected
    assert first_day(f"PPRRVU{year}_{name.title()}.csv") == expected
    assert first_day(f"rvu{year % 100:02}_{name}") == expected


@settings(max_examples=25)
@given(st.integers(2004, 2093), st.integers(1, 4))
def test_a_quarter_is_the_same_by_its_number_its_letter_and_the_count_of_pair_files(year, quarter):
    expected = date(year, 3 * quarter - 2, 1)
    assert first_day(f"ptp_{year}q{quarter}.csv") == expected
    assert first_day(f"rvu{year % 100:02}{'abcd'[quarter - 1]}") == expected
    assert first_day(f"ccipra-v{year - 1994:02}{quarter - 1}r0-f1.TXT") == expected
