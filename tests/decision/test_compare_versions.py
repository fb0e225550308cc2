"""What counts as a change of meaning between two versions: gaps, overlaps and wider answers do, words do not."""

import pytest
from hypothesis import given, settings

from coding.decision import Known, RuleTable, changed_regions, compare, decide
from tests.decision import tables as make
from tests.decision.reading import applying, plain_outcome

CASES = make.every_case()
RED, BLUE = {"in": ["red"]}, {"in": ["blue"]}


def colours(*rules, **more):
    return make.table([make.fact("colour")], list(rules), **more)


def told(before, after):
    """Each region with its words and with how it ended and ends; an empty text stands for no clear outcome."""
    return [
        (
            {condition.label: condition.words for condition in region.conditions},
            region.before.name if region.before else "",
            region.after.name if region.after else "",
        )
        for region in changed_regions(before, after).regions
    ]


def unique_ending(table, case):
    """How a case ends where exactly one rule may apply."""
    if len(list(applying(table, case))) != 1:
        return None
    _, outcome = plain_outcome(table, case)
    return outcome.kind, outcome.code, outcome.modifiers


@settings(max_examples=25)
@given(make.loose_documents("unique"), make.loose_documents("unique"))
def test_under_unique_a_change_is_found_exactly_where_some_case_ends_differently(one, other):
    before, after = RuleTable.from_document(one), RuleTable.from_document(other)
    differs = any(unique_ending(before, case) != unique_ending(after, case) for case in CASES)
    assert bool(changed_regions(before, after).count) is differs


@settings(max_examples=25)
@given(make.loose_documents(), make.loose_documents())
def test_as_many_regions_change_there_and_back(one, other):
    before, after = RuleTable.from_document(one), RuleTable.from_document(other)
    assert bool(changed_regions(before, after).count) is bool(changed_regions(after, before).count)


def test_a_gap_that_was_closed_is_a_change():
    before = colours(make.rule("RED", {"colour": RED}, code="00001"))
    after = colours(make.rule("RED", {"colour": RED}, code="00001"), make.rule("REST", {}))
    assert told(before, after) == [({"Colour": "anything but Red"}, "", "supervisor review")]


def test_an_overlap_that_came_is_a_change():
    red = make.rule("RED", {"colour": RED}, code="00001")
    before = colours(red, make.rule("BLUE", {"colour": BLUE}), hit_policy="unique")
    after = colours(
        red, make.rule("BLUE", {"colour": {"in": ["red", "blue"]}}), hit_policy="unique"
    )
    assert told(before, after) == [({"Colour": "Red"}, "00001", "")]


def test_that_hits_are_unique_from_now_on_changes_nothing_where_they_were():
    rules = [make.rule("RED", {"colour": RED}), make.rule("BLUE", {"colour": BLUE})]
    assert told(colours(*rules), colours(*rules, hit_policy="unique")) == []
    masked = [make.rule("RED", {"colour": RED}, code="00001"), make.rule("REST", {})]
    assert told(colours(*masked), colours(*masked, hit_policy="unique")) == [
        ({"Colour": "Red"}, "00001", "")
    ]


@pytest.mark.parametrize("key", ["id", "title", "message", "basis"])
def test_other_words_are_no_change_of_meaning(key):
    rule = make.rule("R", {"colour": RED})
    before, after = (
        colours(rule, make.rule("REST", {})),
        colours({**rule, key: "Other"}, make.rule("REST", {})),
    )
    assert changed_regions(before, after).count == 0


def test_so_it_is_where_the_conditions_were_written_otherwise_too():
    before = colours(make.rule("R", {"colour": RED}), make.rule("REST", {}, code="00001"))
    other = {**make.rule("R", {"colour": {"not": ["green", "blue"]}}), "message": "Other."}
    assert changed_regions(before, colours(other, make.rule("REST", {}, code="00001"))).count == 0


@pytest.mark.parametrize("outcome", ["provider_query", "no_family_code"])
def test_another_way_of_ending_is_one(outcome):
    rule = make.rule("R", {"colour": RED})
    before, after = (
        colours(rule, make.rule("REST", {})),
        colours({**rule, "outcome": outcome}, make.rule("REST", {})),
    )
    assert told(before, after) == [
        ({"Colour": "Red"}, "supervisor review", outcome.replace("_", " "))
    ]


def test_where_nothing_is_asked_everything_changes():
    before, after = colours(make.rule("R", {}, code="00001")), colours(make.rule("R", {}))
    assert told(before, after) == [({}, "00001", "supervisor review")]


def test_where_the_code_changes_with_it_modifiers_are_not_told_apart():
    lines = [{"modifier": "LT", "rows": [{"colour": RED}]}]
    family = ["00001", "00002"]
    before = colours(make.rule("R", {}, code="00001"), modifiers=lines, family=family)
    after = colours(make.rule("R", {}, code="00002"), modifiers=lines, family=family)
    assert told(before, after) == [({}, "00001", "00002")]


def ages(maximum, first, last):
    fact = make.fact("age", "whole_number", minimum=0, maximum=maximum)
    return make.table(
        [fact],
        [make.rule("R", {"age": {"between": [first, last]}}, code="00001"), make.rule("REST", {})],
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ages(9, 0, 4), ages(9, 0, 6), "5 to 6"),
        (ages(9, 0, 9), ages(99, 0, 99), "10 to 99"),
        (ages(None, 0, 9), ages(99, 0, None), "10 or more"),
    ],
)
def test_numbers_that_only_one_version_takes_are_told_as_a_range(before, after, words):
    assert told(before, after) == [({"Age": words}, "supervisor review", "00001")]


def test_a_fact_that_one_version_lacks_is_any_answer_to_it():
    both = [make.fact("colour"), make.fact("shape")]
    with_shape = make.table(
        both, [make.rule("R", {"shape": RED}, code="00001"), make.rule("REST", {})]
    )
    without = colours(make.rule("REST", {}))
    assert told(without, with_shape) == [({"Shape": "Red"}, "supervisor review", "00001")]
    assert told(with_shape, without) == [({"Shape": "Red"}, "00001", "supervisor review")]


def test_the_case_of_a_region_shows_the_change():
    before = colours(make.rule("RED", {"colour": RED}, code="00001"), make.rule("REST", {}))
    after = colours(make.rule("BLUE", {"colour": BLUE}, code="00001"), make.rule("REST", {}))
    for region in changed_regions(before, after).regions:
        assert decide(before, region.witness).outcome.name == region.before.name
        assert decide(after, region.witness).outcome.name == region.after.name
    assert [region.witness for region in changed_regions(before, after).regions] == [
        {"colour": Known("red")},
        {"colour": Known("blue")},
    ]


def test_of_many_regions_the_first_are_shown_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(compare, "SHOWN", 1)
    before = colours(make.rule("RED", {"colour": RED}, code="00001"), make.rule("REST", {}))
    after = colours(make.rule("BLUE", {"colour": BLUE}, code="00001"), make.rule("REST", {}))
    change = changed_regions(before, after)
    assert (len(change.regions), change.count) == (1, 2)
