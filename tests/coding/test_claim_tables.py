"""Loading the tables by which claims are checked: each release once, whole or not, several files as its parts."""

import io
from datetime import date

import pytest

from coding.actions import claim_tables
from coding.actions.claim_tables import TableFile
from coding.actions.errors import Conflict, NotAllowed
from coding.models import (
    AuditEvent,
    HcpcsCode,
    PairEdit,
    Program,
    TableKind,
    TablePart,
    TableRelease,
    UnitLimitEdit,
)
from coding.tables.errors import FileError

PAIRS = TableKind.PAIRS
HEADER = "column1,column2,modifier_indicator,rationale"


def file(name, *lines, header=HEADER):
    return TableFile(name, io.BytesIO("\n".join([header, *lines, ""]).encode()))


def pairs():
    return set(PairEdit.objects.values_list("column1", "column2", "may_be_opened"))


def test_the_name_of_a_file_tells_the_first_day_of_its_release(people):
    [part] = claim_tables.load(
        people["administrator"], PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")]
    )
    assert (part.release.valid_from, part.rows) == (date(2024, 7, 1), 1)
    assert part.loaded_by == people["administrator"]
    [event] = AuditEvent.objects.filter(event="claim_table.loaded")
    assert event.after["file"] == "ptp_2024-07.csv"


def test_a_day_that_is_given_counts_more_than_the_name(db):
    [part] = claim_tables.load(
        None, PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")], date(2026, 4, 1)
    )
    assert part.release.valid_from == date(2026, 4, 1)


def test_files_of_one_quarter_are_parts_of_one_release(db):
    first = file("ptp-v302r0-f1.csv", "25605,64417,0,More", "25605,12002,1,More")
    second = file("ptp-v302r0-f2.csv", "25605,12002,1,Said in other words", "27256,29305,1,More")
    claim_tables.load(None, PAIRS, [first, second])
    assert TableRelease.objects.count() == 1
    assert list(TablePart.objects.order_by("pk").values_list("rows", flat=True)) == [2, 1]
    assert pairs() == {
        ("25605", "64417", False),
        ("25605", "12002", True),
        ("27256", "29305", True),
    }


