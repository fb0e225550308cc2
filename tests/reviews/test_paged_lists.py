"""Every list keeps what it was asked for on its second page, and its defaults with any other parameter."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from coding.models import AuditEvent, Job, RowState
from coding.views import pages
from coding.views.stretches import Stretch
from coding.work import leases
from reviews.actions import shadows
from reviews.models import CaseCluster, ReevaluationRun, ReplayProof, ReviewCase, RunMode
from tests import factories

OPEN, DONE, FREE = 3, 4, 3
# Who opens which list, asked for what, and how many rows its pages hold together.
ASKED = [
    ("supervisor", "queue", "", OPEN),
    ("supervisor", "queue", "?page=1", OPEN),
    ("supervisor", "queue", "?state=", OPEN),
    ("supervisor", "queue", "?reason=other_code", OPEN),
    ("supervisor", "queue", "?reason=&whose=free", OPEN),
    ("supervisor", "queue", "?state=&reason=&whose=", OPEN),
    ("supervisor", "queue", "?somebody=else", OPEN),
    ("supervisor", "queue", "?state=all", OPEN + DONE),
    ("supervisor", "queue", "?state=resolved&reason=other_code", DONE),
    ("coder", "worklist", "?state=to_code", FREE),
    ("coder", "worklist", "?state=in_review", OPEN),
    ("coder", "worklist", "?whose=unassigned", FREE),
    ("coder", "worklist", "?whose=mine&state=final", DONE),
    ("coder", "worklist", "?search=E-&order=-received_at", OPEN + DONE + FREE),
    ("coder", "worklist", "?served_from=2026-05-04&served_until=2026-05-04", OPEN + DONE + FREE),
    ("coder", "worklist", "", OPEN + DONE + FREE),
    ("coder", "my-cases", "", OPEN),
    ("auditor", "trail", "?event=case.ruled", DONE),
    ("auditor", "trail", "?event=case.ruled&actor=person&from_day=2020-01-01", DONE),
]
HEADER = b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"


@pytest.fixture
def short(monkeypatch):
    """Two rows a page."""
    monkeypatch.setattr(pages, "ROWS", 2)


def standing(people, hip):
    """More rows than two on every list."""
    coder = people["coder"]
    for _ in range(OPEN):
        factories.decide(
            coder, factories.service(people, hip), factories.PAVLIK, factories.insists()
        )
    for _ in range(DONE):
        service = factories.service(people, hip)
        case = factories.case_of(
            factories.decide(coder, service, factories.PAVLIK, factories.insists())
        )
        factories.rule(people["supervisor"], case)
    for _ in range(FREE):
        factories.encounter(people, hip)
    factories.finished(people, factories.draft_without_harness(people, hip))


@pytest.fixture
def lists(standing, short):
    """Each list has a second page."""


def walk(client, address):
    """The rows of all pages, by the links that the pages themselves offer."""
    rows, seen = [], set()
    while address and address not in seen:
        seen.add(address)
        response = client.get(address)
        page = response.context["page"]
        rows += list(page)
        address = _next(response, page) if _goes_on(page) else None
    assert len(seen) > 1, "There was no second page."
    assert len(rows) == len({row.pk for row in rows}), "A row stood on two pages."
    return rows


def _goes_on(page):
    return page.next if isinstance(page, Stretch) else page.has_next()


def _next(response, page):
    place = (
        f"after={page.next}" if isinstance(page, Stretch) else rf"page={page.next_page_number()}\b"
    )
    link = re.search(rf'href="([^"]*\b{place}[^"]*)"', response.content.decode())
    return response.request["PATH_INFO"] + link[1].replace("&amp;", "&")


def test_the_pages_together_hold_what_was_asked_for_once(people, client, lists):
    for role, name, query, count in ASKED:
        client.force_login(people[role])
        assert len(walk(client, reverse(name) + query)) == count, (name, query)


def test_the_whole_trail_is_walked_to_its_first_event(people, client, lists):
    client.force_login(people["auditor"])
    sequence = [event.sequence for event in walk(client, reverse("trail"))]
    assert sequence == list(range(AuditEvent.objects.count(), 0, -1))


def test_new_rulings_come_first_however_many_they_are(people, client, lists):
    client.force_login(people["coder"])
    new = client.get(reverse("my-cases")).context["unread"]
    assert [item.row.state for item in new] == ["resolved"] * DONE
    assert {case.state for case in walk(client, reverse("my-cases"))} == {"queued"}


def test_what_is_alike_has_one_place_however_the_worklist_is_sorted(people, client, db):
    """Without a last word that differs, a row would stand on two pages and another on none."""
    client.force_login(people["coder"])
    for order in (
        "date_of_service",
        "-date_of_service",
        "received_at",
        "-received_at",
        "external_id",
    ):
        response = client.get(reverse("worklist"), {"order": order})
        last = "-pk" if order.startswith("-") else "pk"
        assert response.context["filter"].qs.query.order_by == (order, last)


def test_what_a_run_changes_is_walked_to_its_end(people, client, lists):
    client.force_login(people["supervisor"])
    address = reverse("run-changes", args=[ReevaluationRun.objects.get().public_id])
    for query in (
        "",
        "?ending=other",
        "?new_rule=R34",
        "?final=contradicted&new=supervisor_review",
    ):
        expected = DONE if "final" in query else OPEN + DONE
        assert len(walk(client, address + query)) == expected, query


def test_the_cases_of_a_cluster_are_walked_to_their_end(people, client, lists):
    draft = ReevaluationRun.objects.get().version
    run = factories.finished(
        people, factories.publish(people, draft, date(2026, 2, 1)), mode=RunMode.APPLY
    )
    client.force_login(people["supervisor"])
    for cluster in CaseCluster.objects.filter(run=run):
        cases = ReviewCase.objects.filter(routes__cluster=cluster)
        assert {case.pk for case in walk(client, cluster.get_absolute_url())} == {
            case.pk for case in cases
        }


def test_runs_are_walked_to_the_first_one(people, client, hip, short):
    runs = [factories.planned(people, hip).pk for _ in range(5)]
    client.force_login(people["auditor"])
    assert [run.pk for run in walk(client, reverse("runs"))] == runs[::-1]


def test_shadows_and_what_they_found_are_walked_to_their_end(people, client, hip, short):
    author = people["rule author"]
    for _ in range(2):
        shadows.end(author, shadows.start(author, hip))
    watch = shadows.start(author, factories.draft_without_harness(people, hip))
    for _ in range(3):
        factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.REDUCED)
    client.force_login(people["supervisor"])
    assert len(walk(client, reverse("shadows"))) == 3
    assert len(walk(client, watch.get_absolute_url())) == 3


def test_proofs_are_walked_to_the_first_night(people, client, short):
    nights = [date(2026, 5, 1) + timedelta(days=number) for number in range(5)]
    for night in nights:
        ReplayProof.objects.create(day=night, job=Job.objects.create(kind="replay"), suggestions=1)
    client.force_login(people["auditor"])
    assert [proof.day for proof in walk(client, reverse("replays"))] == nights[::-1]


def test_uploads_are_walked_to_the_first_one(people, client, short):
    sent = [factories.upload(people, HEADER).pk for _ in range(3)]
    client.force_login(people["coder"])
    assert [upload.pk for upload in walk(client, reverse("uploads"))] == sent[::-1]


@pytest.fixture
def upload(people, hip, short):
    """A checked file of five good rows and three bad ones."""
    good = b"".join(b"G-%d,P,2026-05-05,11,Dr. X,Left hip.\n" % number for number in range(5))
    bad = b"".join(b"B-%d,P,yesterday,11,Dr. X,Left hip.\n" % number for number in range(3))
    upload = factories.upload(people, HEADER + good + bad)
    while leases.has_work():
        leases.pump()
    return upload


@pytest.mark.parametrize(
    ("query", "state", "count"),
    [
        ("", RowState.REJECTED, 3),
        ("?state=new", RowState.NEW, 5),
        ("?state=nonsense", RowState.REJECTED, 3),
        ("?other=1", RowState.REJECTED, 3),
    ],
)
def test_the_rows_of_an_upload_are_those_of_the_state_that_was_asked_for(
    people, client, upload, query, state, count
):
    client.force_login(people["coder"])
    rows = walk(client, upload.get_absolute_url() + query)
    assert [row.state for row in rows] == [state] * count


def test_an_upload_that_asks_for_itself_stays_on_its_page(people, client, upload):
    client.force_login(people["coder"])
    client.post(reverse("start-import", args=[upload.public_id]))
    page = client.get(upload.get_absolute_url(), {"state": "rejected", "page": 2}).content.decode()
    assert f'hx-get="{upload.get_absolute_url()}?state=rejected&amp;page=2"' in page


# Who opens which list, which page they ask for, and which one they are shown.
def test_what_names_no_place_of_a_list_is_its_beginning(people, client, lists):
    for role, name in (("supervisor", "queue"), ("coder", "worklist"), ("auditor", "trail")):
        client.force_login(people[role])
        first = list(client.get(reverse(name)).context["page"])
        for asked in (
            {"after": "x"},
            {"before": ""},
            {"after": "9" * 40},
            {"page": "2"},
            {"jump": "soon"},
        ):
            assert list(client.get(reverse(name), asked).context["page"])[1:] == first[1:], (
                name,
                asked,
            )


def test_a_filter_that_is_not_understood_is_named_and_finds_nothing(client, people, lists):
    for role, name, query in [
        ("supervisor", "queue", "?state=nonsense"),
        ("coder", "worklist", "?served_from=yesterday"),
        ("auditor", "trail", "?from_day=soon"),
    ]:
        client.force_login(people[role])
        response = client.get(reverse(name) + query)
        assert list(response.context["page"]) == [], name
        assert response.context["filter"].form.errors, name
