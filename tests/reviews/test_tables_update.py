"""What new tables change for the codes of our rule sets, with what of ours names them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import fee_schedules
from coding.intake.records import ServiceLineRecord
from coding.rules.tables_update import tables_update
from tests import factories

HEAD = (
    "hcpcs,mod,status_code,work_rvu,facility_total,non_facility_total,glob_days,non_fac_indicator,facility_indicator,"
    "pctc_ind,pre_op,intra_op,post_op,mult_proc,bilat_surg,asst_surg,co_surg,team_surg\n"
)
SHARES = "0.10,0.80,0.10,2,1,0,1,0\n"
SPONTANEOUS, NEW_SPONTANEOUS = (f"27256,,A,4.28,7.27,9.62,{days},,,0,{SHARES}" for days in ("010", "090"))
OLD = SPONTANEOUS + f"27257,,A,5.38,11.00,11.00,010,,,0,{SHARES}"
NEW = NEW_SPONTANEOUS + f"27252,,A,9.00,20.00,20.00,090,,,0,{SHARES}"
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def schedules(people, hip):
    fee_schedules.load(None, (HEAD + OLD).encode(), date(2026, 1, 1), "Old")
    fee_schedules.load(None, (HEAD + NEW).encode(), NEW_YEAR, "New")


def touched(day=NEW_YEAR):
    return {row.code: row for family in tables_update(day).families for row in family.touched}


def words(code):
    return [change.words for change in touched()[code].changes]


def test_codes_that_are_new_that_go_and_that_change_are_told_in_words(schedules):
    assert words("27256") == ["global days 010 → 090"]
    assert words("27257") == ["no longer listed"]
    assert words("27252") == ["new"]
    assert tables_update(NEW_YEAR).releases == (("Old", "New"),)


def test_what_of_ours_names_a_code_is_counted(people, schedules):
    factories.visit(people, ServiceLineRecord("27256", ("LT",)))
    row = touched()["27256"]
    assert row.rules
    assert (row.open_lines, row.precedents) == (1, 0)


def test_the_version_that_takes_care_of_it_is_named(people, hip, schedules):
    [family] = tables_update(NEW_YEAR).families
    assert family.next_version is None
    draft = factories.draft_without_harness(people, hip)
    [family] = tables_update(NEW_YEAR).families
    assert family.next_version == draft


def test_on_a_day_without_a_release_nothing_changes(schedules):
    update = tables_update(date(2026, 6, 1))
    assert (update.releases, update.families) == ((), ())


def test_a_first_release_is_said_and_compared_with_nothing(schedules):
    update = tables_update(date(2026, 1, 1))
    assert (update.releases, update.families) == ((("", "Old"),), ())


def test_the_page_lists_the_work(people, client, schedules):
    client.force_login(people["rule author"])
    page = client.get(reverse("tables-update"), {"on": "2027-01-01"}).text
    assert "global days 010 → 090" in page
    assert "nobody began a new one" in page
    assert "No release begins on this day" in client.get(reverse("tables-update"), {"on": "2026-06-01"}).text


def queries_of_an_update():
    tables_update(NEW_YEAR)  # A document that was read once is kept.
    with CaptureQueriesContext(connection) as queries:
        tables_update(NEW_YEAR)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_rule_sets(people, schedules):
    alone = queries_of_an_update()
    factories.published_knee(people)
    assert queries_of_an_update() == alone
