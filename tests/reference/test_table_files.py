"""The tables of CMS row by row: pairs, limits, add-ons, terms. What is passed over, what is refused, and the days."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.reference import table_files
from coding.reference.table_files import AddOnRow, LimitRow, PairRow, TermRow
from coding.tables.errors import FileError


def read(rows, *lines):
    return list(rows(io.BytesIO("\n".join(lines).encode())))


def refusal(rows, *lines):
    with pytest.raises(FileError) as error:
        read(rows, *lines)
    return str(error.value)


# Pairs -------------------------------------------------------------------------------------------------

PAIRS = "column1,column2,modifier_indicator,rationale"
DATED = PAIRS + ",deletion_date"
CMS = "\t".join(["12345", "23456", "", "{effective}", "{deletion}", "{indicator}", "{why}"])


def cms_pair(effective="20240101", deletion="*", indicator="1", why="Misuse"):
    return CMS.format(effective=effective, deletion=deletion, indicator=indicator, why=why)


def test_a_pair_of_a_plain_file():
    assert read(table_files.pair_rows, PAIRS, "12345,23456,1,Misuse") == [
        PairRow("12345", "23456", True, None, None, "Misuse")
    ]


def test_a_pair_that_ended():
    [pair] = read(table_files.pair_rows, DATED, "12345,23456,0,Misuse,20240630")
    assert (pair.may_be_opened, pair.effective, pair.ended) == (False, None, date(2024, 6, 30))


def test_a_pair_as_cms_writes_it():
    [pair] = read(table_files.pair_rows, cms_pair(deletion="20240331"))
    assert pair == PairRow("12345", "23456", True, date(2024, 1, 1), date(2024, 3, 31), "Misuse")


def test_a_pair_of_medicaid_has_a_column_less():
    without = "12345\t23456\t20240101\t*\t0\tMisuse"
    [pair] = read(table_files.pair_rows, without)
    assert pair == PairRow("12345", "23456", False, date(2024, 1, 1), None, "Misuse")


def test_a_pair_may_lack_its_rationale():
    [pair] = read(table_files.pair_rows, "\t".join(cms_pair().split("\t")[:-1]))
    assert pair.rationale == ""


def test_pairs_of_indicator_9_never_counted_and_are_passed_over():
    assert read(table_files.pair_rows, PAIRS, "12345,23456,9,", "12345,34567,0,") == [
        PairRow("12345", "34567", False, None, None, "")
    ]
    assert read(table_files.pair_rows, cms_pair(indicator="9"), cms_pair()) == read(
        table_files.pair_rows, cms_pair()
    )


def test_notices_above_the_first_pair_are_passed_over():
    assert len(read(table_files.pair_rows, "Notice", "Column 1\tColumn 2", cms_pair())) == 1


def test_a_rationale_is_kept_up_to_200_characters():
    [pair] = read(table_files.pair_rows, PAIRS, f"12345,23456,1,{'x' * 201}")
    assert pair.rationale == "x" * 200


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (cms_pair(indicator="2"), "Line 2, column modifier indicator: “2” is none of 0, 1 and 9."),
        (
            cms_pair(effective="20241301").replace("12345", "34567"),
            "Line 2, column effective: “20241301” is no day such as 20240701.",
        ),
        ("12345\t23456", "Line 2 is no pair with its dates: the file was cut or changed."),
        (
            "12345\t23456\t\t20240101\t*",
            "Line 2 is no pair with its dates: the file was cut or changed.",
        ),
        (
            cms_pair().replace("23456", "2345"),
            "Line 2, column column2: “2345” is no code of 5 characters, A to Z and 0 to 9.",
        ),
    ],
)
def test_a_pair_of_cms_that_is_cut_or_wrong_is_told_with_its_line(line, problem):
    assert refusal(table_files.pair_rows, cms_pair(), line).startswith(problem)


def test_a_file_without_pairs_is_told_with_the_columns_that_were_looked_for():
    assert refusal(table_files.pair_rows, "name,colour", "a,b") == (
        "This is no file of NCCI pairs: no line has the columns column1, column2,"
        " modifier_indicator, rationale, deletion_date; or column1, column2, modifier_indicator,"
        " rationale. Take it as CMS publishes it."
    )


# Days --------------------------------------------------------------------------------------------------


def ended(text):
    [pair] = read(table_files.pair_rows, DATED, f"12345,23456,1,,{text}")
    return pair.ended


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20240701", date(2024, 7, 1)),
        ("2024-07-01", date(2024, 7, 1)),
        (" 20240701 ", date(2024, 7, 1)),
        ("2024183", date(2024, 7, 1)),
        ("2024001", date(2024, 1, 1)),
        ("2024366", date(2024, 12, 31)),
        ("2023365", date(2023, 12, 31)),
    ],
)
def test_a_day_is_written_in_three_ways(text, day):
    assert ended(text) == day


@pytest.mark.parametrize("text", ["", "*", "0", "9999-12-31", "99991231", "9999365"])
def test_what_cms_writes_for_no_day_is_none(text):
    assert ended(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2024-7-1",
        "07/01/2024",
        "20240230",
        "2024000",
        "2024367",
        "2023366",
        "2024999",
        "2024-W27-1",
        "2024W271",
        "2024-07",
        "soon",
    ],
)
def test_anything_else_is_no_day_and_is_told_so(text):
    problem = refusal(table_files.pair_rows, DATED, f"12345,23456,1,,{text}")
    assert problem == f"Line 2, column deletion: “{text}” is no day such as 20240701."


@settings(max_examples=25)
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_the_same_in_all_three_ways(day):
    number = day.timetuple().tm_yday
    assert (
        ended(f"{day:%Y%m%d}") == ended(day.isoformat()) == ended(f"{day.year}{number:03}") == day
    )


# Unit limits -------------------------------------------------------------------------------------------

LIMITS = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale"


def test_a_limit_with_the_first_character_of_its_indicator():
    assert read(
        table_files.limit_rows, LIMITS, "12345,2,3 Date of Service Edit: Clinical,Clinical: Data"
    ) == [LimitRow("12345", 2, 3, "Clinical: Data")]


def test_the_columns_may_be_called_as_in_plain_files_and_stand_in_any_order():
    header = "mue_rationale,mue_mai,hcpcs_code,mue_units,more"
    [limit] = read(table_files.limit_rows, header, "Why,1,12345,0,x")
    assert limit == LimitRow("12345", 0, 1, "Why")


@pytest.mark.parametrize("units", ["0", "999999"])
def test_units_are_a_number_of_up_to_six_digits(units):
    [limit] = read(table_files.limit_rows, LIMITS, f"12345,{units},2,x")
    assert limit.units == int(units)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "12345,1000000,2,x",
            "Line 2, column MUE value: “1000000” is no whole number of six digits at most.",
        ),
        ("12345,,2,x", "Line 2, column MUE value: “” is no whole number of six digits at most."),
        (
            "12345,1,4 Edit,x",
            "Line 2, column MUE adjudication indicator: “4 Edit” begins with none of 1, 2 and 3.",
        ),
        (
            "1234,1,2,x",
            "Line 2, column code: “1234” is no code of 5 characters, A to Z and 0 to 9.",
        ),
        ("12345,1", "Line 2 has 2 cells, and 4 are needed: the file was cut or changed."),
    ],
)
def test_a_limit_that_is_wrong_is_told_with_its_line_and_column(line, problem):
    assert refusal(table_files.limit_rows, LIMITS, line).startswith(problem)


def test_limits_of_medicaid_without_an_indicator_are_of_each_line():
    without = "HCPCS/CPT Code,MUE Values,MUE Rationale"
    assert read(table_files.medicaid_limit_rows, without, "12345,2,Why") == [
        LimitRow("12345", 2, 1, "Why")
    ]
    assert read(table_files.medicaid_limit_rows, LIMITS, "12345,2,3,Why")[0].applied == 3
    assert "no line has the columns" in refusal(table_files.limit_rows, without, "12345,2,Why")


# Add-on codes ------------------------------------------------------------------------------------------

ADD_ONS = (
    "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,AOC_Edit_EffDT,"
    "AOC_Edit_DelDT"
)


def add_on(line):
    [row] = read(table_files.add_on_rows, ADD_ONS, line)
    return row


def test_an_add_on_with_its_primary():
    assert add_on("1,12345,,23456,,2024001,") == AddOnRow(
        "12345", "23456", 1, date(2024, 1, 1), None
    )


@pytest.mark.parametrize("primary", ["", "CCCCC"])
def test_an_add_on_of_which_the_contractor_decides_has_no_primary(primary):
    assert add_on(f"2 Contractor,12345,,{primary},,,") == AddOnRow("12345", "", 2, None, None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("1,12345,20240331,23456,,,", date(2024, 3, 31)),
        ("1,12345,,23456,20240331,,", date(2024, 3, 31)),
        ("1,12345,,23456,,,20240331", date(2024, 3, 31)),
        ("1,12345,20240630,23456,20240331,,20241231", date(2024, 3, 31)),
        ("1,12345,9999365,23456,9999365,,9999365", None),
    ],
)
def test_the_pair_ends_with_whichever_ends_first(line, day):
    assert add_on(line).ended == day


def test_a_plain_file_of_add_ons():
    assert read(table_files.add_on_rows, "add_on,primary,type", "12345,23456,3") == [
        AddOnRow("12345", "23456", 3, None, None)
    ]


def test_another_type_is_refused():
    assert refusal(table_files.add_on_rows, "add_on,primary,type", "12345,23456,4") == (
        "Line 2, column type: “4” is none of 1, 2 and 3."
    )


# HCPCS Level II ----------------------------------------------------------------------------------------

TERMS = "HCPC,RECID,SHORT DESCRIPTION,ADD DT,TERM DT"
REFERRING = f"{TERMS},xref1,xref2,xref3,xref4,xref5"


def test_a_code_with_its_term():
    assert read(table_files.term_rows, TERMS, "B1234,3,A brace,20240101,20241231") == [
        TermRow("B1234", "A brace", date(2024, 1, 1), date(2024, 12, 31))
    ]


def test_modifiers_and_further_lines_of_a_description_are_passed_over():
    rows = [
        "LT,7,Left,20240101,",
        "B1234,4,more of it,,",
        "B1235,,A splint,,",
        "B1236,3,A cast,,",
    ]
    codes = [row.code for row in read(table_files.term_rows, TERMS, *rows)]
    assert codes == ["B1235", "B1236"]


def test_what_stands_for_a_code_is_told_with_all_that_it_refers_to():
    [term] = read(table_files.term_rows, REFERRING, "B1234,3,x,,,B1235,,B1237,,B1239")
    assert term.replaced_by == "B1235 B1237 B1239"
    [alone] = read(table_files.term_rows, REFERRING, "B1234,3,x,,,,,,,")
    assert alone.replaced_by == ""


def test_long_texts_are_cut_to_what_the_table_keeps():
    [term] = read(
        table_files.term_rows, REFERRING, f"B1234,3,{'x' * 300},,,{'B1235-B1299 ' * 9},,,,"
    )
    assert len(term.description) == 200
    assert len(term.replaced_by) == 60


def test_a_plain_file_of_codes():
    assert read(table_files.term_rows, "hcpcs_code,hcpcs_description", "B1234,A brace") == [
        TermRow("B1234", "A brace", None, None)
    ]
