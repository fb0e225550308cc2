"""The rejected part of an upload, as a file of the same format."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from coding.importing.file_parts import open_stored
from coding.importing.kept_index import kept_index
from coding.importing.reading import layout_of
from coding.intake.charge_rows import BEGUN_OTHERWISE, are_joined
from coding.intake.drafts import Format, Layout, Problem
from coding.intake.formats import FORMATS
from coding.intake.scattered import Scattered, surveyed
from coding.models import RowState, Upload
from coding.tables.errors import FileError

PAGE = 1_000


class RejectedRows(Mapping[int, list[Problem]]):
    """The problems of the rejected rows by their number, read from the database a page at a time."""

    def __init__(self, upload: Upload) -> None:
        self._rows = upload.rows.filter(state=RowState.REJECTED).order_by("number")
        self._numbers = dict.fromkeys(self._rows.values_list("number", flat=True))
        self._page: dict[int, list[Problem]] = {}

    def __getitem__(self, number: int) -> list[Problem]:
        """What is wrong with a row."""
        if number not in self._numbers:
            raise KeyError(number)
        if number not in self._page:
            # From this one on: whoever writes the file asks for them in order.
            page = self._rows.filter(number__gte=number).values_list("number", "errors")[:PAGE]
            self._page = {}
            for row, errors in page:
                self._page[row] = [_problem(error) for error in errors]
        return self._page[number]

    def __iter__(self) -> Iterator[int]:
        """The numbers, in order."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """How many rows were rejected."""
        return len(self._numbers)


def _problem(error: Mapping[str, str]) -> Problem:
    return Problem(error["field"], error["problem"], error["value"], error["place"])


def rejected_file(upload: Upload) -> Iterator[bytes]:
    """What was rejected, as it came, with its problems where the format has a place for them. Raises FileError."""
    layout, wanted = layout_of(upload), RejectedRows(upload)
    reader = FORMATS[upload.format].reader_of(layout)
    if are_joined(layout) and _items(reader, upload, layout) != upload.rows.count():
        raise FileError(BEGUN_OTHERWISE)
    if not isinstance(reader, Scattered):
        yield from reader.excerpt(open_stored(upload), layout, wanted)
        return
    own, content = reader.opened(open_stored(upload), layout)
    index = surveyed(own, content, kept_index(upload))
    yield from own.excerpt_of(content, index, wanted)


def _items(reader: Format, upload: Upload, layout: Layout) -> int:
    """How many items the file has as it is read now: those that an earlier version read may be others."""
    count = 0
    with suppress(FileError):
        for _ in reader.read(open_stored(upload), layout):
            count += 1
    return count
