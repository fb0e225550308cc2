"""Tables as billing systems write them: their headings, numbered columns, charge rows, dates and codes in a cell."""

import pytest

from coding.intake.column_names import field_named
from coding.intake.notation import iso_date, service_lines
from coding.intake.numbered_columns import line_number, numbered
from tests.intake.billing_tables import HEADER, VISIT, read
from tests.intake.case_files import document, items, lines


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Encounter No.", "external_id"),
        ("Pt. ID", "patient_reference"),
        ("Gender (M/F)", "sex"),
        ("Svc Dt", "date_of_service"),
        ("Attending MD", "provider"),
        ("Primary Ins.", "payer"),
        ("Progress Note", "note"),
        ("Diagnosis Codes (ICD-10)", "diagnoses"),
        ("CPT/HCPCS Code", "service_lines"),
    ],
)
def test_headings_are_known_by_what_people_call_them(header, field):
    assert field_named(header) == field


def test_icd_10_is_a_column_of_diagnoses_and_no_tenth_one():
    [item] = read("ICD-10,CPT,Units", f"{VISIT},Q65.02,12345,2")
    assert (item["standing"], item["diagnoses"], lines(item)) == ("good", ["Q65.02"], ["12345 x2"])


@pytest.mark.parametrize(
    ("more", "cells", "codes"),
    [("ICD-9", "V43.64", []), ("ICD-9,ICD-10", "V43.64,Q65.02", ["Q65.02"])],
)
def test_a_column_of_icd_9_is_named_as_left_out_and_no_ninth_one(more, cells, codes):
    [item] = read(f"{more},CPT", f"{VISIT},{cells},12345")
    assert item["diagnoses"] == codes
    assert "Left out: the column “ICD-9”, 1 value." in item["remarks"]


@pytest.mark.parametrize(
    "headers",
    [
        "Primary Dx,Secondary Dx",
        "Principal Diagnosis,2nd Diagnosis",
        "Dx A,Dx B",
        "ICD10_1,ICD10_2",
        "ICD-10 Dx 1,ICD-10 Dx 2",
        "Diag Cd 1,Diag Cd 2",
    ],
)
def test_diagnoses_are_in_the_order_of_their_columns_names(headers):
    first, second = headers.split(",")
    for names, cells in ((headers, "Q65.02,M25.551"), (f"{second},{first}", "M25.551,Q65.02")):
        [item] = read(f"{names},CPT,Dx Pointer", f"{VISIT},{cells},12345,A")
        assert item["diagnoses"] == ["Q65.02", "M25.551"]
        assert item["service_lines"][0]["diagnosis_pointers"] == [1]


def test_cpt_4_is_the_code_of_the_row_and_no_fourth_one():
    [item] = read("CPT-4,Mod,Units", f"{VISIT},12345,LT,2")
    assert (lines(item), item["remarks"]) == (["12345-LT x2"], [])
    [item] = read("CPT1,CPT2,CPT3,CPT4,Mod4", f"{VISIT},12345,23456,,34567,RT")
    assert lines(item) == ["12345 x1", "23456 x1", "34567-RT x1"]


@pytest.mark.parametrize("header", ["Charge Qty", "Billed Units", "Days/Units", "Svc Units"])
def test_units_have_many_names(header):
    [item] = read(f"CPT,{header}", f"{VISIT},12345,3")
    assert lines(item) == ["12345 x3"]


def test_icd_10_beside_icd_1_is_the_tenth():
    [item] = read("ICD1,ICD2,ICD10,CPT", f"{VISIT},Q65.02,Q65.01,Q65.00,12345")
    assert item["diagnoses"] == ["Q65.02", "Q65.01", "Q65.00"]


def test_columns_of_a_line_are_told_by_its_number_wherever_it_stands():
    row = f"{VISIT},Q65.02,Q65.01,12345,LT,59,1,AB,23456,RT,2,2"
    [item] = read(
        "Dx 1,Dx 2,CPT 1,CPT 1 Mod 1,CPT 1 Mod 2,CPT 1 Units,CPT 1 Dx Ptr,CPT 2,MOD 2-1,Qty2,Ptr 2",
        row,
    )
    assert lines(item) == ["12345-LT-59 x1", "23456-RT x2"]
    assert [line["diagnosis_pointers"] for line in item["service_lines"]] == [[1, 2], [2]]


