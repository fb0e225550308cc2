"""Loading fee schedules: what is new of a file is loaded, all of it or nothing, and each release is an event."""

from datetime import date
from decimal import Decimal

import pytest

from coding.actions import fee_schedules
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, FeeScheduleRelease, FeeScheduleValue
from coding.tables.errors import FileError

HEADER = "hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days"
JULY, OCTOBER = "2024-07-01", "2024-10-01"


def file_of(*rows, header=HEADER):
    return "\n".join([header, *rows, ""]).encode()


def dated(*rows):
    """A file with dates of its own; each row begins with its date and the name of the CMS file."""
    return file_of(*rows, header=f"date_start,source_file,{HEADER}")


def names():
    return list(FeeScheduleRelease.objects.order_by("valid_from").values_list("name", flat=True))


def events():
    return AuditEvent.objects.filter(event="fee_schedule.loaded").order_by("sequence")


def test_an_administrator_loads_a_release_too(people):
    [release] = fee_schedules.load(
        people["administrator"], file_of("27256,,A,4.28,9.62,7.27,010"), date(2024, 7, 1), ""
    )
    assert release.loaded_by == people["administrator"]


def test_a_rule_author_who_is_no_longer_active_loads_nothing(people):
    author = people["rule author"]
    author.is_active = False
    with pytest.raises(NotAllowed, match="You may not load fee schedules"):
        fee_schedules.load(author, file_of("27256,,A,4.28,9.62,7.27,010"), date(2024, 7, 1), "")
    assert names() == []


def test_whether_a_person_may_is_asked_before_their_file_is_read(people):
    with pytest.raises(NotAllowed):
        fee_schedules.load(people["coder"], b"no fee schedule", None, "")


def test_every_figure_of_a_row_is_stored_exactly(db):
    [release] = fee_schedules.load(
        None, file_of("A4570,TC,C,.5,1234.56,999999.99,YYY"), date(2024, 7, 1), "July"
    )
    value = release.values.get()
    assert (value.code, value.modifier, value.status, value.global_days) == (
        "A4570",
        "TC",
        "C",
        "YYY",
    )
    figures = (value.work_rvu, value.non_facility_total, value.facility_total)
    assert figures == (Decimal("0.50"), Decimal("1234.56"), Decimal("999999.99"))


def test_a_file_without_the_name_of_its_cms_file_says_where_it_comes_from(db):
    [release] = fee_schedules.load(
        None, file_of("27256,,A,4.28,9.62,7.27,010"), date(2024, 7, 1), "July"
    )
    assert release.source == "CMS Physician Fee Schedule"


def test_of_a_file_that_was_loaded_in_part_only_the_new_releases_are_loaded(people):
    july = f"{JULY},rvu24c,27256,,A,4.28,9.62,7.27,010"
    october = f"{OCTOBER},rvu24d,27256,,A,4.50,10.00,8.00,010"
    fee_schedules.load(people["rule author"], dated(july), None, "")
    loaded = fee_schedules.load(people["administrator"], dated(july, october), None, "")
    assert [release.name for release in loaded] == ["rvu24d"]
    assert names() == ["rvu24c", "rvu24d"]
    assert [event.actor for event in events()] == [people["rule author"], people["administrator"]]


def test_each_release_of_a_file_is_an_event_of_its_own_with_its_content(db):
    rows = (
        f"{JULY},rvu24c,27256,,A,4.28,9.62,7.27,010",
        f"{OCTOBER},rvu24d,27256,,A,4.50,10.00,8.00,010",
    )
    july, october = fee_schedules.load(
        None, dated(*rows, rows[0].replace("27256", "27257")), None, ""
    )
    assert [event.after for event in events()] == [
        {"name": "rvu24c", "valid_from": JULY, "values": 2, "content": july.content_hash},
        {"name": "rvu24d", "valid_from": OCTOBER, "values": 1, "content": october.content_hash},
    ]


def test_a_file_with_one_bad_row_loads_none_of_its_releases(db):
    rows = (
        f"{JULY},rvu24c,27256,,A,4.28,9.62,7.27,010",
        f"{OCTOBER},rvu24d,27256,,A,x,10.00,8.00,010",
    )
    with pytest.raises(FileError, match="Line 3, column work_rvu"):
        fee_schedules.load(None, dated(*rows), None, "")
    assert names() == []
    assert not events().exists()


def test_all_dates_that_are_taken_are_named_together(db):
    rows = [
        f"{JULY},rvu24c,27256,,A,4.28,9.62,7.27,010",
        f"{OCTOBER},rvu24d,27256,,A,4.50,10.00,8.00,010",
    ]
    fee_schedules.load(None, dated(*rows), None, "")
    with pytest.raises(Conflict, match=f"for {JULY}, {OCTOBER}. Releases are never overwritten"):
        fee_schedules.load(None, dated(*(row.replace("27256", "27257") for row in rows)), None, "")
    assert set(FeeScheduleValue.objects.values_list("code", flat=True)) == {"27256"}


@pytest.mark.parametrize(
    "change",
    [
        ("4.28", "4.29"),
        ("9.62", "9.61"),
        ("7.27", "7.26"),
        ("010", "090"),
        (",A,", ",R,"),
        (",,", ",26,"),
    ],
)
def test_one_other_value_makes_another_release(db, change):
    row = "27256,,A,4.28,9.62,7.27,010"
    fee_schedules.load(None, file_of(row), date(2024, 7, 1), "July")
    with pytest.raises(Conflict, match="other values is loaded already"):
        fee_schedules.load(None, file_of(row.replace(*change, 1)), date(2024, 7, 1), "July")
    assert names() == ["July"]


def test_another_name_for_the_same_values_changes_nothing(db):
    row = "27256,,A,4.28,9.62,7.27,010"
    fee_schedules.load(None, file_of(row), date(2024, 7, 1), "July")
    assert fee_schedules.load(None, file_of(row), date(2024, 7, 1), "Summer") == []
    assert names() == ["July"]
