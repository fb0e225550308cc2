"""What a back-up says of itself: its files with their hashes, its tables with their rows, and where its trail ends."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from coding.models import AuditHead

FILE = "manifest.json"
PORTION = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """``rows``: by table. ``files``: SHA-256 by name. ``migrations``: those that were applied."""

    made_at: str
    vendor: str
    rows: dict[str, int]
    events: int
    last_hash: str
    migrations: list[str]
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Store it, as the last file of the back-up: one without it was not finished."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a back-up. Raises OSError, ValueError or TypeError where there is none."""
    return Manifest(**json.loads((folder / FILE).read_text(encoding="utf-8")))


def count_rows(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """The rows of each table."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = int(cursor.fetchone()[0])
    return rows


def migrations_of(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations that were applied, by name."""
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )


def head() -> tuple[int, str]:
    """Where the trail ends: how many events, and the last hash."""
    row = AuditHead.objects.filter(pk=1).first()
    return (row.count, row.hash) if row else (0, "")


def hash_of(file: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while portion := content.read(PORTION):
            digest.update(portion)
    return digest.hexdigest()
