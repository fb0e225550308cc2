"""Reading an upload in portions, each from where the last one ended."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from coding.importing.file_parts import open_stored
from coding.intake.drafts import Cursor, Draft, Item, Layout
from coding.intake.formats import FORMATS
from coding.models import Upload
from coding.tables.errors import FileError

# A portion ends after this time, so that a worker that shall stop does not go on for long.
PORTION_SECONDS = 2.0
# And after so many characters of notes: they are held in memory several times over.
MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Portion:
    """Some items of a file, where to go on, and why it could not be read further."""

    items: list[Item]
    after: Cursor
    ended: bool
    problem: str = ""


# The file that this process stopped reading last. The next portion is usually its own too: a workbook or a bundle,
# which can only be read from the start, then need not be begun again.
_standing: dict[tuple[int, Cursor], Iterator[Item]] = {}


def layout_of(upload: Upload) -> Layout:
    """How the columns of a table were matched; empty for other files."""
    return Layout(**upload.layout)


def read_on(upload: Upload, start: Cursor, most: int) -> Portion:
    """The next items of a file, at most so many."""
    items: list[Item] = []
    iterator = _standing.pop((upload.pk, start), None) or _begin(upload, start)
    _standing.clear()
    deadline = time.monotonic() + PORTION_SECONDS
    after, characters = start, 0
    try:
        for item in iterator:
            items.append(item)
            after = item.after
            characters += len(item.texts.note) if isinstance(item, Draft) else 0
            if len(items) >= most or characters > MOST_CHARACTERS or time.monotonic() > deadline:
                _standing[upload.pk, after] = iterator
                return Portion(items, after, ended=False)
    except FileError as error:
        return Portion(items, after, ended=True, problem=str(error))
    return Portion(items, after, ended=True)


def _begin(upload: Upload, start: Cursor) -> Iterator[Item]:
    return FORMATS[upload.format].reader.read(open_stored(upload), layout_of(upload), start)
