"""What a claim proposes of its lines: by global days and answers, by history, by pairs and sites; it sets nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.claim.claims import DAY, claim, earlier, fee, pair, shipped_checks, tables, valid

LOADED = tables(
    fees={
        "20610": fee("000", "1.8", bilateral="1", multiple="2"),
        "25605": fee("090", "14", bilateral="1", multiple="2"),
        "25607": fee("090", "21", bilateral="1", multiple="2"),
        "12002": fee("000", "2.0", multiple="2"),
    },
    pairs=[pair("25605", "12002", 1), pair("25607", "25605", 1)],
    diagnoses={"M17.0": valid("both")},
)


def proposed(a_claim):
    return {
        (proposal.modifier, a_claim.lines[proposal.lines[0] - 1].code)
        for proposal in shipped_checks().proposals(a_claim, LOADED)
    }


def answered(a_claim, **answers):
    """The claim, with what the answers of its first line's service say."""
    first, *others = a_claim.lines
    return replace(a_claim, lines=(replace(first, answers=answers), *others))


def test_separate_work_beside_a_minor_procedure_is_25_and_a_decision_beside_a_major_one_57():
    assert proposed(answered(claim("99213", "20610-RT"), separate_work=True)) == {("25", "99213")}
    assert proposed(answered(claim("99284", "25605-RT"), surgery_decision=True)) == {
        ("57", "99284")
    }


@pytest.mark.parametrize("answers", [{}, {"separate_work": False}, {"surgery_decision": True}])
def test_without_an_answer_that_says_so_nothing_is_proposed(answers):
    assert proposed(answered(claim("99213", "20610-RT"), **answers)) == set()


def test_what_a_line_has_already_is_not_proposed():
    assert proposed(answered(claim("99213-25", "20610-RT"), separate_work=True)) == set()


def after(text, same_group=True):
    return (earlier(text, DAY - timedelta(days=20), same_group),)


@pytest.mark.parametrize(
    ("line", "history", "modifier"),
    [
        ("25607-LT", after("25605-LT"), "58"),
        ("25605-LT", after("25605-LT"), "76"),
        ("25605-LT", after("25605-LT", same_group=False), "77"),
        ("25605-RT", after("25605-LT"), "79"),
        ("20610-RT", after("25605-LT"), "79"),
    ],
    ids=["more extensive", "again", "again by another group", "the other side", "something else"],
)
def test_inside_the_days_of_an_earlier_procedure_the_relation_of_the_two_proposes(
    line, history, modifier
):
    assert proposed(claim(line, history=history)) == {(modifier, line[:5])}
    assert proposed(claim(f"{line}-{modifier}", history=history)) == set()


def test_after_an_earlier_procedure_without_the_care_nothing_is_proposed():
    assert proposed(claim("25607-LT", history=after("25605-54-LT"))) == set()


def test_a_visit_for_another_matter_inside_such_days_is_24():
    visit = claim("99213", history=after("25605-LT"))
    assert proposed(answered(visit, purpose="unrelated_in_global")) == {("24", "99213")}
    assert proposed(answered(visit, purpose="follow_up_in_global")) == set()


def test_column_2_of_a_pair_is_called_distinct_where_the_injuries_are_elsewhere():
    wrist_and_head = {"diagnoses": ("S52.501A", "S01.01XA")}
    assert proposed(claim("25605-RT A", "12002 B", **wrist_and_head)) == {("59", "12002")}
    assert proposed(claim("25605-RT A", "12002 A", **wrist_and_head)) == set()
    assert proposed(claim("25605-RT A", "12002-XS B", **wrist_and_head)) == set()
