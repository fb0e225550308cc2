"""What the checks of diagnoses, pointers and sides say, and of which lines."""

from dataclasses import replace

import pytest

from coding.claim import Diagnosis, DiagnosisState, Table
from tests.claim.claims import claim, fee, line, lines_of, said, tables, valid

CATEGORY = Diagnosis(DiagnosisState.CATEGORY)
KNOWN = tables(
    diagnoses={
        "M17.11": valid("right"),
        "M17.12": valid("left"),
        "M17.0": valid("both"),
        "S73.0": CATEGORY,
        "Q65.02": valid("left", "R29.4"),
        "R29.4": valid(),
        "W19.XXXA": valid(),
    }
)


def other_day(loaded):
    """The same codes in a release of another day."""
    table = Table("ICD-10-CM 2026", loaded.diagnoses.rows, "the release of 2026 is used")
    return replace(loaded, diagnoses=table)


# Pointers ----------------------------------------------------------------------------------------------


def pointing(*pointers, diagnoses=("M17.11", "W19.XXXA", "R69", "R29.4", "M17.0")):
    pointed = replace(line(1, "99214"), pointers=pointers)
    return said("N28", replace(claim(diagnoses=diagnoses), lines=(pointed,)), KNOWN)


@pytest.mark.parametrize(
    ("pointers", "fault"),
    [
        ((), "points to no diagnosis"),
        ((6,), "points to diagnosis 6, and there are 5"),
        ((0,), "points to diagnosis 0, and there are 5"),
        ((1, 7, 8), "points to diagnosis 7, and there are 5"),
        ((1, 2, 3, 4, 5), "points to 5 diagnoses; a line holds 4"),
        ((2, 1), "points first to W19.XXXA, an external cause"),
    ],
)
def test_a_line_that_points_to_nothing_that_explains_it(pointers, fault):
    words = f"99214 {fault}. Point the line to the diagnosis that explains it."
    assert pointing(*pointers) == [("error", words, (1,), "")]


@pytest.mark.parametrize("pointers", [(1,), (5,), (1, 3, 4, 5), (1, 2)])
def test_a_line_may_point_to_up_to_four_of_the_list(pointers):
    assert pointing(*pointers) == []


def test_every_external_cause_may_stand_behind_another_diagnosis_alone():
    assert pointing(1, diagnoses=("V00.01XA",)) != []
    assert pointing(1, diagnoses=("Y99.0",)) != []
    assert pointing(1, diagnoses=("Z47.1",)) == []


# Whether they are complete -----------------------------------------------------------------------------


def test_a_category_needs_more_characters():
    assert said("N29", claim("99214 B", "20610-RT AB", diagnoses=("M17.11", "S73.0")), KNOWN) == [
        ("error", "S73.0 needs more characters.", (2, 1), "ICD-10-CM 2024, S73.0")
    ]


def test_a_code_that_the_release_of_the_day_lacks():
    assert said("N29", claim("99214", diagnoses=("Z99.999",)), KNOWN) == [
        ("error", "Z99.999 is not valid on this day.", (1,), "ICD-10-CM 2024, Z99.999")
    ]


def test_a_diagnosis_to_which_no_line_points_is_told_without_a_line():
    assert lines_of("N29", claim("99214 A", diagnoses=("M17.11", "S73.0")), KNOWN) == [()]


def test_a_release_of_another_day_doubts_a_category_and_remarks_on_what_it_does_not_know():
    both = claim("99214 A", "20610-RT B", diagnoses=("S73.0", "Z99.999"))
    assert said("N29", both, other_day(KNOWN)) == [
        ("warning", "S73.0 needs more characters.", (1,), "ICD-10-CM 2026, S73.0"),
        ("info", "Z99.999 is not known in ICD-10-CM 2026.", (2,), "ICD-10-CM 2026, Z99.999"),
    ]


