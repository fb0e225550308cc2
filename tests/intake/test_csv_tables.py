"""CSV files of encounters: columns by any name, every line accounted for, reading resumed from any row."""

import codecs
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.cells import cleaned
from coding.intake.check import check
from coding.intake.column_names import FIELDS, Preview, guess
from coding.intake.columns import EXAMPLE
from coding.intake.csv.table import CsvTable, headers, template
from coding.intake.drafts import Cursor, Layout, LineDraft, Problem
from coding.tables.csv_lines import write_line
from coding.tables.errors import FileError
from tests.intake.encounters import TODAY, SomeCodes

HEADER = ",".join(FIELDS)
ROW = "V-{n},MRN-{n},2026-01-15,F,2026-05-31,22,Dr. A,Plan,Left hip out.,Q65.02,27256-LT x1 for 1"
CSV = CsvTable()


def table(*rows, header=HEADER, end="\n"):
    return io.BytesIO(end.join([header, *rows, ""]).encode())


def good(number, **changes):
    cells = dict(zip(FIELDS, ROW.format(n=number).split(","), strict=True))
    return ",".join({**cells, **changes}.values())


def read(file, layout=None, start=None):
    layout = layout or Layout()
    return list(CSV.read(file, layout, start) if start else CSV.read(file, layout))


def refusal(content, layout=None):
    with pytest.raises(FileError) as error:
        read(io.BytesIO(content), layout)
    return str(error.value)


