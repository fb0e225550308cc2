"""Lists: a fixed number of queries however long they are, and search boxes that take anything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

LISTS = [
    ("coder", "worklist", {}),
    ("coder", "my-cases", {}),
    ("supervisor", "queue", {}),
    ("auditor", "trail", {}),
    ("supervisor", "runs", {}),
    ("supervisor", "shadows", {}),
    ("auditor", "replays", {}),
    ("auditor", "uploads", {}),
]


def fill(people, hip):
    for _ in range(3):
        factories.encounter(people, hip)
        disputed = factories.encounter(people, hip)
        factories.decide(people["coder"], disputed, factories.PAVLIK, factories.insists())
        factories.finished(people, hip)


@pytest.mark.parametrize(("role", "name", "parameters"), LISTS)
def test_the_number_of_queries_does_not_grow_with_the_rows(people, hip, client, role, name, parameters):
    client.force_login(people[role])
    counts = []
    for _ in range(2):
        fill(people, hip)
        client.get(reverse(name), parameters)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name), parameters).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 20


NAUGHTY = ["\0", "'; DROP TABLE x --", "\ud800".encode("utf-16", "surrogatepass").hex(), "%", "x" * 5000, "﷽", "(?i)["]


@pytest.mark.parametrize("text", NAUGHTY)
@pytest.mark.parametrize(("role", "name", "parameters"), LISTS)
def test_a_filter_takes_any_text_without_falling_over(people, hip, client, role, name, parameters, text):
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
    assert client.get(reverse(name), dict.fromkeys(names, text)).status_code == 200


def test_the_worklist_finds_mine_unassigned_and_by_external_id(people, hip, client):
    mine = factories.encounter(people, hip, external_id="ABC-1")
    other = factories.encounter(people, hip, external_id="XYZ-2")
    factories.answer(people["coder"], mine, {"treatment": "none"})
    client.force_login(people["coder"])

    def found(**parameters):
        return list(client.get(reverse("worklist"), parameters).context["page"])

    assert found(whose="mine") == [mine]
    assert found(whose="unassigned") == [other]
    assert found(search="abc") == [mine]
    assert found(order="-external_id") == [other, mine]


def test_an_empty_list_says_what_to_do(people, client, db):
    client.force_login(people["coder"])
    assert "type an encounter or upload a file" in client.get(reverse("worklist")).content.decode()
