"""Which column of a table is read as what: headers, numbered columns, and the rows that are charges of one visit."""

import base64

import pytest

from coding.intake.column_names import (
    FIELDS,
    PROBLEM_COLUMN,
    Preview,
    field_named,
    guess,
    is_header,
    is_template,
    preview_of,
    recognised,
    rows_above,
)
from coding.intake.columns import Columns
from coding.intake.drafts import Layout
from coding.intake.numbered_columns import line_number, numbered, told_apart
from coding.intake.unmatched_columns import first_rows, left_out_columns, unmatched
from coding.tables.errors import FileError

HEADERS = ("Acct", "MRN", "DOS", "POS", "Rendering", "Note")
ROW = ("A1", "M1", "2026-06-01", "22", "Al", "Seen.")


def columns_of(*more, order="ymd"):
    """The columns of a table with these besides those of a visit."""
    headers = told_apart((*HEADERS, *more))
    return Columns.of(headers, guess(Preview(headers, (), order)))


def texts_of(more, cells, **options):
    texts, problems, remarks = columns_of(*more, **options).read([*ROW, *cells], {})
    return texts, [problem.text for problem in problems], [remark.text for remark in remarks]


def refusal(headers, layout):
    with pytest.raises(FileError) as error:
        Columns.of(headers, layout)
    return str(error.value)


# Headers by name.


def test_a_header_is_known_by_its_letters_and_digits():
    assert field_named("  Visit-Number # ") == "external_id"
    assert field_named("D.O.S.") == "date_of_service"
    assert field_named("Shoe size") is None
    assert field_named("") is None


def test_the_first_of_several_headers_for_one_field_counts():
    layout = guess(Preview(("MRN", "Patient ID", "DOS"), ()))
    assert dict(layout.columns) == {"patient_reference": "MRN", "date_of_service": "DOS"}


def test_a_column_of_a_row_of_columns_is_no_field_by_itself():
    layout = guess(Preview(("Dx", "Dx 2", "CPT", "CPT 2"), ()))
    assert dict(layout.columns) == {"diagnoses": "Dx", "service_lines": "CPT"}
    assert layout.numbered == {"diagnoses": ["Dx 2"], "codes": ["CPT 2"]}
    layout = guess(Preview(("ICD10", "ICD9"), ()))
    assert (dict(layout.columns), layout.numbered) == ({"diagnoses": "ICD10"}, {})


def test_a_row_of_three_known_names_is_a_header():
    assert recognised(["MRN", "Patient ID", "DOS", "x"]) == 2
    assert not is_header(["MRN", "Patient ID", "DOS"])
    assert is_header(["MRN", "DOS", "POS"])
    assert not is_header([])


def test_the_template_has_its_own_names_and_maybe_the_problems():
    assert is_template(FIELDS)
    assert is_template([PROBLEM_COLUMN, " External_ID ", "note"])
    assert not is_template(["external_id", "MRN"])


def test_the_rows_above_are_counted():
    assert [rows_above(count) for count in (1, 2)] == [
        "1 row above the header",
        "2 rows above the header",
    ]


def test_a_preview_shows_the_first_rows_and_the_order_that_its_days_prove():
    rows = [(f"A{number}", f"5/{number}/2026") for number in range(10, 20)]
    preview = preview_of(("Acct", "DOS"), rows)
    assert (preview.rows, preview.date_order) == (tuple(rows[:5]), "mdy")
    # A column of no day proves nothing.
    assert preview_of(("Acct", "Paid on"), rows).date_order == "ymd"


def test_what_ends_a_file_early_ends_its_preview():
    def rows():
        yield ("A1", "31/5/2026")
        raise FileError("cut off")

    preview = preview_of(("Acct", "DOS"), rows())
    assert (preview.rows, preview.date_order) == ((("A1", "31/5/2026"),), "dmy")


# What a layout has to name.