def test_without_a_code_set_no_diagnosis_is_judged():
    unloaded = replace(KNOWN, diagnoses=None)
    of_faults = claim("99214", "20610-LT", diagnoses=("S73.0",))
    assert [lines_of(check, of_faults, unloaded) for check in ("N24", "N29", "N30")] == [[], [], []]


# Two that exclude each other ---------------------------------------------------------------------------


def test_two_diagnoses_that_exclude_each_other():
    two = claim("99214 A", "20610-RT C", "73502 BC", diagnoses=("R29.4", "Q65.02", "M17.11"))
    assert said("N30", two, KNOWN) == [
        (
            "warning",
            "Q65.02 and R29.4 exclude each other, unless they are two separate conditions.",
            (3, 1),
            "ICD-10-CM 2024, Q65.02",
        )
    ]


def test_the_order_in_which_they_stand_makes_no_difference():
    words = [
        said("N30", claim("99214", diagnoses=two), KNOWN)[0][1]
        for two in (
            ("R29.4", "Q65.02"),
            ("Q65.02", "R29.4"),
        )
    ]
    assert words[0] == words[1]


def test_two_that_name_each_other_are_told_once():
    each_other = tables(diagnoses={"Q65.02": valid("", "R29.4"), "R29.4": valid("", "Q65.0")})
    assert lines_of("N30", claim("99214", diagnoses=("R29.4", "Q65.02")), each_other) == [(1,)]


def test_a_category_that_is_excluded_stands_for_all_its_codes():
    by_category = tables(diagnoses={"Q65.02": valid("", "R29"), "R29.4": valid(), "R30.0": valid()})
    assert lines_of("N30", claim("99214", diagnoses=("R29.4", "Q65.02")), by_category) == [(1,)]
    assert lines_of("N30", claim("99214", diagnoses=("R30.0", "Q65.02")), by_category) == []


# The seventh character ---------------------------------------------------------------------------------


def of_time(text, *diagnoses):
    loaded = tables(fees={"27252": fee("090")}, diagnoses={code: valid() for code in diagnoses})
    return said("N31", claim(text, diagnoses=diagnoses), loaded)


def test_a_first_treatment_for_a_later_encounter():
    words = (
        "27252 and the seventh character D, S of its diagnosis tell of different times of the"
        " treatment."
    )
    assert of_time("27252-RT AB", "S73.014S", "S73.015D") == [("warning", words, (1,), "")]


def test_one_diagnosis_of_a_first_treatment_is_enough():
    assert of_time("27252-RT AB", "S73.014D", "S73.015A") == []


@pytest.mark.parametrize("character", ["D", "G", "K", "P", "S"])
def test_each_later_character_is_later(character):
    assert len(of_time("27252-RT", f"S73.014{character}")) == 1


@pytest.mark.parametrize("character", ["A", "B", "C"])
def test_an_open_fracture_s_first_characters_are_first(character):
    assert of_time("27252-RT", f"S73.014{character}") == []


def test_a_shorter_code_has_no_seventh_character():
    assert of_time("27252-RT", "M80.8D") == []


# Sides -------------------------------------------------------------------------------------------------

SIDED = replace(KNOWN, fees=Table("RVU24C", {"20610": fee("000", bilateral="1")}))


def test_a_side_that_no_diagnosis_has():
    assert said("N24", claim("20610-LT", diagnoses=("M17.11",)), SIDED) == [
        (
            "error",
            "20610 is on the left side, and its diagnoses are not: M17.11.",
            (1,),
            "ICD-10-CM 2024",
        )
    ]


def test_both_sides_for_a_diagnosis_of_one():
    assert said("N24", claim("20610-50 AB", diagnoses=("M17.11", "R29.4")), SIDED) == [
        (
            "warning",
            "20610 is on the left and right side, and its diagnoses are not: M17.11.",
            (1,),
            "ICD-10-CM 2024",
        )
    ]


def test_every_diagnosis_with_a_side_is_named():
    right_twice = tables(diagnoses={"M17.11": valid("right"), "M16.11": valid("right")})
    [(_, words, _, _)] = said(
        "N24", claim("20610-LT AB", diagnoses=("M17.11", "M16.11")), right_twice
    )
    assert words.endswith("are not: M17.11, M16.11.")


