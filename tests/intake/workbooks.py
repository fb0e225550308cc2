"""Workbooks for the tests of readers: proper ones, and such as no spreadsheet program writes."""

import io
import zipfile

import xlsxwriter

from coding.intake.column_names import FIELDS

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook {NAMESPACE} xmlns:r="{RELATION}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
GOOD = (
    "V-{n}",
    "MRN-{n}",
    "2026-01-15",
    "F",
    "2026-05-31",
    "22",
    "Dr. A",
    "Plan",
    "Left hip out.",
    "Q65.02",
    "27256",
)


def good(number):
    return [cell.format(n=number) for cell in GOOD]


def written(*rows, header=FIELDS, name="Sheet1", write=None, **options):
    """A workbook as a spreadsheet program writes it, every cell a text; ``write`` adds what is none."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, **options}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate([header, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        if write:
            write(book, sheet)
    return out


def archive(sheet, strings=None, **parts):
    """A workbook of hand-made parts; they may be chunks, for what is too large to be held."""
    out = io.BytesIO()
    members = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings is not None:
        members["xl/sharedStrings.xml"] = strings
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in {**members, **parts}.items():
            with package.open(name, "w", force_zip64=True) as member:
                for chunk in [content] if isinstance(content, str) else content:
                    member.write(chunk.encode())
    out.seek(0)
    return out


def sheet_of(*rows):
    """The XML of a sheet of inline texts."""
    cells = [
        "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows
    ]
    body = "".join(f"<row>{row}</row>" for row in cells)
    return f"<worksheet {NAMESPACE}><sheetData>{body}</sheetData></worksheet>"
