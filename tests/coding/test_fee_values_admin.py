"""Fee schedules in the administration, as long lists: pages, order, filters, and who looks in."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import fee_schedules
from coding.models import AuditEvent, FeeScheduleRelease, FeeScheduleValue

VALUES = "admin:coding_feeschedulevalue_changelist"
RELEASES = "admin:coding_feeschedulerelease_changelist"
HEADER = "hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days"
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


def load(valid_from, *codes):
    """A release of these codes, each perhaps with a modifier, such as 27256-26."""
    lines = []
    for code in codes:
        number, _, modifier = code.partition("-")
        lines.append(f"{number},{modifier},A,1.00,3.00,2.00,010")
    content = "\n".join([HEADER, *lines]).encode()
    [release] = fee_schedules.load(None, content, valid_from, f"RVU {valid_from:%B}")
    return release


def listed(client, name=VALUES, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def test_values_stand_by_release_newest_first_and_in_it_by_code_and_modifier(author):
    load(JANUARY, "27257", "27256-26", "27256")
    load(JULY, "27266", "27250")
    assert listed(author) == ["27250", "27266", "27256", "27256-26", "27257"]


def test_values_are_narrowed_to_a_release_and_to_the_beginning_of_a_code(author):
    january = load(JANUARY, "27256", "27257", "99213")
    load(JULY, "27256")
    assert listed(author, release__id__exact=january.pk) == ["27256", "27257", "99213"]
    assert listed(author, q="272") == ["27256", "27256", "27257"]
    assert listed(author, q="256") == []
    assert listed(author, q="99213", release__id__exact=january.pk) == ["99213"]


def test_a_second_page_shows_the_values_that_the_first_one_does_not(author):
    codes = [f"2{number:04}" for number in range(105)]
    load(JANUARY, *codes)
    first, second = listed(author), listed(author, p=2)
    assert (len(first), len(second)) == (100, 5)
    assert first + second == codes


def test_the_list_of_values_takes_the_same_queries_however_many_there_are(author):
    counts = []
    for day, codes in ((JANUARY, ["27256"]), (JULY, ["27256", "27257", "27258"])):
        load(day, *codes)
        with CaptureQueriesContext(connection) as queries:
            listed(author)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_releases_stand_newest_first_with_how_many_values_they_have(author):
    load(JANUARY, "27256")
    load(JULY, "27256", "27257")
    assert listed(author, RELEASES) == ["RVU July, from 2026-07-01", "RVU January, from 2026-01-01"]
    counted = author.get(reverse(RELEASES)).context["cl"].result_list
    assert [release.count for release in counted] == [2, 1]


def test_an_administrator_loads_and_reads_fee_schedules_too(people, client):
    client.force_login(people["administrator"])
    load(JANUARY, "27256")
    assert listed(client) == ["27256"]
    assert client.get(reverse("admin:coding_feeschedulerelease_add")).status_code == 200


@pytest.mark.parametrize("role", ["coder", "supervisor", "auditor", "rule approver"])
def test_who_does_not_maintain_fee_schedules_is_refused_the_lists_and_the_form(
    people, client, role
):
    load(JANUARY, "27256")
    client.force_login(people[role])
    for name in (VALUES, RELEASES, "admin:coding_feeschedulerelease_add"):
        assert client.get(reverse(name)).status_code in (302, 403), name


def test_releases_and_values_are_not_deleted_from_their_lists(author):
    release = load(JANUARY, "27256")
    told = AuditEvent.objects.count()
    rows = ((RELEASES, release.pk), (VALUES, release.values.get().pk))
    for name, key in rows:
        form = {"action": "delete_selected", "index": "0", "_selected_action": [key], "post": "yes"}
        author.post(reverse(name), form)
    assert FeeScheduleRelease.objects.count() == FeeScheduleValue.objects.count() == 1
    assert AuditEvent.objects.count() == told
