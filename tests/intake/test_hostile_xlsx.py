"""Damaged and hostile workbooks are refused in words, before any row of them gets in."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.column_names import FIELDS
from coding.intake.drafts import Layout
from coding.intake.xlsx.table import XlsxTable, headers
from coding.tables import xlsx_package, xlsx_sheet, xlsx_values
from coding.tables.errors import FileError
from tests.intake.workbooks import BOOK, NAMESPACE, archive, good, sheet_of, written

XLSX = XlsxTable()
SHEET = sheet_of(FIELDS, good(1))
HEAD = f"<worksheet {NAMESPACE}><sheetData>"
TAIL = "</sheetData></worksheet>"


def refusal(file):
    with pytest.raises(FileError) as error:
        next(XLSX.read(file, Layout()))
    return str(error.value)


def repeated(text, times, chunk=10_000):
    """Text too large to be held, in chunks."""
    yield from (text * chunk for _ in range(times // chunk))


def wrapped(middle):
    yield HEAD
    yield from middle
    yield TAIL


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no XLSX workbook"),
        (b"external_id,note\n", "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password or of the old kind XLS"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (written(good(1)).getvalue()[:-30], "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content, words):
    assert words in refusal(io.BytesIO(content))


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (f'<!DOCTYPE x [<!ENTITY a "aaaa">]>{SHEET}', "XML entities"),
        (f'<!DOCTYPE x SYSTEM "file:///etc/passwd">{SHEET}', "XML entities"),
        (SHEET.replace("Plan", "&unknown;"), "damaged"),
        (SHEET[:-40], "damaged"),
        (SHEET.replace("<row>", '<row r="5">'), "damaged"),
        (SHEET.replace("<c ", '<c r="A1" '), "damaged"),
        (SHEET.replace("<c ", '<c r="ZZZ1" ', 1), "damaged"),
        (SHEET.replace("<c ", '<c r="1A" ', 1), "damaged"),
        (SHEET.replace("<c ", '<c s="x" ', 1), "damaged"),
        ("", "damaged"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "damaged"),
    ],
)
def test_a_sheet_that_no_program_writes_is_refused(sheet, words):
    assert words in refusal(archive(sheet))


def test_a_workbook_without_its_sheet_or_its_list_of_sheets_is_refused():
    assert "damaged" in refusal(archive(SHEET, **{"xl/workbook.xml": BOOK.replace('"r1"', '"r2"')}))
    assert "no sheet" in refusal(archive(SHEET, **{"xl/workbook.xml": "<workbook/>"}))


def test_a_cell_in_the_last_corner_costs_nothing():
    far = f'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>{TAIL}'
    first, second = XLSX.read(archive(SHEET.replace(TAIL, far)), Layout())
    assert first.problems == ()
    assert "row 1048576" in second.place
    assert ("row", "cell XFD1048576") in [
        (problem.field, problem.place) for problem in second.problems
    ]


def test_a_workbook_that_unpacks_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_package, "LARGEST_PART", 1_000_000)
    cell = wrapped(
        ["<row><c t='inlineStr'><is><t>", *repeated("x", 2_000_000), "</t></is></c></row>"]
    )
    assert "unpacks to more than 1,000,000 bytes" in refusal(archive(cell))
    assert "unpacks" in refusal(
        archive(SHEET, ["<sst>", *repeated("<si><t>x</t></si>", 100_000), "</sst>"])
    )


def test_a_workbook_with_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_package, "MOST_ELEMENTS", 50_000)
    assert "too many cells" in refusal(
        archive(wrapped(["<row>", *repeated("<c/>", 60_000), "</row>"]))
    )


def test_a_workbook_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_sheet, "MOST_ROWS", 4)
    assert "more than 4 rows" in refusal(
        archive(sheet_of(FIELDS, *(good(number) for number in range(4))))
    )


def test_a_workbook_with_too_many_names_is_refused():
    assert "damaged" in refusal(archive(wrapped(f"<a{number}/>" for number in range(10_000))))
    assert "damaged" in refusal(archive(wrapped(f"<a a{number}='1'/>" for number in range(10_000))))


def test_a_workbook_with_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_values, "MOST_MEMORY", 100_000)
    strings = ["<sst>", *repeated("<si><t>some text</t></si>", 10_000), "</sst>"]
    assert "too much text" in refusal(archive(SHEET, strings))


def test_elements_within_elements_and_endless_tags_are_refused():
    assert "damaged" in refusal(archive(wrapped(repeated("<a>", 100_000))))
    assert "damaged" in refusal(archive(wrapped(["<row x='", *repeated("x", 3_000_000), "'/>"])))
    assert "damaged" in refusal(archive(wrapped(["<!--", *repeated("x", 3_000_000), "-->"])))


def test_a_cell_of_more_runs_than_it_may_have_characters_is_refused():
    runs = ['<row><c t="inlineStr"><is>', *repeated("<t/>", 40_000), "</is></c></row>"]
    assert "damaged" in refusal(archive(wrapped(runs)))


def test_an_archive_with_too_many_parts_is_refused_before_they_are_listed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(xlsx_package.MOST_MEMBERS + 1):
            package.writestr(str(number), "")
    assert "parts" in refusal(out)


def test_sizes_that_lie_and_packings_that_no_program_uses_are_refused():
    content = bytearray(archive(SHEET).getvalue())
    # The sheet's unpacked size, in the archive's list of contents.
    place = content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02")) - 46 + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert "damaged" in refusal(io.BytesIO(content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("xl/workbook.xml", BOOK)
    assert "damaged" in refusal(out)


GOOD = written(*(good(number) for number in range(5))).getvalue()


@given(st.integers(0, len(GOOD)), st.binary(max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_workbook_cut_or_changed_anywhere_never_raises_anything_but_a_file_error(place, change):
    for content in (GOOD[:place], GOOD[:place] + change + GOOD[place + len(change) :]):
        try:
            headers(io.BytesIO(content))
            list(XLSX.read(io.BytesIO(content), Layout()))
        except FileError:
            continue


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_sheet_changed_anywhere_never_raises_anything_but_a_file_error(data):
    sheet = SHEET.replace("<c ", '<c r="A1" s="0" ', 1).replace(
        ' t="inlineStr"><is><t>22</t></is>', "><v>22</v>"
    )
    place = data.draw(st.integers(0, len(sheet)))
    change = data.draw(
        st.sampled_from(
            ["<v>", "</c>", "9", "-", 's="99"', "<f/>", "\ud7ff", "<row>", "<rPh>", "²", ""]
        )
    )
    try:
        list(
            XLSX.read(
                archive(sheet[:place] + change + sheet[place + data.draw(st.integers(0, 5)) :]),
                Layout(),
            )
        )
    except FileError:
        return