def test_of_a_code_without_a_number_what_stands_beside_it_is_the_first():
    [item] = read("CPT,Modifier,Units,CPT 2,Modifier 2,Units 2", f"{VISIT},12345,LT,1,23456,25,2")
    assert lines(item) == ["12345-LT x1", "23456-25 x2"]
    [item] = read("CPT,Modifier,CPT 2,Modifier 2", f"{VISIT},12345,LT,,25")
    assert (lines(item), item["remarks"]) == (
        ["12345-LT x1"],
        ["Left out: 25, which belongs to no procedure code."],
    )


def test_a_header_that_stands_there_twice_is_the_first_and_the_second_of_its_kind():
    [item] = read("Dx,Dx,CPT,Modifier,CPT,Modifier", f"{VISIT},Q65.02,M25.551,12345,LT,23456,25")
    assert (item["diagnoses"], lines(item)) == (
        ["Q65.02", "M25.551"],
        ["12345-LT x1", "23456-25 x1"],
    )
    assert (
        "names “mrn” twice"
        in document(f"{HEADER},MRN\n{VISIT},M2\n".encode(), "x.csv")["file_problem"]
    )


@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        ("CPT 1,Mod,Mod,CPT 2,Mod,Mod", "12345,RT,59,23456,LT,XS"),
        ("CPT,Mod,Mod,CPT,Mod,Mod", "12345,RT,59,23456,LT,XS"),
        ("CPT 1,Mod 1,Mod 2,CPT 2,Mod 3,Mod 4", "12345,RT,59,23456,LT,XS"),
        ("CPT,Modifier1,Modifier2,CPT,Modifier3,Modifier4", "12345,RT,59,23456,LT,XS"),
        ("Mod 1,Mod 2,CPT 1,Mod 3,Mod 4,CPT 2", "RT,59,12345,LT,XS,23456"),
        ("CPT 1,Mod 1,Mod 2,CPT 2,Mod 1,Mod 2", "12345,RT,59,23456,LT,XS"),
        ("CPT,Proc Mod,Proc Mod,CPT,Proc Mod,Proc Mod", "12345,RT,59,23456,LT,XS"),
        ("Mod,Mod,CPT 1,Mod,Mod,CPT 2", "RT,59,12345,LT,XS,23456"),
        ("CPT 1,CPT 2,Mod 1,Mod 1,Mod 2,Mod 2", "12345,23456,RT,59,LT,XS"),
        ("CPT 1,CPT 2,Mod,Mod", "12345,23456,RT 59,LT XS"),
    ],
)
def test_a_modifier_belongs_to_the_code_that_its_column_stands_beside(headers, cells):
    [item] = read(headers, f"{VISIT},{cells}")
    assert (lines(item), item["remarks"]) == (["12345-RT-59 x1", "23456-LT-XS x1"], [])


def test_units_and_pointers_belong_to_the_code_that_their_columns_stand_beside():
    headers = "Dx,Dx,CPT 1,Ptr,Ptr,Units,CPT 2,Ptr,Ptr,Units"
    [item] = read(headers, f"{VISIT},Q65.02,M25.551,12345,1,2,4,23456,2,,3")
    assert (lines(item), item["remarks"]) == (["12345 x4", "23456 x3"], [])
    assert [line["diagnosis_pointers"] for line in item["service_lines"]] == [[1, 2], [2]]


@pytest.mark.parametrize("headers", ["CPT,Units,Units", "CPT 1,Units,Units", "CPT,Units,Qty"])
def test_a_further_number_of_units_is_told(headers):
    [item] = read(headers, f"{VISIT},12345,2,3")
    assert (lines(item), item["remarks"]) == (
        ["12345 x2"],
        ["Left out: 3, a further number of units of one line."],
    )
    [item] = read(headers, f"{VISIT},12345,,3")
    assert (lines(item), item["remarks"]) == (["12345 x3"], [])


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("CPT 1,CPT 2,Mod,Mod,Mod,Mod", "mod"),
        ("CPT 1,CPT 1,Mod 1", "cpt 1"),
        ("DX1,DX1,DX2,CPT", "dx1"),
    ],
)
def test_a_header_is_refused_that_stands_there_several_times_and_may_mean_two_things(headers, name):
    content = f"{HEADER},{headers}\n{VISIT},{',' * headers.count(',')}\n".encode()
    assert f"names “{name}” twice" in document(content, "x.csv")["file_problem"]


