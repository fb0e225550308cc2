"""Back-ups: the database as it is at one instant, the anchor of its trail, and a manifest that tells what is in them.

They hold patients' data and are readable by whoever runs this alone; encrypt what leaves the machine.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from coding.operation import manifest, postgres_tools
from coding.operation.manifest import Manifest

DATABASE_FILES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
ANCHOR_FILE = "audit-anchor"


@dataclass(frozen=True, slots=True)
class _Stored:
    """What was read of the database at the instant of the back-up."""

    rows: dict[str, int]
    head: tuple[int, str]
    migrations: list[str]


def back_up(parent: Path) -> Path:
    """Make a back-up in a new folder; that folder. Raises ToolFailed or OSError; one without a manifest is none."""
    now = timezone.now()
    folder = parent / f"concord-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(mode=0o700)
    before = os.umask(0o077)
    try:
        # First the anchor: it may not be ahead of the database that it is kept with.
        _copy_anchor(folder)
        stored = (
            _dump_postgresql(folder) if connection.vendor == "postgresql" else _copy_sqlite(folder)
        )
        events, last_hash = stored.head
        files = {file.name: manifest.hash_of(file) for file in sorted(folder.iterdir())}
        Manifest(
            made_at=now.isoformat(timespec="seconds"),
            vendor=connection.vendor,
            rows=stored.rows,
            events=events,
            last_hash=last_hash,
            migrations=stored.migrations,
            files=files,
        ).write(folder)
    finally:
        os.umask(before)
    return folder


def _copy_anchor(folder: Path) -> None:
    anchor = Path(settings.AUDIT_ANCHOR_FILE)
    if anchor.exists():
        shutil.copyfile(anchor, folder / ANCHOR_FILE)


def _dump_postgresql(folder: Path) -> _Stored:
    """Dump what a transaction sees, and count in it: whoever writes meanwhile changes neither."""
    file = folder / DATABASE_FILES["postgresql"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It idles while the dump is made, and counts large tables.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        options = [
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={file}",
        ]
        postgres_tools.run(connection, "pg_dump", *options)
        return _read_stored()


def _copy_sqlite(folder: Path) -> _Stored:
    """Copy by SQLite's own means, page by page, which hold still for as long; count in the copy's transaction."""
    file = folder / DATABASE_FILES["sqlite"]
    with transaction.atomic():
        # A transaction of ours keeps writers waiting, so that the copy and the counts are of one instant.
        stored = _read_stored()
        with (
            closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    return stored


def _read_stored() -> _Stored:
    return _Stored(
        manifest.count_rows(connection), manifest.head(), manifest.migrations_of(connection)
    )
