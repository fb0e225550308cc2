"""What two editions of a draft say differently: row by row and cell by cell, in the words of the grid."""

import copy

import pytest

from coding.decision import Edit, Revised, Revision
from coding.rules.draft_content import content_of_table
from coding.rules.draft_differences import differences
from tests import small_rules

BEFORE = content_of_table(small_rules.table())
CASE = {"case_id": "V1", "answers": "held: yes", "outcome": "code", "code": "27256"}


@pytest.fixture
def after():
    """The same draft, for a test to change."""
    return copy.deepcopy(BEFORE)


def compare(after, before=BEFORE):
    return differences(before, after)


def changed(subject, *edits):
    return Revision(subject, Revised.CHANGED, tuple(Edit(*edit) for edit in edits))


def test_two_editions_that_say_the_same_differ_in_nothing(after):
    after["rules"][0]["id"] = 7
    assert compare(after) == []


def test_the_draft_s_own_texts_stand_first_under_one_name(after):
    after["family"] = "27256"
    after["hit_policy"] = "unique"
    after["description"] = "Two codes.\r\nAnd words."
    assert compare(after) == [
        changed(
            "the version",
            ("description", "Two codes.", "Two codes.\nAnd words."),
            ("family", "27256 27257", "27256"),
            ("hit policy", "first", "unique"),
        )
    ]


def test_a_text_with_other_ends_of_lines_is_the_same_text(after):
    after["description"] = "One.\r\nTwo."
    assert compare(after, BEFORE | {"description": "One.\nTwo."}) == []


def test_what_one_of_the_two_does_not_tell_is_not_compared(after):
    later = after | {"change_note": "Why.", "cases": [CASE]}
    assert compare(later) == []
    assert compare(BEFORE, later) == []


def test_what_both_tell_beside_the_rules_is_compared_too(after):
    before = BEFORE | {"change_note": "", "effective_from": None, "cases": []}
    later = after | {"change_note": "Why.", "effective_from": "2026-05-04", "cases": [CASE]}
    version, case = compare(later, before)
    assert version == changed(
        "the version", ("effective from", "", "2026-05-04"), ("change note", "", "Why.")
    )
    assert (case.subject, case.what) == ("worked case V1", Revised.ADDED)


def test_a_cell_is_named_by_the_label_of_its_question(after):
    after["rules"][0]["conditions"] = "held: no\ndrug: none"
    assert compare(after) == [changed("rule R1", ("Held", "yes", "no"))]


def test_a_cell_that_was_filled_or_emptied_has_nothing_on_the_other_side(after):
    after["rules"][0]["conditions"] = "held: yes"
    after["rules"][2]["conditions"] = "drug: sleep"
    assert compare(after) == [
        changed("rule R1", ("Drug", "none", "")),
        changed("rule R3", ("Drug", "", "sleep")),
    ]


def test_of_two_rows_that_bear_one_name_each_is_told(after):
    twice = copy.deepcopy(after)
    twice["rules"][1]["rule_id"] = "R1"
    first, second = copy.deepcopy(twice), copy.deepcopy(twice)
    first["rules"][0]["title"] = "First"
    second["rules"][1]["title"] = "Second"
    assert [own.subject for own in compare(first, twice)] == ["rule R1"]
    assert [own.subject for own in compare(second, twice)] == ["rule R1, row 2"]


def test_of_several_alternatives_each_cell_says_in_which_it_stands(after):
    after["rules"][0]["conditions"] = "held: yes\ndrug: none\nor\ndrug: sleep"
    assert compare(after) == [changed("rule R1", ("alternative 2, Drug", "", "sleep"))]
    [back] = compare(BEFORE, after)
    assert back == changed("rule R1", ("alternative 2, Drug", "sleep", ""))


def test_what_could_not_be_read_and_what_no_question_asks_are_told_too(after):
    after["rules"][2]["conditions"] = "held yes\ncolour: red"
    assert compare(after) == [
        changed("rule R3", ("unreadable", "", "held yes"), ("colour", "", "red"))
    ]


def test_a_question_without_a_label_heads_its_column_by_its_key(after):
    after["facts"][0]["label"] = ""
    after["rules"][0]["conditions"] = "held: no\ndrug: none"
    question, rule = compare(after)
    assert question == changed("question held", ("label", "Held", ""))
    assert rule == changed("rule R1", ("held", "yes", "no"))


def test_texts_of_a_row_stand_before_its_cells(after):
    after["rules"][0] |= {"code": "27257", "conditions": "held: no\ndrug: none"}
    assert compare(after) == [changed("rule R1", ("code", "27256", "27257"), ("Held", "yes", "no"))]


def test_a_yes_and_what_is_empty_are_written_as_people_read_them(after):
    after["facts"][0] |= {"asked_first": True, "minimum": 0, "choices": None}
    assert compare(after) == [
        changed("question held", ("minimum", "", "0"), ("asked first", "", "yes"))
    ]


def test_a_row_that_is_new_or_gone_tells_what_it_says(after):
    gone = after["rules"].pop(1)
    after["rules"].append({**gone, "rule_id": "R9"})
    removed, added = compare(after)
    assert (removed.subject, removed.what) == ("rule R2", Revised.REMOVED)
    assert (added.subject, added.what) == ("rule R9", Revised.ADDED)
    assert Edit("code", "", "27257") in removed.edits
    assert Edit("Drug", "", "sleep") in added.edits
    assert removed.edits[1:] == added.edits[1:]


def test_a_row_that_stands_elsewhere_was_moved_and_may_be_changed_besides(after):
    first, second, third = after["rules"]
    after["rules"] = [first, third, second]
    assert compare(after) == [Revision("rule R3", Revised.MOVED)]
    third["title"] = "Else"
    assert compare(after) == [
        Revision("rule R3", Revised.MOVED),
        changed("rule R3", ("title", "Anything else", "Else")),
    ]


def test_a_row_that_is_added_in_between_moves_no_other(after):
    after["rules"].insert(1, {**after["rules"][0], "rule_id": "R1b"})
    [added] = compare(after)
    assert (added.subject, added.what) == ("rule R1b", Revised.ADDED)


def test_rows_without_a_name_are_compared_by_their_number(after):
    after["modifiers"][0]["modifier"] = "RT"
    after["diagnoses"].append({"codes": "Q65.1", "conditions": ""})
    modifier, diagnoses = compare(after)
    assert modifier == changed("modifier 1", ("modifier", "LT", "RT"))
    assert (diagnoses.subject, diagnoses.what) == ("diagnoses 2", Revised.ADDED)
