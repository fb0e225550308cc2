"""Databases of earlier versions, brought to the present one by ``migrate`` as an operator does it."""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
KEYS = {
    "AUDIT_KEY": "audit-key-of-the-upgrade-test",
    "SECRET_KEY": "secret-key-of-the-upgrade-test",
}
# Tables whose rows belong to Django, and are made anew by every ``migrate``.
OF_DJANGO = ("auth_", "django_", "sqlite_", "account_", "mfa_", "socialaccount_", "coding_user_")


@dataclass
class StoredDatabase:
    """A database made at a commit, with what was counted in it then."""

    url: str
    path: Path | None
    counted: dict[str, Any]
    folder: Path

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of today's Concord on it."""
        own = {**KEYS, "DATABASE_URL": self.url, "AUDIT_ANCHOR_FILE": str(self.folder / "anchor")}
        environment = {**os.environ, **own}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a statement finds; ``%s`` stands for no value here."""
        if self.path:
            with sqlite3.connect(self.path) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(self.url, autocommit=True) as database:
            return database.execute(sql).fetchall()

    def count(self, table: str) -> int:
        """The rows of a table."""
        [(number,)] = self.rows(f"SELECT count(*) FROM {table}")
        return int(number)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], StoredDatabase]]:
    """Each database of an earlier version once, migrated; they are named by the commit that made them."""
    databases: dict[str, StoredDatabase] = {}
    with ExitStack() as stack:

        def get(name: str) -> StoredDatabase:
            if name not in databases:
                databases[name] = stack.enter_context(
                    _database(name, tmp_path_factory.mktemp(name))
                )
                migration = databases[name].manage("migrate", "--verbosity", "0")
                assert migration.returncode == 0, migration.stderr
            return databases[name]

        yield get


@contextmanager
def _database(name: str, folder: Path) -> Iterator[StoredDatabase]:
    kind = "sqlite3" if connection.vendor == "sqlite" else "sql"
    content = lzma.decompress((DATA / f"{name}.{kind}.xz").read_bytes())
    counted = json.loads((DATA / "counts.json").read_text())[f"{name}.{kind}.xz"]
    if connection.vendor == "sqlite":
        path = folder / "stored.sqlite3"
        path.write_bytes(content)
        yield StoredDatabase(f"sqlite:///{path}", path, counted, folder)
        return
    server = _server()
    database = f"stored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database}")
    try:
        with psycopg.connect(f"{server}/{database}") as opened:
            opened.execute(content.decode())
        yield StoredDatabase(f"{server}/{database}", None, counted, folder)
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(params=["1ed80d3", "8a5f8ff"])
def upgraded(
    request: pytest.FixtureRequest, migrated: Callable[[str], StoredDatabase]
) -> StoredDatabase:
    """Each old database, migrated."""
    return migrated(request.param)


@pytest.fixture
def with_stories(migrated: Callable[[str], StoredDatabase]) -> StoredDatabase:
    """The later database, in which an encounter stands in each state, migrated."""
    return migrated("8a5f8ff")


@pytest.fixture
def of_models(db: None, tmp_path: Path) -> StoredDatabase:
    """The database of the other tests, whose tables are made from the models."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return StoredDatabase(f"sqlite:///{name}", Path(name), {}, tmp_path)
    return StoredDatabase(f"{_server()}/{name}", None, {}, tmp_path)


def _server() -> str:
    own = connection.settings_dict
    return f"postgres://{own['USER']}@{own['HOST']}:{own['PORT']}"
