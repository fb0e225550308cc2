"""The anchor: the trail's head in a file outside the database, which shows what the database no longer does."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from coding import trail
from coding.models import AuditEvent, AuditHead
from coding.trail import guards, sign
from coding.trail.chain import hash_of
from tests import factories


@pytest.fixture
def anchor(settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "far" / "away" / "anchor")
    return Path(settings.AUDIT_ANCHOR_FILE)


@pytest.fixture
def events(people, hip, anchor):
    factories.encounter(people, hip)
    return AuditEvent.objects


def lines(anchor):
    return anchor.read_text(encoding="ascii").splitlines()


def test_before_the_first_event_there_is_nothing_to_anchor(db, anchor, capsys):
    trail.write_anchor()
    assert not anchor.exists()
    assert trail.read_anchor() is None
    call_command("verify_trail")
    assert "The trail is whole: 0 events; nothing is anchored yet." in capsys.readouterr().out


def test_the_head_is_written_with_its_count_hash_and_signature(events, anchor):
    trail.write_anchor()
    head = AuditHead.objects.get()
    assert lines(anchor) == [f"{head.count} {head.hash} {head.signature} first"]
    assert trail.read_anchor() == trail.Anchor(head.count, head.hash)


def test_a_line_is_added_when_the_trail_has_grown_and_only_then(people, hip, events, anchor):
    trail.write_anchor()
    trail.write_anchor()
    assert len(lines(anchor)) == 1
    factories.encounter(people, hip)
    trail.write_anchor()
    assert [int(line.split()[0]) for line in lines(anchor)] == [events.count() - 1, events.count()]


@pytest.mark.parametrize("broken", ["12 abc", "", "9" * 200, "7 " + "0" * 64 + " " + "0" * 64])
def test_a_line_that_is_not_ours_or_was_cut_is_passed_over(events, anchor, broken):
    trail.write_anchor()
    ours = trail.read_anchor()
    with anchor.open("a", encoding="ascii") as file:
        file.write(f"{broken}\n")
    assert trail.read_anchor() == ours
    assert trail.verify() is None


def test_bytes_that_are_no_text_keep_no_line_from_being_read(people, hip, events, anchor):
    trail.write_anchor()
    ours = trail.read_anchor()
    with anchor.open("ab") as file:
        file.write(b"\xff\xfe damaged\n")
    assert trail.read_anchor() == ours
    factories.encounter(people, hip)
    trail.write_anchor()
    assert trail.read_anchor().count == events.count()


def test_a_file_of_other_lines_only_anchors_nothing(events, anchor):
    anchor.parent.mkdir(parents=True)
    anchor.write_text("nothing of ours\n", encoding="ascii")
    assert trail.read_anchor() is None
    trail.write_anchor()
    assert len(lines(anchor)) == 2


def test_what_was_signed_with_another_key_is_not_ours(events, anchor, settings):
    trail.write_anchor()
    settings.AUDIT_KEYS = {"first": "another key"}
    assert trail.read_anchor() is None


def test_a_whole_chain_written_anew_with_the_key_differs_from_its_anchor(events, anchor):
    """Whoever has the key and the tables, but not the file, is found out."""
    trail.write_anchor()
    guards.lift(connection)
    previous = trail.FIRST_HASH
    for event in events.order_by("sequence"):
        event.reason, event.previous_hash = "Written anew.", previous
        previous = hash_of(event)
        events.filter(pk=event.pk).update(
            reason=event.reason, previous_hash=event.previous_hash, hash=previous
        )
    count = events.count()
    AuditHead.objects.update(hash=previous, signature=sign(count, previous))
    assert (
        trail.verify().problem
        == f"event {count} is not the one that was anchored outside the database"
    )


def test_events_behind_the_anchor_are_fine(people, hip, events, anchor):
    trail.write_anchor()
    factories.encounter(people, hip)
    assert trail.verify() is None
