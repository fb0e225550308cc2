"""What belongs together in a file is taken down in an index on disk, and a survey that was cut off is gone on with."""

import io
import os
from collections import defaultdict
from dataclasses import asdict

import pytest

from coding.actions import uploads
from coding.importing import reading
from coding.importing.kept_index import keep_index, kept_index
from coding.importing.reading import read_on
from coding.importing.rejected import rejected_file
from coding.intake import index_file
from coding.intake.column_names import guess
from coding.intake.csv import table as csv_table
from coding.intake.drafts import BEGINNING, Cursor, Layout
from coding.intake.formats import FORMATS
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.scattered import surveyed
from coding.models import RowState, UploadIndexPart, UploadRow
from coding.tables.errors import FileError
from tests.intake import samples
from tests.intake.test_ndjson import archive
from tests.intake.test_x12 import MANY

STRAY = samples.hl7(
    *(line.replace("|V1", "") for line in samples.head("MDM^T02")), "PV1||O||||||||||||||||V3"
)
MESSAGES = [
    b"BHS|^~\\&|lab\r",
    *(samples.dft(f"V{number}", control=str(number)) for number in range(4)),
    STRAY,
    *(samples.mdm(f"V{number}", "OBX|1|TX|||Out.", control=str(number)) for number in range(4)),
    b"BTS|8\r",
]
FIRST, SECOND = (list(samples.visit_resources(number).values()) for number in "12")
OTHER = {"resourceType": "Observation", "id": "O1", "encounter": {"reference": "Encounter/1"}}
DIFFERENT = FIRST[0] | {"language": "en"}
RESOURCES = [*FIRST, OTHER, FIRST[0], *SECOND, SECOND[1], OTHER, DIFFERENT]


def charges():
    """Rows of three visits, those of each apart from one another, with an empty and an unreadable line."""
    rows = [
        f"V{number % 3},M{number % 3},2026-06-01,22,Al,Seen.,1234{number},1" for number in range(8)
    ]
    return "\n".join(
        ["Acct,MRN,DOS,POS,Rendering,Note,CPT,Units", *rows[:4], "", '"open', *rows[4:], ""]
    ).encode()


FILES = {
    "x12": MANY + samples.claims_file(samples.claim("C1", facility="11:B:7")),
    "hl7": b"".join(MESSAGES),
    "ndjson": samples.ndjson(*RESOURCES),
    "fhir": samples.bundle(*RESOURCES),
    "fhirzip": archive(first=b"\n" + samples.ndjson(*FIRST), second=samples.ndjson(*RESOURCES)),
    "csv": charges(),
}
LAYOUTS = defaultdict(Layout, csv=guess(csv_table.headers(io.BytesIO(FILES["csv"]))))


def reader_of(format_key):
    return FORMATS[format_key].reader_of(LAYOUTS[format_key])


def read(format_key):
    return list(reader_of(format_key).read(io.BytesIO(FILES[format_key]), LAYOUTS[format_key]))


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch):
    """The survey is cut off behind each piece, and each process has forgotten what it had open."""
    monkeypatch.setattr(index_file, "BATCH", 1)


def received(people, format_key):
    upload = uploads.receive(people["coder"], [FILES[format_key]], format_key, "his")
    upload.layout = asdict(LAYOUTS[format_key])
    return upload


def forget():
    reading._open.clear()
    reading._standing.clear()


def stopped_after_each_piece(format_key):
    """The index of a file, each piece taken down by another process that has only the bytes of the index before it."""
    reader, content = reader_of(format_key).opened(
        io.BytesIO(FILES[format_key]), LAYOUTS[format_key]
    )
    rows, pieces = IndexFile(), 0
    while next(reader.survey(content, rows), None):
        rows, pieces = IndexFile(list(rows.parts(1000))), pieces + 1
    return reader, content, rows, pieces


@pytest.mark.parametrize("format_key", FILES)
def test_a_survey_goes_on_where_another_process_ended(format_key):
    reader, content, rows, pieces = stopped_after_each_piece(format_key)
    whole = read(format_key)
    assert pieces > 5
    assert list(reader.items(content, rows, BEGINNING)) == whole
    assert list(reader.items(content, rows, whole[1].after)) == whole[2:]


@pytest.mark.parametrize("format_key", FILES)
def test_the_wanted_items_come_back_from_an_index_that_was_kept(format_key):
    reader, content, rows, _ = stopped_after_each_piece(format_key)
    wanted = {1: (), 2: ()}
    whole = b"".join(
        reader_of(format_key).excerpt(io.BytesIO(FILES[format_key]), LAYOUTS[format_key], wanted)
    )
    assert b"".join(reader.excerpt_of(content, rows, wanted)) == whole


