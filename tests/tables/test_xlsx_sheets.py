"""The sheets of a workbook and their rows: which of them is read, where a cell stands, what is hidden or merged."""

import io

import pytest
import xlsxwriter

from coding.tables import xlsx_package, xlsx_sheet
from coding.tables.errors import FileError
from coding.tables.xlsx_package import Package, local
from coding.tables.xlsx_sheet import SheetRow, letters, sheet_names, sheet_rows
from tests.intake.workbooks import BOOK, NAMESPACE, archive


def book_of(*sheets, **options):
    """A workbook of sheets as (name, texts of the first column), the hidden ones with a star before their name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        for name, texts in sheets:
            sheet = book.add_worksheet(name.removeprefix("*"))
            for row, text in enumerate(texts):
                sheet.write_string(row, 0, text)
            if name.startswith("*"):
                sheet.hide()
    return out


def texts_of(file, name=""):
    return [row.cells[0] for row in sheet_rows(file, name).rows]


def refusal(file, name=""):
    with pytest.raises(FileError) as error:
        list(sheet_rows(file, name).rows)
    return str(error.value)


def rows_of(xml):
    sheet = f"<worksheet {NAMESPACE}><sheetData>{xml}</sheetData></worksheet>"
    return list(sheet_rows(archive(sheet)).rows)


# Which sheet -------------------------------------------------------------------------------------------


def test_the_first_filled_sheet_is_read_and_the_others_that_hold_something_are_told():
    chosen = sheet_rows(book_of(("Empty", []), ("First", ["a"]), ("Second", ["b"]), ("Third", [])))
    assert [row.cells[0] for row in chosen.rows] == ["a"]
    assert [sheet.name for sheet in chosen.others] == ["Second"]


def test_a_sheet_called_encounters_goes_before_the_first_in_any_case():
    assert texts_of(book_of(("First", ["a"]), (" ENCOUNTERS ", ["b"]))) == ["b"]


def test_a_sheet_is_chosen_by_its_name():
    file = book_of(("First", ["a"]), ("encounters", ["b"]), ("Third", ["c"]))
    assert texts_of(file, "third") == ["c"]
    assert refusal(file, "Fourth") == (
        "The workbook has no sheet “Fourth” that people see. Match its columns anew."
    )


def test_a_hidden_sheet_is_never_read_by_itself_and_its_rows_are_told():
    file = book_of(("First", ["a"]), ("*Encounters", ["b"]))
    chosen = sheet_rows(file)
    assert [row.cells[0] for row in chosen.rows] == ["a"]
    assert [(sheet.name, sheet.hidden) for sheet in chosen.others] == [("Encounters", True)]
    assert "no sheet “Encounters” that people see" in refusal(file, "Encounters")


def test_where_all_that_holds_something_is_hidden_it_is_to_be_shown():
    file = book_of(("First", []), ("*Second", ["b"]))
    assert refusal(file) == ("All sheets with rows are hidden. Show the one that is to be read.")


def test_sheets_that_hold_something_are_named_the_hidden_ones_apart():
    file = book_of(("First", ["a"]), ("Empty", []), ("*Second", ["b"]), ("Third", [" ", "c"]))
    assert sheet_names(file) == (("First", "Third"), ("Second",))


def test_an_empty_workbook_is_read_as_no_rows():
    assert texts_of(book_of(("First", []))) == []
    assert sheet_names(book_of(("First", []))) == ((), ())


# Where a cell stands -----------------------------------------------------------------------------------


def test_cells_stand_where_they_say_or_behind_the_one_before():
    cells = '<c r="B2"><v>1</v></c><c><v>2</v></c><c r="F2"><v>3</v></c><c><v>4</v></c>'
    assert rows_of(f'<row r="2">{cells}</row>') == [SheetRow(2, {1: "1", 2: "2", 5: "3", 6: "4"})]


def test_rows_are_numbered_as_they_say_or_behind_the_one_before():
    rows = "<row><c><v>1</v></c></row>" + '<row r="5"><c><v>2</v></c></row>'
    rows += "<row><c><v>3</v></c></row>"
    assert [row.number for row in rows_of(rows)] == [1, 5, 6]


@pytest.mark.parametrize("number", ["1", "2", "0", "-3", "x", "12345678"])
def test_a_row_that_says_an_impossible_number_is_damage(number):
    with pytest.raises(FileError, match="damaged"):
        rows_of(f'<row r="2"/><row r="{number}"><c><v>1</v></c></row>')


def test_a_row_that_nobody_sees_is_told():
    rows = '<row hidden="1"><c><v>1</v></c></row><row hidden="0"><c><v>2</v></c></row>'
    assert [row.hidden for row in rows_of(rows)] == [True, False]


def test_a_cell_of_nothing_and_a_formula_without_its_result():
    cells = '<c r="A1"/><c r="B1"><v></v></c><c r="C1"><f>1+1</f></c>'
    cells += '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="str"><f>""</f><v></v></c>'
    [row] = rows_of(f"<row>{cells}</row>")
    assert row.cells == {3: "2"}
    assert list(row.faults) == [2]
    assert row.faults[2].text == (
        "holds a formula without its result. Paste the value instead of the formula"
    )


def test_a_text_in_place_is_read_in_its_runs_without_how_it_is_spoken():
    runs = "<r><t>Cast</t></r><r><rPr><strike/></rPr><t> on</t></r><r><t> off</t></r>"
    spoken = "<rPh><t>kast</t></rPh>"
    cells = f'<c t="inlineStr"><is>{runs}{spoken}</is></c><c t="inlineStr"><is><t>b</t></is></c>'
    [row] = rows_of(f"<row>{cells}</row>")
    assert row.cells == {0: "Cast[deleted:  on] off", 1: "b"}


@pytest.mark.parametrize("place", ["A1", "Z1", "AA1", "XFD1"])
def test_a_cell_may_stand_anywhere_in_the_columns_of_a_spreadsheet(place):
    [row] = rows_of(f'<row><c r="{place}"><v>1</v></c></row>')
    [column] = row.cells
    assert f"{letters(column)}1" == place


@pytest.mark.parametrize("place", ["XFE1", "ZZZ1", "AAAA1", "1", "a1", "A-1", "Ä1"])
def test_beyond_them_or_by_no_name_there_is_none(place):
    with pytest.raises(FileError, match="damaged"):
        rows_of(f'<row><c r="{place}"><v>1</v></c></row>')


@pytest.mark.parametrize("places", [("B1", "B1"), ("B1", "A1")])
def test_cells_of_a_row_follow_each_other(places):
    cells = "".join(f'<c r="{place}"><v>1</v></c>' for place in places)
    with pytest.raises(FileError, match="damaged"):
        rows_of(f"<row>{cells}</row>")


@pytest.mark.parametrize(
    ("says", "day"),
    [("1", "2030-05-05"), ("true", "2030-05-05"), ("0", "2026-05-04"), ("no", "2026-05-04")],
)
def test_a_workbook_says_from_which_year_its_days_are_counted(says, day):
    book = BOOK.replace("<sheets>", f'<workbookPr date1904="{says}"/><sheets>')
    sheet = '<worksheet><sheetData><row><c s="0"><v>46146</v></c></row></sheetData></worksheet>'
    styles = '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    file = archive(sheet, **{"xl/workbook.xml": book, "xl/styles.xml": styles})
    [row] = sheet_rows(file).rows
    assert row.cells == {0: day}


def test_a_text_is_as_long_as_a_cell_holds_and_no_longer(monkeypatch):
    monkeypatch.setattr(xlsx_sheet, "LONGEST_CELL", 5)
    [row] = rows_of('<row><c t="str"><v>12345</v></c><c t="str"><v>123456</v></c></row>')
    assert row.cells == {0: "12345"}
    assert row.faults[1].text == "has more than 5 characters. Shorten it"


def merged(*refs):
    ranges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, 5))
    sheet = (
        f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData>"
        f"<mergeCells>{ranges}</mergeCells></worksheet>"
    )
    return [row.merged for row in sheet_rows(archive(sheet)).rows]


def test_the_cells_that_were_merged_into_another_are_told_row_by_row():
    assert merged("A1:B2", "D2:D4") == [
        {1: "A1:B2"},
        {0: "A1:B2", 1: "A1:B2"},
        {3: "D2:D4"},
        {3: "D2:D4"},
    ]
    assert merged("C3") == [{}, {}, {}, {}]


def test_more_merged_ranges_than_anybody_makes_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_sheet, "MOST_MERGED", 2)
    assert merged("A1:B1", "A2:B2")[0] == {1: "A1:B1"}
    with pytest.raises(FileError, match=r"More than 2 ranges of cells are merged\. Unmerge them"):
        merged("A1:B1", "A2:B2", "A3:B3")


# The archive -------------------------------------------------------------------------------------------


def sheet_xml(size):
    return f"<worksheet {NAMESPACE}><sheetData>{'<row/>' * size}</sheetData></worksheet>"


def test_a_part_may_unpack_up_to_its_limit(monkeypatch):
    sheet = sheet_xml(10)
    package = Package(archive(sheet))
    monkeypatch.setattr(xlsx_package, "LARGEST_PART", len(sheet))
    assert b"".join(package.chunks("xl/worksheets/sheet1.xml")).decode() == sheet
    monkeypatch.setattr(xlsx_package, "LARGEST_PART", len(sheet) - 1)
    with pytest.raises(FileError) as error:
        list(package.chunks("xl/worksheets/sheet1.xml"))
    assert str(error.value) == (
        f"The workbook unpacks to more than {len(sheet) - 1:,} bytes. Send it as CSV."
    )


def test_all_parts_together_may_too_and_one_that_is_read_again_counts_once():
    sheet = sheet_xml(10)
    both = len(sheet) + len(BOOK)
    package = Package(archive(sheet), most_bytes=both)
    for _ in range(3):
        assert list(package.chunks("xl/worksheets/sheet1.xml"))
        assert list(package.chunks("xl/workbook.xml"))

    smaller = Package(archive(sheet), most_bytes=both - 1)
    assert list(smaller.chunks("xl/workbook.xml"))
    with pytest.raises(FileError, match=f"more than {both - 1:,} bytes"):
        list(smaller.chunks("xl/worksheets/sheet1.xml"))


def test_a_publisher_s_table_may_be_so_many_times_as_large(monkeypatch):
    monkeypatch.setattr(xlsx_sheet, "MOST_ROWS", 4)
    file = archive(sheet_xml(8))
    assert list(sheet_rows(file, times=2).rows) == []
    with pytest.raises(FileError, match="The sheet has more than 4 rows"):
        list(sheet_rows(file).rows)
    with pytest.raises(FileError, match="The sheet has more than 8 rows"):
        list(sheet_rows(archive(sheet_xml(9)), times=2).rows)


def test_elements_lie_within_each_other_up_to_a_depth(monkeypatch):
    sheet = "<a><b><c/></b><b/></a>"
    monkeypatch.setattr(xlsx_package, "DEEPEST", 3)
    Package(archive(sheet)).survey("xl/worksheets/sheet1.xml")
    monkeypatch.setattr(xlsx_package, "DEEPEST", 2)
    with pytest.raises(FileError, match="damaged"):
        Package(archive(sheet)).survey("xl/worksheets/sheet1.xml")


def test_elements_are_counted_up_to_a_number(monkeypatch):
    sheet = "<a><b/><b/></a>"
    monkeypatch.setattr(xlsx_package, "MOST_ELEMENTS", 3)
    Package(archive(sheet)).survey("xl/worksheets/sheet1.xml")
    monkeypatch.setattr(xlsx_package, "MOST_ELEMENTS", 2)
    with pytest.raises(FileError, match="The workbook has too many cells"):
        Package(archive(sheet)).survey("xl/worksheets/sheet1.xml")


def test_parts_are_known_in_any_case_and_a_part_that_is_not_there_is_damage():
    package = Package(archive(sheet_xml(1)))
    assert "XL/Workbook.XML" in package
    assert "xl/nothing.xml" not in package
    with pytest.raises(FileError, match="damaged"):
        list(package.chunks("xl/nothing.xml"))


@pytest.mark.parametrize(("name", "without"), [("x:row", "row"), ("row", "row"), ("a:b:c", "c")])
def test_a_name_is_known_without_its_namespace(name, without):
    assert local(name) == without
