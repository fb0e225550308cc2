"""Rows of a sheet that are charges: those of one account, patient and day are read together, wherever they stand.

A workbook can only be read in its own order, so its rows wait on disk.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing

from coding.intake.charge_rows import visit_digest
from coding.intake.columns import Columns
from coding.intake.index_file import IndexFile, Surveyed
from coding.tables.errors import FileError
from coding.tables.xlsx_sheet import SheetRow
from coding.tables.xlsx_values import Fault

WAITING = "CREATE TABLE waiting (number INTEGER PRIMARY KEY, visit BLOB, content TEXT)"
ADD_ROW = "INSERT INTO waiting VALUES (?, ?, ?)"
IN_ORDER = "SELECT content FROM waiting ORDER BY min(number) OVER (PARTITION BY visit), number"


def by_visit(rows: Iterable[SheetRow], columns: Columns) -> Iterator[SheetRow]:
    """The rows, behind the first one of each visit its others.

    Where the sheet can be read no further, what was read is handed out before FileError is raised.
    """
    unread: FileError | None = None
    with closing(IndexFile()) as waiting:
        waiting.run(WAITING)
        try:
            for row in rows:
                waiting.add(ADD_ROW, row.number, _visit(row, columns), _as_json(row))
                if waiting.is_full:
                    waiting.write(Surveyed())
        except FileError as error:
            unread = error
        waiting.write(Surveyed(whole=True))
        for (content,) in waiting.run(IN_ORDER):
            yield _restored(content)
    if unread is not None:
        raise unread


def texts_of(row: SheetRow, width: int) -> list[str]:
    """The texts of the cells; of one that has none, what it shows."""
    texts = []
    for column in range(width):
        text = row.cells.get(column, "")
        if not text and column in row.faults:
            text = row.faults[column].value
        texts.append(text)
    return texts


def _visit(row: SheetRow, columns: Columns) -> bytes:
    """What rows of one visit have in common; a row that names none stands alone."""
    visit = columns.visit(texts_of(row, columns.width))
    return visit_digest(visit) if visit else str(row.number).encode()


def _as_json(row: SheetRow) -> str:
    faults = {column: (fault.text, fault.value) for column, fault in row.faults.items()}
    return json.dumps([row.number, row.cells, faults, row.merged, row.hidden])


def _restored(content: str) -> SheetRow:
    number, cells, faults, merged, hidden = json.loads(content)
    return SheetRow(
        number,
        {int(column): text for column, text in cells.items()},
        {int(column): Fault(*texts) for column, texts in faults.items()},
        {int(column): cell for column, cell in merged.items()},
        hidden,
    )
