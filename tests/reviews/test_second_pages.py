"""Every filtered list keeps what it was asked for on its second page, and its defaults with any other filter."""

import re

import pytest
from django.urls import reverse

from coding.views import pages
from reviews.models import ReevaluationRun, ReviewCase
from tests import factories

OPEN, DONE = 3, 2


@pytest.fixture
def lists(people, hip, monkeypatch):
    """Two rows a page, and more rows than that on every list."""
    monkeypatch.setattr(pages, "ROWS", 2)
    for _ in range(OPEN):
        factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists())
    for _ in range(DONE):
        service = factories.service(people, hip)
        case = factories.case_of(factories.decide(people["coder"], service, factories.PAVLIK, factories.insists()))
        factories.rule(people["supervisor"], case)
    for _ in range(3):
        factories.encounter(people, hip)
    factories.finished(people, factories.draft_without_harness(people, hip))


def walk(client, address):
    """The rows of all pages, by the links that the pages themselves offer."""
    rows, seen = [], set()
    while address and address not in seen:
        seen.add(address)
        response = client.get(address)
        page = response.context["page"]
        rows += list(page)
        address = _next(response, page) if page.has_next() else None
    return rows


def _next(response, page):
    link = re.search(rf'href="([^"]*page={page.next_page_number()}[^"]*)"', response.content.decode())
    return response.request["PATH_INFO"] + link[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("role", "name", "query", "count"),
    [
        ("supervisor", "queue", "", OPEN),
        ("supervisor", "queue", "?reason=other_code", OPEN),
        ("supervisor", "queue", "?state=all", OPEN + DONE),
        ("supervisor", "queue", "?state=resolved", DONE),
        ("coder", "worklist", "?state=to_code", 3),
        ("coder", "worklist", "?state=in_review", OPEN),
        ("coder", "worklist", "", OPEN + DONE + 3),
        ("auditor", "trail", "?event=case.ruled", DONE),
    ],
)
def test_the_pages_together_hold_what_was_asked_for_once(people, client, lists, role, name, query, count):
    client.force_login(people[role])
    rows = walk(client, reverse(name) + query)
    assert len(rows) == len({row.pk for row in rows}) == count


def test_what_a_run_changes_is_walked_to_its_end(people, client, lists):
    client.force_login(people["supervisor"])
    run = ReevaluationRun.objects.get()
    rows = walk(client, reverse("run-changes", args=[run.public_id]) + "?ending=other")
    assert len(rows) == ReviewCase.objects.count()
