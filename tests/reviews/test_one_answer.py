"""One answer: the note is read once, the rules are guided once, and the database is asked little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding import rulesets
from coding.models import AuditEvent
from coding.rules import note_reading
from reviews.actions import answers
from reviews.coding_form import guided
from tests import factories

NOTE = "Left hip dislocated since birth. A Pavlik harness was fitted. No anesthesia."
# The last of them reads back what the trail is to tell of the answer.
MOST_QUERIES = 15


@pytest.fixture
def service(people):
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    return factories.service(people, version, note=NOTE)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def send(coder, service, fact, value, **more):
    return coder.post(
        reverse("code", args=[service.public_id]),
        {"fact": fact, "value": value, "revision": 1, **more},
        headers={"HX-Request": "true"},
    )


def counted(monkeypatch, module, name):
    """How often a function of a module is called."""
    calls, original = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args: calls.append(name) or original(*args))
    return calls


def test_the_note_is_read_once_and_the_rules_guide_once(coder, service, monkeypatch):
    send(coder, service, "laterality", "left")
    readings = counted(monkeypatch, note_reading, "read")
    guides = counted(monkeypatch, answers, "guide")
    more = counted(monkeypatch, guided, "guide")
    assert send(coder, service, "anesthesia", "none").status_code == 200
    assert (len(readings), len(guides), len(more)) == (1, 1, 0)


def test_it_asks_the_database_little(coder, service):
    """Counted for a combination of answers that somebody gave before, as nearly all are."""
    send(coder, service, "laterality", "left")
    for value in ("none", "regional"):
        send(coder, service, "anesthesia", value, reason="As the anesthesia record says.")
    with CaptureQueriesContext(connection) as queries:
        assert send(coder, service, "anesthesia", "none").status_code == 200
    asked = [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(asked) <= MOST_QUERIES, "\n".join(sql[:160] for sql in asked)


def test_opening_a_page_writes_nothing_but_that_it_was_opened(coder, service):
    send(coder, service, "laterality", "left")
    for address in (
        reverse("code", args=[service.public_id]),
        service.encounter.get_absolute_url(),
    ):
        before = AuditEvent.objects.count()
        with CaptureQueriesContext(connection) as queries:
            coder.get(address)
        writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        of_trail = ("coding_audit", "django_session")
        assert [sql for sql in writes if not any(table in sql for table in of_trail)] == []
        assert AuditEvent.objects.count() == before + 1