def test_a_layout_names_each_field_that_an_encounter_needs():
    layout = Layout({"external_id": "Acct", "note": "Note"})
    assert refusal(HEADERS, layout) == (
        "The header lacks patient_reference, date_of_service, place_of_service, provider."
        " Match the columns, or use the template."
    )
    wanted = {"external_id": "Acct", "patient_reference": "MRN", "date_of_service": "DOS"}
    wanted |= {"place_of_service": "POS", "provider": "Rendering"}
    # A table has notes or charges: one of neither has nothing to code.
    assert "lacks note." in refusal(HEADERS, Layout(wanted))
    assert (
        Columns.of((*HEADERS, "CPT"), Layout(wanted | {"service_lines": "CPT"})).places[
            "service_lines"
        ]
        == 6
    )
    assert Columns.of(
        (*HEADERS, "CPT 1"), Layout(wanted, numbered={"codes": ["CPT 1"]})
    ).numbered.places


def test_a_column_that_is_matched_has_to_be_there_once():
    wanted = dict(
        zip(
            (
                "external_id",
                "patient_reference",
                "date_of_service",
                "place_of_service",
                "provider",
                "note",
            ),
            HEADERS,
            strict=True,
        )
    )
    assert refusal((*HEADERS, "mrn "), Layout(wanted)).startswith("The header names “mrn” twice.")
    assert refusal(HEADERS, Layout(wanted | {"payer": "Plan"})).startswith(
        "The header names “plan” nowhere."
    )
    assert Columns.of(HEADERS, Layout(wanted | {"payer": ""})).places.keys() == wanted.keys()


def test_without_a_layout_a_table_has_the_columns_of_the_template():
    columns = Columns.of((PROBLEM_COLUMN, *FIELDS), Layout())
    assert (columns.is_template, columns.places["external_id"], columns.joins) == (True, 1, None)
    assert "names “Shoe size”, which is no column" in refusal((*FIELDS, "Shoe size"), Layout())


# Numbered columns.


@pytest.mark.parametrize(
    ("header", "kind", "line"),
    [
        ("ICD10 Dx 3", "diagnoses", 3),
        ("Primary Diagnosis", "diagnoses", 1),
        ("4th dx", "diagnoses", 4),
        ("Dx L", "diagnoses", 12),
        ("CPT-2", "codes", 2),
        ("Procedure Code 11", "codes", 11),
        ("Mod", "modifiers", 0),
        ("Line 2 Mod 3", "modifiers", 2),
        ("MOD2A", "modifiers", 2),
        ("CPT1 Mod", "modifiers", 1),
        ("Svc 3 Units", "units", 3),
        ("Qty", "units", 0),
        ("Dx Ptr 2", "pointers", 2),
        ("Pointer", "pointers", 0),
    ],
)
def test_a_numbered_header_names_its_kind_and_its_line(header, kind, line):
    assert numbered([header, "CPT 1", "Dx 2"])[kind][0] == header
    assert line_number(header, kind) == line


def test_a_header_of_no_kind_has_no_line():
    assert numbered(["Shoe size", "MRN"]) == {}
    assert line_number("Shoe size", "codes") == 0


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ("Dx Dx Dx", "Dx|Dx 2|Dx 3"),
        ("Shoe Shoe", "Shoe|Shoe"),
        ("CPT Mod CPT Mod", "CPT|Mod|CPT 2|Mod 2"),
        ("CPT Mod Mod", "CPT|Mod|Mod 2"),
        ("Mod Mod", "Mod|Mod 2"),
    ],
)
def test_headers_that_stand_there_several_times_get_their_numbers(headers, names):
    assert "|".join(told_apart(headers.split())) == names


