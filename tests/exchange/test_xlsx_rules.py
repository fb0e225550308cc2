"""Rule sets as workbooks that people edit: what is read of their sheets, and what is refused with its place."""

import io

import pytest
import xlsxwriter

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from coding.tables.workbook import read_workbook
from tests.decision import saying_more
from tests.decision import tables as make

TABLE = make.table(
    [
        make.fact("colour"),
        make.fact("ready", "yes_no", asked_first=True),
        make.fact("age", "whole_number", minimum=-1, maximum=9, unit="days", help="As a number."),
    ],
    [
        make.rule("R1", {"colour": {"in": ["red"]}}, {"age": {"between": [0, 3]}}, code="00001"),
        make.rule("R2", {}),
    ],
    modifiers=[{"modifier": "LT", "rows": [{"ready": {"in": [True]}}]}],
    diagnoses=[{"codes": ["Q65.01", "Q65.02"], "rows": [{}]}],
    notes=["One.", "Two."],
)
SHEETS = {
    name: [list(row) for row in rows]
    for name, rows in read_workbook(FORMATS["xlsx"].write(TABLE)).items()
}


def sheets() -> dict[str, list[list]]:
    """The sheets of the table, to be changed."""
    return {name: [list(row) for row in rows] for name, rows in SHEETS.items()}


