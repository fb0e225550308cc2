"""Diagnosis codes: what the release in force on a day says of them."""

from datetime import date

import pytest

from coding.intake.check import CodeAnswer, CodeState
from coding.models import CodeSet, CodeSetRelease
from coding.reference.code_sets import LoadedDiagnoses
from tests import factories

SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)
DAY = date(2026, 5, 31)


@pytest.fixture
def two_releases(db):
    """Of autumn Q65.01 is a code no longer, and Q65.03 is one."""
    factories.icd10cm("Q65.0-", "Q65.01", "Q65.02", valid_from=SPRING, name="April 2026")
    factories.icd10cm("Q65.0-", "Q65.02", "Q65.03", valid_from=AUTUMN, name="October 2026")


def states(code, *days):
    codes = LoadedDiagnoses([code])
    return [codes.find(code, day).state for day in days]


def test_a_code_is_valid_a_category_or_unknown(two_releases):
    codes = LoadedDiagnoses(["Q65.02", "Q65.0", "Q99"])
    assert codes.find("Q65.02", DAY) == CodeAnswer(CodeState.VALID, "April 2026")
    assert codes.find("Q65.0", DAY) == CodeAnswer(CodeState.CATEGORY, "April 2026")
    assert codes.find("Q99", DAY) == CodeAnswer(CodeState.UNKNOWN, "April 2026")


def test_the_release_of_the_day_of_service_decides_and_not_a_newer_one(two_releases):
    assert states("Q65.01", SPRING, date(2026, 9, 30)) == [CodeState.VALID] * 2
    assert states("Q65.01", AUTUMN, date(2027, 3, 1)) == [CodeState.UNKNOWN] * 2
    assert states("Q65.03", date(2026, 9, 30), AUTUMN) == [CodeState.UNKNOWN, CodeState.VALID]


def test_before_the_first_release_nothing_can_be_said_of_a_code(two_releases):
    assert LoadedDiagnoses(["Q65.02"]).find("Q65.02", date(2026, 3, 31)) == CodeAnswer(
        CodeState.NO_RELEASE, ""
    )


def test_without_a_release_nothing_can_be_said_of_a_code(db):
    assert states("Q65.02", DAY) == [CodeState.NO_RELEASE]


@pytest.mark.parametrize("written", ["q65.02", " Q65.02 ", "Q65.02"])
def test_a_code_is_found_however_it_was_written(two_releases, written):
    assert LoadedDiagnoses([written]).find("Q65.02", DAY).state is CodeState.VALID


def test_what_no_text_may_hold_is_no_code_and_does_not_stop_the_others(two_releases):
    codes = LoadedDiagnoses(["Q65\x00.02", "Q65\ud800", "Q65.02"])
    assert codes.find("Q65.02", DAY).state is CodeState.VALID
    assert codes.find("Q65\x00.02", DAY).state is CodeState.UNKNOWN


def test_any_number_of_codes_takes_two_queries(two_releases, django_assert_num_queries):
    with django_assert_num_queries(2):
        codes = LoadedDiagnoses([f"Q{number}" for number in range(10, 60)])
        for number in range(10, 60):
            codes.find(f"Q{number}", AUTUMN)


def test_releases_in_force_are_told_newest_first(two_releases):
    def in_force(day):
        releases = CodeSetRelease.objects.in_force(CodeSet.ICD10CM, day)
        return [release.release for release in releases]

    assert in_force(date(2026, 3, 31)) == []
    assert in_force(SPRING) == ["April 2026"]
    assert in_force(AUTUMN) == ["October 2026", "April 2026"]
