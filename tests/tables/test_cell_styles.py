"""What the style of a cell does to its number, and which texts a workbook strikes out."""

import re
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.tables import xlsx_values
from coding.tables.errors import FileError
from coding.tables.xlsx_package import Package
from coding.tables.xlsx_sheet import sheet_rows
from coding.tables.xlsx_values import Fault, SharedStrings, Styles, masked
from tests.intake.workbooks import NAMESPACE, archive

STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


def styles_of(xml):
    sheet = f"<styleSheet {NAMESPACE}>{xml}</styleSheet>"
    return Styles(Package(archive("<worksheet/>", **{STYLES: sheet})), STYLES)


def styles_of_formats(*codes):
    """Styles 0, 1, … of these formats."""
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in enumerate(codes, start=164)
    )
    cells = "".join(f'<xf numFmtId="{number}"/>' for number in range(164, 164 + len(codes)))
    return styles_of(f"<numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs>")


def shown(value, code, from_1904=False):
    return styles_of_formats(code).number(value, 0, from_1904)


def texts_of(items):
    return SharedStrings(Package(archive("<worksheet/>", f"<sst>{items}</sst>")), STRINGS).texts


# Numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("42", "42"),
        ("42.0", "42"),
        ("-42", "-42"),
        ("4.2E1", "42"),
        ("0.5", "0.5"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("-1.25", "-1.25"),
        ("999999999999999", "999999999999999"),
        ("-999999999999999", "-999999999999999"),
    ],
)
def test_a_number_without_a_style_is_shown_as_it_is(value, text):
    assert styles_of("").number(value, 0, False) == text


@pytest.mark.parametrize("value", ["1000000000000000", "-1000000000000000", "1e20"])
def test_a_number_of_more_digits_than_a_workbook_keeps_is_named(value):
    words = (
        "holds a number of more than 15 digits, of which the workbook keeps 15. Store it as text"
    )
    assert styles_of("").number(value, 0, False) == Fault(words, value)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300", "-1e300", "1e999"])
def test_what_is_no_finite_number_is_named(value):
    fault = styles_of("").number(value, 0, False)
    assert fault == Fault("holds no number that can be read. Type it anew", value)


def test_a_text_in_the_place_of_a_number_is_damage():
    assert styles_of("").number("twelve", 0, False) == Fault("is damaged. Type it anew", "twelve")


# Days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "DD.MM.YYYY",
        "d",
        "h:mm",
        "[$-409]d-mmm-yy;@",
        '"on the" yyyy',
        "\\d yyyy",
        "[Red]m/d",
        "_-d",
        "*-d",
    ],
)
def test_a_format_with_a_letter_of_a_day_shows_a_day(code):
    assert shown("46146", code) == "2026-05-04"
    assert shown("44684", code, from_1904=True) == "2026-05-04"


@pytest.mark.parametrize(
    "code", ["General", "0", '0 "days"', "0\\d", "[mm]0", "_d0", "*d0", "0;yyyy", "#,##0", "0.00E+00"]
)  # fmt: skip
def test_a_letter_that_only_stands_there_makes_no_day(code):
    assert "2026" not in shown("46146", code)


@pytest.mark.parametrize("number", [14, 22, 27, 36, 45, 47, 50, 58])
def test_the_formats_that_every_workbook_knows_show_days(number):
    styles = styles_of(f'<cellXfs><xf numFmtId="{number}"/></cellXfs>')
    assert styles.number("46146", 0, False) == "2026-05-04"


@pytest.mark.parametrize("number", [0, 1, 13, 23, 26, 37, 44, 48, 49, 59, "x", "-14", ""])
def test_the_others_show_numbers(number):
    styles = styles_of(f'<cellXfs><xf numFmtId="{number}"/></cellXfs>')
    assert styles.number("46146", 0, False) == "46146"


def test_a_format_of_the_workbook_goes_before_one_that_every_workbook_knows():
    own = '<numFmts><numFmt numFmtId="14" formatCode="000000"/></numFmts>'
    styles = styles_of(f'{own}<cellXfs><xf numFmtId="14"/></cellXfs>')
    assert styles.number("46146", 0, False) == "046146"


def test_only_the_formats_of_cells_are_counted():
    of_names = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    cells = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf/></cellXfs>'
    styles = styles_of(f'{of_names}{cells}<dxfs><xf numFmtId="14"/></dxfs>')
    numbers = [styles.number("46146", style, False) for style in range(5)]
    assert numbers == ["46146", "2026-05-04", "46146", "46146", "46146"]


# Digits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "mask", "text"),
    [
        (123, "00000", "00123"),
        (123456, "00000", "123456"),
        (0, "000", "000"),
        (123, "000-000", "000-123"),
        (1234567, "000-000", "1234-567"),
        (123, '"MRN-"00000', "MRN-00123"),
        (123, "\\V\\-0000", "V-0123"),
        (7, "##0", "7"),
        (70, "#-#-0", "-7-0"),
        (7, "?0", "7"),
        (42, "[Red]000", "042"),
        (42, "_-000*x", "042"),
        (5551234, "(000) 000-0000", "(000) 555-1234"),
        (42, "000/0", "004/2"),
    ],
)  # fmt: skip
def test_a_number_is_spelled_out_as_its_format_says(number, mask, text):
    assert masked(number, mask) == text
    assert shown(str(number), mask) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("42", "0000;-0", "0042"),
        ("-42", "0000", "-42"),
        ("42.5", "0000", "42.5"),
        ("42", "0.00", "42"),
        ("1234", "#,##0", "1234"),
        ("42", "@", "42"),
        ("42", '"number"', "42"),
        ("42", "-", "42"),
    ],
)
def test_only_a_format_of_whole_digits_spells_them_out(value, code, text):
    assert shown(value, code) == text


