"""The search for a case that none of some rows accepts: it finds one exactly where going through all cases does."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import Known, RuleTable, cover
from coding.decision.compiled import compiled
from coding.decision.cover import Cover, Undecided, first_case, holds_cases
from tests.decision import tables as make


@st.composite
def searches(draw):
    """The cover of a random table, the box of one of its rows or of all cases, and some of the rows."""
    rows = compiled(RuleTable.from_document(draw(make.loose_documents())))
    facts = Cover(rows.facts)
    number = draw(st.none() | st.integers(0, len(rows.rows) - 1))
    box = facts.everything if number is None else facts.accepted(1 << number)
    return facts, box, draw(st.integers(0, rows.everything))


def cases_of(box):
    return [list(places) for places in product(*(allowed.places for allowed in box))]


def colours(*rules):
    table = make.table([make.fact("colour"), make.fact("shape")], list(rules))
    return Cover(compiled(table).facts)


@settings(max_examples=40)
@given(searches())
def test_a_case_is_found_exactly_where_there_is_one(search):
    facts, box, rows = search
    uncovered = [case for case in cases_of(box) if not facts.live(case) & rows]
    case = facts.uncovered(box, rows)
    assert (case is not None) is bool(uncovered)
    assert case is None or case in uncovered


@settings(max_examples=20)
@given(searches())
def test_the_box_of_a_row_holds_exactly_the_cases_that_it_accepts(search):
    facts, _, rows = search
    row = rows & -rows
    if row:
        accepted = cases_of(facts.accepted(row))
        assert accepted == [case for case in cases_of(facts.everything) if facts.live(case) & row]


@settings(max_examples=20)
@given(searches())
def test_a_row_touches_a_box_exactly_where_it_accepts_one_of_its_cases(search):
    facts, box, rows = search
    touched = 0
    for case in cases_of(box):
        touched |= facts.live(case)
    assert facts.touching(box) & rows == touched & rows or not holds_cases(box)


@settings(max_examples=20)
@given(searches(), st.data())
def test_two_boxes_have_in_common_the_cases_that_lie_in_both(search, data):
    facts, box, rows = search
    other = (
        facts.accepted(data.draw(st.sampled_from([1 << n for n in range(rows.bit_length())])))
        if rows
        else box
    )
    in_both = [case for case in cases_of(box) if case in cases_of(other)]
    assert cases_of(facts.common(box, other)) == in_both


def test_a_box_in_which_a_fact_has_no_answer_holds_no_case():
    facts = colours(make.rule("RED", {"colour": {"in": ["red"]}}))
    empty = [facts.allowed(0, ()), facts.everything[1]]
    assert not holds_cases(empty)
    assert holds_cases(facts.everything)
    assert facts.uncovered(empty, 0) is None


def test_a_case_is_shown_by_the_first_answer_of_each_class():
    facts = colours(
        make.rule("RED", {"colour": {"in": ["red"]}}),
        make.rule("BLUE", {"shape": {"in": ["blue"]}}),
        make.rule("R", {}),
    )
    case = facts.uncovered(facts.everything, 0b011)
    shown = {
        key: make.definition(key).describe(answer) for key, answer in facts.given(case).items()
    }
    assert shown == {"colour": "Green", "shape": "Red"}
    assert first_case(facts.everything) == [0, 0]


def test_where_any_answer_will_do_a_fact_keeps_no_row_away():
    facts = colours(
        make.rule("RED", {"colour": {"in": ["red"]}}),
        make.rule("BOTH", {"shape": {"in": ["red"]}}),
        make.rule("R", {}),
    )
    assert facts.live([None, None]) & 0b111 == 0b111
    assert facts.live([1, None]) & 0b111 == 0b110


def test_a_row_that_can_fail_by_two_facts_need_not_fail_by_both():
    facts = colours(
        make.rule("BOTH", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}),
        make.rule("OTHER", {"colour": {"in": ["green", "blue", "not_documented", "conflicting"]}}),
    )
    case = facts.uncovered(facts.everything, 0b11)
    assert facts.given(case)["colour"] == Known("red")
    assert facts.given(case)["shape"] != Known("red")


def test_a_search_that_takes_too_many_steps_gives_up_and_the_next_one_begins_anew(monkeypatch):
    facts = colours(
        make.rule("A", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}),
        make.rule("B", {"colour": {"not": ["red"]}, "shape": {"not": ["red"]}}),
    )
    monkeypatch.setattr(cover, "STEPS", 1)
    with pytest.raises(Undecided):
        facts.uncovered(facts.everything, 0b11)
    monkeypatch.setattr(cover, "STEPS", 2_000)
    assert facts.uncovered(facts.everything, 0b11) is not None
    assert facts.steps > 1