def test_two_sides_on_one_line_are_both_of_them():
    assert said("N24", claim("20610-LT-RT", diagnoses=("M17.11",)), SIDED)[0][0] == "warning"
    assert lines_of("N24", claim("20610-LT-RT AB", diagnoses=("M17.11", "M17.12")), SIDED) == []


def test_a_line_without_a_side_is_against_no_diagnosis():
    assert lines_of("N24", claim("20610", diagnoses=("M17.11",)), SIDED) == []


def of_both(bilateral, text, diagnosis="M17.0"):
    loaded = replace(KNOWN, fees=Table("RVU24C", {"20610": fee("000", bilateral=bilateral)}))
    a_claim = claim(text, diagnoses=(diagnosis,))
    return {check: said(check, a_claim, loaded) for check in ("N08", "N09", "N25")}


def test_a_code_that_takes_no_modifier_for_both_sides():
    told = of_both("0", "20610-50")
    assert told["N08"] == [
        (
            "error",
            "20610 does not take the modifier for both sides.",
            (1,),
            "RVU24C, 20610: bilateral indicator 0",
        )
    ]


@pytest.mark.parametrize(
    ("bilateral", "refused"), [("0", 1), ("1", 0), ("2", 1), ("3", 0), ("9", 1), ("", 0)]
)
def test_each_indicator_of_both_sides(bilateral, refused):
    assert len(of_both(bilateral, "20610-50")["N08"]) == refused


def test_both_sides_with_more_than_one_unit():
    told = of_both("1", "20610-50 x2")
    assert told["N09"] == [
        (
            "warning",
            "20610: with the modifier for both sides one unit stands for both. It has 2.",
            (1,),
            "",
        )
    ]
    # Two units of two full values each are right.
    assert of_both("3", "20610-50 x2")["N09"] == []
    assert of_both("1", "20610-RT x2")["N09"] == []


def test_a_procedure_without_its_side():
    told = of_both("1", "20610")
    assert told["N25"] == [
        (
            "warning",
            "20610 has sides, and the line names none.",
            (1,),
            "RVU24C, 20610: bilateral indicator 1",
        )
    ]
    assert of_both("0", "20610")["N25"] == []


# Checks of single rule sets ----------------------------------------------------------------------------


def of_hip(check, text, *diagnoses):
    return said(check, claim("99214", text, diagnoses=diagnoses), tables())


def test_a_treatment_of_an_injury_for_another_matter_alone():
    assert of_hip("C03", "27252-LT AB", "Q65.02", "M24.352") == [
        (
            "error",
            (
                "27252 treats an injury, and its diagnoses are of a spontaneous dislocation:"
                " Q65.02, M24.352."
            ),
            (2,),
            "",
        )
    ]
    assert of_hip("C03", "27252-LT AB", "Q65.02", "S73.014A") == []
    assert of_hip("C03", "27256-LT AB", "Q65.02", "M24.352") == []


def test_a_treatment_of_a_prosthesis_without_a_diagnosis_of_one():
    assert of_hip("C05", "27265-LT AB", "S73.014A", "R29.4") == [
        (
            "error",
            (
                "27265 treats a dislocated prosthesis, and no diagnosis of one is there:"
                " S73.014A, R29.4."
            ),
            (2,),
            "",
        )
    ]
    assert of_hip("C05", "27265-LT AB", "R29.4", "T84.020A") == []


def test_a_line_that_points_to_nothing_is_judged_by_its_pointers_alone():
    unpointed = replace(line(1, "27252-LT"), pointers=())
    other = replace(line(2, "27265-LT"), pointers=(9,))
    both = replace(claim(diagnoses=("Q65.02",)), lines=(unpointed, other))
    assert [said(check, both, tables()) for check in ("C03", "C05")] == [[], []]
    assert lines_of("N28", both, tables()) == [(1,), (2,)]