def test_the_template_reads_back_as_a_good_encounter():
    (draft,) = read(io.BytesIO(template()))
    assert draft.place == "line 2"
    assert draft.texts.service_lines == (LineDraft("12345", ("LT",), "1", ("1",)),)
    assert check(draft.texts, SomeCodes(), TODAY).note == EXAMPLE[FIELDS.index("note")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_ends_encodings_and_delimiters(end, encoding, delimiter):
    rows = [HEADER, good(1, provider="Dr. Çelik"), "", good(2)]
    content = (end.join(rows) + end).replace(",", delimiter).encode(encoding)
    drafts = read(io.BytesIO(content))
    assert [(draft.place, draft.texts.external_id) for draft in drafts] == [
        ("line 2", "V-1"),
        ("line 4", "V-2"),
    ]
    assert drafts[0].texts.provider == "Dr. Çelik"


def test_columns_are_matched_by_a_layout_in_any_order_and_the_rest_is_left_out():
    header = "DOS;Visit;Shoe size;MRN;Text;Doctor;POS"
    file = table("31.05.2026;V-1;42;P-1;Left hip out.;Dr. A;2", header=header)
    columns = [
        "external_id Visit",
        "patient_reference MRN",
        "date_of_service dos",
        "provider Doctor",
        "note Text",
    ]
    layout = Layout({"place_of_service": "POS", **dict(map(str.split, columns))}, "dmy")
    (draft,) = read(file, layout)
    texts = draft.texts
    assert (texts.external_id, texts.date_of_service, texts.place_of_service) == (
        "V-1",
        "2026-05-31",
        "02",
    )


@pytest.mark.parametrize(
    ("order", "text", "iso"),
    [
        ("mdy", "05/31/2026", "2026-05-31"),
        ("mdy", "5/3/2026 0:00", "2026-05-03"),
        ("dmy", "31.5.2026", "2026-05-31"),
        ("dmy", "3-5-2026", "2026-05-03"),
        ("ymd", "2026/5/31", "2026-05-31"),
        ("mdy", "2026-05-31T10:15:00", "2026-05-31"),
        ("ymd", "05/31/2026", "05/31/2026"),
        ("mdy", "05/31/26", "05/31/26"),
        ("dmy", "yesterday", "yesterday"),
    ],
)
def test_dates_in_the_order_that_a_person_chose(order, text, iso):
    (draft,) = read(table(good(1, date_of_service=text)), Layout(date_order=order))
    assert draft.texts.date_of_service == iso


def test_names_of_columns_are_guessed():
    names = [
        "MRN",
        "Visit Number",
        "DOS",
        "POS",
        "ICD-10",
        "CPT",
        "Rendering Provider",
        "Clinical note",
        "Shoe size",
    ]
    assert dict(guess(Preview(tuple(names), ())).columns) == {
        "patient_reference": "MRN",
        "external_id": "Visit Number",
        "date_of_service": "DOS",
        "place_of_service": "POS",
        "diagnoses": "ICD-10",
        "service_lines": "CPT",
        "provider": "Rendering Provider",
        "note": "Clinical note",
    }
    assert dict(guess(Preview(FIELDS, ())).columns) == dict(zip(FIELDS, FIELDS, strict=True))


def test_columns_of_one_name_can_be_chosen_under_a_header_of_which_nothing_is_known():
    preview = headers(table("V-1,P-1,I10,E11.9", header="Konto,Person,Dx,Dx"))
    assert preview.headers == ("Konto", "Person", "Dx", "Dx 2")


def test_the_preview_shows_the_header_and_the_first_rows():
    preview = headers(
        table(good(1, note='"two\nlines"'), "broken", *(good(n) for n in range(2, 30)))
    )
    assert preview.headers == FIELDS
    assert [row[0] for row in preview.rows] == ["V-1", "V-2", "V-3", "V-4", "V-5"]


def test_codes_and_lines_in_one_cell():
    (draft,) = read(
        table(good(1, diagnoses="q6502  Q65.5;M25.551", service_lines="27256-lt X2 FOR 1 2; 99213"))
    )
    assert draft.texts.diagnoses == ("q65.02", "Q65.5", "M25.551")
    assert draft.texts.service_lines == (
        LineDraft("27256", ("lt",), "2", ("1", "2")),
        LineDraft("99213"),
    )


def test_a_service_line_that_cannot_be_read_and_a_missing_note_are_problems():
    (draft,) = read(table(good(1, service_lines="27256LT", note=" ")))
    assert [(problem.field, problem.value) for problem in draft.problems] == [
        ("service_lines", "27256LT"),
        ("note", ""),
    ]


def test_what_an_export_guarded_comes_back_as_it_was_written():
    cells = dict(
        zip(FIELDS, EXAMPLE, strict=True), note="+ Ortolani", provider="=Dr", payer="'quoted"
    )
    cells = {"problem": "Mended.", **cells}
    (draft,) = read(io.BytesIO((write_line(cells) + write_line(cells.values())).encode()))
    assert (draft.texts.note, draft.texts.provider, draft.texts.payer) == (
        "+ Ortolani",
        "=Dr",
        "'quoted",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\n\n", "The file is empty"),
        (b"external_id,note\n", "lacks patient_reference, date_of_service"),
        (HEADER.encode() + b",note\n", "“note” twice"),
        (HEADER.encode() + b",sexx\n", "“sexx”, which is no column"),
        (b'"external_id,note\n', "Line 1, the header, cannot be used"),
        (HEADER.encode() + b"\nV-1,\0", "Line 2 holds a NUL byte"),
        (
            HEADER.encode() + b"\n\nV-1,f\x82vrier\n",
            "Line 3 is not UTF-8, and does not look like Windows-1252",
        ),
        (HEADER.encode() + b"\nV-1,\xed\xa0\x81\n", "Line 2 is not UTF-8"),
        (
            codecs.BOM_UTF16_LE + (HEADER + "\nV").encode("utf-16-le") + b"\x00\xd8",
            "Line 2 is not UTF-16",
        ),
        (codecs.BOM_UTF16_LE + (HEADER + "\nV").encode("utf-16-le") + b"A", "Line 2 is not UTF-16"),
        (HEADER.encode("utf-16-le"), "Line 1 holds a NUL byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(content, words):
    assert words in refusal(content)


KNOWN = ",".join(["MRN", "DOS", "POS", "Note", *(f"x{number}" for number in range(496))])
UNKNOWN = ",".join(f"x{number}" for number in range(500))


@pytest.mark.parametrize("header", [KNOWN, f"Report of June\n{KNOWN}", UNKNOWN])
def test_a_header_has_500_columns_at_most(header):
    assert len(headers(io.BytesIO(f"{header}\n".encode())).headers) == 500
    with pytest.raises(FileError, match=r"the header, cannot be used. It names nothing, or more"):
        headers(io.BytesIO(f"{header},more\n".encode()))


def test_delimiters_behind_the_last_column_are_no_columns():
    assert len(headers(io.BytesIO(f"{KNOWN},,,\n".encode())).headers) == 500


def test_a_layout_that_does_not_fit_the_file_is_refused():
    layout = guess(Preview(FIELDS, ()))
    moved = replace(layout, columns={**layout.columns, "external_id": "Visit"})
    assert "“visit” nowhere" in refusal(table().getvalue(), moved)
    nothing_to_code = Layout({f: f for f in FIELDS if f not in ("note", "service_lines")})
    assert "lacks note" in refusal(table().getvalue(), nothing_to_code)


def test_rows_before_a_byte_that_is_no_text_are_still_handed_out():
    rows = CSV.read(io.BytesIO(table(good(1), good(2)).getvalue() + b"V-3,\x81\n"), Layout())
    assert [next(rows).number, next(rows).number] == [1, 2]
    with pytest.raises(FileError, match="Line 4"):
        next(rows)


TEXT = st.text(st.sampled_from("ab,;\t\"'=+-@\r\n é–\U0001f9b4"), max_size=15)
NOTE = TEXT.filter(str.strip)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@given(st.lists(NOTE.filter(cleaned), max_size=8), ENCODINGS)
@settings(max_examples=60)
def test_a_written_table_reads_back_the_same_whatever_its_notes(notes, encoding):
    rows = [
        write_line(["", *good(n).split(",")[:8], note, "Q65.02", ""])
        for n, note in enumerate(notes)
    ]
    drafts = read(io.BytesIO("".join([write_line(["problem", *FIELDS]), *rows]).encode(encoding)))
    assert [(draft.number, draft.texts.note, draft.problems) for draft in drafts] == [
        (number, note, ()) for number, note in enumerate(notes, start=1)
    ]


@given(st.lists(TEXT, max_size=12), ENCODINGS)
@settings(max_examples=60)
def test_reading_resumes_from_every_row(texts, encoding):
    content = "\n".join([HEADER, *(good(n, note=text) for n, text in enumerate(texts)), ""]).encode(
        encoding
    )
    everything = read(io.BytesIO(content))
    for number, draft in enumerate(everything, start=1):
        assert read(io.BytesIO(content), start=draft.after) == everything[number:]
    assert read(io.BytesIO(content), start=Cursor()) == everything


def test_the_rejected_rows_come_back_to_be_mended():
    file = table(good(1), good(2, sex="X", note="+ Barlow"), "V-3,too,few", good(4), header=HEADER)
    wanted = {2: [Problem("sex", "Sex: wrong.")], 3: [Problem("row", "Cells are missing.")]}
    excerpt = b"".join(CSV.excerpt(file, Layout(), wanted))
    lines = excerpt.decode("utf-8-sig").splitlines()
    assert lines[0] == f"problem,{HEADER}"
    assert lines[1].startswith("Sex: wrong.,V-2,")
    assert "'+ Barlow" in lines[1]
    assert lines[2] == 'Cells are missing.,"V-3,too,few"'
    mended, short = read(io.BytesIO(excerpt))
    assert (mended.texts.external_id, mended.texts.note, mended.problems) == ("V-2", "+ Barlow", ())
    assert "2 cells, the header 12" in short.problems[0].text
    again = b"".join(CSV.excerpt(io.BytesIO(excerpt), Layout(), {1: wanted[2]}))
    assert again.decode("utf-8-sig").splitlines() == lines[:2]


def test_a_row_in_windows_1252_is_read_and_its_letters_are_shown():
    rows = [good(1), good(2, provider="Dr. Müller", note="Patient’s hip.")]
    plain, other = read(io.BytesIO("\n".join([HEADER, *rows, ""]).encode("cp1252")))
    assert plain.remarks == ()
    assert (other.texts.provider, other.texts.note) == ("Dr. Müller", "Patient’s hip.")
    [remark] = other.remarks
    assert "read as Windows-1252" in remark.text
    assert "“Müller”, “Patient’s”" in remark.text
