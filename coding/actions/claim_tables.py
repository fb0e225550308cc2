"""The verb on the tables by which claims are checked: load files into a release, wholly or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Sum
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import (
    AddOnEdit,
    HcpcsCode,
    Locality,
    PairEdit,
    Program,
    TableKind,
    TablePart,
    TableRelease,
    UnitLimitEdit,
    User,
)
from coding.reference import table_files
from coding.reference.first_days import first_day
from coding.reference.gpci_file import locality_rows
from coding.reference.table_names import fault_of_name
from coding.tables.days import EARLIEST, fault_of_start
from coding.tables.errors import FileError
from coding.work.bulk import insert_missing

ROWS_AT_ONCE = 20_000
PIECE = 1024 * 1024


class TableFile(NamedTuple):
    """A file by its name, which tells the first day of its release."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Storage:
    """How the rows of a table's files are kept: the model, its columns by the reader's, and which make a row one."""

    read: Callable[[BinaryIO], Iterable[Any]]
    model: type[models.Model]
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def is_dated(self) -> bool:
        """Whether rows have a first and a last day of their own."""
        return "ended" in self.columns


STORED = {
    TableKind.PAIRS: Storage(
        table_files.pair_rows,
        PairEdit,
        ("column1", "column2", "may_be_opened", "effective", "ended", "rationale"),
        ("column1", "column2", "effective"),
    ),
    TableKind.UNIT_LIMITS: Storage(
        table_files.limit_rows, UnitLimitEdit, ("code", "units", "applied", "rationale"), ("code",)
    ),
    TableKind.ADD_ONS: Storage(
        table_files.add_on_rows,
        AddOnEdit,
        ("add_on", "primary", "kind", "effective", "ended"),
        ("add_on", "primary", "effective"),
    ),
    TableKind.TERMS: Storage(
        table_files.term_rows,
        HcpcsCode,
        ("code", "description", "effective", "ended", "replaced_by"),
        ("code",),
    ),
    TableKind.LOCALITIES: Storage(
        locality_rows,
        Locality,
        ("carrier", "state", "number", "name", "work", "practice", "malpractice"),
        ("carrier", "state", "number"),
    ),
}


def storage_of(table: TableKind, program: Program) -> Storage:
    """How the rows of a program's table are read and kept."""
    if (table, program) == (TableKind.UNIT_LIMITS, Program.MEDICAID):
        return replace(STORED[table], read=table_files.medicaid_limit_rows)
    return STORED[table]


def rows_before(release: TableRelease) -> str:
    """What the release before held, in words: a file that was cut holds fewer. Empty where there is none."""
    same = TableRelease.objects.filter(table=release.table, program=release.program)
    before = same.filter(valid_from__lt=release.valid_from).order_by("-valid_from").first()
    if before is None:
        return ""
    rows = before.parts.aggregate(rows=Sum("rows"))["rows"]
    return f"{before} has {rows:,} rows in all." if rows else ""


# Of these a row that had ended before the release says nothing on any day of it. HCPCS keeps them: a line may be late.
PASSED_OVER_WHEN_ENDED = frozenset({TableKind.PAIRS, TableKind.ADD_ONS})


def load(
    actor: User | None,
    table: TableKind,
    files: Sequence[TableFile],
    valid_from: date | None = None,
    program: Program = Program.MEDICARE,
    *,
    dry_run: bool = False,
) -> list[TablePart]:
    """Load files into the releases that their names tell, or into that of a day; all of them or none.

    Files of one day are parts of one release. A file that is loaded already is passed over. Without an actor it is
    the command that loads. A dry run reads all, returns the same, and loads nothing.
    Raises FileError for a file with errors, Conflict for other values than are loaded.
    """
    if actor is not None:
        require(actor, "coding.add_tablerelease", "load tables for claims")
    try:
        with transaction.atomic():
            new = []
            for file in files:
                day = day_of(file, table, program, valid_from)
                part = _load(actor, table, program, file, day)
                if part is not None:
                    new.append(part)
            if dry_run:
                transaction.set_rollback(True)
            else:
                trail.record_all(actor, [_entry(part) for part in new])
    except IntegrityError:
        raise Conflict(
            "Somebody else loaded this release meanwhile. Nothing of yours is loaded: try again."
        ) from None
    return new


