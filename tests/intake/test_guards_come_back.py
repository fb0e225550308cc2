"""A text comes back from the rejected part exactly as the file had it, whatever sign or apostrophe it begins with."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coding.intake.column_names import FIELDS
from coding.intake.csv.table import CsvTable
from coding.intake.drafts import Layout, Problem
from coding.intake.xlsx.table import XlsxTable
from tests.intake.workbooks import good, written

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
PROBLEM = {1: (Problem("provider", "For the test."),)}
# What neither a file of text nor a database holds is refused before, and no part of this.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
BEGINNINGS = st.lists(st.sampled_from(SIGNS), max_size=4).map("".join)
TEXTS = st.builds("{}{}".format, BEGINNINGS, st.text(LETTERS, min_size=1, max_size=8))
# Only in a note may a line break.
NAMES = TEXTS.filter(lambda text: not {"\r", "\n"} & set(text))


def table(note, provider):
    """A table of another system: nothing in it is guarded."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([FIELDS, row(note, provider)])
    return io.BytesIO(out.getvalue().encode())


def workbook(note, provider):
    return written(row(note, provider))


def row(note, provider):
    cells = dict(zip(FIELDS, good(1), strict=True))
    return [*(cells | {"note": f"{note} seen", "provider": provider}).values()]


def texts_of(reader, file):
    [draft] = reader.read(file, Layout())
    return draft.texts.note, draft.texts.provider


@pytest.mark.parametrize(
    ("reader", "made"), [(CsvTable(), table), (XlsxTable(), workbook)], ids=["csv", "xlsx"]
)
@settings(max_examples=150)
@example(note="'=x", provider="'=x")
@example(note="'''+x", provider="''x")
@given(note=TEXTS, provider=NAMES)
def test_what_was_rejected_is_read_again_as_it_was(reader, made, note, provider):
    came = texts_of(reader, made(note, provider))
    rejected = b"".join(reader.excerpt(made(note, provider), Layout(), PROBLEM))
    assert texts_of(reader, io.BytesIO(rejected)) == came
    again = b"".join(reader.excerpt(io.BytesIO(rejected), Layout(), PROBLEM))
    assert texts_of(reader, io.BytesIO(again)) == came


@given(TEXTS)
def test_a_table_of_another_system_loses_no_apostrophe(note):
    assert texts_of(CsvTable(), table(note, "Dr. A"))[0] == f"{note} seen"


@given(TEXTS, NAMES)
def test_no_cell_of_the_rejected_part_begins_as_a_formula(note, provider):
    rejected = b"".join(CsvTable().excerpt(table(note, provider), Layout(), PROBLEM)).decode(
        "utf-8-sig"
    )
    cells = [cell for cells in csv.reader(io.StringIO(rejected, newline="")) for cell in cells]
    assert [cell for cell in cells if cell.startswith(SIGNS[:-1])] == []


def test_who_deletes_the_column_of_problems_is_told_that_the_guards_stay():
    rejected = b"".join(CsvTable().excerpt(table("- Barlow", "Dr. A"), Layout(), PROBLEM)).decode(
        "utf-8-sig"
    )
    rows = [cells[1:] for cells in csv.reader(io.StringIO(rejected, newline=""))]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    [draft] = CsvTable().read(io.BytesIO(out.getvalue().encode()), Layout())
    assert draft.texts.note == "'- Barlow seen"
    [remark] = draft.remarks
    assert remark.text.startswith("Note begins with an apostrophe before a sign of formulas.")


def test_a_header_that_looks_like_a_formula_is_matched_again():
    foreign = b"external_id,=mrn,date_of_service,place_of_service,provider,note\nV-1,P-1,2026-05-31,11,Dr. A,Seen.\n"
    names = ("external_id", "date_of_service", "place_of_service", "provider", "note")
    layout = Layout({"patient_reference": "=mrn", **{name: name for name in names}})
    rejected = b"".join(CsvTable().excerpt(io.BytesIO(foreign), layout, PROBLEM))
    assert b"'=mrn" in rejected
    [draft] = CsvTable().read(io.BytesIO(rejected), layout)
    assert draft.texts.patient_reference == "P-1"
