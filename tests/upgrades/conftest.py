"""Databases of earlier versions, brought to the present one by ``migrate`` as an operator does it."""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
KEYS = {"AUDIT_KEY": "audit-key-of-the-upgrade-test", "SECRET_KEY": "secret-key-of-the-upgrade-test"}
# Tables whose rows belong to Django, and are made anew by every ``migrate``.
OF_DJANGO = ("auth_", "django_", "sqlite_", "account_", "mfa_", "socialaccount_", "coding_user_")


@dataclass
class OldDatabase:
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


def _open(commit: str, folder: Path) -> Iterator[OldDatabase]:
    kind = "sqlite3" if connection.vendor == "sqlite" else "sql"
    counted = json.loads((DATA / "counts.json").read_text())[f"{commit}.{kind}.xz"]
    content = lzma.decompress((DATA / f"{commit}.{kind}.xz").read_bytes())
    if connection.vendor == "sqlite":
        path = folder / "old.sqlite3"
        path.write_bytes(content)
        yield OldDatabase(f"sqlite:///{path}", path, counted, folder)
        return
    own = connection.settings_dict
    server = f"postgres://{own['USER']}@{own['HOST']}:{own['PORT']}"
    name = f"old_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        with psycopg.connect(f"{server}/{name}") as database:
            database.execute(content.decode())
        yield OldDatabase(f"{server}/{name}", None, counted, folder)
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=["1ed80d3", "8a5f8ff"])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldDatabase]:
    """Each old database, migrated."""
    for old in _open(request.param, tmp_path_factory.mktemp(request.param)):
        migrated = old.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        yield old


@pytest.fixture(scope="module")
def with_stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldDatabase]:
    """The later database, in which an encounter stands in each state, migrated."""
    for old in _open("8a5f8ff", tmp_path_factory.mktemp("stories")):
        migrated = old.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        yield old
