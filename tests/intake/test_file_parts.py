"""The bytes of an upload: kept in parts, read back as they came from any place."""

import hashlib
import io

import pytest

from coding.importing.file_parts import keep, open_stored
from coding.models import Upload
from coding.work import stored_bytes

CONTENT = bytes(range(25))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(stored_bytes, "PART_BYTES", 10)


@pytest.fixture
def upload(people):
    return Upload.objects.create(source="his", format="csv", size=0, uploaded_by=people["coder"])


def sizes(upload):
    return [len(part.content) for part in upload.parts.order_by("number")]


@pytest.mark.parametrize(
    "chunks",
    [
        [CONTENT],
        [CONTENT[:1], CONTENT[1:]],
        [CONTENT[:10], CONTENT[10:20], CONTENT[20:]],
        [b"", CONTENT[:9], b"", CONTENT[9:21], CONTENT[21:], b""],
        [bytes([byte]) for byte in CONTENT],
    ],
    ids=["at once", "one byte first", "by the part", "with empty ones", "byte by byte"],
)
def test_however_a_file_arrives_its_parts_are_the_same(upload, chunks):
    keep(upload, chunks)
    assert sizes(upload) == [10, 10, 5]
    assert (upload.size, upload.content_hash) == (25, hashlib.sha256(CONTENT).hexdigest())
    assert open_stored(upload).read() == CONTENT


@pytest.mark.parametrize(
    ("length", "expected"),
    [(1, [1]), (9, [9]), (10, [10]), (11, [10, 1]), (20, [10, 10]), (21, [10, 10, 1])],
)
def test_the_last_part_holds_what_is_left_and_none_is_empty(upload, length, expected):
    keep(upload, [CONTENT[:length]])
    assert sizes(upload) == expected
    assert open_stored(upload).read() == CONTENT[:length]


def test_a_file_without_a_byte_has_no_part(upload):
    keep(upload, [])
    assert sizes(upload) == []
    assert (upload.size, upload.content_hash) == (0, hashlib.sha256(b"").hexdigest())
    assert open_stored(upload).read() == b""


@pytest.mark.parametrize(
    ("offset", "whence"), [(0, 0), (9, 0), (10, 0), (24, 0), (25, 0), (99, 0), (-7, 2), (0, 2)]
)
def test_it_is_read_from_any_place_as_a_file_is(upload, offset, whence):
    keep(upload, [CONTENT])
    stored, plain = open_stored(upload), io.BytesIO(CONTENT)
    assert stored.seek(offset, whence) == plain.seek(offset, whence)
    assert stored.tell() == plain.tell()
    assert stored.read() == plain.read()


def test_going_on_from_where_one_stands_is_counted_from_there(upload):
    keep(upload, [CONTENT])
    stored = open_stored(upload)
    assert stored.read(4) == CONTENT[:4]
    assert stored.seek(8, io.SEEK_CUR) == 12
    assert stored.read(3) == CONTENT[12:15]


def test_lines_across_parts_are_whole(upload):
    text = b"external_id,note\nV-1,Left hip out.\n"
    keep(upload, [text])
    assert list(open_stored(upload)) == text.splitlines(keepends=True)


def test_two_uploads_do_not_read_each_others_parts(people, upload):
    other = Upload.objects.create(source="his", format="csv", size=0, uploaded_by=people["coder"])
    keep(upload, [CONTENT])
    keep(other, [CONTENT[::-1]])
    assert open_stored(upload).read() == CONTENT
    assert open_stored(other).read() == CONTENT[::-1]


def test_each_part_is_asked_for_once_when_a_file_is_read_in_order(
    upload, django_assert_num_queries
):
    keep(upload, [CONTENT])
    with django_assert_num_queries(3):
        assert open_stored(upload).read() == CONTENT