def workbook(pages: dict[str, list[list]]) -> bytes:
    """A workbook as somebody would save it: numbers as numbers, truth values as truth values."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in pages.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    page.write(number, column, value)
    return out.getvalue()


def read(pages: dict[str, list[list]]) -> RuleTable:
    return FORMATS["xlsx"].read(workbook(pages), None)


def refusal(pages: dict[str, list[list]]) -> str:
    with pytest.raises(TableError) as caught:
        read(pages)
    return str(caught.value)


def put(pages: dict[str, list[list]], sheet: str, row: int, column: str, value: object) -> None:
    """Write a value under a column of a sheet; rows are counted as spreadsheets count them."""
    pages[sheet][row - 1][pages[sheet][0].index(column)] = value


def test_a_workbook_has_a_sheet_for_each_part_of_a_rule_set() -> None:
    assert list(SHEETS) == [
        "Rules",
        "Questions",
        "Choices",
        "Modifiers",
        "Supporting diagnoses",
        "About",
    ]
    assert SHEETS["About"][0] == ["what", "text"]
    assert ["note", "One."] in SHEETS["About"]
    assert ["code", "00001"] in SHEETS["About"]


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_a_sheet_that_is_missing_or_empty_is_named(sheet: str) -> None:
    pages = sheets()
    pages[sheet] = []
    assert refusal(pages) == f"The workbook has no sheet “{sheet}”. Begin with an export."
    del pages[sheet]
    assert refusal(pages) == f"The workbook has no sheet “{sheet}”. Begin with an export."


def test_numbers_and_truth_values_of_a_spreadsheet_are_read_as_texts() -> None:
    pages = sheets()
    put(pages, "Questions", 4, "minimum", -1)
    put(pages, "Questions", 4, "maximum", 9.0)
    put(pages, "Questions", 3, "asked_first", True)
    assert read(pages).content_hash == TABLE.content_hash


def test_a_question_that_is_not_asked_first_may_say_so() -> None:
    pages = sheets()
    put(pages, "Questions", 3, "asked_first", "no")
    assert not read(pages).fact_by_key["ready"].asked_first


def test_empty_rows_and_notes_far_below_do_not_count() -> None:
    pages = sheets()
    for name, rows in pages.items():
        width = len(rows[0])
        rows.append([""] * width)
        if name in ("Rules", "Questions", "Choices"):
            rows.insert(2, [""] * width)
    assert read(pages).content_hash == TABLE.content_hash


def test_an_empty_row_parts_two_lines_of_one_modifier() -> None:
    pages = sheets()
    line = pages["Modifiers"][2]
    other = [*line[:1], "red", *line[2:]]
    together = {**pages, "Modifiers": [*pages["Modifiers"], other]}
    apart = {**pages, "Modifiers": [*pages["Modifiers"], [""] * len(line), other]}
    assert [len(modifier.rows) for modifier in read(together).modifiers] == [2]
    assert [len(modifier.rows) for modifier in read(apart).modifiers] == [1, 1]


def test_a_column_of_a_fact_may_be_left_out_where_no_rule_tests_it() -> None:
    pages = sheets()
    place = pages["Rules"][0].index("ready")
    for row in pages["Rules"]:
        del row[place]
    assert read(pages).content_hash == TABLE.content_hash


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "problem"),
    [
        ("Rules", 3, "colour", "mauve", "rule R1, colour: “mauve” is not a value of this fact"),
        ("Rules", 4, "age", "x..y", "Rules, row 4, age: “x..y” is not a range such as 0..18."),
        ("Rules", 5, "rule", "", "Rules, row 5: the rule has no id. Write one under “rule”."),
        (
            "Rules",
            4,
            "title",
            "B",
            "Rules, row 3 and Rules, row 4 are alternatives of rule R1, but differ in title.",
        ),
        (
            "Rules",
            1,
            "colour",
            "size",
            "Rules, column 3: there is no fact “size”. Rename or delete the column.",
        ),
        (
            "Rules",
            1,
            "ready",
            "colour",
            "Rules, column 4: the header names “colour” twice. Delete one column.",
        ),
        (
            "Rules",
            1,
            "rule",
            "id",
            "Rules: the header must begin with rule, title and end with outcome, code",
        ),
        ("Questions", 2, "key", "", "Choices: there is no question “colour”."),
        ("Questions", 3, "key", "colour", "facts: “colour” stands there twice."),
        ("Questions", 3, "kind", "maybe", "fact ready, kind: “maybe” is none of choice, yes_no"),
        ("Questions", 4, "minimum", "-", "Questions, age, minimum: “-” is no whole number."),
        ("Questions", 4, "maximum", "1.5", "Questions, age, maximum: “1.5” is no whole number."),
        ("Questions", 4, "maximum", "1" * 19, "is no whole number."),
        ("Questions", 4, "maximum", "-5", "fact age: no number lies from -1 to -5."),
        (
            "Questions",
            3,
            "asked_first",
            "ja",
            "Questions, ready, asked_first: “ja” is neither yes nor no.",
        ),
        ("Questions", 3, "label", "", "fact ready: label is missing."),
        (
            "Choices",
            2,
            "fact",
            "ready",
            "fact ready: a choice has choices, any other kind has none.",
        ),
        ("Choices", 3, "value", "red", "fact colour, choices: “red” stands there twice."),
        ("Choices", 2, "label", "", "fact colour, red: label is missing."),
        ("Modifiers", 1, "modifier", "mod", "Modifiers: the header must begin with modifier."),
        ("Modifiers", 3, "modifier", "", "a modifier: modifier is missing."),
        (
            "Modifiers",
            3,
            "ready",
            "maybe",
            "modifier LT, ready: “maybe” is not a value of this fact",
        ),
        ("Supporting diagnoses", 3, "colour", "pink", "diagnoses Q65.01 Q65.02, colour: “pink”"),
        ("About", 1, "what", "which", "About: the header must be what, text."),
        ("About", 2, "text", "", "the rule set: key is missing."),
        ("About", 5, "text", "last", "the rule set, hit_policy: “last” is none of first, unique."),
    ],
)
def test_what_stands_wrong_is_named_with_its_sheet(
    sheet: str, row: int, column: str, value: str, problem: str
) -> None:
    pages = sheets()
    put(pages, sheet, row, column, value)
    assert problem in refusal(pages)


def test_a_cell_beside_the_table_is_named_and_not_passed_over() -> None:
    pages = sheets()
    pages["Rules"][2].append("a remark")
    assert refusal(pages) == "Rules, row 3: a cell stands to the right of the header. Clear it."


def test_several_diagnoses_of_a_line_are_parted_by_any_space() -> None:
    pages = sheets()
    put(pages, "Supporting diagnoses", 3, "codes", "  Q65.01\n Q65.02 ")
    assert read(pages).diagnoses[0].codes == ("Q65.01", "Q65.02")


def test_a_text_that_no_workbook_holds_is_refused_when_it_is_written() -> None:
    table = make.table([make.fact("colour")], [make.rule("R1", {})], name="Odd \ufffe name")
    with pytest.raises(
        TableError, match=r"has a character that no workbook holds\. Export as JSON"
    ):
        FORMATS["xlsx"].write(table)


@pytest.mark.parametrize(
    ("sheet", "column", "value", "problem"),
    [
        ("Derived", "fact", "lev", "Derived, row 3: there is no question “lev”. Correct the key."),
        (
            "Derived",
            "value",
            "highest",
            "Derived, row 3: “highest” is no value of level. Write one of low, high",
        ),
        ("Further lines", "first", "", "Further lines, row 3, first: “” is no whole number."),
        (
            "Further lines",
            "units",
            "2",
            "Further lines, row 3: units are a number, or those of a fact under units_of",
        ),
        ("Questions", "decimals", "one", "Questions, payer, decimals: “one” is no whole number."),
    ],
)
def test_what_stands_wrong_in_a_further_sheet_is_named_too(
    sheet: str, column: str, value: str, problem: str
) -> None:
    pages = read_workbook(FORMATS["xlsx"].write(saying_more.table()))
    put(pages, sheet, 4 if sheet == "Questions" else 3, column, value)
    assert problem in refusal(pages)
