"""Indicators, shares and parts in a fee schedule with named columns: what may be missing, and what is none."""

from datetime import date
from decimal import Decimal

import pytest

from coding.reference.fee_columns import shown
from coding.reference.fee_file import read_fee_file
from coding.tables.errors import FileError

DAY = date(2024, 7, 1)
ROW = {
    "hcpcs": "12345",
    "mod": "",
    "status_code": "A",
    "work_rvu": "4.28",
    "facility_total": "7.27",
    "non_facility_total": "9.62",
    "glob_days": "010",
}


def detail(**more):
    """The detail of a row with further columns."""
    cells = {**ROW, "bilat_surg": "1", **more}
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    [release] = read_fee_file(content.encode(), DAY)
    return release.details["12345", ""]


def test_a_file_without_indicators_has_no_details():
    content = f"{','.join(ROW)}\n{','.join(ROW.values())}\n"
    [release] = read_fee_file(content.encode(), DAY)
    assert release.details == {}
    assert release.rows["12345", ""].global_days == "010"


def test_each_indicator_is_of_its_own_column():
    own = detail(
        pctc_ind="3", mult_proc="2", bilat_surg="1", asst_surg="0", co_surg="9", team_surg="5"
    )
    indicators = (
        own.technical,
        own.multiple,
        own.bilateral,
        own.assistant,
        own.co_surgeon,
        own.team,
    )
    assert indicators == ("3", "2", "1", "0", "9", "5")


def test_an_indicator_is_one_character_and_may_be_missing():
    own = detail(mult_proc="23")
    assert (own.multiple, own.technical, own.team) == ("2", "", "")


@pytest.mark.parametrize(("written", "is_na"), [("NA", True), ("", False), ("na", False)])
def test_a_place_without_a_rate_is_marked_na(written, is_na):
    own = detail(facility_indicator=written, non_fac_indicator="NA")
    assert (own.facility_na, own.non_facility_na) == (is_na, True)
    assert detail(non_fac_indicator=written).non_facility_na is is_na


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("0.10", Decimal("0.10")),
        ("1.00", Decimal("1.00")),
        ("0", Decimal(0)),
        (".8", Decimal("0.8")),
        ("1.01", None),
        ("80", None),
        ("", None),
        ("NA", None),
        ("-0.1", None),
    ],
)
def test_a_share_is_at_most_the_whole(written, share):
    own = detail(pre_op=written, intra_op="0.80", post_op=written)
    assert (own.pre, own.intra, own.post) == (share, Decimal("0.80"), share)


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("33.4009", Decimal("33.4009")),
        ("99999.9999", Decimal("99999.9999")),
        ("0", Decimal(0)),
        ("100000", None),
        ("1.23456", None),
        ("1.", None),
        ("x", None),
        ("", None),
    ],
)
def test_a_figure_that_the_table_cannot_keep_is_none_and_refuses_no_row(written, figure):
    own = detail(
        conv_factor=written, mp_rvu=written, facility_pe_rvu=written, non_fac_pe_rvu=written
    )
    assert own.conversion_factor == figure
    assert own.malpractice == figure
    assert own.facility_practice == own.non_facility_practice == figure


def test_the_parts_in_a_facility_and_in_an_office_are_told_apart():
    own = detail(facility_pe_rvu="2.62", non_fac_pe_rvu="6.87")
    assert (own.facility_practice, own.non_facility_practice) == (Decimal("2.62"), Decimal("6.87"))


@pytest.mark.parametrize(
    ("file_name", "day"),
    [("rvu24c.csv", date(2024, 7, 1)), ("PPRRVU2026_Jul.csv", date(2026, 7, 1))],
)
def test_the_name_of_the_file_tells_the_day_where_none_is_given(file_name, day):
    content = f"{','.join(ROW)}\n{','.join(ROW.values())}\n".encode()
    [release] = read_fee_file(content, file_name=file_name)
    assert release.valid_from == day
    [given] = read_fee_file(content, DAY, file_name=file_name)
    assert given.valid_from == DAY


def test_so_does_the_column_that_names_cms_s_own_file():
    cells = {**ROW, "source_file": "rvu24c_jul"}
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n".encode()
    [release] = read_fee_file(content)
    assert (release.valid_from, release.file, release.name) == (DAY, "rvu24c_jul", "rvu24c_jul")


def test_without_any_name_a_release_is_called_by_its_day():
    content = f"{','.join(ROW)}\n{','.join(ROW.values())}\n".encode()
    [release] = read_fee_file(content, DAY)
    assert release.name == "RVU 2024-07-01"
    [named] = read_fee_file(content, DAY, "July")
    assert named.name == "July"


def test_a_file_of_cms_is_not_read_from_a_header_that_names_no_column_of_ours():
    with pytest.raises(FileError, match="Line 1 lacks the column hcpcs, mod, status_code"):
        read_fee_file(b"code,value\n12345,1\n", DAY)


@pytest.mark.parametrize(
    ("value", "words"),
    [("a\n b", "a b"), ("x" * 40, "x" * 40), ("x" * 41, "x" * 40 + "…"), ("", "")],
)
def test_a_value_is_shown_on_one_line_and_not_too_long(value, words):
    assert shown(value) == words
