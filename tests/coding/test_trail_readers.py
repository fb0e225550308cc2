"""Who reads the audit trail, page by page, and what the page says when a filter is not understood."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from coding import trail
from coding.models import AuditEvent
from coding.trail import Entry
from coding.views.pages import ROWS
from tests import factories


@pytest.fixture
def auditor(people, client):
    client.force_login(people["auditor"])
    return client


def many(version, count, event="version.saved", **values):
    """So many events, the last one newest, each with its number as its reason."""
    with transaction.atomic():
        trail.record_all(
            None,
            [
                Entry(event, version, reason=f"Number {number}.", **values)
                for number in range(count)
            ],
        )


def page(client, **parameters):
    return client.get(reverse("trail"), parameters)


def reasons(response):
    return [event.reason for event in response.context["page"]]


@pytest.mark.parametrize(
    "role", ["coder", "supervisor", "rule author", "rule approver", "administrator"]
)
def test_nobody_but_an_auditor_reads_the_trail(people, client, role):
    client.force_login(people[role])
    response = page(client)
    assert response.status_code == 403
    assert "Last hash" not in response.content.decode()


def test_without_a_session_one_is_asked_to_sign_in(client, db):
    response = page(client)
    assert response.status_code == 302
    assert reverse("trail") in response.url


def test_reading_the_trail_is_no_event(auditor, hip):
    before = AuditEvent.objects.count()
    page(auditor)
    page(auditor, actor="x")
    assert AuditEvent.objects.count() == before


def test_the_second_page_goes_on_where_the_first_ends(auditor, hip):
    many(hip, ROWS + 5, event="job.paused")
    first = page(auditor, event="job.paused")
    second = page(auditor, event="job.paused", after=first.context["page"].next)
    assert reasons(first) == [f"Number {number}." for number in range(ROWS + 4, 4, -1)]
    assert reasons(second) == [f"Number {number}." for number in range(4, -1, -1)]


def test_the_link_to_the_second_page_keeps_the_filters(auditor, hip):
    many(hip, ROWS + 1, event="job.paused")
    html = page(auditor, event="job.paused", actor="Concord").content.decode()
    links = [
        part.split('"')[0] for part in html.split('href="')[1:] if "after=" in part.split('"')[0]
    ]
    assert links
    assert all("event=job.paused" in link and "actor=Concord" in link for link in links)


@pytest.mark.parametrize("asked", ["0", "-1", "last", "", "\0", "9" * 50])
def test_of_an_event_that_there_is_not_the_newest_ones_are_shown(auditor, hip, asked):
    many(hip, ROWS + 1, event="job.paused")
    assert reasons(page(auditor, event="job.paused", after=asked))[0] == f"Number {ROWS}."


@pytest.mark.parametrize(
    ("field", "value"),
    [("event", "made.up"), ("from_day", "yesterday"), ("until_day", "2026-13-40")],
)
def test_a_filter_that_is_not_understood_finds_nothing_and_says_so(auditor, hip, field, value):
    response = page(auditor, **{field: value})
    assert reasons(response) == []
    assert field in response.context["filter"].form.errors
    assert "Nothing matches the filters." in response.content.decode()


def test_filters_narrow_together(people, auditor, hip):
    encounter = factories.encounter(people, hip)
    own = {"encounter": encounter.public_id, "from_day": date(2020, 1, 1)}
    found = page(auditor, event="encounter.entered", actor=people["coder"].name, **own)
    assert [event.event for event in found.context["page"]] == ["encounter.entered"]
    other = page(auditor, event="encounter.entered", actor=people["supervisor"].name, **own)
    assert list(other.context["page"]) == []


@pytest.mark.parametrize("text", ["\0", "x" * 500])
def test_any_text_can_be_searched_for(auditor, hip, text):
    assert page(auditor, actor=text).status_code == 200


def test_a_sign_that_databases_read_as_any_letter_is_looked_for_as_it_is(auditor, hip):
    assert reasons(page(auditor, actor="%")) == []
    assert reasons(page(auditor, actor="_")) == []


def test_a_row_is_told_in_words(auditor, hip):
    after = {"state": {"state": "not_documented"}, "lines": ["27256-LT", "99203"], "urgent": True}
    many(hip, 1, after=after)
    html = page(auditor, event="version.saved").content.decode()
    for words in ("state: not documented", "lines: 27256-LT; 99203", "urgent: yes"):
        assert words in html
    assert "Draft saved" in html
    assert "rule set version" in html
    assert ">Concord<" in html


def test_what_stands_in_a_row_is_text_and_never_runs(auditor, hip):
    trail.record(
        None, "version.saved", hip, reason="<script>alert(1)</script>", after={"<b>": "<i>"}
    )
    html = page(auditor).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;: &lt;i&gt;" in html


def test_an_event_of_no_encounter_leads_nowhere(auditor, hip):
    html = page(auditor, event="version.published").content.decode()
    assert "Version published" in html
    assert "/encounters/" not in html.split("<tbody>")[1].split("</tbody>")[0]


def test_a_name_of_an_event_that_is_no_longer_used_is_shown_as_it_was_written(
    auditor, hip, monkeypatch
):
    monkeypatch.setitem(trail.EVENTS, "version.blessed", "Version blessed")
    trail.record(None, "version.blessed", hip)
    monkeypatch.delitem(trail.EVENTS, "version.blessed")
    assert "version.blessed" in page(auditor).content.decode()


def test_more_rows_need_no_more_queries(auditor, hip, django_assert_max_num_queries):
    many(hip, 2)
    page(auditor)
    with django_assert_max_num_queries(50) as few:
        page(auditor)
    many(hip, ROWS)
    with django_assert_max_num_queries(len(few)):
        page(auditor)


def test_an_empty_trail_says_so(auditor):
    response = page(auditor)
    assert "No events yet." in response.content.decode()