@pytest.mark.parametrize(
    ("cell", "pointers"),
    [
        ("A", ("1",)),
        ("ab", ("1", "2")),
        ("1,2", ("1", "2")),
        ("12", ("12",)),
        ("13", ("1", "3")),
        ("1234", ("1", "2", "3", "4")),
        ("1:2|3/4", ("1", "2", "3", "4")),
        ("1 1", ("1",)),
        ("L", ("12",)),
        ("M", ("M",)),
        ("1.0", ("1",)),
        ("", ()),
    ],
)
def test_pointers_are_letters_or_numbers_as_a_paper_claim_has_them(cell, pointers):
    texts, _, _ = texts_of(["CPT", "Ptr"], ["12345", cell])
    assert texts.service_lines[0].diagnosis_pointers == pointers


def test_columns_without_a_code_and_further_units_are_told():
    more = ["CPT 1", "Mod 1", "CPT 2", "Mod 2", "Units 2", "Qty 2"]
    texts, _, remarks = texts_of(more, ["12345", "LT", "", "RT", "2", "3"])
    assert [line.code for line in texts.service_lines] == ["12345"]
    assert remarks == [
        "Left out: RT, which belongs to no procedure code.",
        "Left out: 2, which belongs to no procedure code.",
        "Left out: 3, which belongs to no procedure code.",
    ]


# The cells of a row.


def test_a_row_is_read_with_its_codes_in_one_cell_and_in_numbered_ones():
    more = ["Dx", "Dx 2", "CPT", "CPT 2", "Units 2"]
    texts, problems, remarks = texts_of(more, ["Q6502", "M25551", "12345-LT", "23456.0", "2.0"])
    assert texts.diagnoses == ("Q65.02", "M25.551")
    assert [(line.code, line.modifiers, line.units) for line in texts.service_lines] == [
        ("12345", ("LT",), ""),
        ("23456", (), "2"),
    ]
    assert (problems, remarks) == ([], [])


def test_a_zero_that_a_spreadsheet_took_off_a_place_comes_back():
    cells = ["A1", "M1", "2026-06-01", "2", "Al", "Seen."]
    assert columns_of().read(cells, {})[0].place_of_service == "02"
    cells[3] = "22 - Hospital"
    assert columns_of().read(cells, {})[0].place_of_service == "22"


def test_numbers_that_were_cut_are_problems_placed_at_their_cells():
    cells = ["1.23457E+11", "M1", "2026-06-01", "22", "Al", "Seen."]
    _, [problem], _ = columns_of().read(cells, {"external_id": "cell A2"})
    assert (problem.field, problem.value, problem.place) == (
        "external_id",
        "1.23457E+11",
        "cell A2",
    )


def test_a_note_stays_as_it_came_and_the_other_cells_are_cleaned():
    note = "  Left hip\n out. "
    cells = [" A1 ", "M1.0", "2026-06-01", "22", "'5 Main", note]
    texts, problems, remarks = columns_of().read(cells, {})
    assert (texts.external_id, texts.patient_reference, texts.provider, texts.note) == (
        "A1",
        "M1.0",
        "5 Main",
        note,
    )
    assert (problems, remarks) == ((), ())
    texts, _, _ = texts_of(["Sex", "CPT"], ["female", "12345.0-LT; 23456.00"])
    assert texts.sex == "F"
    assert [line.code for line in texts.service_lines] == ["12345", "23456"]


def test_a_note_that_cannot_be_read_or_is_not_there_is_a_problem():
    image = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 20).decode()
    cells = ["A1", "M1", "2026-06-01", "22", "Al", image]
    _, [problem], _ = columns_of().read(cells, {"note": "cell F2"})
    assert (problem.field, problem.place) == ("note", "cell F2")
    assert problem.text.startswith("Note: The attachment is a PNG image.")
    for nothing in ("", "N/A", "<p hidden>x</p>"):
        _, [problem], _ = columns_of().read([*cells[:5], nothing], {})
        assert (problem.field, problem.text) == ("note", "Note: it is missing. Fill it in.")


