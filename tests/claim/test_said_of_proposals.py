"""What a claim proposes: its words, the lines in their order, and the row that each rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from coding.claim import Proposal, Table
from tests.claim.claims import DAY, claim, earlier, fee, pair, shipped_checks, tables, valid

LOADED = tables(
    fees={
        "20610": fee("000", "1.8", bilateral="1", multiple="2"),
        "27256": fee("010", "9.0", bilateral="1", multiple="2"),
        "25605": fee("090", "14", bilateral="1", multiple="2"),
        "25607": fee("090", "21", bilateral="1", multiple="2"),
        "12002": fee("000", "2.0", bilateral="0", multiple="2"),
        "73502": fee("XXX", "0.9", bilateral="1"),
    },
    pairs=[pair("25605", "12002", 1), pair("25607", "25605", 1), pair("25607", "64417", 0)],
    diagnoses={"M17.0": valid("both"), "M17.11": valid("right")},
)


def proposed(rule, a_claim, loaded=LOADED):
    """What one rule of the document proposes."""
    return [own for own in shipped_checks().proposals(a_claim, loaded) if own.id == rule]


def lines_of(rule, a_claim, loaded=LOADED):
    return [own.lines for own in proposed(rule, a_claim, loaded)]


def answered(a_claim, **answers):
    """The claim, with what the answers of its first line's service say."""
    first, *others = a_claim.lines
    return replace(a_claim, lines=(replace(first, answers=answers), *others))


def days_ago(text, days=20, same_group=True):
    return (earlier(text, DAY - timedelta(days=days), same_group),)


# Visits ------------------------------------------------------------------------------------------------


def test_separate_work_beside_a_minor_procedure():
    visit = answered(claim("99213", "27256-RT"), separate_work=True)
    assert proposed("P25", visit) == [
        Proposal(
            "P25",
            "25",
            "25 on 99213: its answers say separate work, and it stands beside 27256 with 10"
            " global days.",
            (1, 2),
            "RVU24C, 27256: 10 global days",
        )
    ]


def test_a_decision_beside_a_major_procedure():
    visit = answered(claim("99284", "25605-RT"), surgery_decision=True)
    assert proposed("P57", visit) == [
        Proposal(
            "P57",
            "57",
            "57 on 99284: its answers say that it led to 25605, which has 90 global days.",
            (1, 2),
            "RVU24C, 25605: 90 global days",
        )
    ]


def test_each_answer_is_for_its_own_kind_of_procedure():
    both = {"separate_work": True, "surgery_decision": True}
    assert lines_of("P25", answered(claim("99284", "25605-RT"), **both)) == []
    assert lines_of("P57", answered(claim("99284", "20610-RT"), **both)) == []


def test_the_answers_of_another_lines_service_say_nothing_of_the_visit():
    of_procedure = answered(claim("20610-RT", "99213"), separate_work=True)
    assert lines_of("P25", of_procedure) == []


def test_beside_no_procedure_of_the_provider_nothing_is_proposed():
    assert lines_of("P25", answered(claim("99213", "73502"), separate_work=True)) == []
    assert lines_of("P25", answered(claim("99213", "20610 @B"), separate_work=True)) == []


def test_another_matter_within_the_days_of_an_earlier_procedure():
    visit = answered(claim("99213", history=days_ago("25605-LT")), purpose="unrelated_in_global")
    assert proposed("P24", visit) == [
        Proposal(
            "P24",
            "24",
            "24 on 99213: its answers say another matter than 25605 of 2024-07-25,"
            " whose 90 days still run.",
            (1,),
            "RVU24C, 25605: 90 global days",
        )
    ]


@pytest.mark.parametrize(
    "history",
    [
        days_ago("25605-LT", 91),
        days_ago("25605-54-LT"),
        days_ago("25605-LT", same_group=False),
        days_ago("20610-LT"),
        None,
    ],
    ids=["after its days", "without the care", "another group", "no days", "not known"],
)
def test_outside_such_days_no_other_matter_is_proposed(history):
    visit = answered(claim("99213", history=history), purpose="unrelated_in_global")
    assert lines_of("P24", visit) == []


# In the course of an earlier procedure -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "same_group", "words"),
    [
        (
            "P58",
            "25607-LT",
            True,
            (
                "58 on 25607, if it was planned or more extensive than 25605 of 2024-07-25, whose 90"
                " days still run; 78 if it was an unplanned return to the operating room."
            ),
        ),
        (
            "P76",
            "25605-LT",
            True,
            "76 on 25605: the same as on 2024-07-25, whose 90 days still run.",
        ),
        ("P77", "25605-LT", False, "77 on 25605: another group did the same on 2024-07-25."),
        (
            "P79",
            "20610-RT",
            True,
            (
                "79 on 20610, if it has nothing to do with 25605 of 2024-07-25, whose 90 days still"
                " run."
            ),
        ),
    ],
)
def test_how_a_procedure_belongs_to_the_earlier_one(rule, text, same_group, words):
    again = claim(text, history=days_ago("25605-LT", same_group=same_group))
    row = "RVU24C, 25605: 90 global days"
    assert proposed(rule, again) == [Proposal(rule, rule[1:], words, (1,), row)]