def test_an_index_whose_tables_were_laid_out_otherwise_is_made_anew():
    before = IndexFile()
    before.run("CREATE TABLE piece (number INTEGER)")
    before.run("PRAGMA user_version = 1")
    again = IndexFile(list(before.parts(1000)))
    assert again.surveyed == Surveyed()
    assert again.rows("SELECT name FROM sqlite_master WHERE name = 'piece'") == []


def test_an_index_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = IndexFile()
    rows.run("CREATE TABLE piece (number INTEGER)")
    assert os.listdir(tmp_path) == []


def in_portions(upload, most=1):
    """All items, each portion read by a process of its own, with the index kept as the check keeps it."""
    items, after, ended = [], BEGINNING, False
    while not ended:
        forget()
        portion = read_on(upload, after, most)
        if portion.index:
            keep_index(upload, portion.index)
        items += portion.items
        after, ended = portion.after, portion.ended
    return items


@pytest.mark.parametrize("format_key", FILES)
def test_workers_that_go_on_after_one_another_read_the_whole_file(people, monkeypatch, format_key):
    monkeypatch.setattr(reading, "SURVEY_SECONDS", -1.0)
    upload = received(people, format_key)
    whole = read(format_key)
    assert in_portions(upload) == whole
    assert kept_index(upload).surveyed.whole


class _Counted(io.BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size=-1):
        content = super().read(size)
        self.taken += len(content)
        return content

    def readline(self, size=-1):
        line = super().readline(size)
        self.taken += len(line)
        return line


LONG = {
    "ndjson": samples.ndjson(
        *(r for n in range(200) for r in samples.visit_resources(str(n)).values())
    ),
    "x12": samples.claims_file(*(samples.claim(f"C{number}") for number in range(200))),
}


@pytest.mark.parametrize("format_key", LONG)
def test_a_worker_that_goes_on_reads_only_what_its_items_stand_in(format_key):
    content = LONG[format_key]
    rows, reader = IndexFile(), FORMATS[format_key].reader
    for _ in reader.survey(io.BytesIO(content), rows):
        pass
    file = _Counted(content)
    rest = list(reader.items(file, IndexFile(list(rows.parts(1 << 20))), Cursor(190, 0)))
    assert len(rest) == 10
    assert file.taken < len(content) / 10


def test_what_is_kept_of_an_index_is_not_written_again(people, monkeypatch):
    monkeypatch.setattr("coding.importing.kept_index.PART_BYTES", 4096)
    upload = received(people, "ndjson")
    in_portions(upload)
    before = dict(UploadIndexPart.objects.values_list("number", "digest"))
    assert len(before) > 3
    with_new_index = in_portions(upload)
    assert with_new_index
    assert dict(UploadIndexPart.objects.values_list("number", "digest")) == before


def test_the_rejected_part_of_an_upload_comes_from_the_index_that_was_kept(people, monkeypatch):
    monkeypatch.setattr(reading, "SURVEY_SECONDS", -1.0)
    upload = received(people, "ndjson")
    in_portions(upload)
    UploadRow.objects.create(upload=upload, number=1, state=RowState.REJECTED)
    assert b'"Encounter"' in b"".join(rejected_file(upload))


def test_resources_that_are_only_counted_are_written_before_they_are_many(monkeypatch):
    monkeypatch.setattr(index_file, "BATCH", 2)
    counted = [OTHER | {"encounter": {"reference": f"Encounter/{number}"}} for number in range(6)]
    reader, content = FORMATS["ndjson"].reader.opened(
        io.BytesIO(samples.ndjson(*counted)), Layout()
    )
    rows = IndexFile()
    assert len(list(reader.survey(content, rows))) == 3
    assert rows.value("SELECT count(*) FROM other") == 6


def test_a_check_that_an_earlier_version_began_in_the_order_of_the_rows_is_not_gone_on_with():
    """Its cursor is the byte at which the next row begins."""
    first, *_ = read("csv")
    reader, content = reader_of("csv").opened(io.BytesIO(FILES["csv"]), LAYOUTS["csv"])
    rows = surveyed(reader, content, IndexFile())
    with pytest.raises(FileError, match="Upload it again"):
        list(reader.items(content, rows, Cursor(1, first.after.offset + 1)))
