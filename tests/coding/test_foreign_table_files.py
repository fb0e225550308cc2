"""Tables as others save or publish them: other encodings, sheets, archives, tables of hospitals and of Medicaid."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from coding.actions import claim_tables
from coding.actions.claim_tables import TableFile
from coding.models import Program, TableKind, TableRelease, UnitLimitEdit
from coding.reference import table_files
from coding.reference.fee_columns import CMS_COLUMNS
from coding.reference.fee_file import read_fee_file
from coding.tables.errors import FileError

PAIR_HEAD = "Notice\t\t\t\t\t\t\nColumn 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n"
CMS_ROW = "12345\t23456\t\t20260101\t*\t1\tMisuse\n"
LINE_LIMITS = "HCPCS/CPT Code,MUE Values,MUE Rationale\n12345,2,Clinical: Data\n"


def load(table, *files, program=Program.MEDICARE):
    named = [TableFile(name, io.BytesIO(text.encode())) for name, text in files]
    return claim_tables.load(None, table, named, program=program)


def archive(name, text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as members:
        members.writestr(name, text)
    return packed.getvalue()


def sheet(*rows):
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        page, as_day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell, as_day if isinstance(cell, date) else None)
    return body.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (PAIR_HEAD + CMS_ROW).encode("utf-16"),
        (PAIR_HEAD + CMS_ROW).replace("\n", "\r\n").encode("utf-8-sig"),
        (PAIR_HEAD + CMS_ROW).replace("Notice", "caf\xe9").encode("latin-1"),
        sheet(
            ["Notice"],
            ["Column 1", "Column 2"],
            ["12345", "23456", "", date(2026, 1, 1), "*", 1, "Misuse"],
        ),
    ],
)
def test_pairs_are_read_in_whatever_encoding_and_from_a_sheet_with_days(content):
    [pair] = table_files.pair_rows(io.BytesIO(content))
    assert pair[:4] == ("12345", "23456", True, date(2026, 1, 1))


def test_a_sheet_holds_no_empty_cells_at_the_end_of_a_row():
    head = [
        "HCPC",
        "SEQNUM",
        "RECID",
        "SHORT DESCRIPTION",
        "ADD DT",
        "ACT EFF DT",
        "TERM DT",
        "ACTION CD",
    ]
    content = sheet(["Notice"], head, ["L1234", "00100", "3", "A brace", "19820101"])
    [term] = table_files.term_rows(io.BytesIO(content))
    assert (term.code, term.ended) == ("L1234", None)


@pytest.mark.parametrize(
    ("name", "program", "problem"),
    [
        ("ccioph-v322r0-f1.TXT", Program.MEDICARE, "hospitals or suppliers"),
        ("MCR_MUE_DME_Eff_07-01-2026.csv", Program.MEDICARE, "hospitals or suppliers"),
        (
            "Medicaid_PTP_Eff_07-01-2026.txt",
            Program.MEDICARE,
            "Medicaid, practitioners, and it is to be loaded",
        ),
        (
            "ccipra-v322r0-f1.TXT",
            Program.MEDICAID,
            "Medicare, practitioners, and it is to be loaded",
        ),
    ],
)
def test_the_table_of_others_is_refused_by_its_name(db, name, program, problem):
    with pytest.raises(FileError, match=problem):
        load(TableKind.PAIRS, (name, PAIR_HEAD + CMS_ROW), program=program)
    assert not TableRelease.objects.exists()


def test_an_archive_is_to_be_unpacked_first(db):
    with pytest.raises(FileError, match="Take the table out of it first"):
        list(
            table_files.pair_rows(io.BytesIO(archive("ccipra-v322r0-f1.TXT", PAIR_HEAD + CMS_ROW)))
        )


def test_limits_of_medicaid_are_of_lines_and_of_medicare_never_without_their_indicator(db):
    load(
        TableKind.UNIT_LIMITS,
        ("Medicaid_MUE_Eff_07-01-2026.csv", LINE_LIMITS),
        program=Program.MEDICAID,
    )
    assert UnitLimitEdit.objects.get().applied == 1
    with pytest.raises(FileError, match="no line has the columns"):
        load(TableKind.UNIT_LIMITS, ("mue_2026-07.csv", LINE_LIMITS))


def test_what_the_release_before_held_is_told_so_that_a_cut_file_is_noticed(db):
    load(TableKind.PAIRS, ("pairs_2026-04.txt", PAIR_HEAD + CMS_ROW))
    [part] = load(TableKind.PAIRS, ("pairs_2026-07.txt", PAIR_HEAD + CMS_ROW))
    assert claim_tables.rows_before(part.release) == "NCCI pairs 2026 Q2 has 1 rows in all."


CMS_NAMES = [name for _, name in CMS_COLUMNS]
FEE_HEAD = [
    *CMS_NAMES[:2],
    "DESCRIPTION",
    CMS_NAMES[3],
    "PAYMENT",
    *CMS_NAMES[5:],
    "BASE",
    "FACTOR",
    "PROCEDURES",
]
FEE_ROW = [
    "12345",
    "",
    "caf\xe9",
    "A",
    "",
    "4.17",
    "6.87",
    "",
    "2.62",
    "",
    "1.05",
    "12.09",
    "7.84",
    "0",
    "010",
]
FEE_ROW += ["0.10", "0.80", "0.10", "2", "1", "0", "0", "0", "", "33.4009", "09"]


def fees(head, row, between=","):
    lines = [["", "", "July Release"], head, row]
    return "\n".join(between.join(line) for line in lines).encode("latin-1")


@pytest.mark.parametrize(
    "content",
    [
        fees(FEE_HEAD, FEE_ROW),
        fees(FEE_HEAD, FEE_ROW, between="\t"),
        sheet(["", "", "July Release"], FEE_HEAD, FEE_ROW),
        # A column more than in any year so far, before the conversion factor and at the end.
        fees(
            [*FEE_HEAD[:23], "IND", "NEW", *FEE_HEAD[23:], "MORE"],
            [*FEE_ROW[:23], "", "", *FEE_ROW[23:], ""],
        ),
    ],
)
def test_a_fee_schedule_is_read_from_text_and_sheet_with_its_descriptions_dropped(content):
    [release] = read_fee_file(content, file_name="PPRRVU2026_Jul.csv")
    detail = release.details["12345", ""]
    assert (release.valid_from, str(detail.conversion_factor), str(detail.intra)) == (
        date(2026, 7, 1),
        "33.4009",
        "0.80",
    )


def test_a_fee_schedule_of_another_order_is_refused_by_the_column():
    with pytest.raises(
        FileError, match="Line 2, column 4 is called “PAYMENT”, and CODE was expected"
    ):
        read_fee_file(
            fees([*FEE_HEAD[:3], "PAYMENT", "CODE", *FEE_HEAD[5:]], FEE_ROW),
            file_name="PPRRVU2027_Jan.csv",
        )