def relations(text, history):
    """The rules of the course that speak of one procedure."""
    own = shipped_checks().proposals(claim(text, history=history), LOADED)
    return sorted(proposal.id for proposal in own)


def test_by_another_group_only_the_same_code_is_a_repetition():
    assert relations("25607-LT", days_ago("25605-LT", same_group=False)) == []
    assert relations("20610-RT", days_ago("25605-LT", same_group=False)) == []


def test_what_is_part_of_the_earlier_procedure_is_neither_more_nor_elsewhere():
    assert relations("25605-LT", days_ago("25607-LT")) == []


def test_on_the_other_side_even_the_same_and_the_more_extensive_are_elsewhere():
    assert relations("25605-RT", days_ago("25605-LT")) == ["P79"]
    assert relations("25607-LT", days_ago("25605-RT")) == ["P79"]


def test_without_a_side_on_one_of_the_two_they_are_not_on_two_sides():
    assert relations("25605", days_ago("25605-LT")) == ["P76"]
    assert relations("25605-LT", days_ago("25605")) == ["P76"]


def test_a_digit_is_of_its_hand():
    assert relations("25605-F5", days_ago("25605-LT")) == ["P79"]
    assert relations("25605-FA", days_ago("25605-LT")) == ["P76"]


@pytest.mark.parametrize("modifier", ["58", "76", "77", "78", "79"])
def test_a_procedure_that_tells_already_gets_no_other_word(modifier):
    assert relations(f"25605-{modifier}-RT", days_ago("25605-LT")) == []
    assert relations(f"25605-{modifier}-LT", days_ago("25605-LT")) == []


def test_what_has_no_global_days_stands_in_no_course():
    assert relations("73502", days_ago("25605-LT")) == []


def test_each_earlier_procedure_has_its_own_words():
    history = (*days_ago("25605-LT", 20), *days_ago("25605-LT", 30))
    messages = [own.message for own in proposed("P76", claim("25605-LT", history=history))]
    assert [message.split()[7] for message in messages] == ["2024-07-15,", "2024-07-25,"]


# At another site ---------------------------------------------------------------------------------------

WRIST_AND_HEAD = ("S62.501A", "S01.01XA", "S52.501A")


def test_column_2_at_another_site():
    assert proposed("P59", claim("25605-RT A", "12002 B", diagnoses=WRIST_AND_HEAD)) == [
        Proposal(
            "P59",
            "59",
            "59 on 12002: it is part of 25605 unless done elsewhere, and the diagnoses are of head"
            " and wrist and hand.",
            (2, 1),
            "PTP 2024 Q3, 25605 with 12002: indicator 1",
        )
    ]


def test_two_sites_of_one_line_are_both_named():
    [proposal] = proposed("P59", claim("25605-RT AC", "12002 B", diagnoses=WRIST_AND_HEAD))
    assert proposal.message.endswith("of head and elbow and forearm, wrist and hand.")


@pytest.mark.parametrize(
    ("first", "second"),
    [("25605-RT A", "12002 AB"), ("25605-RT AB", "12002 B")],
    ids=["the wrist on both", "the head on both"],
)
def test_one_site_in_common_is_no_other_site(first, second):
    assert lines_of("P59", claim(first, second, diagnoses=WRIST_AND_HEAD)) == []


def test_a_diagnosis_of_no_region_tells_of_no_site():
    assert lines_of("P59", claim("25605-RT A", "12002 B", diagnoses=("S62.501A", "R69"))) == []
    assert lines_of("P59", claim("25605-RT A", "12002 B", diagnoses=("R69", "S01.01XA"))) == []


def test_a_pair_that_nothing_opens_is_never_proposed_to_be_distinct():
    assert lines_of("P59", claim("25607-RT A", "64417 B", diagnoses=WRIST_AND_HEAD)) == []


@pytest.mark.parametrize("texts", [("25605-59 A", "12002 B"), ("25605 A", "12002-58 B")])
def test_a_pair_that_is_told_apart_on_either_line_is_left(texts):
    assert lines_of("P59", claim(*texts, diagnoses=WRIST_AND_HEAD)) == []


def test_a_visit_is_told_apart_by_a_modifier_of_its_own():
    of_visit = replace(LOADED, pairs=Table("PTP", {("25605", "99213"): pair("25605", "99213", 1)}))
    visit = claim("25605-RT A", "99213 B", diagnoses=WRIST_AND_HEAD)
    assert lines_of("P59", visit, of_visit) == []


def test_a_payer_who_wants_xs():
    wanted = claim(
        "25605-RT A", "12002 B", diagnoses=WRIST_AND_HEAD, options={"modifier_xs": "yes"}
    )
    assert lines_of("P59", wanted) == []
    [proposal] = proposed("PXS", wanted)
    assert proposal.modifier == "XS"
    assert proposal.message.startswith("XS on 12002, as this payer wants it: it is part of 25605")


