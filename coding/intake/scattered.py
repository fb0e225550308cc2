"""Formats whose items lie scattered over the file: a survey finds what belongs together, then the items are read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import BinaryIO

from coding.intake.drafts import BEGINNING, Cursor, Item, Layout, Problem
from coding.intake.index_file import IndexFile, Surveyed


class Scattered:
    """A format with a survey. It goes on where an index ends, and items are read from any number on."""

    def opened(self, file: BinaryIO, layout: Layout) -> "tuple[Scattered, BinaryIO]":
        """What surveys and reads a file, and the bytes in which it does; others than the file's if that is packed."""
        return self, file

    def survey(self, file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
        """Take down what has to be known, from where the index ends on; gives how far it has come, now and then.

        The index is whole when there is nothing more to give. Raises FileError.
        """
        raise NotImplementedError

    def items(self, file: BinaryIO, rows: IndexFile, start: Cursor) -> Iterator[Item]:
        """The items of a surveyed file from a cursor on. Raises FileError where it cannot be read further."""
        raise NotImplementedError

    def excerpt_of(
        self, file: BinaryIO, rows: IndexFile, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """A file with the wanted items of a surveyed one."""
        raise NotImplementedError

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Item]:
        """The items from a cursor on, after a survey of the whole file."""
        reader, content = self.opened(file, layout)
        with closing(IndexFile()) as rows:
            yield from reader.items(content, surveyed(reader, content, rows), start)

    def excerpt(
        self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """A file of the same format with the wanted items, after a survey of the whole file."""
        reader, content = self.opened(file, layout)
        with closing(IndexFile()) as rows:
            yield from reader.excerpt_of(content, surveyed(reader, content, rows), wanted)


def surveyed(reader: Scattered, content: BinaryIO, rows: IndexFile) -> IndexFile:
    """The index, made whole. Raises FileError."""
    for _ in reader.survey(content, rows):
        pass
    return rows