@pytest.mark.parametrize(
    "headers", ["Primary Dx,Secondary Dx,Secondary Dx,Secondary Dx", "ICD10,ICD10,ICD10,ICD10"]
)
def test_diagnoses_under_one_header_are_read_once_each_in_their_order(headers):
    [item] = read(f"{headers},CPT", f"{VISIT},Q65.02,M25.551,M25.552,Q65.01,12345")
    assert (item["standing"], item["remarks"]) == ("good", [])
    assert item["diagnoses"] == ["Q65.02", "M25.551", "M25.552", "Q65.01"]


@pytest.mark.parametrize("modifiers", ["LT 59", '"LT,59"', "LT:59"])
def test_several_modifiers_in_a_cell_are_told_apart(modifiers):
    [item] = read("CPT,Modifiers", f"{VISIT},12345,{modifiers}")
    assert lines(item) == ["12345-LT-59 x1"]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Q65.02 - Dislocation of the left hip", ["Q65.02"]),
        ("Dislocation of the left hip [Q65.02]", ["Q65.02"]),
        ("Q6502: Dislocation; M25.551: Pain", ["Q65.02", "M25.551"]),
    ],
)
def test_a_code_with_its_name_comes_without_it(cell, codes):
    [item] = read("Dx,CPT", f"{VISIT},{cell},12345")
    assert (item["standing"], item["diagnoses"]) == ("good", codes)


@pytest.mark.parametrize("cell", ["Q65.02 - M25.551", "Q65.02 (M25.551)", "Q65.02: see M25.551"])
def test_a_second_code_is_no_name_of_the_first(cell):
    [item] = read("Dx,CPT", f"{VISIT},{cell},12345")
    assert item["standing"] == "rejected" or item["diagnoses"] == ["Q65.02", "M25.551"]


def test_a_place_with_its_name_comes_without_it():
    [item] = read("CPT", f"{VISIT.replace(',22,', ',11 - Office,')},12345")
    assert (item["standing"], item["place_of_service"]) == ("good", "11")


@pytest.mark.parametrize(
    ("last", "standing"), [("2026-06-01", "good"), ("", "good"), ("2026-06-03", "rejected")]
)
def test_a_service_that_ends_on_another_day_is_told_with_both(last, standing):
    [item] = read("To DOS,CPT", f"{VISIT},{last},12345")
    assert item["standing"] == standing
    assert ("Found: 2026-06-01, 2026-06-03." in str(item["problems"])) == (standing == "rejected")


@pytest.mark.parametrize("last", ["46174", "06/01/2026", "06/01/26", "2026-06-31"])
def test_a_last_day_that_cannot_be_read_is_told_and_makes_no_second_day(last):
    [item] = read("To DOS,CPT", f"{VISIT},{last},12345")
    assert item["standing"] == "good"
    assert item["remarks"] == [f"Left out: the last day {last}, which cannot be read as a date."]
    [item] = read("To DOS,CPT", f"{VISIT},2026-06-01,12345".replace("2026-06-01", last, 1))
    assert "several days" not in str(item["problems"])


def test_a_table_of_charges_comes_without_notes_and_says_so():
    rows = ["Acct,MRN,DOS,POS,Rendering,CPT,Units", "A1,M1,2026-06-01,22,Al,12345,1"]
    [item] = items("\n".join([*rows, ""]).encode(), "charges.csv")
    assert (item["standing"], item["note"], lines(item)) == ("good", "", ["12345 x1"])
    assert item["remarks"] == ["No column holds notes: the encounters of this table come without."]
    header, row = "Acct,MRN,DOS,POS,Rendering,Dx,CPT", "A1,M1,2026-06-01,22,Al"
    [item] = items(f"{header}\n{row},Q65.02,12345\n{row},M25.551,23456\n".encode(), "charges.csv")
    assert (item["diagnoses"], lines(item)) == (["Q65.02", "M25.551"], ["12345 x1", "23456 x1"])
    [item] = read("CPT", f"{VISIT.replace('Seen.', 'NULL')},12345")
    assert item["problems"] == ["Note: it is missing. Fill it in."]