def test_whoever_settled_nothing_or_no_wants_59():
    for options in ({}, {"modifier_xs": "no"}, {"modifier_51": "yes"}):
        told = claim("25605-RT A", "12002 B", diagnoses=WRIST_AND_HEAD, options=options)
        assert (lines_of("P59", told), lines_of("PXS", told)) == ([(2, 1)], [])


# Both sides --------------------------------------------------------------------------------------------

FIFTY = "50 on one line of 20610 with one unit, in place of both sides apart."
ROW_OF_50 = "RVU24C, 20610: bilateral indicator 1"


def test_both_sides_on_one_line():
    assert proposed("P50", claim("20610-RT", "99213-25", "20610-LT")) == [
        Proposal("P50", "50", FIFTY, (3, 1), ROW_OF_50, joins=True)
    ]


def test_a_line_of_two_units_for_a_diagnosis_of_both_sides():
    assert proposed("P50", claim("20610 x2", diagnoses=("M17.0",))) == [
        Proposal("P50", "50", FIFTY, (1,), ROW_OF_50, joins=True)
    ]


@pytest.mark.parametrize(
    ("texts", "diagnosis"),
    [
        (("20610-LT", "20610-RT @B"), "R69"),
        (("20610-LT x2", "20610-RT"), "R69"),
        (("20610-LT", "20610-RT x2"), "R69"),
        (("20610-LT-22", "20610-RT"), "R69"),
        (("20610-LT", "20610-LT-76"), "R69"),
        (("20610-LT", "20610"), "R69"),
        (("20610-LT", "20610-RT", "20610-RT"), "R69"),
        (("20610 x3",), "M17.0"),
        (("20610 x2",), "M17.11"),
        (("20610 x1",), "M17.0"),
        (("12002-LT", "12002-RT"), "R69"),
        (("73502-LT", "73502-RT"), "R69"),
    ],
    ids=[
        "two providers",
        "two units on the left",
        "two units on the right",
        "one says more",
        "the left twice",
        "one without a side",
        "the right twice",
        "three units",
        "a diagnosis of one side",
        "one unit",
        "not paid for both",
        "no procedure",
    ],
)
def test_what_is_not_both_sides_of_the_same(texts, diagnosis):
    assert lines_of("P50", claim(*texts, diagnoses=(diagnosis,))) == []


def test_a_line_for_both_sides_already_is_left():
    assert lines_of("P50", claim("20610-50 x2", diagnoses=("M17.0",))) == []


def test_a_payer_may_want_two_lines_for_both_sides():
    wanted = {"two_lines_for_both_sides": "yes"}
    assert lines_of("P50", claim("20610-LT", "20610-RT", options=wanted)) == []


# Value and order ---------------------------------------------------------------------------------------


def test_51_on_each_procedure_after_the_first_in_value():
    three = claim("20610-RT", "25605-LT", "27256-RT", options={"modifier_51": "yes"})
    assert [(own.modifier, own.lines, own.rests_on) for own in proposed("P51", three)] == [
        ("51", (1,), "RVU24C, 20610: multiple-procedure indicator"),
        ("51", (3,), "RVU24C, 27256: multiple-procedure indicator"),
    ]
    assert proposed("P51", three)[0].message == (
        "51 on 20610: this payer wants it on each procedure after the first."
    )


def test_51_is_for_payers_who_want_it():
    assert lines_of("P51", claim("25605-RT", "20610-LT")) == []


def test_51_is_for_none_that_is_alone():
    wanted = {"modifier_51": "yes"}
    assert lines_of("P51", claim("25605-LT", "99213", "73502", options=wanted)) == []
    assert lines_of("P51", claim("25605-LT", "20610-RT @B", options=wanted)) == []


def test_the_order_of_all_procedures_by_their_value():
    assert proposed("P-order", claim("20610-RT", "99213", "25605-LT", "27256-RT")) == [
        Proposal(
            "P-order",
            "",
            "Lines in the order of their value at this place: 25605, 27256, 20610.",
            (3, 4, 1),
            "RVU24C, 25605: 14.0 at this place",
        )
    ]
    assert proposed("P-order", claim("25605-LT", "99213", "27256-RT", "20610-RT")) == []


def test_proposals_stand_by_their_lines():
    several = claim(
        "99213",
        "20610-RT",
        "25605-LT",
        options={"modifier_51": "yes"},
        history=days_ago("25605-LT"),
    )
    stand = [own.lines for own in shipped_checks().proposals(several, LOADED)]
    assert len(stand) == 4
    assert stand == sorted(stand)


def test_without_tables_nothing_is_proposed():
    everything = answered(
        claim("99213", "20610-LT", "20610-RT", history=days_ago("25605-LT")), separate_work=True
    )
    unloaded = replace(tables(), fees=None, pairs=None)
    assert shipped_checks().proposals(everything, unloaded) == []
