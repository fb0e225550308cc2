"""The audit trail: refused to change, and where somebody got around that, found out."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from coding import trail
from coding.models import AuditEvent, AuditHead
from coding.trail import guards
from coding.trail.timeline import timeline
from tests import factories
from tests.races import at_once

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both

EVENTS = "coding_auditevent"


def standing(people, hip):
    """A few events, more than ten."""
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)


@pytest.fixture
def events(standing):
    return AuditEvent.objects


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {EVENTS} SET reason = 'x' WHERE sequence = 3",
        f"DELETE FROM {EVENTS} WHERE sequence = 3",
        "UPDATE coding_answer SET fact = 'x'",
        "DELETE FROM reviews_codingdecision",
        "UPDATE coding_suggestion SET code = 'x'",
        "UPDATE coding_ruledocument SET content_hash = 'x'",
        "UPDATE coding_rulesetversion SET effective_from = '2020-01-01'",
        "UPDATE coding_rulesetversion SET state = 'draft'",
        "DELETE FROM coding_rulesetversion",
        "UPDATE coding_rule SET title = 'x'",
        "DELETE FROM coding_fact",
    ],
)
def test_the_database_refuses_to_change_what_is_written_once(events, sql):
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        run(sql)


def test_every_table_that_is_written_once_has_its_triggers(db):
    assert guards.missing(connection) == []


def test_a_guard_that_is_missing_is_named_and_installed_by_the_next_migrate(
    transactional_db, capsys
):
    guards.lift(connection)
    with pytest.raises(SystemExit):
        call_command("verify_trail")
    assert "concord_update_coding_rulesetversion" in capsys.readouterr().out
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []


def test_the_database_refuses_to_replace_or_empty_the_trail(events):
    replace = f"REPLACE INTO {EVENTS} SELECT * FROM {EVENTS}"
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        run(
            replace
            if connection.vendor == "sqlite"
            else f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {EVENTS} CASCADE"
        )


def test_a_trail_that_nobody_touched_is_whole(events, capsys):
    assert trail.verify() is None
    trail.write_anchor()
    call_command("verify_trail")
    assert f"event {events.count()} is anchored" in capsys.readouterr().out


@pytest.fixture
def unguarded(events):
    """What the owner of the tables can do: drop the triggers."""
    trail.write_anchor()
    guards.lift(connection)
    return events


def broken(capsys):
    with pytest.raises(SystemExit):
        call_command("verify_trail")
    return capsys.readouterr().out


def test_an_edited_event_is_found(unguarded, capsys):
    unguarded.filter(sequence=5).update(reason="It was somebody else.")
    assert "event 5 was changed" in broken(capsys)


def test_a_deleted_event_is_found(unguarded, capsys):
    run(f"DELETE FROM {EVENTS} WHERE sequence = 5")
    assert "event 5 is missing" in broken(capsys)


def test_a_cut_end_is_found(unguarded, capsys):
    last = unguarded.count()
    run(f"DELETE FROM {EVENTS} WHERE sequence > %s", last - 2)
    assert f"the trail ends at event {last - 2}, but {last} events were written" in broken(capsys)


def test_a_cut_end_is_found_although_the_head_was_turned_back(unguarded, capsys):
    last = unguarded.count()
    run(f"DELETE FROM {EVENTS} WHERE sequence > %s", last - 2)
    end = unguarded.get(sequence=last - 2)
    AuditHead.objects.update(
        count=last - 2, hash=end.hash, signature=trail.sign(last - 2, end.hash)
    )
    assert f"event {last} was anchored outside the database" in broken(capsys)


def test_an_emptied_trail_is_found(unguarded, capsys):
    run(f"DELETE FROM {EVENTS}")
    AuditHead.objects.all().delete()
    assert "the trail ends at event 0" in broken(capsys)


def test_a_chain_written_anew_without_the_key_is_found(unguarded, capsys, settings):
    settings.AUDIT_KEYS = {"first": "not the key"}
    AuditHead.objects.update(signature=trail.sign(1, "forged"))
    assert "signature" in broken(capsys)


def test_an_event_needs_a_registered_name_and_the_transaction_of_its_change(people, hip):
    with pytest.raises(LookupError):
        trail.record(people["coder"], "made.up", hip)


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_written_outside_a_transaction(people, hip):
    with pytest.raises(RuntimeError):
        trail.record(people["coder"], "version.saved", hip)


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_chain(people, hip):
    coder = people["coder"]

    def write(number):
        with transaction.atomic():
            trail.record(coder, "version.saved", hip, reason=str(number))

    before = AuditEvent.objects.count()
    assert at_once(8, write) == [None] * 8
    assert AuditEvent.objects.count() == before + 8
    assert trail.verify() is None


def test_an_encounters_time_line_reads_from_the_first_event_to_the_last(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    labels = [line.label for line in timeline(encounter)]
    assert labels[0] == "Encounter entered"
    assert labels[-3:] == ["Coding decision", "Service settled", "Report made"]
