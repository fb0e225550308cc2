"""Lists: a fixed number of queries however long they are, and search boxes that take anything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import encounters, uploads
from coding.intake.records import ServiceLineRecord
from coding.work import leases
from reviews.actions import decisions, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice
from tests import factories

LISTS = [
    ("coder", "worklist"),
    ("coder", "my-cases"),
    ("supervisor", "queue"),
    ("auditor", "trail"),
    ("supervisor", "runs"),
    ("supervisor", "shadows"),
    ("auditor", "replays"),
    ("auditor", "uploads"),
]


def fill(people, hip):
    for _ in range(3):
        factories.encounter(people, hip)
        disputed = factories.encounter(people, hip)
        factories.decide(people["coder"], disputed, factories.PAVLIK, factories.insists())
        factories.finished(people, hip)


def test_the_number_of_queries_does_not_grow_with_the_rows(people, hip, client):
    fill(people, hip)
    few = queries_of_each_list(people, client)
    fill(people, hip)
    assert queries_of_each_list(people, client) == few
    assert max(few.values()) < 20


def queries_of_each_list(people, client):
    """How many queries each list asks, opened by one who opened it before."""
    counts = {}
    for role, name in LISTS:
        client.force_login(people[role])
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts[name] = len(queries)
    return counts


NAUGHTY = [
    "\0",
    "'; DROP TABLE x --",
    "\ud800".encode("utf-16", "surrogatepass").hex(),
    "%",
    "x" * 5000,
    "﷽",
    "(?i)[",
]


@pytest.mark.parametrize(("role", "name"), LISTS)
def test_a_filter_takes_any_text_without_falling_over(people, client, role, name):
    client.force_login(people[role])
    names = (
        "search",
        "whose",
        "order",
        "served_from",
        "page",
        "state",
        "reason",
        "actor",
        "event",
        "encounter",
    )
    for text in NAUGHTY:
        page = client.get(reverse(name), dict.fromkeys(names, text))
        assert page.status_code == 200, text
    # What the library calls a filter that has no label.
    assert "[invalid name]" not in page.content.decode()


def test_the_worklist_finds_mine_unassigned_and_by_external_id(people, hip, client):
    mine = factories.encounter(people, hip, external_id="ABC-1")
    other = factories.encounter(people, hip, external_id="XYZ-2")
    factories.answer(people["coder"], mine, {"treatment": "none"})
    client.force_login(people["coder"])

    def listed(**parameters):
        return list(client.get(reverse("worklist"), parameters).context["page"])

    assert listed(whose="mine") == [mine]
    assert listed(whose="unassigned") == [other]
    assert listed(search="abc") == [mine]
    assert listed(order="-external_id") == [other, mine]


def test_a_visit_with_many_services_stands_once_on_the_worklist_however_it_is_narrowed(
    people, hip, client
):
    coder = people["coder"]
    lines = tuple(ServiceLineRecord(code) for code in ("27256", *CODES))
    free, mine = (encounters.enter(coder, factories.record(service_lines=lines)) for _ in range(2))
    without = encounters.enter(coder, factories.record())
    encounters.assign(coder, mine, coder)
    client.force_login(coder)

    def listed(**parameters):
        return list(client.get(reverse("worklist"), parameters).context["page"])

    assert listed() == [free, mine, without]
    assert listed(whose="unassigned") == [free, without]
    assert listed(whose="mine") == [mine]
    assert listed(whose="unassigned", search="E-", state="to_code") == [free, without]
    added = services.add(coder, without, hip.rule_set)
    assert listed(whose="unassigned") == [free]
    services.withdraw(coder, factories.service_of(added), "Opened by mistake.")
    assert listed(whose="unassigned") == [free, without]


def test_an_empty_list_says_what_to_do(people, client, db):
    client.force_login(people["coder"])
    assert "type an encounter or upload a file" in client.get(reverse("worklist")).content.decode()


CODES = ("27093", "73525", "99203", "20610", "99204")


def visit(people, hip, codes):
    """A final visit of a family's line and of others, each with a case that was ruled."""
    lines = [ServiceLineRecord(code, ("LT",)) for code in ("27256", *codes)]
    record = factories.record(service_lines=tuple(lines), patient_reference=f"P-{len(lines)}")
    encounter = encounters.enter(people["coder"], record)
    for service in map(factories.service_of, encounter.services.order_by("number")):
        if service.rule_set:
            decision = factories.decide(
                people["coder"], service, factories.PAVLIK, factories.insists()
            )
        else:
            removed = Judgement(Choice.NOTHING, reason="Bundled.")
            decision = decisions.decide(people["coder"], service, removed)
        factories.rule(people["supervisor"], factories.case_of(decision))
    return encounter


@pytest.mark.parametrize(
    "name", ["encounter", "encounter-checks", "encounter-history", "report", "worklist"]
)
def test_a_visits_page_asks_as_often_for_one_line_as_for_six(people, hip, client, name):
    factories.fees()
    client.force_login(people["coder"])
    counts = []
    for codes in (CODES[:1], CODES):
        encounter = visit(people, hip, codes)
        address = reverse(name) if name == "worklist" else reverse(name, args=[encounter.public_id])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    # Claim checks ask each of their tables; begin and end of what a page writes are counted besides.
    # For coders it is asked, too, what of the encounter they are to code blind.
    assert counts[0] <= {"encounter": 24}.get(name, 63)


def test_the_rows_of_an_upload_ask_as_often_for_one_as_for_twenty(people, hip, client):
    client.force_login(people["coder"])
    header = "external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    counts = []
    for start, size in ((0, 1), (10, 20)):
        rows = "".join(
            f"V-{start + number},P,2026-05-05,11,Dr. X,Left hip.\n" for number in range(size)
        )
        upload = factories.upload(people, (header + rows).encode())
        while leases.has_work():
            leases.pump()
        leases.close_finished()
        uploads.start_import(people["coder"], upload)
        while leases.has_work():
            leases.pump()
        leases.close_finished()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(upload.get_absolute_url(), {"state": "imported"}).context["page"]
        assert len(page) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]
