"""Reading an upload in portions, each from where the last one ended."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple
from uuid import UUID

from coding.importing.file_parts import open_stored
from coding.importing.kept_index import kept_index
from coding.intake.drafts import Cursor, Draft, Item, Layout
from coding.intake.formats import FORMATS
from coding.intake.index_file import IndexFile
from coding.intake.scattered import Scattered
from coding.models import Upload
from coding.tables.errors import FileError

# A portion ends after this time, so that a worker that shall stop does not go on for long.
PORTION_SECONDS = 2.0
# A portion of a survey may take longer: with each one the index is kept.
SURVEY_SECONDS = 10.0
# And after so many characters of notes: they are held in memory several times over.
MOST_CHARACTERS = 4_000_000
# Files between which a process goes to and fro.
MOST_OPEN = 3


@dataclass(frozen=True, slots=True)
class Portion:
    """Some items of a file, where to go on, and why it could not be read further; an index that came further."""

    items: list[Item]
    after: Cursor
    ended: bool
    problem: str = ""
    index: IndexFile | None = None


class Surveyable(NamedTuple):
    """A file whose items lie scattered over it, with its reader and its index."""

    reader: Scattered
    content: BinaryIO
    rows: IndexFile


# The file that this process stopped reading last. The next portion is usually its own too: a workbook,
# which can only be read from the start, then need not be begun again.
_standing: dict[tuple[UUID, Cursor], Iterator[Item]] = {}
# The files that it surveyed or read of late, the last one last. By the name that no other upload ever has: a number is
# given again where a transaction was rolled back.
_open: dict[UUID, Surveyable] = {}


def layout_of(upload: Upload) -> Layout:
    """How the columns of a table were matched; empty for other files."""
    return Layout(**upload.layout)


def read_on(upload: Upload, start: Cursor, most: int) -> Portion:
    """The next items of a file, at most so many; none while a survey of it is not at its end."""
    layout = layout_of(upload)
    reader = FORMATS[upload.format].reader_of(layout)
    if not isinstance(reader, Scattered):
        return _read(upload, start, most, lambda: reader.read(open_stored(upload), layout, start))
    try:
        surveyable = _opened(upload, reader, start)
        surveyed = surveyable.rows.surveyed
        reached = _survey(surveyable, start)
    except FileError as error:
        return Portion([], start, ended=True, problem=str(error))
    _keep_open(upload, surveyable)
    index = None if surveyed.whole else surveyable.rows
    if reached:
        return Portion([], reached, ended=False, index=index)
    own, content, rows = surveyable
    portion = _read(upload, start, most, lambda: own.items(content, rows, start))
    if portion.ended:
        _close(upload)
        return portion
    return replace(portion, index=index)


def _read(upload: Upload, start: Cursor, most: int, begin: Callable[[], Iterator[Item]]) -> Portion:
    items: list[Item] = []
    iterator = _standing.pop((upload.public_id, start), None) or begin()
    _standing.clear()
    deadline = time.monotonic() + PORTION_SECONDS
    after, characters = start, 0
    try:
        for item in iterator:
            items.append(item)
            after = item.after
            if isinstance(item, Draft):
                characters += len(item.texts.note)
            is_full = len(items) >= most or characters > MOST_CHARACTERS
            if is_full or time.monotonic() > deadline:
                _standing[upload.public_id, after] = iterator
                return Portion(items, after, ended=False)
    except FileError as error:
        return Portion(items, after, ended=True, problem=str(error))
    return Portion(items, after, ended=True)


def _survey(surveyable: Surveyable, start: Cursor) -> Cursor | None:
    """Go on with a survey; where it stands when its time is up, or None at its end."""
    reader, content, rows = surveyable
    deadline = time.monotonic() + SURVEY_SECONDS
    for surveyed in reader.survey(content, rows):
        # Items were read before only of a file that was surveyed to its end. Its index is lost: it is made anew.
        if not start.number and time.monotonic() > deadline:
            return Cursor(0, surveyed.offset)
    return None


def _opened(upload: Upload, reader: Scattered, start: Cursor) -> Surveyable:
    """The file with its index: this process's own, or the one that was kept, which another process brought further."""
    known = _open.pop(upload.public_id, None)
    if known and (known.rows.surveyed.whole or known.rows.surveyed.offset >= start.offset):
        return known
    own, content = reader.opened(open_stored(upload), layout_of(upload))
    return Surveyable(own, content, kept_index(upload))


def _close(upload: Upload) -> None:
    """Give up what a file that was read to its end holds: its index on disk, and a part of it in memory."""
    known = _open.pop(upload.public_id, None)
    if known is not None:
        known.rows.close()
        known.content.close()


def _keep_open(upload: Upload, surveyable: Surveyable) -> None:
    _open[upload.public_id] = surveyable
    for earlier in list(_open)[:-MOST_OPEN]:
        _open.pop(earlier, None)
