"""Localities with their three indices, as CMS publishes them: names, zeros and notes; and what no locality is."""

import io
from decimal import Decimal

import pytest

from coding.reference.gpci_file import LocalityRow, locality_rows
from coding.tables.errors import FileError

HEADER = "Contractor,State,Locality Number,Locality Name,2026 PW GPCI,2026 PE GPCI,2026 MP GPCI"
ROW = "01112,CA,05,SAN FRANCISCO,1.100,1.375,0.444"


def read(*lines):
    return list(locality_rows(io.BytesIO("\n".join(lines).encode())))


def refusal(*lines):
    with pytest.raises(FileError) as error:
        read(*lines)
    return str(error.value)


def test_a_locality_keeps_the_zeros_of_its_numbers():
    assert read(HEADER, ROW) == [
        LocalityRow(
            "01112",
            "CA",
            "05",
            "SAN FRANCISCO",
            Decimal("1.100"),
            Decimal("1.375"),
            Decimal("0.444"),
        )
    ]


def test_notices_above_and_notes_below_are_no_localities():
    rows = read(
        "ADDENDUM E,,,,,,", ",,,,,,", HEADER, ROW, "* a note,,,,,,", "Note: all of it,x,,,,,"
    )
    assert [row.name for row in rows] == ["SAN FRANCISCO"]


def test_stars_behind_a_name_lead_to_notes_and_are_no_part_of_it():
    [row] = read(HEADER, ROW.replace("SAN FRANCISCO", "ALASKA**"))
    assert row.name == "ALASKA"


@pytest.mark.parametrize(
    "names",
    [
        ("Work GPCI", "Practice Expense GPCI", "Professional Liability GPCI"),
        ("PW GPCI", "PE GPCI", "PLI GPCI"),
        ("gpci work", "gpci pe", "gpci malpractice"),
    ],
)
def test_an_index_is_known_by_the_words_of_its_header(names):
    header = f"Contractor,State,Locality Number,Locality Name,{','.join(names)}"
    [row] = read(header, ROW)
    assert (row.work, row.practice, row.malpractice) == (
        Decimal("1.100"),
        Decimal("1.375"),
        Decimal("0.444"),
    )


@pytest.mark.parametrize("index", ["0.444", "1", ".5", "999.999", "0"])
def test_an_index_has_up_to_three_digits_on_either_side(index):
    [row] = read(HEADER, ROW.replace("0.444", index))
    assert row.malpractice == Decimal(index)


@pytest.mark.parametrize("index", ["", "1000", "1.2345", "-1", "1.", "x"])
def test_anything_else_is_no_index(index):
    assert refusal(HEADER, ROW.replace("0.444", index)) == (
        "Line 2: a GPCI is no number. Take the file as CMS publishes it."
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (ROW.rpartition(",")[0], "Line 2 is shorter than the header: the file was cut."),
        (
            ROW.replace("01112", "011122"),
            "Line 2: carrier, state, number or name is too long.",
        ),
        (ROW.replace(",05,", ",055,"), "Line 2: carrier, state, number or name is too long."),
    ],
)
def test_a_row_that_was_cut_or_is_too_long_is_told_with_its_line(row, problem):
    assert refusal(HEADER, row).startswith(problem)


def test_a_file_of_something_else_is_refused():
    assert refusal("code,value", "12345,1").startswith(
        "This is no file of GPCI: no line has the column Locality Number."
    )
    assert refusal(HEADER.replace("MP", "XX"), ROW) == (
        "The header lacks a GPCI of work (PW), practice (PE) or malpractice (MP)."
    )
