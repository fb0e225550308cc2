"""The rows of loaded tables for a claim: whose and of which day, what is told where they are others’, and sides."""

import io
from datetime import date
from decimal import Decimal

import pytest

from coding.actions import claim_tables, fee_schedules
from coding.actions.claim_tables import TableFile
from coding.claim import AddOn, Diagnosis, DiagnosisState, Pair, Tables, Term, UnitLimit
from coding.models import Code, CodeExclusion, CodeSet, CodeSetRelease, Program, TableKind
from coding.reference.claim_tables import ClaimTables, side_of

DAY = date(2026, 5, 4)
CODES = ("12345", "23456", "34567", "B1234")
DIAGNOSES = ("Q65.02", "S73.0", "R29.4")
PAIRS = "column1,column2,modifier_indicator,rationale,deletion_date"
LIMITS = "hcpcs_code,mue_units,mue_mai,mue_rationale"
FEES = "hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days,bilat_surg,asst_surg"


def load(table, name, *lines, program=Program.MEDICARE):
    file = TableFile(name, io.BytesIO("\n".join([*lines, ""]).encode()))
    claim_tables.load(None, table, [file], program=program)


def standing(people):
    load(TableKind.PAIRS, "pairs_2026-01.csv", PAIRS, "12345,23456,0,Of winter,")
    load(
        TableKind.PAIRS,
        "pairs_2026-04.csv",
        PAIRS,
        "12345,23456,1,Of spring,",
        "12345,34567,1,Ended,20260430",
        "12345,99999,1,Another code,",
    )
    load(TableKind.PAIRS, "pairs_2026-07.csv", PAIRS, "12345,23456,0,Of summer,")
    medicaid = Program.MEDICAID
    load(TableKind.PAIRS, "mcd_2026-04.csv", PAIRS, "12345,23456,0,Of Medicaid,", program=medicaid)
    load(TableKind.UNIT_LIMITS, "limits_2025-10.csv", LIMITS, "12345,2,3,Clinical")
    add_ons = ["add_on,primary,type", "34567,12345,1", "34567,23456,1", "23456,CCCCC,2"]
    load(TableKind.ADD_ONS, "add_ons_2026-04.csv", *add_ons)
    terms = "HCPC,RECID,SHORT DESCRIPTION,ADD DT,TERM DT"
    load(TableKind.TERMS, "HCPC2026_APR.csv", terms, "B1234,3,A brace,20200101,20260331")

    rows = [FEES, "12345,,A,4.0,9.0,8.0,010,1,2", "12345,26,A,1.0,2.0,2.0,XXX,0,0", ""]
    fee_schedules.load(None, "\n".join(rows).encode(), date(2026, 1, 1), "Values")

    release = CodeSetRelease.objects.create(
        code_set=CodeSet.ICD10CM, release="2026", valid_from=date(2026, 4, 1), source="Made up"
    )
    titles = {
        "Q65.02": ("Dislocation of left hip", True),
        "S73.0": ("Dislocation of hip", False),
        "R29.4": ("Clicking hip", True),
    }
    for code, (title, reportable) in titles.items():
        Code.objects.create(release=release, code=code, description=title, reportable=reportable)
    for code, excluded in (("Q65", "S73"), ("Q65.02", "R29.4"), ("R30", "R31")):
        CodeExclusion.objects.create(release=release, code=code, excluded=excluded)


def read(day=DAY, payer="medicare", codes=CODES, diagnoses=DIAGNOSES) -> Tables:
    return ClaimTables(day, payer, codes, diagnoses).read()


# Whose tables and of which day -------------------------------------------------------------------------


def test_the_newest_release_that_had_begun_counts(standing):
    assert read().pairs.name == "NCCI pairs 2026 Q2"
    assert read(date(2026, 3, 31)).pairs.rows["12345", "23456"].rationale == "Of winter"
    assert read(date(2026, 7, 1)).pairs.rows["12345", "23456"].rationale == "Of summer"


def test_a_payer_s_own_table_goes_before_that_of_medicare(standing):
    own = read(payer="medicaid").pairs
    assert own.rows["12345", "23456"] == Pair("12345", "23456", False, "Of Medicaid")
    assert (own.of_payer, own.caveat) == (True, "")


def test_another_payer_is_checked_by_medicare_s_and_told_so(standing):
    others = read(payer="commercial").pairs
    assert others.rows["12345", "23456"].rationale == "Of spring"
    assert others.of_payer is False
    assert others.caveat == (
        "NCCI pairs of the payer’s own (the practitioner table of Medicare is used)"
    )


def test_of_a_payer_who_is_not_known_nothing_is_told(standing):
    unknown = read(payer="").pairs
    assert (unknown.of_payer, unknown.caveat) == (False, "")


