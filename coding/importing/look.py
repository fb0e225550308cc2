"""A look at the columns of a table: known from the template or its source's last file, or to be matched by a person.

A worker looks, because a hostile table can take seconds to open.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from coding.importing.dry_run import begin_check
from coding.importing.file_parts import open_stored
from coding.intake.column_names import Preview, guess, is_template
from coding.intake.drafts import Layout
from coding.intake.formats import FORMATS
from coding.intake.values import fit
from coding.models import Job, JobChunk, SourceLayout, Upload, User
from coding.tables.errors import FileError
from coding.tables.xlsx_sheet import SheetNames
from coding.work import leases

LOOK = "upload_look"
# Of a cell of the preview.
LONGEST_CELL = 200
# Between more sheets nobody chooses.
MOST_SHEETS = 20


def begin_look(actor: User) -> Job:
    """Let a worker look at a table. Part of a verb's transaction."""
    return leases.start(LOOK, actor, [(1, [])])


@dataclass(frozen=True, slots=True)
class Looked:
    """The tables of a file, each with the name of its sheet; a file that has no sheets has one table without a name."""

    tables: tuple[tuple[str, Preview], ...] = ()
    hidden: tuple[str, ...] = ()


def preview_of(upload: Upload, sheet: str = "") -> Preview:
    """What a person sees who matches the columns, of a sheet or of the first table."""
    table = upload.preview or {"headers": [], "rows": []}
    for own in table.get("sheets", []):
        if own["name"] == sheet:
            table = own
            break
    # A preview of the time before dates were looked at tells no order.
    date_order = table.get("date_order", "ymd")
    return Preview(tuple(table["headers"]), tuple(map(tuple, table["rows"])), date_order)


def sheets_of(upload: Upload) -> list[str]:
    """The sheets between which a person chooses; none where there is one table only."""
    return [own["name"] for own in (upload.preview or {}).get("sheets", [])]


def hidden_sheets_of(upload: Upload) -> list[str]:
    """The sheets that hold something and that people do not see."""
    return list((upload.preview or {}).get("hidden", []))


class Look:
    """Reads the header and the first rows; begins the check if it is known what the columns hold."""

    def compute(self, chunk: JobChunk) -> Looked:
        """The tables that the file holds; none without a header to be read."""
        upload = Upload.objects.get(look_job=chunk.job_id)
        try:
            return _look(upload)
        except FileError:
            # The check says what is wrong with the file.
            return Looked()

    def write(self, chunk: JobChunk, looked: Looked) -> None:
        """Keep what was seen, and begin the check if nobody needs to be asked."""
        upload = Upload.objects.select_for_update(of=("self",)).get(look_job=chunk.job_id)
        layout = Layout()
        if looked.tables:
            upload.preview = _as_data(looked)
            known = known_layout(upload, looked.tables)
            if known is None:
                upload.save(update_fields=["preview"])
                return
            layout = known
        upload.layout, upload.check_job = asdict(layout), begin_check(upload.uploaded_by)
        upload.save(update_fields=["preview", "layout", "check_job"])

    def finish(self, job: Job) -> None:
        """Nothing is left to do."""


def _look(upload: Upload) -> Looked:
    """One table; or each sheet of a workbook, if people see several."""
    kind, file = FORMATS[upload.format], open_stored(upload)
    if kind.table is None:
        return Looked()
    names = kind.workbook.sheets(file) if kind.workbook else SheetNames((), ())
    if kind.workbook is None or len(names.seen) < 2:
        return Looked((("", kind.table.headers(file)),), names.hidden)
    tables = []
    for name in names.seen[:MOST_SHEETS]:
        # A sheet without a header is no table to choose.
        with suppress(FileError):
            tables.append((name, kind.workbook.headers(file, name)))
    return Looked(tuple(tables), names.hidden)


def _as_data(looked: Looked) -> dict[str, Any]:
    _, first = looked.tables[0]
    data = _table_as_data(first)
    if len(looked.tables) > 1:
        sheets = []
        for name, preview in looked.tables:
            sheets.append({"name": name, **_table_as_data(preview)})
        data["sheets"] = sheets
    data["hidden"] = [fit(name) for name in looked.hidden]
    return data


def _table_as_data(preview: Preview) -> dict[str, Any]:
    rows = [[fit(cell[:LONGEST_CELL]) for cell in row] for row in preview.rows]
    return {
        "headers": list(map(fit, preview.headers)),
        "rows": rows,
        "date_order": preview.date_order,
    }


def known_layout(upload: Upload, tables: Sequence[tuple[str, Preview]]) -> Layout | None:
    """The layout that needs no person: the template's, or the source's last one if one sheet alone has its columns."""
    if len(tables) == 1:
        [(sheet, preview)] = tables
        if is_template(preview.headers):
            return Layout(sheet=sheet)

    saved = saved_layout(upload.source)
    if saved is None:
        return None
    wanted = set(saved.columns.values())
    fitting = [name for name, preview in tables if wanted <= set(preview.headers)]
    if saved.sheet in fitting:
        return saved
    if len(fitting) != 1:
        return None
    return replace(saved, sheet=fitting[0])


def saved_layout(source: str) -> Layout | None:
    """How the source's last table was matched."""
    saved = SourceLayout.objects.filter(source=source).first()
    if saved is None:
        return None
    return Layout(**saved.layout)


def proposed(preview: Preview, source: str) -> Layout:
    """What a person confirms: what was matched before, for headers that are there, and what the others seem to name."""
    guessed = guess(preview)
    saved = saved_layout(source)
    if saved is None:
        return guessed

    known = {field: header for field, header in saved.columns.items() if header in preview.headers}
    if not known:
        return guessed
    taken = set(known.values())
    left = {field: header for field, header in guessed.columns.items() if header not in taken}
    return replace(guessed, columns={**left, **known}, date_order=saved.date_order)
