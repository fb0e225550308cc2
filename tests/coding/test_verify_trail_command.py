"""``verify_trail``: what it prints of a whole trail, of an empty one, and that it changes nothing."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from coding import trail
from coding.models import AuditEvent, AuditHead
from coding.trail import guards
from tests import factories, small_rules


def verify():
    """What the command prints, and its exit status."""
    out = io.StringIO()
    try:
        call_command("verify_trail", stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_a_trail_without_an_event_is_whole(db):
    assert verify() == ("The trail is whole: 0 events; nothing is anchored yet.\n", 0)


def test_the_events_are_counted_and_the_anchor_is_named(people):
    small_rules.draft(people)
    assert verify() == ("The trail is whole: 1 events; nothing is anchored yet.\n", 0)
    trail.write_anchor()
    small_rules.draft(people)
    assert verify() == (
        "The trail is whole: 2 events; event 1 is anchored outside the database.\n",
        0,
    )


def test_a_second_run_says_the_same_and_writes_nothing(people):
    small_rules.draft(people)
    first = verify()
    assert verify() == first
    assert AuditEvent.objects.count() == 1
    assert not Path(settings.AUDIT_ANCHOR_FILE).exists()


def test_a_line_of_the_anchor_that_is_not_ours_does_not_count(people):
    small_rules.draft(people)
    forged = f"7 {'a' * 64} {'b' * 64}\n"
    Path(settings.AUDIT_ANCHOR_FILE).write_bytes(forged.encode() + b"no line at all \xff\n")
    assert verify() == ("The trail is whole: 1 events; nothing is anchored yet.\n", 0)


def test_an_anchor_beyond_the_end_tells_that_the_end_was_cut(people):
    small_rules.draft(people)
    last_hash = "a" * 64
    Path(settings.AUDIT_ANCHOR_FILE).write_text(f"9 {last_hash} {trail.sign(9, last_hash)}\n")
    out, status = verify()
    assert status == 1
    assert out == (
        "The trail is broken: the trail ends at event 1, but event 9 was anchored outside the database.\n"
    )


def test_a_head_that_was_signed_with_another_key_is_not_ours(people, settings):
    small_rules.draft(people)
    settings.AUDIT_KEYS = {"first": "another key"}
    assert verify() == ("The trail is broken: the signature of the head is not ours.\n", 1)


@pytest.mark.django_db(transaction=True)
def test_a_single_guard_that_is_missing_is_named_with_what_to_do(people):
    small_rules.draft(people)
    place = " ON coding_rulesetversion" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER concord_update_coding_rulesetversion{place}")
    out, status = verify()
    guards.install(connection)
    assert (out, status) == (
        "Guards of the database are missing: concord_update_coding_rulesetversion. Run migrate.\n",
        1,
    )
    assert AuditHead.objects.get().count == 1
    assert verify()[1] == 0


def test_an_empty_trail_beside_encounters_was_emptied(people, hip):
    factories.encounter(people, hip)
    guards.lift(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM coding_auditevent")
    AuditHead.objects.all().delete()
    guards.install(connection)
    out, status = verify()
    assert status == 1
    assert "The trail is empty beside encounters" in out
