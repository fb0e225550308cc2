"""A draft is read as far as it goes: all its errors at once, each at its place, and a table of what is sound."""

import pytest

from coding.rules import rulebook
from coding.rules.draft_content import (
    cells_of,
    conditions_of,
    content_of,
    content_of_table,
    without_ids,
)
from coding.rules.draft_reading import read_content, read_draft
from tests import small_rules


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


def break_rule(draft, rule_id, **values):
    draft.rules.filter(rule_id=rule_id).update(**values)


def test_a_sound_draft_is_read_as_its_document_says(draft):
    reading = read_draft(draft)
    assert reading.is_whole
    assert reading.table.to_document() == small_rules.table().to_document()


def test_what_rows_say_is_what_the_rows_of_their_table_say(draft):
    assert without_ids(content_of(draft)) == content_of_table(rulebook.table_of(draft.document))


def test_all_errors_are_told_at_once_each_at_its_cell(draft):
    break_rule(draft, "R1", conditions="held: maybe\ndrug: ether\nor\ncolour: red", code="99999")
    break_rule(draft, "R2", title=" ", conditions="held yes")
    draft.modifier_rules.update(conditions="held: perhaps")
    reading = read_draft(draft)
    places = [(own.part, own.row, own.column, own.alternative) for own in reading.problems]
    assert places == [
        ("rules", 0, "held", 0),
        ("rules", 0, "drug", 0),
        ("rules", 0, "colour", 1),
        ("rules", 0, "code", None),
        ("rules", 1, "", 0),
        ("rules", 1, "title", None),
        ("modifiers", 0, "", None),
    ]
    assert reading.left_out == 2
    assert [rule.id for rule in reading.table.rules] == ["R3"]


def test_a_broken_question_is_told_once_and_not_again_by_each_cell_that_asks_it(draft):
    draft.facts.filter(key="drug").update(label="")
    reading = read_draft(draft)
    assert [(own.part, own.row, own.column) for own in reading.problems] == [("facts", 1, "label")]
    assert [fact.key for fact in reading.table.facts] == ["held"]
    assert reading.left_out == 2


def test_a_deleted_question_leaves_an_error_at_every_cell_that_asked_it(draft):
    draft.facts.filter(key="held").delete()
    problems = read_draft(draft).problems
    assert [(own.row, own.column) for own in problems if own.part == "rules"] == [
        (0, "held"),
        (1, "held"),
    ]


def test_two_rules_of_one_name_are_told(draft):
    content = content_of(draft)
    content["rules"][1]["rule_id"] = "R1"
    [problem] = read_content(draft.rule_set, content).problems
    assert (problem.row, problem.column) == (1, "rule_id")


def test_further_lines_that_name_nothing_are_told_and_the_rest_is_read(draft):
    draft.further = {
        "claim": {"setting": {"fact": "nothing"}},
        "lines": [{"code": "1"}],
        "groups": 3,
    }
    draft.opening = {"opens_by": 3}
    reading = read_draft(draft)
    assert [(own.part, own.column) for own in reading.problems] == [
        ("version", "further"),
        ("version", "further"),
        ("version", "further"),
        ("version", "opening"),
    ]
    begins = [own.words.partition(":")[0] for own in reading.problems]
    assert begins == ["Further lines", "Groups", "Facts of claim checks", "What opens its services"]
    assert len(reading.table.rules) == 3


@pytest.mark.parametrize(
    "conditions",
    [
        "",
        "held: yes\ndrug: none",
        "held: yes\nor\ndrug: none",
        "held yes",
        "held: yes\nheld: no",
        "nothing: here\n: red",
    ],
)
def test_conditions_as_cells_say_what_they_said(conditions):
    assert conditions_of(cells_of(conditions), ["held", "drug"]) == conditions
