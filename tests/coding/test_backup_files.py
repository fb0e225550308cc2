"""The files of a back-up: its manifest, what is refused before anything is restored, and how tools are called."""

import json
import stat
from types import SimpleNamespace

import pytest
from django.db import connection

from coding.operation import manifest, postgres_tools, restore
from coding.operation.backup import ANCHOR_FILE
from coding.operation.manifest import Manifest
from coding.operation.postgres_tools import ToolFailed
from coding.operation.restore import Refused


@pytest.fixture
def folder(tmp_path):
    """A back-up of one file."""
    (tmp_path / "database.dump").write_bytes(b"all of it")
    return tmp_path


def kept(folder, **values):
    """Its manifest, written beside its file."""
    usual = {
        "made_at": "2026-05-04T12:00:00+00:00",
        "vendor": connection.vendor,
        "rows": {"coding_encounter": 3, "coding_user": 2},
        "events": 7,
        "last_hash": "ab",
        "migrations": ["coding.0001_initial"],
        "files": {"database.dump": manifest.hash_of(folder / "database.dump")},
    }
    stored = Manifest(**{**usual, **values})
    stored.write(folder)
    return stored


def refusal(folder):
    with pytest.raises(Refused) as refused:
        restore._checked(folder)
    return str(refused.value)


# The manifest --------------------------------------------------------------------------------------


def test_a_manifest_is_read_as_it_was_written(folder):
    stored = kept(folder)
    assert manifest.read(folder) == stored
    assert restore._checked(folder) == stored


def test_people_can_read_it_too(folder):
    kept(folder)
    text = (folder / "manifest.json").read_text()
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert '\n "events": 7,\n' in text


def test_the_hash_of_a_file_is_that_of_all_its_bytes(tmp_path, monkeypatch):
    whole = tmp_path / "whole"
    whole.write_bytes(b"abc" * 10)
    at_once = manifest.hash_of(whole)
    monkeypatch.setattr(manifest, "PORTION", 7)
    assert manifest.hash_of(whole) == at_once
    whole.write_bytes(b"abc" * 9 + b"abd")
    assert manifest.hash_of(whole) != at_once


# What is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"made_at": "now"}', '{"more": 1}'])
def test_a_folder_without_a_manifest_of_ours_is_no_finished_back_up(folder, text):
    if text is not None:
        (folder / "manifest.json").write_text(text)
    words = f"{folder} holds no manifest that can be read: this is no finished back-up."
    assert refusal(folder) == words


def test_a_file_that_is_missing_is_named(folder):
    kept(folder)
    (folder / "database.dump").unlink()
    assert refusal(folder) == "database.dump is missing. Take another copy of this back-up."


def test_a_file_that_changed_is_named(folder):
    kept(folder)
    (folder / "database.dump").write_bytes(b"all of it, and more")
    assert refusal(folder) == (
        "database.dump is not as it was written. Take another copy of this back-up."
    )


def test_a_back_up_of_the_other_database_is_not_restored_here(folder):
    kept(folder, vendor="oracle")
    assert refusal(folder) == (
        f"This is a back-up of oracle, and DATABASE_URL names {connection.vendor}."
    )


def test_tables_that_hold_more_or_fewer_rows_are_named_with_both_counts(folder, monkeypatch):
    now = {"coding_encounter": 2, "coding_job": 1, "coding_user": 2}
    monkeypatch.setattr(manifest, "count_rows", lambda connection: now)
    assert restore.differing_rows(kept(folder)) == [
        "coding_encounter: 3 rows were stored, 2 are here",
        "coding_job: 0 rows were stored, 1 are here",
    ]


# The anchor ----------------------------------------------------------------------------------------


@pytest.fixture
def anchor(tmp_path, settings):
    path = tmp_path / "elsewhere" / "anchor"
    settings.AUDIT_ANCHOR_FILE = str(path)
    return path


def test_the_anchor_of_the_back_up_is_put_where_there_is_none(folder, anchor):
    restore._restore_anchor(folder, replaces=False)
    assert not anchor.exists()
    (folder / ANCHOR_FILE).write_text("theirs")
    restore._restore_anchor(folder, replaces=False)
    assert anchor.read_text() == "theirs"


def test_an_anchor_that_is_here_stays_unless_the_loss_was_accepted_and_then_it_is_kept(
    folder, anchor
):
    anchor.parent.mkdir()
    anchor.write_text("ours")
    (folder / ANCHOR_FILE).write_text("theirs")
    restore._restore_anchor(folder, replaces=False)
    assert anchor.read_text() == "ours"
    restore._restore_anchor(folder, replaces=True)
    assert anchor.read_text() == "theirs"
    assert (anchor.parent / "anchor.before-restore").read_text() == "ours"


@pytest.mark.parametrize(("count", "lost"), [(None, 0), (6, 0), (7, 0), (8, 1), (20, 13)])
def test_the_events_that_only_the_anchor_knows_of_are_counted(folder, monkeypatch, count, lost):
    here = None if count is None else SimpleNamespace(count=count)
    monkeypatch.setattr(restore.trail, "read_anchor", lambda: here)
    assert restore._events_lost(kept(folder)) == lost


# PostgreSQL's programs -----------------------------------------------------------------------------


def script(tmp_path, *lines):
    """A program of ours in place of one of PostgreSQL's."""
    path = tmp_path / "tool"
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def server(**options):
    named = {"HOST": "db", "PORT": 5433, "USER": "owner", "PASSWORD": "secret", "NAME": "concord"}
    return SimpleNamespace(settings_dict={**named, "OPTIONS": options})


def test_a_program_is_told_by_its_environment_how_to_connect_and_by_no_argument(tmp_path):
    tool = script(tmp_path, f'env | grep ^PG | sort > "{tmp_path}/env"; echo "$@" > "$1"')
    postgres_tools.run(server(sslmode="verify-full"), tool, str(tmp_path / "arguments"))
    told = dict(line.split("=") for line in (tmp_path / "env").read_text().splitlines())
    expected = {
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGUSER": "owner",
        "PGPASSWORD": "secret",
        "PGDATABASE": "concord",
        "PGSSLMODE": "verify-full",
    }
    assert told.items() >= expected.items()
    assert "PGSSLROOTCERT" not in told
    assert "secret" not in (tmp_path / "arguments").read_text()


def test_a_program_that_fails_is_quoted(tmp_path):
    tool = script(tmp_path, "echo ' no such host ' >&2; exit 3")
    with pytest.raises(ToolFailed) as failure:
        postgres_tools.run(server(), tool)
    assert str(failure.value) == f"{tool} failed: no such host"


def test_a_program_that_is_not_there_says_what_to_install():
    with pytest.raises(ToolFailed) as failure:
        postgres_tools.run(server(), "no-such-program")
    assert str(failure.value) == (
        "no-such-program is not installed. On Debian: apt-get install postgresql-client."
    )