def test_two_numbers_in_a_header_are_not_read_as_one():
    assert numbered(["MOD1-2", "Mod 1_1", "MOD12"]) == {"modifiers": ["MOD1-2", "Mod 1_1", "MOD12"]}
    assert [line_number(header, "modifiers") for header in ("MOD1-2", "Mod 1_1", "MOD12")] == [
        1,
        1,
        12,
    ]


LONG = "123456789012345"


@pytest.mark.parametrize(
    ("number", "read_as"),
    [(f"{LONG}6", f"{LONG}6"), (f'"=""{LONG}0"""', f"{LONG}0"), (LONG, LONG), ("9" * 20, "9" * 20)],
)
def test_a_long_number_that_may_be_whole_is_taken_as_it_stands(number, read_as):
    [item] = read("CPT", f"{VISIT},12345".replace("M1", number))
    assert (item["standing"], item["patient_reference"]) == ("good", read_as)


@pytest.mark.parametrize("number", [f"{LONG}0", f"{LONG}00000", "1.23457E+19", f"{LONG}0.0"])
def test_a_number_that_a_spreadsheet_has_cut_is_refused(number):
    [item] = read("CPT", f"{VISIT},12345".replace("M1", number))
    assert "cut it to 15 digits" in item["problems"][0]


@pytest.mark.parametrize(
    "text", ["20260601", "1-Jun-2026", "01JUN2026", "June 1, 2026", "Jun 1 2026", "1 june 2026"]
)
def test_days_that_can_be_read_one_way_only_are_read(text):
    assert iso_date(text, "ymd") == "2026-06-01"


@pytest.mark.parametrize("text", ["06/21/26", "46174", "1 Foo 2026", "June 2026", "20261301"])
def test_other_days_stay_as_they_came(text):
    assert iso_date(text, "ymd") == text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("12345 LT", ["12345-LT"]),
        ("12345:LT:59", ["12345-LT-59"]),
        ("12345, 23456-RT", ["12345", "23456-RT"]),
        ("12345|23456", ["12345", "23456"]),
        ("12345 LT x2 for 1, 2", ["12345-LT"]),
        ("12345 x2", ["12345"]),
    ],
)
def test_lines_are_read_as_people_write_them(text, codes):
    drafts, problems = service_lines(text)
    assert (["-".join((line.code, *line.modifiers)) for line in drafts], problems) == (codes, ())


@pytest.mark.parametrize("text", ["12345 25", "12345LT", "12345/23456", "12345 LTX"])
def test_what_may_mean_two_things_is_told(text):
    assert service_lines(text)[1]


@pytest.mark.parametrize(
    "word", ["?", "UNKNOWN", "TBD", "(blank)", "<empty>", "Not Available", "not applicable"]
)
def test_words_for_nothing_are_no_patient(word):
    [item] = read("CPT", f"{VISIT},12345".replace("M1", word))
    assert item["problems"] == ["Patient reference: it is missing. Fill it in."]


def test_the_mark_of_the_end_of_a_file_is_no_row():
    assert len(read("CPT", f"{VISIT},12345", "\x1a")) == 1


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        (",F,", ",Q,", "sex", "Left out: sex Q, which is none of F, M, O, U."),
        ("2026-01-10", "2026", "birth_date", "Left out: birth date 2026, which is no whole day."),
    ],
)
def test_a_sex_or_a_birth_date_that_says_nothing_is_a_remark(old, new, field, words):
    [item] = read("CPT", f"{VISIT},12345".replace(old, new, 1))
    assert (item["standing"], item[field]) == ("good", {"sex": "U", "birth_date": ""}[field])
    assert words in item["remarks"]


def test_a_birth_date_in_the_order_of_its_table_is_no_remark():
    dates = f"{VISIT},12345".replace("2026-01-10", "31-01-2026")
    [item] = read("CPT", dates.replace("2026-06-01", "30-06-2026"))
    assert (item["birth_date"], item["remarks"]) == ("2026-01-31", [])
