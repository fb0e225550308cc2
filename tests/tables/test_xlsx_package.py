"""The archive around a workbook: what is refused before a part of it is read, and XML that no program writes."""

import io

import pytest

from coding.tables import xlsx_package
from coding.tables.errors import FileError
from coding.tables.xlsx_package import COMPOUND, DAMAGED, MEMBER, Package, parse
from tests.intake.workbooks import NAMESPACE, archive

SHEET = "xl/worksheets/sheet1.xml"


def refusal(content):
    with pytest.raises(FileError) as error:
        Package(io.BytesIO(content))
    return str(error.value)


def refusal_of_xml(*chunks):
    with pytest.raises(FileError) as error:
        list(parse(iter(chunks)))
    return str(error.value)


# The archive -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", [b"", b"\xa1\xb1\x1a\xe1 and more"])
def test_a_compound_file_is_told_from_other_files(behind):
    assert refusal(COMPOUND + behind) == (
        "The workbook is protected by a password or of the old kind XLS."
        " Save it as XLSX without a password."
    )


@pytest.mark.parametrize("content", [b"", b"P", b"KP", b"a,b,c", COMPOUND[:3]])
def test_what_is_no_archive_is_no_workbook(content):
    assert refusal(content) == ("The file is no XLSX workbook. Save it as XLSX, or send it as CSV.")


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04 and no more"])
def test_an_archive_that_cannot_be_opened_is_damaged(content):
    assert refusal(content) == DAMAGED


def test_the_file_is_read_from_its_begin_wherever_it_stands():
    file = archive("<worksheet/>")
    file.read()
    assert SHEET in Package(file)


def test_a_part_may_be_named_from_the_root():
    file = archive("<worksheet/>", **{"/xl/styles.xml": "<styleSheet/>"})
    assert b"".join(Package(file).chunks("xl/styles.xml")) == b"<styleSheet/>"


def test_parts_are_counted_before_they_are_listed(monkeypatch):
    file = archive("<worksheet/>")
    monkeypatch.setattr(xlsx_package, "MOST_MEMBERS", 3)
    Package(file)
    monkeypatch.setattr(xlsx_package, "MOST_MEMBERS", 2)
    assert refusal(file.getvalue()) == "The workbook has more than 2 parts. Save it anew."


@pytest.mark.parametrize("place", range(999_995, 1_000_002))
def test_a_part_is_counted_once_wherever_the_portions_of_the_file_end(place, monkeypatch):
    content = b"PK".ljust(place, b"-") + MEMBER + b"-"
    monkeypatch.setattr(xlsx_package, "MOST_MEMBERS", 0)
    assert refusal(content) == "The workbook has more than 0 parts. Save it anew."
    monkeypatch.setattr(xlsx_package, "MOST_MEMBERS", 1)
    assert refusal(content) == DAMAGED


# XML ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "xml", [b"", b"<a>", b"<a><b></a></b>", b"<a/><b/>", b"<a", b"a", b"<a>&none;</a>"]
)
def test_xml_that_is_not_whole_is_damaged(xml):
    assert refusal_of_xml(xml) == DAMAGED


def test_it_may_come_in_any_portions():
    xml = "<a><b c='d'>text é</b></a>".encode()
    for size in range(1, len(xml)):
        told = []
        portions = [xml[at : at + size] for at in range(0, len(xml), size)]
        begin = lambda name, attributes, told=told: told.append((name, attributes))  # noqa: E731
        list(parse(iter(portions), begin, told.append, told.append))
        names = [("a", {}), ("b", {"c": "d"})]
        assert [each for each in told if isinstance(each, tuple)] == names
        assert "".join(each for each in told if isinstance(each, str)) == "text éba"


@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE a>", '<!DOCTYPE a SYSTEM "x">', '<!DOCTYPE a [<!ENTITY b "c">]>']
)
def test_a_workbook_that_declares_a_type_of_document_is_refused(declared):
    assert refusal_of_xml(f"{declared}<a/>".encode()) == (
        "The workbook defines XML entities, which no spreadsheet program does. Save it anew."
    )


def test_one_tag_is_as_long_as_that_of_a_program(monkeypatch):
    monkeypatch.setattr(xlsx_package, "LARGEST_TOKEN", 20)
    assert list(parse(iter([b"<a>", b"<b " + b" " * 17, b"/></a>"])))
    assert refusal_of_xml(b"<a>", b"<b " + b" " * 18, b"/></a>") == DAMAGED


def test_the_names_of_a_workbook_are_few(monkeypatch):
    xml = b"<a><b c='d'/><b c='e'/><f/></a>"

    def read():
        return list(parse(iter([xml]), lambda name, attributes: None))

    monkeypatch.setattr(xlsx_package, "MOST_NAMES", 4)
    assert read()
    monkeypatch.setattr(xlsx_package, "MOST_NAMES", 3)
    with pytest.raises(FileError) as error:
        read()
    assert str(error.value) == DAMAGED


def test_parts_beside_each_other_are_no_depth():
    wide = "<row/>" * (xlsx_package.DEEPEST + 1)
    Package(archive(f"<worksheet {NAMESPACE}>{wide}</worksheet>")).survey(SHEET)
