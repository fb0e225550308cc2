"""Bytes of a file in parts: cut as they come, and read again as one file of which a single part is held."""

import io

import pytest

from coding.work import stored_bytes
from coding.work.stored_bytes import open_parts, parts_of

ALPHABET = b"abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Parts of ten bytes each."""
    monkeypatch.setattr(stored_bytes, "PART_BYTES", 10)


class Kept:
    """The parts of a file, and which of them were asked for."""

    def __init__(self, content):
        self.parts = list(parts_of([content]))
        self.asked = []
        self.file = open_parts(len(content), self.read)

    def read(self, number):
        self.asked.append(number)
        return self.parts[number]


@pytest.mark.parametrize(
    "chunks",
    [
        [ALPHABET],
        [ALPHABET[:3], ALPHABET[3:24], ALPHABET[24:]],
        [bytes([letter]) for letter in ALPHABET],
        [b"", ALPHABET, b""],
    ],
)
def test_however_it_comes_it_is_cut_into_full_parts_and_the_rest(chunks):
    assert list(parts_of(chunks)) == [b"abcdefghij", b"klmnopqrst", b"uvwxyz"]


def test_a_file_that_fills_its_parts_leaves_no_empty_one_and_no_bytes_are_no_part():
    assert list(parts_of([ALPHABET[:20]])) == [b"abcdefghij", b"klmnopqrst"]
    assert list(parts_of([])) == []
    assert list(parts_of([b""])) == []


def test_it_is_read_as_one_file_each_part_once():
    kept = Kept(ALPHABET)
    assert kept.file.read() == ALPHABET
    assert kept.asked == [0, 1, 2]
    assert kept.file.read() == b""


def test_a_place_in_it_is_found_from_the_beginning_from_where_one_is_and_from_the_end():
    kept = Kept(ALPHABET)
    assert kept.file.seek(12) == 12
    assert kept.file.read(3) == b"mno"
    assert kept.file.seek(2, io.SEEK_CUR) == 17
    assert kept.file.read(1) == b"r"
    assert kept.file.seek(-2, io.SEEK_END) == 24
    assert kept.file.read() == b"yz"
    assert kept.file.tell() == 26


def test_only_the_parts_that_are_read_are_asked_for():
    kept = Kept(ALPHABET)
    kept.file.seek(25)
    assert kept.file.read(1) == b"z"
    assert kept.asked == [2]


def test_behind_its_end_there_is_nothing_and_before_its_beginning_is_its_beginning():
    kept = Kept(ALPHABET)
    kept.file.seek(100)
    assert kept.file.read(1) == b""
    raw = kept.file.raw
    assert raw.seek(-5) == 0
    assert raw.tell() == 0
    assert kept.file.readable()
    assert kept.file.seekable()


def test_an_empty_file_asks_for_no_part():
    kept = Kept(b"")
    assert kept.file.read() == b""
    assert kept.asked == []
