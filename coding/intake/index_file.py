"""What a reader takes down of a file whose items lie scattered over it: an SQLite database on disk, not in memory.

It has no name in any folder, so it goes with its process, however that ends. Its bytes can be kept elsewhere, and a
later process goes on from them.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

# Rows are written together; so many wait in memory.
BATCH = 5_000
# Of the index, in KiB; the rest is on disk, and in the memory that the machine can spare.
CACHED = 16 * 1024
# Raised with every change of the tables: an index of before is made anew from its file.
LAYOUT = 2
# It is nobody's but this process's, and is made anew if it breaks: no journal, no waiting for the disk.
PRIVATE = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    f"PRAGMA cache_size = -{CACHED}",
    "CREATE TABLE IF NOT EXISTS state (value TEXT NOT NULL)",
    f"PRAGMA user_version = {LAYOUT}",
)


class Surveyed(NamedTuple):
    """How far a file was surveyed. ``offset`` is a byte position, ``number`` counts the reader's pieces before it."""

    offset: int = 0
    number: int = 0
    whole: bool = False
    # What the reader has to know besides, as JSON data.
    more: Any = None


class IndexFile:
    """The tables of one file's index. ``content`` are the bytes of an earlier one to go on from."""

    def __init__(self, content: Iterable[bytes] = ()) -> None:
        self._waiting: dict[str, list[Sequence[Any]]] = {}
        self._rows = 0
        with tempfile.TemporaryDirectory(prefix="concord-index-") as folder:
            path = Path(folder) / "index"
            with path.open("wb") as file:
                file.writelines(content)
            if path.stat().st_size and _layout_of(path) != LAYOUT:
                path.write_bytes(b"")
            self._file: BinaryIO = path.open("rb")
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for statement in PRIVATE:
                self._connection.execute(statement)

    @property
    def surveyed(self) -> Surveyed:
        """How far the file was surveyed when this was last written."""
        state = self.rows("SELECT value FROM state")
        return Surveyed(*json.loads(state[0][0])) if state else Surveyed()

    def add(self, statement: str, *row: Any) -> None:
        """Take down a row, to be written by this statement with the next ones."""
        self._waiting.setdefault(statement, []).append(row)
        self._rows += 1

    @property
    def is_full(self) -> bool:
        """Whether enough rows wait to be written."""
        return self._rows >= BATCH

    def write(self, surveyed: Surveyed) -> None:
        """Write the rows that wait, and how far they reach."""
        self.run("BEGIN")
        for statement, rows in self._waiting.items():
            self._connection.executemany(statement, rows)
        self.run("DELETE FROM state")
        self.run("INSERT INTO state VALUES (?)", json.dumps(surveyed))
        self.run("COMMIT")
        self._waiting, self._rows = {}, 0

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Execute a statement, and give its rows as they are asked for."""
        return self._connection.execute(statement, values)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a statement, each as a tuple."""
        return self._connection.execute(statement, values).fetchall()

    def value(self, statement: str, *values: Any) -> Any:
        """The first value of a statement's first row; None without one."""
        row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def parts(self, size: int) -> Iterator[bytes]:
        """The bytes of the index, so many at a time."""
        self._file.seek(0)
        while part := self._file.read(size):
            yield part

    def close(self) -> None:
        """Give its place on disk free."""
        self._connection.close()
        self._file.close()


def _layout_of(path: Path) -> int:
    """The layout of the tables of an index that was kept."""
    with closing(sqlite3.connect(path)) as kept:
        layout: int = kept.execute("PRAGMA user_version").fetchone()[0]
        return layout
