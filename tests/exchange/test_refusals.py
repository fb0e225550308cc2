"""Files that are not what they should be: an error that says where, and nothing else happens."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coding.decision import TableError
from coding.exchange import FORMATS
from coding.tables.workbook import read_workbook
from tests import shipped_hip

HIP = shipped_hip.table()
FILES = {name: format_.write(HIP) for name, format_ in FORMATS.items()}


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(TableError) as caught:
        FORMATS[name].read(content, HIP)
    return str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(name: str, content: bytes) -> None:
    refusal(name, content)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                content[place] = data.draw(st.integers(0, 255))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 200))]
            case "double":
                content[place:place] = content[place : place + 50]
        if not content:
            break
    with suppress(TableError):
        FORMATS[name].read(bytes(content), HIP)


def test_json_names_the_line_and_a_key_that_stands_twice() -> None:
    assert refusal("json", b'{"key":\n nonsense}').startswith("Line 2, column 2")
    assert (
        refusal("json", b'{"key": "a", "key": "b"}')
        == "“key” stands twice in one object. Keep one of them."
    )
    assert "nested too deeply" in refusal("json", b"[" * 100_000)
    assert "NaN" in refusal("json", b'{"key": NaN}')
    assert "too long" in refusal("json", b'{"key": ' + b"9" * 5000 + b"}")
    assert "UTF-8" in refusal("json", b'{"key": "\\ud800"}')


def csv_with(old: str, new: str) -> bytes:
    text = FILES["csv"].decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, 1).encode()


def test_csv_names_the_line_the_column_and_the_cause() -> None:
    assert "there is no fact “colour”" in refusal("csv", csv_with("manipulation", "colour"))
    assert "rule R01, treatment: “nome” is not a value" in refusal(
        "csv", csv_with("dislocation,none", "dislocation,nome")
    )
    assert "must begin with rule, title" in refusal("csv", csv_with("rule,title", "id,title"))
    assert "“treatment” twice" in refusal("csv", csv_with("definitive", "treatment"))
    assert "differ in title" in refusal("csv", csv_with("R01,No treatment of", "R01,Treatment of"))
    assert "the quotation mark that opens cell 1 is not closed" in refusal(
        "csv", FILES["csv"] + b'"'
    )
    with pytest.raises(TableError, match="Import it into a version"):
        FORMATS["csv"].read(FILES["csv"], None)


def test_csv_with_semicolons_is_read() -> None:
    simple = "rule;title;treatment;outcome;code;message;basis\r\nR1;Any;;supervisor_review;;Ask.;Here\r\n"
    assert [rule.id for rule in FORMATS["csv"].read(simple.encode(), HIP).rules] == ["R1"]


def repacked(**changed: bytes) -> bytes:
    """The hip workbook with the first sheet replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FILES["xlsx"])) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            name = part.filename.rpartition("/")[2].removesuffix(".xml")
            new.writestr(part.filename, changed.get(name, old.read(part)))
    return out.getvalue()


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    far = (
        sheet
        + b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert "Cell XFD1048576 lies beyond 20,000 rows" in refusal("xlsx", repacked(sheet1=far))
    corner = sheet + b'<row r="19999"><c r="SF19999"><v>1</v></c></row></sheetData></worksheet>'
    assert "reach over more than 1,000,000 cells" in refusal("xlsx", repacked(sheet1=corner))
    assert "unpacks to more than" in refusal("xlsx", repacked(sheet1=b" " * 21_000_000))
    half = sheet + b" " * 11_000_000 + b"</sheetData></worksheet>"
    assert "unpacks to more than 20,000,000 bytes" in refusal(
        "xlsx", repacked(sheet1=half, sheet2=half)
    )


def test_a_workbook_of_many_sheets_is_refused() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number in range(21):
            book.add_worksheet(f"S{number}")
    assert "more than 20 sheets" in refusal("xlsx", out.getvalue())


def test_a_workbook_with_entities_or_a_password_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><c r="&b;"/></worksheet>'
    assert "defines XML entities" in refusal("xlsx", repacked(sheet1=bomb))
    assert "password" in refusal("xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_document_that_breaks_a_rule_of_its_own_is_refused_by_rule_and_cell() -> None:
    document = json.loads(FILES["json"])
    document["rules"][3]["rows"][0] = {"sedation": {"in": ["none"]}}
    assert "R04: there is no fact “sedation”" in refusal("json", json.dumps(document).encode())


def csv_of(*lines: str) -> bytes:
    return "\n".join(["rule,title,treatment,outcome,code,message,basis", *lines]).encode()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (
            csv_of("R1,A,,supervisor_review,,Ask.,Here", ",B,,supervisor_review,,Ask.,Here"),
            "line 3: the rule has no id",
        ),
        (
            csv_of(*(f"{name},A,,supervisor_review,,Ask.,Here" for name in ("R1", "R2", "R1"))),
            "line 4: rule R1 stands in line 2 already",
        ),
        (csv_of("R1,A").replace(b"treatment", b""), "Line 1, column 3: there is no fact “”"),
        (csv_of("R1,A"), "Line 2 has 2 cells, the header 7"),
    ],
)
def test_it_names_the_lines_of_a_rule_that_has_no_place(content: bytes, cause: str) -> None:
    assert cause in refusal("csv", content)


def edited(sheet: str, row: int, *cells: str) -> bytes:
    """The hip workbook with a row written over."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in read_workbook(FILES["xlsx"]).items():
            page = book.add_worksheet(name)
            for number, texts in enumerate(rows, start=1):
                for column, text in enumerate(cells if (name, number) == (sheet, row) else texts):
                    page.write_string(number - 1, column, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (edited("About", 3, "nmae", "Hips"), "About: “nmae” is none of key, name"),
        (edited("About", 3, "key", "hips"), "About: “key” stands there twice"),
        (
            edited("Questions", 2, "age", "whole_number", "Age", "Age?", "", "young"),
            "age, minimum: “young” is no whole",
        ),
        (
            edited("Questions", 2, "treatment", "choice", "T", "T?", "", "", "", "", "oui"),
            "“oui” is neither yes nor no",
        ),
        (edited("Rules", 3, "R\0", "A"), "Rules, row 3: a cell holds the character NUL"),
        (edited("Questions", 1, *"abcdefghi"), "Questions: the header must be key, kind, label"),
        (edited("Choices", 2, "colour", "red", "Red"), "Choices: there is no question “colour”"),
    ],
)
def test_it_names_the_sheet_and_what_stands_there(content: bytes, cause: str) -> None:
    assert cause in refusal("xlsx", content)


def test_it_refuses_texts_that_no_database_keeps() -> None:
    assert "the character NUL" in refusal(
        "json", FILES["json"].replace(b'"key": "hip', b'"key": "\\u0000hip')
    )
    assert (
        FORMATS["json"]
        .read(FILES["json"].replace(b'"name": "', b'"name": "\\\\u0000'), None)
        .name.startswith("\\u0000")
    )
    assert "the character NUL" in refusal("dmn", FILES["dmn"].replace(b'"R01"', b'"\\u0000"'))
    assert "holds half a character" in refusal("dmn", FILES["dmn"].replace(b'"R01"', b'"\\ud83d"'))
