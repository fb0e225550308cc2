"""Rows of a CSV file one by one: what makes a row, where it stands, and what a bad one costs."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.tables import csv_rows as room
from coding.tables.csv_rows import Shape, csv_rows
from coding.tables.text_lines import Encoding, physical_lines

ENCOUNTERS = Shape(",", width=3, breaking=frozenset({2}))
RULES = Shape(",", breaks_anywhere=True)

plain_texts = st.text(st.sampled_from("ab ,;\"'é"), max_size=6)
notes = st.text(st.sampled_from('ab ,"\n'), max_size=8)
good_rows = st.lists(
    st.tuples(plain_texts, plain_texts, notes).filter(lambda row: any(map(str.strip, row))),
    max_size=6,
)


def rows_of(text, shape=ENCOUNTERS):
    lines = physical_lines(io.BytesIO(text.encode()), Encoding("utf-8"))
    return list(csv_rows(lines, shape))


def cells_of(text, shape=ENCOUNTERS):
    return [row.cells for row in rows_of(text, shape)]


def problems_of(text, shape=ENCOUNTERS):
    return [(row.place, row.problem) for row in rows_of(text, shape) if row.problem]


@settings(max_examples=50)
@given(good_rows)
def test_what_the_csv_module_writes_is_read_back(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    assert cells_of(out.getvalue()) == rows


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b,c\n", ("a", "b", "c")),
        ("a,b,c", ("a", "b", "c")),
        ("a,,\r\n", ("a", "", "")),
        ('"a","b","c"\n', ("a", "b", "c")),
        ('"a,b","",c\n', ("a,b", "", "c")),
        ('a,"say ""no""",c\n', ("a", 'say "no"', "c")),
        ('a,5" long,c\n', ("a", '5" long', "c")),
        ('a,b,"first\r\nsecond"\r\n', ("a", "b", "first\r\nsecond")),
        (" a , b ,c\n", (" a ", " b ", "c")),
        ("'=1+1,'-2,''x\n", ("'=1+1", "'-2", "''x")),
        ("'tis,a,b\n", ("'tis", "a", "b")),
    ],
)
def test_a_row_is_read_as_it_was_meant(text, cells):
    assert cells_of(text) == [cells]


@pytest.mark.parametrize("blank", ["\n", "  \n", ",,\n", ' , ,""\n', ",\n"])
def test_what_holds_nothing_is_no_row_and_counts_as_a_line(blank):
    rows = rows_of(f"a,b,c\n{blank}d,e,f\n")
    assert [(row.place, row.cells) for row in rows] == [
        ("line 1", ("a", "b", "c")),
        ("line 3", ("d", "e", "f")),
    ]


def test_a_row_of_several_lines_is_named_by_all_of_them():
    first, second = rows_of('a,b,"one\ntwo\nthree"\nd,e,f\n')
    assert (first.place, second.place) == ("lines 1-3", "line 4")
    assert first.last.number == 3


@pytest.mark.parametrize(
    ("text", "has"), [("a\n", "1 cell"), ("a,b\n", "2 cells"), ("a,b,c,d\n", "4 cells")]
)
def test_a_row_of_another_width_is_told_by_both_widths(text, has):
    words = f"The row cannot be read: it has {has}, the header 3. Look for a missing or extra one."
    assert problems_of(text) == [("line 1", words)]


def test_where_the_width_is_not_known_rows_may_differ():
    assert cells_of("a\nb,c\n", Shape(",")) == [("a",), ("b", "c")]


def test_only_a_note_may_hold_line_breaks_and_the_message_says_so():
    [(place, words)] = problems_of('"a\nb,c,d\n')
    assert place == "line 1"
    assert words.startswith(
        "The row cannot be read: the quotation mark that opens cell 1 is not closed."
    )
    assert words.endswith("; only notes and codes may have line breaks.")
    assert cells_of('"a\nb",c\n', RULES) == [("a\nb", "c")]


def test_where_any_cell_may_hold_them_the_message_does_not_say_otherwise():
    [(_, words)] = problems_of('a,"never closed\nb,c\n', RULES)
    assert "cell 2 is not closed. Close it, or take it out." in words


def test_a_bad_row_costs_its_first_line_only():
    rows = rows_of('a,b,"open\nd,e,f\ng,h,i\n')
    assert [(row.place, bool(row.problem)) for row in rows] == [
        ("line 1", True),
        ("line 2", False),
        ("line 3", False),
    ]


def test_text_behind_a_closed_cell_is_named_with_what_to_do():
    [(_, words)] = problems_of('a,"b"c,d\n')
    assert (
        "text follows the quotation mark that closes cell 2. Double every mark that stands within a cell"
        in words
    )


@pytest.mark.parametrize("cell", ["x" * 11, '"' + "x" * 11 + '"', '"' + '""' * 11 + '"'])
def test_a_cell_that_is_too_long_is_refused_and_not_cut(monkeypatch, cell):
    monkeypatch.setattr(room, "LARGEST_CELL", 10)
    rows = rows_of(f"{cell},b,c\nd,e,f\n")
    assert "a cell has more than 10 characters" in rows[0].problem
    assert rows[0].cells == ()
    assert rows[1].cells == ("d", "e", "f")


@pytest.mark.parametrize("cell", ["x" * 10, '"' + "x" * 10 + '"', '"' + '""' * 10 + '"'])
def test_a_cell_of_just_that_length_is_read(monkeypatch, cell):
    monkeypatch.setattr(room, "LARGEST_CELL", 10)
    assert problems_of(f"{cell},b,c\n") == []


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_parts_the_cells_and_a_comma_is_text(delimiter):
    assert cells_of(f'a,b{delimiter}"c{delimiter}d"\n', Shape(delimiter, 2, 1)) == [
        ("a,b", f"c{delimiter}d")
    ]


def test_a_row_that_has_a_line_in_windows_1252_says_so_and_no_other():
    content = b'a,b,"first\nf\xe9"\nc,d,e\nf\xe9,g,h\n'
    lines = physical_lines(io.BytesIO(content), Encoding("utf-8", or_windows=True))
    rows = list(csv_rows(lines, ENCOUNTERS))
    assert [(row.place, row.is_windows) for row in rows] == [
        ("lines 1-2", True),
        ("line 3", False),
        ("line 4", True),
    ]
    assert rows[0].cells == ("a", "b", "first\nfé")


def test_the_old_mark_of_the_end_of_a_file_and_lines_of_blanks_are_no_rows():
    text = f"a,b,c\n \t \n{room.END_OF_FILE}\nd,e,f\n {room.END_OF_FILE} \n"
    assert [row.place for row in rows_of(text)] == ["line 1", "line 4"]