def test_a_file_that_is_loaded_already_changes_nothing(db):
    claim_tables.load(None, PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")])
    assert claim_tables.load(None, PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")]) == []
    assert TablePart.objects.count() == 1


def test_another_value_for_a_pair_of_the_release_is_refused_and_nothing_is_loaded(db):
    claim_tables.load(None, PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")])
    with pytest.raises(
        Conflict, match="25605 64417 1900-01-01 is loaded already in NCCI pairs 2024 Q3"
    ):
        claim_tables.load(
            None, PAIRS, [file("ptp_2024-07.csv", "27256,29305,1,More", "25605,64417,1,More")]
        )
    assert pairs() == {("25605", "64417", False)}


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (
            file("ptp_2024-07.csv", "25605,64417,0,More", "25605,120"),
            "Line 3 has 2 cells, and 4 are needed",
        ),
        (
            file("ptp_2024-07.csv", "25605,64417,7,More"),
            "Line 2, column modifier indicator: “7” is none of 0, 1",
        ),
        (
            file("ptp_2024-07.csv", "2560,64417,0,More"),
            "Line 2, column column1: “2560” is no code of 5",
        ),
        (file("ptp_2024-07.csv"), "The file holds a header and no rows"),
        (file("ptp_2024-07.csv", "a,b", header="name,colour"), "This is no file of NCCI pairs"),
        (file("ptp.csv", "25605,64417,0,More"), "ptp.csv: the name tells no day"),
        (TableFile("ptp_2024-07.csv", io.BytesIO(b"")), "The file is empty"),
    ],
    ids=["cut", "indicator", "code", "no rows", "another table", "no day", "empty"],
)
def test_a_wrong_or_cut_file_changes_nothing_and_says_where(db, broken, problem):
    good = file("ptp_2024-04.csv", "25605,64417,0,More")
    with pytest.raises(FileError, match=problem):
        claim_tables.load(None, PAIRS, [good, broken])
    assert not TableRelease.objects.exists()
    assert not AuditEvent.objects.filter(event="claim_table.loaded").exists()


CMS_PAIRS = """CPT only copyright. All rights reserved.\t\t\t\t\t\t
Column1/Column2 Edits\t\t\t\t\t\t
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale
\t\tprior to 1996\tDate\tDate\t0=not allowed\t
\t\t\t\t*=no data\t1=allowed\t
\t\t\t\t\t9=not applicable\t
13121\t13120\t\t19960101\t19960101\t9\tInstruction
13121\t13120\t*\t19960101\t*\t0\tInstruction
0001U\t0028U\t\t20180701\t20180930\t1\tMisuse
0001U\t81161\t\t20260801\t*\t1\tMisuse
"""


def test_pairs_are_read_as_cms_publishes_them_without_tombstones_and_what_had_ended(db):
    [part] = claim_tables.load(
        None, PAIRS, [TableFile("ccipra-v322r0-f1.TXT", io.BytesIO(CMS_PAIRS.encode()))]
    )
    assert (part.rows, part.left_out) == (2, 1)
    assert pairs() == {("13121", "13120", False), ("0001U", "81161", True)}
    july = PairEdit.objects.on(date(2026, 7, 15))
    assert [pair.column1 for pair in july] == ["13121"]


def test_files_of_medicaid_lack_a_column_and_are_a_release_of_their_own(db):
    text = "Column 1\tColumn 2\tEffective\tDeletion\tModifier\tRationale\n25605\t64417\t20200101\t*\t0\tMore\n"
    mine = TableFile("medicaid_2026-07.txt", io.BytesIO(text.encode()))
    [part] = claim_tables.load(None, PAIRS, [mine], program=Program.MEDICAID)
    assert part.release.program == Program.MEDICAID
    assert pairs() == {("25605", "64417", False)}


def test_a_notice_of_several_lines_and_a_header_with_a_line_break_stand_above_unit_limits(db):
    text = (
        '"Copyright 2025. \n\nAll rights reserved.",,,\n'
        '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
        "0001U,1,2 Date of Service Edit: Policy,Instruction\n"
    )
    limits = TableFile("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", io.BytesIO(text.encode()))
    claim_tables.load(None, TableKind.UNIT_LIMITS, [limits])
    assert list(UnitLimitEdit.objects.values_list("code", "units", "applied")) == [("0001U", 1, 2)]


def test_what_stands_for_a_code_that_ended_is_read_where_the_file_refers_to_it(db):
    rows = [
        "J1030,00100,3,Long,Old,J1010,,,,,20000101,20240331,",
        "J1010,00100,3,Long,New,,,,,,20240401,,",
    ]
    header = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,XREF1,XREF2,XREF3,XREF4,XREF5,ADD DT,TERM DT,ACTION"
    claim_tables.load(None, TableKind.TERMS, [file("HCPC2026_OCT_ANWEB.csv", *rows, header=header)])
    assert HcpcsCode.objects.get(code="J1030").replaced_by == "J1010"


def test_codes_of_level_two_have_their_terms_and_modifiers_among_them_are_passed_over(db):
    rows = [
        "J1010,00100,3,Long,Methylpred,20240401,,",
        "J1030,00100,3,Long,Old,20000101,20240331,",
        "LT,00100,7,Side,Side,,,",
    ]
    header = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,ADD DT,TERM DT,ACTION CD"
    claim_tables.load(None, TableKind.TERMS, [file("HCPC2026_OCT_ANWEB.csv", *rows, header=header)])
    assert list(HcpcsCode.objects.order_by("code").values_list("code", "ended")) == [
        ("J1010", None),
        ("J1030", date(2024, 3, 31)),
    ]


def test_who_may_not_load_tables_is_refused(people):
    with pytest.raises(NotAllowed):
        claim_tables.load(people["coder"], PAIRS, [file("ptp_2024-07.csv", "25605,64417,0,More")])