def test_what_is_left_out_of_a_row_is_placed_at_its_cell():
    places = {"sex": "cell G2", "birth_date": "cell H2"}
    _, _, remarks = columns_of("Sex", "DOB").read([*ROW, "Q", "2026"], places)
    assert [(remark.text, remark.place) for remark in remarks] == [
        ("Left out: sex Q, which is none of F, M, O, U.", "cell G2"),
        ("Left out: birth date 2026, which is no whole day.", "cell H2"),
    ]


def test_what_a_note_hides_and_a_cell_that_failed_are_told():
    cells = ["A1", "M1", "2026-06-01", "22", "Al", "<p>Seen. <b hidden>Not so.</b></p>"]
    texts, _, [remark] = columns_of().read(cells, {"note": "cell F2"})
    assert (texts.note, remark.place) == ("Seen.", "cell F2")
    _, _, remarks = texts_of(["Payer"], ["#REF!"])
    assert remarks == ["Left out: payer #REF!."]


def test_a_last_day_makes_several_days_only_with_a_first_that_can_be_read():
    assert texts_of(["To DOS"], ["2026-06-02"])[1] == [
        "The services are of several days. Send those of each day as an encounter of its own."
    ]
    assert texts_of(["To DOS"], ["2026-06-01"])[1:] == ([], [])
    assert texts_of(["To DOS"], ["never"])[2] == [
        "Left out: the last day never, which cannot be read as a date."
    ]
    # Two columns of last days tell neither.
    assert texts_of(["To DOS", "Thru Date"], ["2026-06-02", "2026-06-03"])[1] == []


# Charges of one visit.


def test_rows_name_a_visit_by_account_patient_and_day():
    columns = columns_of("CPT", order="mdy")
    assert columns.visit(["1001.0", "M1", "6/1/2026", "22", "Al", "", "12345"]) == (
        "1001",
        "M1",
        "2026-06-01",
    )
    assert columns.visit(["A1", "NULL", "6/1/2026", "22", "Al", "", "12345"]) == ()


def test_rows_are_joined_by_what_their_columns_say():
    assert columns_of().joins is None
    assert columns_of("CPT").joins.__name__ == "is_further_charge"
    assert columns_of("CPT", "Mod").joins.__name__ == "is_of_same_visit"
    without_notes = Columns.of((*HEADERS[:5], "CPT"), guess(Preview((*HEADERS[:5], "CPT"), ())))
    assert without_notes.joins.__name__ == "is_of_same_visit"


# What no field takes.


def test_columns_that_nothing_is_taken_from_are_named_with_their_values():
    headers = (*HEADERS, "Shoe", "", PROBLEM_COLUMN, "To DOS")
    columns = Columns.of(headers, guess(Preview(headers, ())))
    assert unmatched(headers, columns) == [6, 7]
    rows = [(*ROW, "42", "x", "", ""), (*ROW, "43", "NULL", "", ""), ROW]
    told = [remark.text for remark in left_out_columns(headers, columns, rows, more=False)]
    assert told == [
        "Left out: the column “Shoe”, 2 values.",
        "Left out: the column 8 without a name, 1 value.",
    ]
    told = [remark.text for remark in left_out_columns(headers, columns, [ROW], more=True)]
    assert told[0] == "Left out: the column “Shoe”, 0 values in the first 1,000 rows."
    assert left_out_columns(headers, columns, [ROW], more=False) == ()


def test_the_rows_that_are_looked_at_come_again():
    first, more, rows = first_rows(iter(range(1_001)))
    assert (len(first), more, list(rows)) == (1_000, True, list(range(1_001)))
    first, more, rows = first_rows(iter(range(1_000)))
    assert (len(first), more, len(list(rows))) == (1_000, False, 1_000)


def test_so_does_the_error_that_ends_them():
    def cut():
        yield 1
        raise FileError("cut off")

    first, more, rows = first_rows(cut())
    assert (first, more, next(rows)) == ([1], False, 1)
    with pytest.raises(FileError, match="cut off"):
        next(rows)