@settings(max_examples=60)
@given(
    st.integers(0, 10**14),
    st.lists(st.sampled_from(["0", "0", "0", "-", "/", " ", '"No "', "\\V"]), max_size=14),
)
def test_a_format_adds_zeros_and_signs_and_loses_no_digit(number, parts):
    mask = "".join([*parts, "0"])
    digits = re.sub(r"\D", "", masked(number, mask))
    assert digits == str(number).zfill(mask.count("0"))


# Texts in pieces ---------------------------------------------------------------------------------------


def test_texts_are_counted_from_the_first_each_of_its_pieces():
    items = "<si><t>a</t></si><si/><si><r><t>b</t></r><r><t> c</t></r></si>"
    assert texts_of(items) == ["a", "", "b c"]


def test_what_only_tells_how_a_text_is_spoken_is_no_part_of_it():
    items = "<si><t>a</t><rPh><t>x</t></rPh><phoneticPr/></si><si><t>b</t></si>"
    assert texts_of(items) == ["a", "b"]


def test_what_stands_between_texts_is_no_part_of_them():
    assert texts_of("<si> x <t>a</t> y </si> z ") == ["a"]


def test_a_text_that_no_cell_holds_is_kept_one_sign_longer_to_be_known_by_it(monkeypatch):
    monkeypatch.setattr(xlsx_values, "LONGEST_CELL", 5)
    pieces = "<r><t>123</t></r><r><t>456</t></r><r><t>789</t></r>"
    assert texts_of(f"<si><t>12345</t></si><si>{pieces}</si><si><t>1</t></si>") == [
        "12345",
        "123456",
        "1",
    ]


def test_texts_are_read_up_to_a_memory(monkeypatch):
    items = "<si><t>a text of some length</t></si>" * 3
    size = xlsx_values.sys.getsizeof("a text of some length")
    monkeypatch.setattr(xlsx_values, "MOST_MEMORY", 3 * size)
    assert len(texts_of(items)) == 3
    monkeypatch.setattr(xlsx_values, "MOST_MEMORY", 3 * size - 1)
    with pytest.raises(FileError) as error:
        texts_of(items)
    assert str(error.value) == "The workbook holds too much text. Send it as CSV."


# Struck out --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strike", ["<strike/>", '<strike val="1"/>', '<strike val="true"/>'])
def test_a_run_that_is_struck_out_is_marked_and_the_one_after_is_not(strike):
    runs = f"<r><t>Cast </t></r><r><rPr>{strike}</rPr><t>applied</t></r><r><t> off</t></r>"
    assert texts_of(f"<si>{runs}</si>") == ["Cast [deleted: applied] off"]


@pytest.mark.parametrize("off", ["0", "false"])
def test_a_run_may_say_that_it_is_not_struck_out(off):
    run = f'<r><rPr><strike val="{off}"/></rPr><t>applied</t></r>'
    assert texts_of(f"<si>{run}</si>") == ["applied"]


def test_no_mark_goes_over_from_one_text_to_the_next():
    struck = "<si><r><rPr><strike/></rPr><t>a</t></r></si>"
    assert texts_of(f"{struck}<si><t>b</t></si>") == ["[deleted: a]", "b"]


def test_what_is_struck_out_of_how_a_text_is_spoken_leaves_no_mark():
    spoken = "<rPh><r><rPr><strike/></rPr><t>x</t></r></rPh>"
    assert texts_of(f"<si><t>a</t>{spoken}</si>") == ["a"]


def test_a_style_strikes_out_by_its_font():
    fonts = '<font><b/></font><font><strike/></font><font><strike val="0"/></font>'
    cells = '<xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf/><xf fontId="3"/><xf fontId="x"/>'
    styles = styles_of(f"<fonts>{fonts}</fonts><cellXfs>{cells}</cellXfs>")
    marked = [styles.marked("27256", style) for style in range(7)]
    assert marked == ["27256", "[deleted: 27256]", *["27256"] * 5]
    assert styles.marked(" ", 1) == " "


def test_only_the_fonts_of_the_workbook_are_counted():
    of_difference = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"
    fonts = "<fonts><font/></fonts>"
    cells = '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    styles = styles_of(f"{fonts}{cells}{of_difference}")
    assert [styles.marked("27256", style) for style in (0, 1)] == ["27256", "27256"]


# In a sheet --------------------------------------------------------------------------------------------


def test_each_cell_of_a_sheet_is_shown_by_its_own_style():
    formats = '<numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
    fonts = "<fonts><font/><font><strike/></font></fonts>"
    cells = '<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="14"/><xf fontId="1"/></cellXfs>'
    row = "".join(f'<c s="{style}"><v>46146</v></c>' for style in range(4))
    row += '<c><v>46146</v></c><c s="3" t="str"><v>note</v></c><c s="9"><v>1</v></c>'
    sheet = f"<worksheet {NAMESPACE}><sheetData><row>{row}</row></sheetData></worksheet>"
    file = archive(sheet, **{STYLES: f"<styleSheet>{formats}{fonts}{cells}</styleSheet>"})
    [read] = sheet_rows(file).rows
    assert read.cells == {
        0: "46146",
        1: "46146",
        2: "2026-05-04",
        3: "[deleted: 46146]",
        4: "46146",
        5: "[deleted: note]",
        6: "1",
    }


@pytest.mark.parametrize("style", ["x", "-1", "1" * 7])
def test_a_style_that_is_no_number_is_damage(style):
    sheet = f'<worksheet><sheetData><row><c s="{style}"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(FileError, match="damaged"):
        list(sheet_rows(archive(sheet)).rows)
