"""XLSX workbooks of encounters: cells of every kind as a person sees them, problems by the cell."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.cells import cleaned
from coding.intake.check import check
from coding.intake.column_names import FIELDS
from coding.intake.columns import EXAMPLE
from coding.intake.drafts import Layout, Problem
from coding.intake.xlsx.table import XlsxTable, headers, template
from coding.tables.errors import FileError
from coding.tables.xlsx_sheet import letters
from tests.intake.encounters import TODAY, SomeCodes
from tests.intake.workbooks import archive, good, sheet_of, written

XLSX = XlsxTable()


def read(file, layout=None):
    return list(XLSX.read(file, layout or Layout()))


def draft_with(field, write):
    """The draft of a workbook whose row 2 has one cell written in another way."""
    column = FIELDS.index(field)
    (draft,) = read(written(good(1), write=lambda book, sheet: write(book, sheet, column)))
    return draft


def test_the_template_reads_back_as_a_good_encounter():
    (draft,) = read(io.BytesIO(template()))
    assert draft.place == "row 2"
    assert check(draft.texts, SomeCodes(), TODAY).note == EXAMPLE[FIELDS.index("note")]


def test_a_problem_is_placed_at_its_cell():
    (draft,) = read(written([*good(1)[:3], "q", *good(1)[4:10], "27256LT"]))
    assert [(problem.field, problem.place) for problem in draft.problems] == [
        ("service_lines", "cell K2")
    ]
    assert [(remark.text[:15], remark.place) for remark in draft.remarks] == [
        ("Left out: sex q", "cell D2")
    ]


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_the_letters_of_a_spreadsheet(column, name):
    assert letters(column) == name


@pytest.mark.parametrize(
    ("format_code", "value", "text"),
    [
        ("mm/dd/yyyy", date(2026, 5, 31), "2026-05-31"),
        ('d. mmmm yyyy "at"', datetime.fromisoformat("2026-05-31T14:30"), "2026-05-31"),
        ("yyyy-mm-dd", date(1900, 2, 28), "1900-02-28"),
        ("[$-409]d-mmm-yy;@", date(1900, 3, 1), "1900-03-01"),
    ],
)
@pytest.mark.parametrize("from_1904", [False, True])
def test_date_cells_are_read_as_days(format_code, value, text, from_1904):
    if from_1904 and value.year < 1904:
        return
    column = FIELDS.index("date_of_service")

    def write(book, sheet):
        sheet.write_datetime(1, column, value, book.add_format({"num_format": format_code}))

    (draft,) = read(written(good(1), write=write, date_1904=from_1904))
    assert (draft.texts.date_of_service, draft.problems) == (text, ())


@pytest.mark.parametrize(
    ("field", "number", "format_code", "text"),
    [
        ("external_id", 1234567890123, "General", "1234567890123"),
        ("external_id", 42, "00000", "00042"),
        ("external_id", 42.5, '0.0 "days"', "42.5"),
        ("place_of_service", 2, "General", "02"),
        ("date_of_service", 46173, "General", "46173"),
    ],
)
def test_numbers_are_read_as_they_are_shown(field, number, format_code, text):
    draft = draft_with(
        field,
        lambda book, sheet, c: sheet.write_number(
            1, c, number, book.add_format({"num_format": format_code})
        ),
    )
    assert getattr(draft.texts, field) == text


def test_a_procedure_code_that_became_a_number_is_still_a_code():
    draft = draft_with(
        "service_lines", lambda _book, sheet, column: sheet.write_number(1, column, 27256.0)
    )
    assert draft.texts.service_lines[0].code == "27256"


def test_the_result_of_a_formula_counts_and_truth_values_are_words():
    draft = draft_with(
        "provider",
        lambda _book, sheet, column: sheet.write_formula(1, column, "=A1", None, "Dr. B"),
    )
    assert draft.texts.provider == "Dr. B"
    assert (
        draft_with(
            "payer", lambda _book, sheet, column: sheet.write_boolean(1, column, True)
        ).texts.payer
        == "yes"
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c r="H2"><f>A1</f></c>', "formula without its result"),
        ('<c r="H2" t="e"><v>#N/A</v></c>', "error #N/A"),
        ('<c r="H2"><v>twelve</v></c>', "damaged"),
        ('<c r="H2"><v>nan</v></c>', "no number that can be read"),
        ('<c r="H2"><v>1e999</v></c>', "no number that can be read"),
        ('<c r="H2" t="s"><v>7</v></c>', "damaged"),
        (f'<c r="H2" t="str"><v>{"x" * 32_768}</v></c>', "more than 32,767 characters"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_problem_of_its_row_only(cell, words):
    sheet = sheet_of(FIELDS, good(1), good(2))
    texts = '<c t="inlineStr"><is><t>Plan</t></is></c>'
    first, second = read(archive(sheet.replace(texts, cell, 1)))
    assert [(p.field, p.place) for p in first.problems] == [("payer", "cell H2")]
    assert words in first.problems[0].text
    assert len(first.problems[0].value) <= 60
    assert second.problems == ()


def test_texts_in_pieces_escapes_and_phonetic_signs():
    item = "<si><r><t>Left hip</t></r><r><t xml:space='preserve'> out_x000D_\n</t></r><rPh><t>no</t></rPh></si>"
    sheet = sheet_of(FIELDS, good(1)).replace(
        '<c t="inlineStr"><is><t>Left hip out.</t></is></c>', '<c t="s"><v>0</v></c>'
    )
    (draft,) = read(archive(sheet, f"<sst>{item}</sst>"))
    assert draft.texts.note == "Left hip out\r\n"


def test_what_a_workbook_strikes_out_is_marked_and_never_taken_as_it_stands():
    runs = "<r><t>Reduced </t></r><r><rPr><strike/></rPr><t>with</t></r><r><rPr><strike val='0'/></rPr><t> it</t></r>"
    in_place = "<c t='inlineStr'><is><t>Left hip out.</t></is></c>".replace("'", '"')
    shared = sheet_of(FIELDS, good(1)).replace(in_place, '<c t="s"><v>0</v></c>')
    own = sheet_of(FIELDS, good(1)).replace(in_place, f'<c t="inlineStr"><is>{runs}</is></c>')
    for file in (archive(shared, f"<sst><si>{runs}</si></sst>"), archive(own)):
        (draft,) = read(file)
        assert draft.texts.note == "Reduced [deleted: with] it"

    def strike(book, sheet):
        sheet.write_string(
            1, FIELDS.index("service_lines"), "27256", book.add_format({"font_strikeout": True})
        )

    (draft,) = read(written(good(1), write=strike))
    assert "[deleted: 27256]" in str(draft.problems)


def test_the_sheet_named_encounters_is_read_or_else_the_first():
    def second(book, _sheet):
        sheet = book.add_worksheet("Encounters")
        for column, name in enumerate(FIELDS):
            sheet.write_string(0, column, name)

    assert read(written(good(1), write=second)) == []
    assert len(read(written(good(1)))) == 1


def test_empty_rows_are_passed_over_and_the_rows_keep_their_numbers():
    drafts = read(written([], good(1), [" "], good(2)))
    assert [(draft.number, draft.place) for draft in drafts] == [(1, "row 3"), (2, "row 5")]


def test_reading_resumes_behind_any_row():
    file = written(*(good(number) for number in range(20)))
    everything = read(file)
    for number, draft in enumerate(everything, start=1):
        assert list(XLSX.read(file, Layout(), draft.after)) == everything[number:]


def test_a_cell_to_the_right_of_the_header_is_a_problem():
    (draft,) = read(written([*good(1), "stray"]))
    assert [(problem.field, problem.place) for problem in draft.problems] == [("row", "cell L2")]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (written(header=()), "The sheet is empty"),
        (written(header=("external_id", "note")), "lacks patient_reference"),
        (written(header=(*FIELDS, "note")), "“note” twice"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_refused(file, words):
    with pytest.raises(FileError, match=words):
        read(file)


def test_a_row_without_a_cell_of_its_own_is_told_and_the_first_row_of_the_range_is_good():
    file = written(
        good(1), good(2), write=lambda _b, sheet: sheet.merge_range("E2:E3", "2026-05-31")
    )
    first, second = read(file)
    assert (first.texts.date_of_service, first.problems) == ("2026-05-31", ())
    [problem] = second.problems
    assert (problem.field, problem.place) == ("date_of_service", "cell E3")
    assert "merged into E2:E3" in problem.text


def test_columns_are_matched_and_previewed():
    file = written(
        ["V-1", "P-1", "5/31/2026", "11", "Dr. A", "Note"],
        header=("Visit", "MRN", "DOS", "POS", "Dr", "Text"),
    )
    preview = headers(file)
    assert preview.rows == (("V-1", "P-1", "5/31/2026", "11", "Dr. A", "Note"),)
    required = (
        "external_id",
        "patient_reference",
        "date_of_service",
        "place_of_service",
        "provider",
        "note",
    )
    (draft,) = read(file, Layout(dict(zip(required, preview.headers, strict=True)), "mdy"))
    assert (draft.texts.date_of_service, draft.problems) == ("2026-05-31", ())


def test_the_rejected_rows_come_back_to_be_mended():
    file = written(good(1), [*good(2)[:3], "Q", *good(2)[4:]], good(3))
    excerpt = b"".join(XLSX.excerpt(file, Layout(), {2: [Problem("sex", "Sex: wrong.")]}))
    assert headers(io.BytesIO(excerpt)).headers == ("problem", *FIELDS)
    (draft,) = read(io.BytesIO(excerpt))
    assert draft.texts.external_id == "V-2"
    assert "sex Q" in draft.remarks[0].text
    again = b"".join(
        XLSX.excerpt(io.BytesIO(excerpt), Layout(), {1: [Problem("sex", "Sex: still wrong.")]})
    )
    assert headers(io.BytesIO(again)).rows[0][0] == "Sex: still wrong."


def test_a_stray_cell_is_given_back_too():
    file = written([*good(1), "", "stray"])
    excerpt = io.BytesIO(b"".join(XLSX.excerpt(file, Layout(), {1: []})))
    assert [problem.place for problem in read(excerpt)[0].problems] == ["cell N2"]


TEXT = st.text(
    st.sampled_from("ab<&>'\"=+-_x000D \t\r\n\x01\x1fé\u2028\ufeff\U0001f9b4"), max_size=15
)


@given(st.lists(TEXT.filter(cleaned), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_written_workbook_reads_back_the_same_whatever_its_notes(notes):
    file = written(*([*good(n)[:8], note] for n, note in enumerate(notes)))
    assert [draft.texts.note for draft in read(file)] == notes
