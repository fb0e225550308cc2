"""The verb that has files of tables for claims loaded by the workers, and what they do.

Each file is read by itself first, so that one sees how far it is and what is wrong; then all are loaded in the one
transaction of ``coding.actions.claim_tables``: a worker that is killed leaves the release as it was, and another one
begins again.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypedDict

from django.db import transaction

from coding import trail
from coding.actions import claim_tables
from coding.actions.claim_tables import TableFile, day_of, rows_before, storage_of
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import (
    Job,
    JobChunk,
    Program,
    TableKind,
    TableLoad,
    TableLoadFile,
    TableLoadPart,
    TablePart,
    User,
)
from coding.tables.errors import FileError
from coding.work import leases
from coding.work.celery import hint_after_commit
from coding.work.stored_bytes import open_parts, parts_of

LOAD_TABLE = "table_load"


class SentFile(NamedTuple):
    """A file as a form sends it: its name, which tells the first day of its release, and its bytes in chunks."""

    name: str
    chunks: Iterable[bytes]


class ToDo(TypedDict):
    """What a chunk is given: the file to be read, by its id; None to load them all."""

    file: int | None


def ask(
    actor: User,
    table: TableKind,
    files: Sequence[SentFile],
    valid_from: date | None = None,
    program: Program = Program.MEDICARE,
    *,
    only_look: bool = False,
) -> TableLoad:
    """Keep files as they came, and let the workers load them into the releases that their names tell, or only look."""
    require(actor, "coding.add_tablerelease", "load tables for claims")
    with transaction.atomic():
        job = leases.start(LOAD_TABLE, actor, [])
        load = TableLoad.objects.create(
            table=table,
            program=program,
            valid_from=valid_from,
            only_look=only_look,
            job=job,
            asked_by=actor,
        )
        kept = [_keep(load, file) for file in files]
        # Each file by itself, and behind them the chunk that loads: chunks are taken in their order.
        todo = [ToDo(file=file.pk) for file in kept] + [ToDo(file=None)]
        chunks = []
        for number, payload in enumerate(todo, start=1):
            chunks.append(JobChunk(job=job, number=number, size=1, payload=payload))
        JobChunk.objects.bulk_create(chunks)
        hint_after_commit()
        after = {
            "table": load.get_table_display(),
            "files": [file.name for file in kept],
            "only look": only_look,
        }
        trail.record(actor, "claim_table.received", load, after=after)
    return load


def _keep(load: TableLoad, sent: SentFile) -> TableLoadFile:
    file = TableLoadFile.objects.create(load=load, name=sent.name[:120])
    for number, content in enumerate(parts_of(sent.chunks)):
        TableLoadPart.objects.create(file=file, number=number, content=content)
        file.size += len(content)
    file.save(update_fields=["size"])
    return file


def _open(file: TableLoadFile) -> TableFile:
    parts = TableLoadPart.objects.filter(file=file).values_list("content", flat=True)
    return TableFile(file.name, open_parts(file.size, lambda number: parts.get(number=number)))


class LoadTable:
    """Reads a file of a load, or loads all of them."""

    def compute(self, chunk: JobChunk) -> str:
        """What is wrong with a file; empty where nothing is, and for the chunk that loads: it writes."""
        key = chunk.payload["file"]
        if key is None:
            return ""
        return _fault_of(TableLoadFile.objects.select_related("load").get(pk=key))

    def write(self, chunk: JobChunk, fault: str) -> None:
        """Take down what is wrong, or load, wholly or not at all."""
        load = TableLoad.objects.select_for_update(of=("self",)).get(job=chunk.job_id)
        if chunk.payload["file"] is None:
            _load(load)
        elif fault and fault not in load.problem:
            load.problem = "\n".join(filter(None, [load.problem, fault]))
        load.save(update_fields=["problem", "result"])

    def finish(self, job: Job) -> None:
        """Forget the bytes: the rows are loaded, or the person sends another file."""
        TableLoadPart.objects.filter(file__load__job=job).delete()


def _fault_of(file: TableLoadFile) -> str:
    opened = _open(file)
    try:
        table, program = TableKind(file.load.table), Program(file.load.program)
        day_of(opened, table, program, file.load.valid_from)
        for _ in storage_of(table, program).read(opened.content):
            pass
    except FileError as error:
        words = str(error)
        return words if words.startswith(file.name) else f"{file.name}: {words}"
    return ""


def _load(load: TableLoad) -> None:
    if load.problem:
        return
    files = [_open(file) for file in load.files.all()]
    program = Program(load.program)
    try:
        parts = claim_tables.load(
            load.asked_by,
            TableKind(load.table),
            files,
            load.valid_from,
            program,
            dry_run=load.only_look,
        )
    except (FileError, Conflict) as refusal:
        load.problem = str(refusal)
    else:
        load.result = _result(parts, only_look=load.only_look)


def _result(parts: Sequence[TablePart], *, only_look: bool) -> str:
    """What was loaded, a line for each file, and beside it what each release before holds."""
    if not parts:
        return "Everything in it is loaded already."
    what_happened = "would be loaded, and nothing was" if only_look else "loaded"
    lines = []
    earlier: list[str] = []
    for part in parts:
        rows = f"{part.rows:,} rows of {part.release}"
        lines.append(f"{part.file_name}: {rows} {what_happened}; {part.left_out:,} had ended.")
        before = rows_before(part.release)
        if before and before not in earlier:
            earlier.append(before)
    return "\n".join([*lines, *earlier])
