"""Files of tables that are made, or broken, to fool a reader: each is refused with its line, and nothing fails."""

import io

import pytest

from coding.reference.fee_rows import _detail
from coding.reference.gpci_file import locality_rows
from coding.reference.table_files import limit_rows, pair_rows
from coding.tables.errors import FileError

LIMITS = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale"
PAIRS = "column1,column2,modifier_indicator,rationale,deletion_date"
CMS_PAIR = "12345\t23456\t\t20260101\t*\t1\tMisuse"
PLACES = "Contractor,State,Locality Number,Locality Name,PW GPCI,PE GPCI,MP GPCI"


@pytest.mark.parametrize(
    ("read", "lines", "problem"),
    [
        (
            limit_rows,
            [LIMITS, f"12345,{'9' * 5_000},1,x"],
            "Line 2, column MUE value: “9{40}” is no whole number",
        ),
        (limit_rows, [LIMITS, "12345,²,1,x"], "Line 2, column MUE value: “²”"),
        (limit_rows, [LIMITS, "12345,-5,1,x"], "Line 2, column MUE value: “-5”"),
        (
            pair_rows,
            [PAIRS, "12345,23456,1,x,9999999"],
            "Line 2, column deletion: “9999999” is no day",
        ),
        (
            pair_rows,
            [PAIRS, *["12345,23456,1,x,"] * 5_000, "12345,23456,1,a\0b,"],
            "Line 5002.*NUL",
        ),
        (locality_rows, ["Locality Number,x", "1,2"], "lacks a GPCI of work"),
        (
            locality_rows,
            ["PW GPCI,PE GPCI,MP GPCI,Locality Number", "1,2,3"],
            "stand before the locality",
        ),
        (locality_rows, [PLACES, "1,AL,0,Alabama,1,1"], "Line 2 is shorter than the header"),
        (locality_rows, [PLACES, "1,AL,0,Alabama,NaN,1,1"], "Line 2: a GPCI is no number"),
        (locality_rows, [PLACES, "1,AL,0,Alabama,1e999,1,1"], "Line 2: a GPCI is no number"),
        (locality_rows, [PLACES, f"1,AL,0,{'x' * 300},1,1,1"], "Line 2: .* is too long"),
    ],
)
def test_what_no_database_would_keep_is_told_with_its_line(read, lines, problem):
    with pytest.raises(FileError, match=problem):
        list(read(io.BytesIO("\n".join(lines).encode())))


BEFORE = "Contractor,State,Locality Number,Locality Name"
FLOORS = BEFORE + ",PW GPCI (without 1.0 Floor),PW GPCI (with 1.0 Floor){},PE GPCI,MP GPCI"


def test_of_an_index_with_and_without_its_floor_the_header_says_which_counts():
    row = "10112,AL,00,ALABAMA,0.980,1.000,0.875,0.566"
    with pytest.raises(
        FileError, match=r"“PW GPCI \(without 1.0 Floor\)” and .* which of them is in force"
    ):
        list(locality_rows(io.BytesIO(f"{FLOORS.format('')}\n{row}".encode())))
    [alabama] = locality_rows(io.BytesIO(f"{FLOORS.format(' (in force)')}\n{row}".encode()))
    assert [str(alabama.work), str(alabama.practice), str(alabama.malpractice)] == [
        "1.000",
        "0.875",
        "0.566",
    ]


def test_an_index_is_known_by_its_name_wherever_it_stands():
    header = "Contractor,State,Locality Number,Locality Name,2026 MP GPCI,2026 PE GPCI,2026 PW GPCI"
    [alabama] = locality_rows(
        io.BytesIO(f"{header}\n10112,AL,00,ALABAMA,0.566,0.875,1.000\nNote,,,,,,".encode())
    )
    assert (str(alabama.work), str(alabama.malpractice)) == ("1.000", "0.566")


def test_a_letter_that_is_no_utf_8_far_down_is_told_with_its_line():
    good = f"{CMS_PAIR}\n" * 3_000
    with pytest.raises(FileError, match=r"Line \d+: 'utf-8' codec"):
        list(pair_rows(io.BytesIO(good.encode() + CMS_PAIR.encode() + b"\xe9\n")))


def test_a_share_beyond_the_whole_is_none():
    figures = dict.fromkeys(("pre_op", "intra_op", "post_op"), "99999")
    assert {_detail(figures).pre, _detail(figures).intra, _detail(figures).post} == {None}