def day_of(file: TableFile, table: TableKind, program: Program, valid_from: date | None) -> date:
    """The first day of the release that a file is part of.

    Raises FileError where nobody tells it, it is absurd, or the name tells another table.
    """
    if fault := fault_of_name(file.name, table, program):
        raise FileError(f"{file.name}: {fault}")
    day = valid_from or first_day(file.name)
    if day is None:
        raise FileError(f"{file.name}: the name tells no day. Give the first day of the release.")
    if fault := fault_of_start(day, timezone.localdate()):
        raise FileError(f"{file.name}: {fault}")
    return day


def _load(
    actor: User | None, table: TableKind, program: Program, file: TableFile, day: date
) -> TablePart | None:
    release, _ = TableRelease.objects.get_or_create(table=table, program=program, valid_from=day)
    digest = _digest(file.content)
    if release.parts.filter(content_hash=digest).exists():
        return None
    storing = _Storing(release, storage_of(table, program))
    try:
        storing.store(file.content)
    except FileError as error:
        raise FileError(f"{file.name}: {error}") from error
    return TablePart.objects.create(
        release=release,
        file_name=file.name[:120],
        content_hash=digest,
        rows=storing.stored,
        left_out=storing.left_out,
        loaded_by=actor,
    )


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


class _Storing:
    """The rows of one file on their way into a release."""

    def __init__(self, release: TableRelease, storage: Storage) -> None:
        self.release = release
        self.storage = storage
        self.stored = 0
        self.left_out = 0

    def store(self, file: BinaryIO) -> None:
        """Write the rows in batches; what a part before wrote with the same values is passed over."""
        columns = ("release_id", *self.storage.columns)
        before = self._count()
        standing = self._standing(file)
        while rows := list(islice(standing, ROWS_AT_ONCE)):
            written = insert_missing(
                self.storage.model, columns, [(self.release.pk, *row) for row in rows]
            )
            if written is None or written < len(rows):
                self._refuse_other_values(rows)
        self.stored = self._count() - before
        if not self.stored and not before:
            raise FileError("The file holds a header and no rows. Take it as CMS publishes it.")

    def _standing(self, file: BinaryIO) -> Iterator[tuple[Any, ...]]:
        """The rows that can say something on a day of the release, with a first day."""
        passes_over = self.release.table in PASSED_OVER_WHEN_ENDED
        for row in self.storage.read(file):
            if passes_over and row.ended and row.ended < self.release.valid_from:
                self.left_out += 1
            elif self.storage.is_dated and not row.effective:
                yield tuple(row._replace(effective=EARLIEST))
            else:
                yield tuple(row)

    def _count(self) -> int:
        return self.storage.model._base_manager.filter(release=self.release).count()

    def _refuse_other_values(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Raise Conflict where a row is there already with other values."""
        places = [self.storage.columns.index(name) for name in self.storage.key]
        key_of = itemgetter(*places)
        new = {key_of(row): row for row in rows}

        # By the first column of the key alone, which an index serves; the rest is compared here.
        first, place = self.storage.key[0], places[0]
        among = {f"{first}__in": {row[place] for row in rows}}
        stored_rows = self.storage.model._base_manager.filter(release=self.release, **among)
        for stored in stored_rows.values_list(*self.storage.columns).iterator():
            row = new.get(key_of(stored))
            if row and _compared(row) != _compared(stored):
                named = " ".join(str(row[at]) for at in places)
                raise Conflict(
                    f"{named} is loaded already in {self.release} with other values. Releases are never overwritten,"
                    " and nothing was loaded: correct the first day, or take the file of this release."
                )


def _compared(row: Sequence[Any]) -> list[Any]:
    """The values that count: of two parts one may lack the reasons in words."""
    return [value for value in row if not isinstance(value, str)]


def _entry(part: TablePart) -> trail.Entry:
    release = part.release
    after = {
        "table": release.get_table_display(),
        "program": release.get_program_display(),
        "valid_from": str(release.valid_from),
        "file": part.file_name,
        "rows": part.rows,
        "content": part.content_hash,
    }
    return trail.Entry("claim_table.loaded", release, after=after, rows=[release])
