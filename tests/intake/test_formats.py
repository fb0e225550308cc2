"""How a file's format is told by its first bytes, and what is refused by name before it passes for a table."""

import io
import zipfile

import pytest

from coding.intake.drafts import Layout
from coding.intake.formats import (
    FORMATS,
    detect,
    is_archive_of_json,
    is_text,
    is_workbook,
    members,
    refuse_foreign,
)
from coding.tables.errors import FileError
from tests.intake.samples import claim, claims_file, dft, ndjson, visit_resources

READ = "XLSX, X12 837P, HL7 v2, FHIR R4 NDJSON, ZIP of FHIR R4 NDJSON, FHIR R4 JSON, CSV"


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return out.getvalue()


def refusal(head):
    with pytest.raises(FileError) as error:
        refuse_foreign(head)
    return str(error.value)


BUNDLE = b'{\n "resourceType": "Bundle", "entry": []\n}'
LINES = ndjson(*visit_resources().values())


# What is read.


@pytest.mark.parametrize(
    ("head", "key"),
    [
        (claims_file(claim()), "x12"),
        (b"\xef\xbb\xbf\r\n" + claims_file(claim()), "x12"),
        (dft(), "hl7"),
        (b"\x0b" + dft(), "hl7"),
        (b"FHS|^~\\&|\r" + dft(), "hl7"),
        (BUNDLE, "fhir"),
        (b"\xef\xbb\xbf \n" + BUNDLE, "fhir"),
        (b'{"resourceType":"Bundle"}', "fhir"),
        (LINES, "ndjson"),
        (archive("Patient.ndjson"), "fhirzip"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"Acct,MRN\n1,2\n", "csv"),
        ("Acct,MRN\n".encode("utf-16"), "csv"),
        (b"ISA said the doctor", "x12"),
        (b"MSH is short for this", "csv"),
        (b"", "csv"),
    ],
)
def test_a_file_is_told_by_how_it_begins(head, key):
    assert detect(head) == key


def test_the_end_of_a_name_tells_an_export_whose_first_line_is_long():
    long = b'{"resourceType": "Binary", "data": "' + b"A" * 1000
    assert (detect(long), detect(long, "Export.NDJSON"), detect(long, "x.json")) == (
        "fhir",
        "ndjson",
        "fhir",
    )
    assert detect(dft(), "export.ndjson") == "hl7"


def test_bytes_that_are_none_of_these_are_refused_with_what_is_read():
    with pytest.raises(FileError) as error:
        detect(b"a\0b")
    assert str(error.value) == f"This is none of the files that Concord reads: {READ}."


# Archives.


def test_an_archive_is_told_by_the_names_in_it():
    assert members(archive("a/b.json", "c")) == [b"a/b.json", b"c"]
    assert members(b"PK\x03\x04 cut off") == []


@pytest.mark.parametrize(
    ("names", "of_workbook", "of_json"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], True, False),
        (["_rels/.rels", "docProps/app.xml"], True, False),
        (["xl/x.xml", "word/document.xml"], False, False),
        (["content.xml", "xl/x"], False, False),
        (["a.ndjson"], False, True),
        (["README", "folder/Patient.JSONL"], False, True),
        (["xl/a.json"], True, False),
        (["a.txt"], False, False),
    ],
)
def test_workbooks_and_exports_are_told_apart(names, of_workbook, of_json):
    head = archive(*names)
    assert (is_workbook(head), is_archive_of_json(head)) == (of_workbook, of_json)


def test_older_workbooks_and_what_shows_no_names_are_left_to_the_reader():
    assert is_workbook(b"\xd0\xcf\x11\xe0")
    assert is_workbook(b"PK\x05\x06")
    assert not is_workbook(b"Acct,MRN")


# What is refused by name.


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"{\\rtf1 Note}", "an RTF document"),
        (b" \n%PDF-1.7", "a PDF document"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "an HTML page"),
        (b"<HTML>", "an HTML page"),
        (b"<?xml version='1.0'?>", "an XML file; of FHIR only JSON is read"),
        (b"<Bundle>", "an XML file; of FHIR only JSON is read"),
        (b'[ {"resourceType": "Patient"}]', "a JSON list of FHIR resources. Send a Bundle,"),
        (b'[{"a": 1}]', "a JSON file, but no FHIR that is read."),
        (b'{"a": 1}', "a JSON file, but no FHIR that is read."),
        (b"{}", "a JSON file, but no FHIR that is read."),
        (b"\x89PNG", "an image"),
        (b"II*\0", "an image"),
        (b"UNA:+.? 'UNB", "an EDIFACT file"),
        (b"UNB+UNOA", "an EDIFACT file"),
        (b"PK\x03\x04", "a ZIP archive without a workbook or the NDJSON files of an export"),
        (b"\x1f\x8b\x08", "a file packed with gzip. Unpack it"),
    ],
)
def test_a_foreign_kind_is_named_with_what_is_read(head, kind):
    text = refusal(head)
    assert text.startswith(f"This is {kind}")
    assert text.endswith(f" Concord reads: {READ}.")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("text", ["MSH|^~\\&|EHR", " ISA*00*", '{"a": 1}', "<html>", "BHS|x"])
def test_messages_in_utf_16_are_refused_and_tables_in_it_are_not(text, encoding):
    assert refusal(text.encode(encoding)) == (
        "This is a file of messages, JSON or XML in UTF-16. Export it in UTF-8."
    )
    refuse_foreign("Acct,MRN".encode(encoding))


@pytest.mark.parametrize("head", [b"", b"Acct,MRN", b"< 5 mm", b"{Acct},x", b"[x", b"UNBORN,1"])
def test_a_table_may_begin_with_such_signs(head):
    refuse_foreign(head)


def test_a_text_holds_no_nul_unless_it_is_utf_16():
    assert is_text(b"a,b")
    assert not is_text(b"a\0b")
    assert is_text("a,b".encode("utf-16"))


# The reader of a format.


def test_a_table_whose_columns_were_matched_to_charges_has_a_reader_of_its_own():
    csv = FORMATS["csv"]
    assert csv.reader_of(Layout()) is csv.reader
    assert csv.reader_of(Layout({"note": "Note"})) is csv.reader
    assert csv.reader_of(Layout({"service_lines": "CPT"})) is csv.charges
    xlsx = FORMATS["xlsx"]
    assert xlsx.reader_of(Layout({"service_lines": "CPT"})) is xlsx.reader
