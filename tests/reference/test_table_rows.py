"""The rows of a published table: the separator, the encoding, the header among its notices, and what is no table."""

import io

import pytest

from coding.reference.table_rows import TableRow, columns_of, heading, table_rows
from coding.tables.errors import FileError


def rows_of(content):
    return list(table_rows(io.BytesIO(content)))


def refusal(content):
    with pytest.raises(FileError) as error:
        rows_of(content)
    return str(error.value)


def test_rows_carry_the_number_of_the_line_on_which_they_end():
    assert rows_of(b'a,b\n\n"c\nd",e\n') == [TableRow(1, ["a", "b"]), TableRow(4, ["c\nd", "e"])]


def test_tabs_part_cells_where_there_are_more_of_them_than_commas():
    assert rows_of(b"a,b\tc\td\n") == [TableRow(1, ["a,b", "c", "d"])]
    assert rows_of(b"a\tb,c,d\n") == [TableRow(1, ["a\tb", "c", "d"])]


def test_a_quotation_mark_between_tabs_is_a_letter():
    assert rows_of(b'5" long\tb\n') == [TableRow(1, ['5" long', "b"])]


def test_rows_of_nothing_are_left_out_and_still_counted():
    assert rows_of(b"\t\t\na\tb\n") == [TableRow(2, ["a", "b"])]
    assert rows_of(b",,\na,b\n") == [TableRow(2, ["a", "b"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_table_is_read_in_each_encoding_that_publishers_use(encoding):
    assert rows_of("Größe,b\n".encode(encoding)) == [TableRow(1, ["Größe", "b"])]


def test_a_letter_that_is_cut_where_the_beginning_ends_does_not_change_the_encoding():
    first = b"a,b\n" * 16_383
    content = first + b"xxx" + "é,b\n".encode()
    assert len(first) + 3 == 65_535
    assert rows_of(content)[-1].cells == ["xxxé", "b"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t ", "The file is empty."),
        (b"a\x00b", "The file is no text and no workbook. Take it as CMS publishes it."),
        (b'a,"b\n', "Line 1: unexpected end of data. Take the file as CMS publishes it."),
        (b'a,"b"c\n', "Line 1: ',' expected after '\"'. Take the file as CMS publishes it."),
    ],
)
def test_what_is_no_table_is_refused(content, problem):
    assert refusal(content) == problem


@pytest.mark.parametrize("separator", [b",", b"\t"])
def test_a_character_nul_far_down_is_told_with_its_line(separator):
    good = separator.join([b"a", b"b"]) + b"\n"
    assert refusal(good * 40_000 + b"x\0" + separator + b"y\n") == (
        "Line 40001 holds the character NUL. Take the file as CMS publishes it."
    )


def test_the_heading_is_looked_at_and_all_rows_still_come():
    rows = [TableRow(number, [str(number)]) for number in range(1, 51)]
    first, every = heading(iter(rows))
    assert [row.number for row in first] == list(range(1, 41))
    assert list(every) == rows


def test_columns_are_known_whatever_their_case_blanks_and_signs():
    names = {"code": ("HCPCS/CPT Code", "hcpcs_code"), "units": ("MUE Values",)}
    assert columns_of(["x", " hcpcs / cpt\ncode ", "mue-VALUES"], names) == {"code": 1, "units": 2}
    assert columns_of(["HCPCS Code", "MUE Values"], names) == {"code": 0, "units": 1}
    assert columns_of(["HCPCS Code"], names) is None
