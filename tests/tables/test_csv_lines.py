"""A small CSV file of ours, rules or fees: every row is read with its line, or the file is refused and says where."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.tables.csv_lines import read_lines, write_line
from coding.tables.errors import FileError

# Surrogates are no text, and a file with the character NUL is none.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROWS = st.lists(
    st.lists(TEXTS, min_size=1, max_size=4).filter(lambda cells: any(map(str.strip, cells))),
    min_size=1,
)


def cells_of(content):
    return [list(line.cells) for line in read_lines(content)]


@given(ROWS)
def test_what_is_written_is_read_back_unchanged(rows):
    content = "".join(write_line(cells) for cells in rows).encode()
    assert cells_of(content) == rows


@given(ROWS)
def test_no_cell_that_is_written_begins_as_a_spreadsheet_s_formula(rows):
    text = "".join(write_line(cells) for cells in rows)
    written = [cell for cells in csv.reader(io.StringIO(text, newline="")) for cell in cells]
    assert not [cell for cell in written if cell.startswith(("=", "+", "-", "@"))]


def test_a_row_is_named_by_the_line_of_the_file_on_which_it_begins():
    content = b'rule,message\r\nR1,"first\nsecond"\r\n\r\nR2,plain\r\n'
    assert [(line.number, line.cells) for line in read_lines(content)] == [
        (1, ("rule", "message")),
        (2, ("R1", "first\nsecond")),
        (5, ("R2", "plain")),
    ]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"   \n", b"\xef\xbb\xbf"])
def test_a_file_that_holds_nothing_is_refused(content):
    with pytest.raises(FileError) as error:
        read_lines(content)
    assert str(error.value) == "The file is empty."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'rule,message\nR1,"never closed\nR2,x\n', "Line 2: .*opens cell 2 is not closed"),
        (b'rule,message\nR1,"closed" too early\n', "Line 2: .*closes cell 2"),
        (b"rule,message\nR1," + b"x" * 200_001 + b"\n", "Line 2: .*200,000 characters"),
    ],
    ids=["a mark not closed", "text behind a mark", "a huge cell"],
)
def test_a_row_that_cannot_be_read_for_certain_refuses_the_file_and_says_where(content, words):
    with pytest.raises(FileError, match=words):
        read_lines(content)


@pytest.mark.parametrize(
    ("first_line", "delimiter"),
    [("HCPCS\tMOD\tRVU", "\t"), ("HCPCS,MOD,RVU", ","), ("HCPCS;MOD;RVU", ";")],
)
def test_of_several_delimiters_the_one_that_the_first_line_holds_most_often_counts(
    first_line, delimiter
):
    rows = read_lines(f"{first_line}\n27256{delimiter}{delimiter}8.5\n".encode(), ",;\t")
    assert [line.cells for line in rows] == [("HCPCS", "MOD", "RVU"), ("27256", "", "8.5")]


def test_empty_lines_before_the_first_tell_nothing_of_the_delimiter():
    rows = read_lines(b"\n \r\nHCPCS;MOD\n27256;8,5\n", ",;")
    assert [(line.number, line.cells) for line in rows] == [
        (3, ("HCPCS", "MOD")),
        (4, ("27256", "8,5")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_in_which_a_file_says_what_it_is_are_read(encoding):
    content = "rule,message\r\nR1,Größe – bitte prüfen\r\n".encode(encoding)
    assert cells_of(content)[1] == ["R1", "Größe – bitte prüfen"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "rule,message\r\nR1,Größe\r\n".encode("cp1252"),
            "Line 2 is not UTF-8. Save the file as CSV in UTF-8",
        ),
        (b"rule,message\r\nR1,\0\r\n", "Line 2 holds a NUL byte"),
    ],
    ids=["another encoding", "no text"],
)
def test_what_would_have_to_be_guessed_is_refused_with_its_line(content, words):
    with pytest.raises(FileError, match=words):
        read_lines(content)
