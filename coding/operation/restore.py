"""Restoring a back-up into an empty database, and proving that it is what was stored."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection

from coding import trail
from coding.operation import manifest, postgres_tools
from coding.operation.backup import ANCHOR_FILE, DATABASE_FILES
from coding.operation.manifest import Manifest

# Commands that prove what was restored, in order; each ends with a status if it finds a fault.
PROOFS = ("verify_trail", "verify_records", "replay")


class Refused(Exception):
    """Why a back-up is not restored, and what to do."""


def restore(folder: Path, *, accept_loss: bool = False) -> Manifest:
    """Fill an empty database from a back-up, and put its anchor where there is none.

    Raises Refused before anything is written, or ToolFailed. ``accept_loss`` goes on although the anchor here knows of
    events that the back-up does not hold; that anchor is kept beside the restored one.
    """
    stored = _checked(folder)
    _refuse_filled_database()
    ahead = _events_lost(stored)
    if ahead and not accept_loss:
        raise Refused(
            f"The anchor here knows of {ahead} events after this back-up. They are lost if you restore it: look for a"
            " later back-up first. To go on, give --accept-loss; the anchor is kept."
        )
    if connection.vendor == "postgresql":
        _restore_postgresql(folder)
    else:
        _restore_sqlite(folder)
    _restore_anchor(folder, replaces=ahead > 0)
    return stored


def _checked(folder: Path) -> Manifest:
    """The manifest, if every file is as it says."""
    try:
        stored = manifest.read(folder)
    except (OSError, ValueError, TypeError):
        raise Refused(
            f"{folder} holds no manifest that can be read: this is no finished back-up."
        ) from None
    for name, digest in stored.files.items():
        file = folder / name
        if not file.is_file():
            raise Refused(f"{name} is missing. Take another copy of this back-up.")
        if manifest.hash_of(file) != digest:
            raise Refused(f"{name} is not as it was written. Take another copy of this back-up.")
    if stored.vendor != connection.vendor:
        raise Refused(
            f"This is a back-up of {stored.vendor}, and DATABASE_URL names {connection.vendor}."
        )
    return stored


def _refuse_filled_database() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if tables:
        raise Refused(
            "The database is not empty. Restore into a new one, and let DATABASE_URL name it."
        )


def _events_lost(stored: Manifest) -> int:
    anchor = trail.read_anchor()
    return max(0, anchor.count - stored.events) if anchor else 0


def _restore_postgresql(folder: Path) -> None:
    file = folder / DATABASE_FILES["postgresql"]
    database = f"--dbname={connection.settings_dict['NAME']}"
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", database]
    postgres_tools.run(connection, "pg_restore", *options, str(file))
    connection.close()


def _restore_sqlite(folder: Path) -> None:
    with (
        closing(sqlite3.connect(folder / DATABASE_FILES["sqlite"])) as copy,
        closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as database,
    ):
        copy.backup(database)
    connection.close()


def _restore_anchor(folder: Path, *, replaces: bool) -> None:
    copy, anchor = folder / ANCHOR_FILE, Path(settings.AUDIT_ANCHOR_FILE)
    if replaces:
        anchor.replace(anchor.with_name(f"{anchor.name}.before-restore"))
    if copy.exists() and not anchor.exists():
        anchor.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, anchor)


def differing_rows(stored: Manifest) -> list[str]:
    """The tables whose rows are not as many as the back-up says, in words."""
    now = manifest.count_rows(connection)
    tables = sorted(stored.rows.keys() | now.keys())
    return [
        f"{table}: {stored.rows.get(table, 0)} rows were stored, {now.get(table, 0)} are here"
        for table in tables
        if stored.rows.get(table, 0) != now.get(table, 0)
    ]


def proofs() -> Iterator[tuple[str, Callable[[], bool]]]:
    """The proofs that this copy of Concord knows: the command's name, and a call that is true if it found no fault."""
    known = get_commands()
    for name in PROOFS:
        if name in known:
            yield name, partial(_proves, name)


def _proves(name: str) -> bool:
    try:
        call_command(name)
    except SystemExit as end:
        return not end.code
    return True