def test_a_release_of_an_earlier_quarter_is_told(standing):
    limits = read().unit_limits
    assert limits.rows == {"12345": UnitLimit(2, 3, "Clinical")}
    assert limits.caveat == (
        "Medically unlikely edits of the quarter of 2026-05-04"
        " (Medically unlikely edits 2025 Q4 is used)"
    )
    assert read(date(2025, 12, 31)).unit_limits.caveat == ""
    assert read(date(2026, 1, 1)).unit_limits.caveat != ""


def test_before_its_first_release_a_table_is_not_loaded(standing):
    before = read(date(2025, 9, 30))
    assert (before.pairs, before.unit_limits, before.add_ons, before.terms, before.fees) == (
        None,
        None,
        None,
        None,
        None,
    )


def test_both_caveats_stand_where_both_are_true(standing):
    caveat = read(payer="commercial").unit_limits.caveat
    assert len(caveat.split("; ")) == 2


# Rows --------------------------------------------------------------------------------------------------


def test_only_pairs_of_the_claim_s_own_codes_that_hold_on_the_day_are_read(standing):
    assert read().pairs.rows == {
        ("12345", "23456"): Pair("12345", "23456", True, "Of spring"),
    }
    assert ("12345", "34567") in read(date(2026, 4, 30)).pairs.rows


def test_an_add_on_has_all_its_primaries_and_none_where_the_contractor_decides(standing):
    assert read().add_ons.rows == {
        "34567": AddOn(1, frozenset({"12345", "23456"})),
        "23456": AddOn(2, frozenset()),
    }


def test_a_code_has_its_term(standing):
    assert read().terms.rows == {"B1234": Term(date(2020, 1, 1), date(2026, 3, 31))}


def test_a_fee_is_that_of_the_whole_service_with_its_indicators(standing):
    fees = read().fees
    assert list(fees.rows) == ["12345"]
    fee = fees.rows["12345"]
    assert (fee.work, fee.facility_total, fee.non_facility_total) == (
        Decimal("4.00"),
        Decimal("8.00"),
        Decimal("9.00"),
    )
    assert (fee.status, fee.global_days, fee.bilateral, fee.assistant) == ("A", "010", "1", "2")
    assert (fees.name, fees.caveat) == ("Values", "")


def test_a_schedule_that_was_loaded_without_indicators_is_told(standing):
    rows = ["hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days"]
    rows += ["12345,,A,5.0,9.0,8.0,010", ""]
    fee_schedules.load(None, "\n".join(rows).encode(), date(2026, 4, 1), "Bare values")
    fees = read().fees
    assert fees.rows["12345"].bilateral == ""
    assert fees.caveat == "the indicators of Bare values, which was loaded without them"
    assert read(codes=("99999",)).fees.caveat == ""


# Diagnoses ---------------------------------------------------------------------------------------------


def test_a_diagnosis_has_its_state_its_side_and_what_its_notes_and_those_above_exclude(standing):
    assert read().diagnoses.rows == {
        "Q65.02": Diagnosis(DiagnosisState.VALID, "left", ("S73", "R29.4")),
        "S73.0": Diagnosis(DiagnosisState.CATEGORY),
        "R29.4": Diagnosis(DiagnosisState.VALID),
    }
    assert read().diagnoses.caveat == ""


def test_before_the_first_code_set_a_later_one_tells_sides_and_says_so(standing):
    early = read(date(2026, 3, 31)).diagnoses
    assert early.rows["Q65.02"].side == "left"
    assert early.caveat == "ICD-10-CM, nothing is loaded for 2026-03-31"


def test_a_claim_of_any_number_of_codes_takes_the_same_queries(standing, django_assert_num_queries):
    for codes in (CODES, [f"{number:05}" for number in range(200)]):
        with django_assert_num_queries(11):
            read(codes=codes)


@pytest.mark.parametrize(
    ("title", "side"),
    [
        ("Dislocation of left hip", "left"),
        ("Pain in RIGHT knee", "right"),
        ("Bilateral primary osteoarthritis of knee", "both"),
        ("Congenital dislocation of hip, bilateral", "both"),
        ("Of right hand and left foot", ""),
        ("Right heart failure", ""),
        ("Left ventricular failure", ""),
        ("Right upper quadrant pain", ""),
        ("Right lower quadrant pain, left flank", "left"),
        ("Hemiplegia affecting right dominant side", ""),
        ("Hemiplegia affecting left non-dominant side", ""),
        ("Left main coronary artery", ""),
        ("Left bundle-branch block", ""),
        ("Pain in leftover limb", ""),
        ("Pain in knee", ""),
    ],
)
def test_the_side_of_a_limb_is_in_the_title_of_its_diagnosis(title, side):
    assert side_of(title) == side
