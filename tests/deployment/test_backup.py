"""Back-up and restore: what was stored is there again and proven, and nothing is written over."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as now
from django.core.management import CommandError, call_command
from django.db import connection

from coding import trail
from coding.models import AuditEvent, Encounter
from coding.operation import manifest
from coding.trail import guards
from tests import factories

pytestmark = pytest.mark.both


@pytest.fixture
def stored(transactional_db, tmp_path, settings):
    """A back-up of a copy with a decision and an anchored trail."""
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "elsewhere" / "anchor")
    people = factories.People()
    hip = factories.published_hip(people)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    trail.write_anchor()
    call_command("backup", str(tmp_path))
    [folder] = tmp_path.glob("concord-*")
    return folder


@pytest.fixture
def empty(transactional_db, tmp_path):
    """Another database, without a table; the connection leads to it until the test ends."""
    known = connection.settings_dict["NAME"]
    other = (
        str(tmp_path / "other.sqlite3") if connection.vendor == "sqlite" else f"{known}_restored"
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {other}")
            cursor.execute(f"CREATE DATABASE {other} TEMPLATE template0")

    def use(name):
        connection.close()
        connection.settings_dict["NAME"] = name

    yield lambda: use(other)
    use(known)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {other}")


def restore(folder, **options):
    call_command("restore", str(folder), **options)


def rewrite(folder, **changes):
    """Let the manifest say something else."""
    replace(manifest.read(folder), **changes).write(folder)


def test_what_was_stored_is_there_again_with_its_guards_and_proven(stored, empty, capsys):
    events = AuditEvent.objects.count()
    empty()
    restore(stored)
    told = capsys.readouterr().out
    assert Encounter.objects.count() == 1
    assert AuditEvent.objects.count() == events
    assert guards.missing(connection) == []
    assert f"The trail is whole: {events} events" in told
    assert "replayed: 1 the same, 0 different" in told
    assert "Restored as it was stored." in told


def test_the_anchor_travels_to_where_there_is_none(stored, empty):
    anchored = trail.read_anchor()
    Path(now.AUDIT_ANCHOR_FILE).unlink()
    empty()
    restore(stored)
    assert trail.read_anchor() == anchored


def test_a_back_up_tells_what_it_holds_is_for_its_owner_only_and_writes_over_nothing(stored):
    told = manifest.read(stored)
    assert told.rows["coding_encounter"] == 1
    assert told.events == AuditEvent.objects.count()
    assert told.files.keys() == {file.name for file in stored.iterdir()} - {manifest.FILE}
    assert {oct(file.stat().st_mode)[-2:] for file in (stored, *stored.iterdir())} == {"00"}
    with pytest.raises(CommandError, match="The database is not empty"):
        restore(stored)


def test_what_is_not_as_it_was_written_is_refused_before_anything_is_written(stored, empty):
    [file] = stored.glob("database.*")
    empty()
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    with pytest.raises(CommandError, match="is not as it was written"):
        restore(stored)
    file.unlink()
    with pytest.raises(CommandError, match=f"{file.name} is missing"):
        restore(stored)
    file.write_bytes(content)
    rewrite(stored, vendor="oracle")
    with pytest.raises(CommandError, match="a back-up of oracle"):
        restore(stored)
    (stored / manifest.FILE).unlink()
    with pytest.raises(CommandError, match="this is no finished back-up"):
        restore(stored)
    assert connection.introspection.table_names() == []


def test_rows_that_are_not_as_many_as_were_stored_are_told(stored, empty, capsys):
    rewrite(stored, rows={**manifest.read(stored).rows, "coding_encounter": 7})
    empty()
    with pytest.raises(CommandError, match="not as it was stored: rows differ"):
        restore(stored)
    assert "coding_encounter: 7 rows were stored, 1 are here" in capsys.readouterr().out


def test_events_that_only_the_anchor_knows_of_are_told_before_they_are_lost(stored, empty):
    factories.person("coder")
    people = factories.People()
    factories.visit(people)
    trail.write_anchor()
    ahead = trail.read_anchor()
    empty()
    with pytest.raises(CommandError, match="events after this back-up"):
        restore(stored)
    restore(stored, accept_loss=True)
    assert trail.read_anchor().count < ahead.count
    assert Path(f"{now.AUDIT_ANCHOR_FILE}.before-restore").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path, db):
    with pytest.raises(CommandError, match="is no folder"):
        call_command("backup", str(tmp_path / "nowhere"))
