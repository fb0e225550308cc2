"""Rows that are charges of one visit: they are joined, kept apart, or told."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.intake import charge_rows
from coding.intake.column_names import guess
from coding.intake.csv.charges import ChargeTable
from coding.intake.csv.table import headers
from tests.intake.billing_tables import HEADER, VISIT, read, workbook
from tests.intake.case_files import document, lines


def test_a_row_that_differs_in_its_code_alone_is_a_further_charge():
    [item] = read("ICD-10,CPT", f"{VISIT},Q65.02,12345", f"{VISIT},Q65.02,23456")
    assert lines(item) == ["12345 x1", "23456 x1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Seen.", "Seen again."), ("Q65.02", "Q65.01"), (",Al,", ",Bo,"), ("23456", "23456;34567")],
)
def test_a_row_that_differs_otherwise_is_not_joined(old, new):
    second = f"{VISIT},Q65.02,23456".replace(old, new)
    assert len(read("ICD-10,CPT", f"{VISIT},Q65.02,12345", second)) == 2


def test_the_same_row_again_is_no_second_charge():
    same = f"{VISIT},Q65.02,12345"
    assert [lines(item) for item in read("ICD-10,CPT", same, same)] == [["12345 x1"], ["12345 x1"]]


APART = [f"{VISIT},12345,1", f"{VISIT.replace('A1', 'A2')},12345,1", f"{VISIT},23456,2"]


@pytest.mark.parametrize("read_table", [read, workbook])
@pytest.mark.parametrize(
    ("more", "rows"), [("CPT,Units", APART), ("CPT", [row[:-2] for row in APART])]
)
def test_charges_of_one_visit_are_joined_wherever_they_stand(read_table, more, rows):
    visit, other = read_table(more, *rows)
    assert [(item["external_id"], item["standing"]) for item in (visit, other)] == [
        ("A1", "good"),
        ("A2", "good"),
    ]
    assert [line["code"] for line in visit["service_lines"]] == ["12345", "23456"]
    assert [line["code"] for line in other["service_lines"]] == ["12345"]


def test_charges_of_one_account_on_two_days_are_two_items_of_which_a_person_chooses():
    rows = [
        APART[0],
        APART[2].replace("2026-06-01", "2026-06-02"),
        APART[0].replace("12345", "34567"),
    ]
    first, second = read("CPT,Units", *rows)
    assert (first["standing"], second["standing"]) == ("rejected", "rejected")
    assert lines(first) == ["12345 x1", "34567 x1"]
    assert "stands at line 3 for another day, 2026-06-02" in first["problems"][0]
    assert "stands at line 2, line 4 for another day, 2026-06-01" in second["problems"][0]


@pytest.mark.parametrize("read_table", [read, workbook])
def test_charges_of_two_patients_under_one_account_stay_apart(read_table):
    other = APART[2].replace("M1", "M2")
    first, second = read_table("CPT,Units", APART[0], other, APART[0].replace("12345", "34567"))
    assert "another patient, M2" in first["problems"][0]
    assert "another patient, M1" in second["problems"][0]
    assert lines(second) == ["23456 x2"]


def test_charges_of_two_people_under_one_number_are_rejected():
    first = f"{VISIT},12345,1"
    other = first.replace("2026-01-10,F", "1985-01-10,M")
    [item] = read("CPT,Units", first, other)
    assert item["standing"] == "rejected"
    assert "M1, born 2026-01-10, sex F, and M1, born 1985-01-10, sex M" in item["problems"][0]


def test_a_file_that_breaks_off_keeps_every_visit_before_that():
    rows = [APART[0], APART[1].replace("A2", "A3"), APART[2], APART[1]]
    content = "\n".join([f"{HEADER},CPT,Units", *rows, ""]).encode() + b"A9,\x81\n"
    read_table = document(content, "charges.csv")
    assert [item["external_id"] for item in read_table["items"]] == ["A1", "A3", "A2"]
    assert "Line 6 is not UTF-8" in read_table["file_problem"]
    moved = "\n".join(
        [
            f"{HEADER},CPT,Units",
            APART[1],
            *APART[:1],
            APART[2],
            APART[1].replace("12345", "34567"),
            "",
        ]
    )
    read_table = document(moved.encode() + b"A9,\x81\n", "charges.csv")
    assert [lines(item) for item in read_table["items"]] == [
        ["12345 x1", "34567 x1"],
        ["12345 x1", "23456 x2"],
    ]


def test_a_row_that_cannot_be_read_and_one_without_an_account_stand_alone():
    rows = [APART[0], '"no end,', APART[2].replace("A1", ""), APART[2].replace("A1", ""), APART[2]]
    visit, *others = read("CPT,Units", *rows)
    assert lines(visit) == ["12345 x1", "23456 x2"]
    assert [item["standing"] for item in others] == ["rejected"] * 3


def test_a_charge_that_two_rows_tell_alike_is_taken_twice_and_told():
    [item] = read("CPT,Units", f"{VISIT},12345,1", f"{VISIT},12345,1")
    assert lines(item) == ["12345 x1", "12345 x1"]
    assert "12345 is charged by a row before too. Both were taken. At line 3." in item["remarks"]


ROWS = [
    f"A{visit},M{visit},2026-01-10,F,2026-06-01,22,Al,Med,Seen.,{code},1"
    for visit, code in ((1, "12345"), (1, "23456"), (2, "12345"), (2, "34567"), (3, "12345"))
]
VISITS = {"A1": ["12345 x1", "23456 x1"], "A2": ["12345 x1", "34567 x1"], "A3": ["12345 x1"]}


@given(st.permutations(ROWS))
def test_in_whatever_order_charges_come_they_are_those_of_their_visits(rows):
    assert {item["external_id"]: sorted(lines(item)) for item in read("CPT,Units", *rows)} == VISITS


def test_a_visit_has_as_many_rows_as_are_joined_in_a_reasonable_time(monkeypatch):
    monkeypatch.setattr(charge_rows, "MOST_ROWS", 3)
    rows = [f"{VISIT},1234{number},1" for number in range(5)]
    other = f"{VISIT},12345,1".replace("A1", "A2")
    [most] = read("CPT,Units", *rows[:3])
    assert (most["standing"], len(most["service_lines"])) == ("good", 3)
    beyond, following = read("CPT,Units", *rows, other)
    assert beyond["problems"] == [
        "Service lines: more than 1,000 rows name this account, patient and day. Give each visit its own account."
    ]
    assert (following["external_id"], following["standing"]) == ("A2", "good")


def test_a_visit_of_too_many_rows_comes_back_with_all_of_them(monkeypatch):
    monkeypatch.setattr(charge_rows, "MOST_ROWS", 2)
    header = f"{HEADER},CPT,Units"
    rows = [f"{VISIT},1234{number},1" for number in range(5)]
    content = "\n".join([header, *rows, ""]).encode()
    table = headers(io.BytesIO(content))
    again = b"".join(ChargeTable().excerpt(io.BytesIO(content), guess(table), {1: ()}))
    assert again.decode("utf-8-sig").count("\n") == 6
