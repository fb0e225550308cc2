"""Visits beside procedures, by their global days; history; places."""

from datetime import date, timedelta

import pytest

from tests.claim.claims import DAY, claim, earlier, fee, informed, spoken, tables

FEES = tables(
    fees={
        "20610": fee("000", bilateral="1"),
        "27256": fee("010", bilateral="1"),
        "25605": fee("090", bilateral="1"),
        "J3301": fee("XXX"),
        "99024": fee("XXX"),
    }
)


@pytest.mark.parametrize("procedure", ["20610-RT", "27256-RT"])
def test_a_visit_beside_a_minor_procedure_needs_the_modifier_for_separate_work(procedure):
    assert "N10" in spoken(claim("99203", procedure), FEES)
    assert "N10" not in spoken(claim("99203-25", procedure), FEES)


def test_a_visit_beside_a_major_procedure_needs_the_modifier_for_the_decision():
    assert "N11" in spoken(claim("99284", "25605-RT", place="23"), FEES)
    assert "N11" not in spoken(claim("99284-57", "25605-RT", place="23"), FEES)


def test_beside_both_the_decision_alone_is_enough():
    assert spoken(claim("99284-57", "25605-RT", "20610-LT", place="23"), FEES) == set()


def test_the_wrong_one_of_the_two_is_told_by_the_days():
    assert "N13" in spoken(claim("99284-25", "25605-RT", place="23"), FEES)
    assert "N13" in spoken(claim("99284-57", "20610-RT", place="23"), FEES)
    assert "N13" not in spoken(claim("99284-25-57", "25605-RT", place="23"), FEES)


def test_nothing_is_asked_beside_what_has_no_global_days():
    assert spoken(claim("99214", "99024"), FEES) == set()


def test_a_visit_of_another_provider_needs_no_modifier():
    assert "N10" not in spoken(claim("99203", "20610-RT @B"), FEES)


def test_a_modifier_of_visits_belongs_on_a_visit():
    assert "N12" in spoken(claim("20610-25-RT"), FEES)
    assert "N12" not in spoken(claim("99203-25", "20610-RT"), FEES)


def test_of_two_visits_all_but_one_need_the_modifier():
    assert "N16" in spoken(claim("99396", "99214"), FEES)
    assert "N16" not in spoken(claim("99396", "99214-25"), FEES)


def within(text, days, same_group=True):
    return (earlier(text, DAY - timedelta(days=days), same_group),)


def test_a_visit_inside_the_days_of_an_earlier_operation_needs_the_modifier_for_another_matter():
    assert "N14" in spoken(claim("99214-25", history=within("25605-LT", 49)), FEES)
    assert "N14" not in spoken(claim("99214-24", history=within("25605-LT", 49)), FEES)


@pytest.mark.parametrize(
    "history",
    [
        within("25605-LT", 91),
        within("25605-54-LT", 49),
        within("25605-LT", 49, same_group=False),
        (),
        None,
    ],
    ids=[
        "after its days",
        "without the care after it",
        "another group",
        "nothing earlier",
        "not known",
    ],
)
def test_a_visit_outside_such_days_needs_none(history):
    assert "N14" not in spoken(claim("99214", history=history), FEES)


@pytest.mark.parametrize("modifier", ["58", "76", "78", "79"])
def test_a_procedure_inside_such_days_tells_how_it_belongs_to_the_earlier(modifier):
    assert "N15" in spoken(claim("20610-RT", history=within("25605-LT", 49)), FEES)
    assert "N15" not in spoken(claim(f"20610-RT-{modifier}", history=within("25605-LT", 49)), FEES)


def test_another_group_repeats_with_the_modifier_for_that_and_it_cures_nothing_else():
    by_other = within("25605-LT", 49, same_group=False)
    assert "N15" in spoken(claim("25605-LT", history=by_other), FEES)
    assert "N15" not in spoken(claim("25605-LT-77", history=by_other), FEES)
    assert "N15" not in spoken(claim("20610-LT", history=by_other), FEES)
    assert "N15" in spoken(claim("25605-LT-77", history=within("25605-LT", 49)), FEES)


def test_a_new_patient_was_not_seen_in_three_years():
    assert "N17" in spoken(claim("99203", history=(earlier("99213", date(2022, 1, 5)),)), FEES)
    assert "N17" not in spoken(claim("99203", history=(earlier("99213", date(2021, 8, 1)),)), FEES)
    assert "N17" not in spoken(
        claim("99203", history=(earlier("99213", date(2022, 1, 5), same_group=False),)), FEES
    )


def test_an_established_patient_of_whom_nothing_is_known_is_a_remark():
    assert "N17" in informed(claim("99213", history=()), FEES)
    assert "N17" not in informed(claim("99213"), FEES)


def test_an_emergency_visit_belongs_to_its_place():
    assert "N42" in spoken(claim("99284", place="11"), FEES)
    assert "N42" not in spoken(claim("99284", place="23"), FEES)
    assert "N42" in informed(claim("99214", place="21"), FEES)


def test_telehealth_places_are_doubted_only_where_the_payer_wants_codes_of_their_own():
    assert "N42" not in spoken(claim("99214", place="02"), FEES)
    assert "N42" in spoken(
        claim("99214", place="02", options={"telehealth_visit_codes": "yes"}), FEES
    )


def test_a_decision_and_a_cast_for_a_broken_bone_without_its_treatment_are_remarked():
    broken = {"diagnoses": ("S52.501A",)}
    assert "N35" in informed(claim("99203-57", "29125", **broken), FEES)
    assert "N35" not in informed(claim("99203-57", "29125", "25600-RT", **broken), FEES)
