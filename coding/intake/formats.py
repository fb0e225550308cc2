"""The kinds of files that encounters come in, and how a file's kind is recognised by what it holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from coding.intake.charge_rows import are_joined
from coding.intake.column_names import Preview
from coding.intake.csv import table as csv_table
from coding.intake.csv.charges import ChargeTable
from coding.intake.drafts import Format, Layout
from coding.intake.fhir.archive import FhirArchive
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.hl7.file import HL7_V2
from coding.intake.x12.file import X12_837P
from coding.intake.xlsx import table as xlsx_table
from coding.tables.errors import FileError
from coding.tables.xlsx_sheet import SheetNames

# What a file is recognised by.
HEAD_BYTES = 64 * 1024
XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The name of a member of an archive stands behind thirty bytes, four of which tell its length and that of what follows.
MEMBER = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
JSON_FILE = re.compile(rb".*\.(?:nd)?jsonl?", re.DOTALL | re.IGNORECASE)
WORKBOOK_PART = re.compile(rb"\[Content_Types\]\.xml|_rels/.*|docProps/.*|xl/.*", re.DOTALL)
DOCUMENT_PART = re.compile(rb"word/.*|ppt/.*|content\.xml", re.DOTALL)
NDJSON_MEDIA_TYPE = "application/fhir+ndjson"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Of the compound files in which XLS keeps a workbook.
OLDER_WORKBOOK = b"\xd0\xcf\x11\xe0"


class Table(Protocol):
    """What a kind of file adds whose columns a person matches to fields."""

    def headers(self, file: BinaryIO) -> Preview:
        """The header and the first rows. Raises FileError."""

    def template(self) -> bytes:
        """An empty table with one made-up row."""


class Workbook(Protocol):
    """What a table adds that has several sheets."""

    def sheets(self, file: BinaryIO) -> SheetNames:
        """The sheets to choose from, and those that are hidden. Raises FileError."""

    def headers(self, file: BinaryIO, sheet: str = "") -> Preview:
        """The header and the first rows of a sheet. Raises FileError."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A format with what people and browsers call it, and how to know it by its first bytes."""

    label: str
    extension: str
    media_type: str
    reader: Format
    sniff: Callable[[bytes], bool]
    table: Table | None = None
    workbook: Workbook | None = None
    # Reads a table whose rows are charges, those of one visit together.
    charges: Format | None = None

    def reader_of(self, layout: Layout) -> Format:
        """The reader of a file whose columns were matched so."""
        return self.charges if self.charges and are_joined(layout) else self.reader


def is_text(head: bytes) -> bool:
    """Whether a file may be text: binary files hold NUL bytes early."""
    return head.startswith(UTF_16) or b"\0" not in head


def is_workbook(head: bytes) -> bool:
    """Whether a file may be a workbook: a ZIP archive of its parts, or the older kind whose reader says what to do."""
    names = members(head)
    if not head.startswith(b"PK") or not names:
        return head.startswith((b"PK", OLDER_WORKBOOK))
    has_parts = any(map(WORKBOOK_PART.fullmatch, names))
    is_document = any(map(DOCUMENT_PART.fullmatch, names))
    return has_parts and not is_document


RESOURCES = "Send a Bundle, or NDJSON with one resource a line"
# What its first bytes show, apart from a byte order mark and blanks, and is none of the kinds that are read.
FOREIGN = (
    (re.compile(rb"\{\\rtf"), "an RTF document"),
    (re.compile(rb"%PDF"), "a PDF document"),
    (re.compile(rb"<(!doctype\s+html|html)", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"<[?!A-Za-z]"), "an XML file; of FHIR only JSON is read"),
    (
        re.compile(rb"\[\s*\{[^{}]*\"resourceType\"", re.DOTALL),
        f"a JSON list of FHIR resources. {RESOURCES}",
    ),
    (re.compile(rb"[\[{]\s*[\[{\"\]}]"), f"a JSON file, but no FHIR that is read. {RESOURCES}"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*"), "an image"),
    (re.compile(rb"UNA.{6}|UNB[+]"), "an EDIFACT file"),
    (
        re.compile(rb"PK\x03\x04"),
        "a ZIP archive without a workbook or the NDJSON files of an export",
    ),
    (re.compile(rb"\x1f\x8b"), "a file packed with gzip. Unpack it"),
)
MESSAGES_IN_UTF_16 = re.compile(r"\s*(?:(?:MSH|FHS|BHS|ISA)[^A-Za-z0-9\s]|[{\[<])")


def refuse_foreign(head: bytes) -> None:
    """Raises FileError, with the name of the kind, for what nearly anything else would take for a table."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[:200].decode(encoding, "replace").lstrip("\ufeff")
        if MESSAGES_IN_UTF_16.match(text):
            raise FileError(
                "This is a file of messages, JSON or XML in UTF-16. Export it in UTF-8."
            )
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, kind in FOREIGN:
        if sign.match(begin):
            raise FileError(f"This is {kind}. Concord reads: {_known()}.")


def members(head: bytes) -> list[bytes]:
    """The names of the first members of an archive."""
    names = []
    for match in MEMBER.finditer(head):
        length = int.from_bytes(match[1], "little")
        names.append(head[match.end() : match.end() + length])
    return names


def is_archive_of_json(head: bytes) -> bool:
    """Whether a file begins as a ZIP that holds JSON, maybe behind a folder or words on it, and is no workbook."""
    names = members(head) if head.startswith(b"PK") else []
    has_json = any(map(JSON_FILE.fullmatch, names))
    is_of_workbook = any(map(WORKBOOK_PART.fullmatch, names))
    return has_json and not is_of_workbook


# In the order in which a file is tried: nearly any text could be CSV.
TRIED_LAST = ("csv",)
FORMATS: dict[str, Kind] = {
    "xlsx": Kind(
        "XLSX",
        ".xlsx",
        XLSX_MEDIA_TYPE,
        xlsx_table.XlsxTable(),
        is_workbook,
        xlsx_table,
        xlsx_table,
    ),
    "x12": Kind("X12 837P", ".837", "application/edi-x12", X12_837P, X12_837P.sniff),
    "hl7": Kind("HL7 v2", ".hl7", "application/hl7-v2", HL7_V2, HL7_V2.sniff),
    "ndjson": Kind("FHIR R4 NDJSON", ".ndjson", NDJSON_MEDIA_TYPE, FHIR_NDJSON, FHIR_NDJSON.sniff),
    "fhirzip": Kind(
        "ZIP of FHIR R4 NDJSON", ".ndjson", NDJSON_MEDIA_TYPE, FhirArchive(), is_archive_of_json
    ),
    "fhir": Kind("FHIR R4 JSON", ".json", "application/fhir+json", FHIR_JSON, FHIR_JSON.sniff),
    "csv": Kind(
        "CSV",
        ".csv",
        "text/csv; charset=utf-8",
        csv_table.CsvTable(),
        is_text,
        csv_table,
        charges=ChargeTable(),
    ),
}


def detect(head: bytes, name: str = "") -> str:
    """The key of the format that a file's first bytes are of. Raises FileError where it is none.

    The end of its name only tells NDJSON whose first line is longer than what is looked at.
    """
    if FHIR_JSON.sniff(head) and name.lower().endswith(FORMATS["ndjson"].extension):
        return "ndjson"
    for key, kind in FORMATS.items():
        if key in TRIED_LAST:
            refuse_foreign(head)
        if kind.sniff(head):
            return key
    raise FileError(f"This is none of the files that Concord reads: {_known()}.")


def _known() -> str:
    return ", ".join(kind.label for kind in FORMATS.values())
