"""The kinds of files that encounters come in, and how a file's kind is told from what it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from coding.intake.columns import Preview
from coding.intake.csv import table as csv_table
from coding.intake.drafts import Format
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.hl7.file import HL7_V2
from coding.intake.x12.file import X12_837P
from coding.intake.xlsx import table as xlsx_table
from coding.tables.errors import FileError

# What a file is told by.
HEAD_BYTES = 64 * 1024
XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Table(Protocol):
    """What a kind of file adds whose columns a person matches to fields."""

    def headers(self, file: BinaryIO) -> Preview:
        """The header and the first rows. Raises FileError."""

    def template(self) -> bytes:
        """An empty table with one made-up row."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A format with what people and browsers call it, and how to know it by its first bytes."""

    label: str
    extension: str
    media_type: str
    reader: Format
    sniff: Callable[[bytes], bool]
    table: Table | None = None


def is_text(head: bytes) -> bool:
    """Whether a file may be text: binary files hold NUL bytes early."""
    return head.startswith(UTF_16) or b"\0" not in head


def is_workbook(head: bytes) -> bool:
    """Whether a file may be a workbook: a ZIP archive, or the older kind whose reader says what to do."""
    return head.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


# In the order in which a file is tried: nearly any text could be CSV.
FORMATS: dict[str, Kind] = {
    "xlsx": Kind("XLSX", ".xlsx", XLSX_MEDIA_TYPE, xlsx_table.XlsxTable(), is_workbook, xlsx_table),
    "x12": Kind("X12 837P", ".837", "application/edi-x12", X12_837P, X12_837P.sniff),
    "hl7": Kind("HL7 v2", ".hl7", "application/hl7-v2", HL7_V2, HL7_V2.sniff),
    "ndjson": Kind("FHIR R4 NDJSON", ".ndjson", "application/fhir+ndjson", FHIR_NDJSON, FHIR_NDJSON.sniff),
    "fhir": Kind("FHIR R4 JSON", ".json", "application/fhir+json", FHIR_JSON, FHIR_JSON.sniff),
    "csv": Kind("CSV", ".csv", "text/csv; charset=utf-8", csv_table.CsvTable(), is_text, csv_table),
}


def detect(head: bytes, name: str = "") -> str:
    """The key of the format that a file's first bytes are of. Raises FileError where it is none.

    The end of its name only tells NDJSON whose first line is longer than what is looked at.
    """
    if FHIR_JSON.sniff(head) and name.lower().endswith(FORMATS["ndjson"].extension):
        return "ndjson"
    for key, kind in FORMATS.items():
        if kind.sniff(head):
            return key
    known = ", ".join(kind.label for kind in FORMATS.values())
    raise FileError(f"This is none of the files that Concord reads: {known}.")
