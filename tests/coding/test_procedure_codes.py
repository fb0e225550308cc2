"""Which procedure codes exist on a day: a family's own always, others by the lists of the day."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from coding.actions import fee_schedules, rule_sets
from coding.models import HcpcsCode, TableKind, TableRelease
from coding.reference.procedure_codes import Listing, listing
from tests import factories

BEFORE, DAY = date(2025, 12, 31), date(2026, 5, 4)
HEADER = "hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days\n"


def load(valid_from, *codes):
    rows = "".join(f"{code},,A,1.00,2.00,1.50,XXX\n" for code in codes)
    fee_schedules.load(None, (HEADER + rows).encode(), valid_from, f"Values of {valid_from}")


@pytest.mark.parametrize("code", ["27256", "27257", "27258", "27259"])
@pytest.mark.parametrize("day", [date(2001, 1, 1), BEFORE, DAY])
def test_a_familys_own_codes_are_known_on_whatever_day_and_without_a_list(hip, code, day):
    assert listing(code, day) == Listing.LISTED


def test_what_no_family_has_cannot_be_checked_without_a_list(hip):
    assert listing("99203", DAY) == Listing.NO_LIST


def test_a_list_tells_real_codes_from_made_up_ones(hip):
    load(date(2026, 1, 1), "99203")
    assert listing("99203", DAY) == Listing.LISTED
    assert listing("99999", DAY) == Listing.UNLISTED


def test_a_list_that_begins_later_says_nothing_of_the_days_before(hip):
    load(date(2026, 1, 1), "99203")
    assert listing("99203", BEFORE) == Listing.NO_LIST
    assert listing("99203", date(2026, 1, 1)) == Listing.LISTED


def test_the_newest_list_of_the_day_decides_alone(hip):
    load(date(2026, 1, 1), "99203", "99204")
    load(date(2026, 4, 1), "99204")
    assert listing("99203", date(2026, 3, 31)) == Listing.LISTED
    assert listing("99203", date(2026, 4, 1)) == Listing.UNLISTED
    assert listing("99204", date(2026, 4, 1)) == Listing.LISTED


def test_a_list_need_not_hold_a_familys_codes(hip):
    load(date(2026, 1, 1), "99203")
    assert listing("27256", DAY) == Listing.LISTED


# --- Codes of HCPCS Level II, which have a list of their own.


def load_level_2(valid_from, **terms):
    release = TableRelease.objects.create(table=TableKind.TERMS, valid_from=valid_from)
    for code, ended in terms.items():
        HcpcsCode.objects.create(release=release, code=code, ended=ended)


def test_a_code_of_level_2_is_known_by_its_own_list_while_its_term_lasts(hip):
    load_level_2(date(2026, 1, 1), J1030=None, J1020=DAY)
    assert listing("J1030", BEFORE) == Listing.NO_LIST
    assert listing("J1030", DAY) == listing("J1020", DAY) == Listing.LISTED
    assert listing("J1020", date(2026, 5, 5)) == listing("J9999", DAY) == Listing.UNLISTED


def test_the_list_of_level_2_says_nothing_of_other_codes(hip):
    load_level_2(date(2026, 1, 1), J1030=None)
    assert listing("99203", DAY) == Listing.NO_LIST


def test_a_code_is_known_that_one_of_both_lists_holds(hip):
    load(date(2026, 1, 1), "99203", "G0010")
    assert listing("J1030", DAY) == Listing.UNLISTED
    load_level_2(date(2026, 1, 1), J1030=None)
    assert listing("J1030", DAY) == listing("G0010", DAY) == Listing.LISTED
    assert listing("J9999", DAY) == Listing.UNLISTED


def test_the_codes_of_a_draft_are_not_known_yet(people):
    draft = factories.draft_hip(people)
    assert listing("27256", DAY) == Listing.NO_LIST
    factories.publish(people, draft, date(2026, 1, 1))
    assert listing("27256", DAY) == Listing.LISTED


# --- Versions that are retired.

EVER = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 4)


@pytest.fixture
def until_june(people, hip, monkeypatch):
    """The hip rules decided services from January on, and were retired in June."""
    june = datetime(2026, 6, 10, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: june)
    rule_sets.retire(people["rule approver"], hip)


@pytest.mark.parametrize("day", EVER)
def test_the_codes_of_a_retired_version_are_known_on_the_days_that_it_decided(until_june, day):
    load(date(2026, 1, 1), "99203")
    assert listing("27256", day) == Listing.LISTED
    assert listing("27999", day) == Listing.UNLISTED


@pytest.mark.parametrize(
    "day", [BEFORE, date(2026, 6, 11)], ids=["before it began", "after it was retired"]
)
def test_on_other_days_they_are_codes_like_others(until_june, day):
    assert listing("27256", day) == Listing.NO_LIST


def test_where_a_newer_version_had_begun_the_retired_one_decided_no_more(people, hip, until_june):
    newer = rule_sets.draft_from(people["rule author"], hip)
    newer.family = "27257 27258 27259"
    newer.save()
    factories.publish(people, newer, date(2026, 3, 1))
    rule_sets.retire(people["rule approver"], newer)
    assert listing("27256", date(2026, 2, 28)) == Listing.LISTED
    assert listing("27256", date(2026, 3, 1)) == Listing.NO_LIST
    assert listing("27257", date(2026, 3, 1)) == Listing.LISTED
