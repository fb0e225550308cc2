"""What an author sees that stands differently, part by part: facts, rules, modifiers, diagnoses and alternatives."""

import copy

import pytest

from coding.decision import RuleTable, revisions
from tests.decision import tables as make

FACTS = [
    make.fact("colour"),
    make.fact("age", "whole_number", minimum=0, maximum=9, unit="years"),
    make.fact("codes", "code_set"),
]
ROWS = [{"colour": {"in": ["red"]}}, {"age": {"between": [0, 5]}}]
DOCUMENT = RuleTable.from_document(
    make.document(
        FACTS,
        [
            make.rule("A", *ROWS, code="00001"),
            make.rule("B", {"colour": {"in": ["blue"]}}),
            make.rule("REST", {}),
        ],
        family=["00001", "00002"],
        modifiers=[{"modifier": "LT", "rows": [{"colour": {"in": ["red"]}}]}],
        diagnoses=[{"codes": ["Q65.01", "Q65.02"], "rows": [{"age": {"between": [0, 5]}}]}],
    )
).to_document()


def revised(change):
    """Every revision that a change of the document makes: subject, what became of it, and its edits."""
    document = copy.deepcopy(DOCUMENT)
    change(document)
    found = revisions(RuleTable.from_document(DOCUMENT), RuleTable.from_document(document))
    return [
        (
            revision.subject,
            revision.what.value,
            [(edit.place, edit.before, edit.after) for edit in revision.edits],
        )
        for revision in found
    ]


@pytest.mark.parametrize(
    ("key", "value", "edit"),
    [
        ("title", "Other", ("title", "A", "Other")),
        ("message", "Other.", ("message", "by A", "Other.")),
        ("basis", "Manual.", ("basis", "test", "Manual.")),
        ("code", "00002", ("code", "00001", "00002")),
    ],
)
def test_what_a_rule_says_otherwise_is_told_before_and_after(key, value, edit):
    assert revised(lambda document: document["rules"][0].update({key: value})) == [
        ("A", "changed", [edit])
    ]


def test_a_rule_that_ends_otherwise_tells_its_outcome_and_its_code():
    def ask(document):
        document["rules"][0]["outcome"] = "provider_query"
        del document["rules"][0]["code"]

    assert revised(ask) == [
        ("A", "changed", [("outcome", "code", "provider_query"), ("code", "00001", "")])
    ]


@pytest.mark.parametrize(
    ("place", "key", "value", "edit"),
    [
        (0, "label", "Hue", ("label", "Colour", "Hue")),
        (0, "help", "Look.", ("help", "", "Look.")),
        (1, "unit", "months", ("unit", "years", "months")),
    ],
)
def test_what_a_fact_says_otherwise_is_told_before_and_after(place, key, value, edit):
    [(subject, what, edits)] = revised(
        lambda document: document["facts"][place].update({key: value})
    )
    assert (subject, what) == (f"fact {FACTS[place]['key']}", "changed")
    assert edit in edits


def test_a_choice_that_came_is_an_edit_of_its_fact():
    [(subject, what, [(_, before, after)])] = revised(
        lambda document: document["facts"][0]["choices"].append({"value": "pink", "label": "Pink"})
    )
    assert (subject, what) == ("fact colour", "changed")
    assert "Pink" not in before
    assert "Pink" in after


def test_a_wider_range_is_an_edit_of_its_fact():
    [(subject, what, edits)] = revised(lambda document: document["facts"][1].update(maximum=99))
    assert (subject, what) == ("fact age", "changed")
    assert any("99" in after and "99" not in before for _, before, after in edits)


def test_a_condition_of_one_of_several_alternatives_is_told_with_its_number():
    assert revised(
        lambda document: document["rules"][0]["rows"][1].update(age={"between": [0, 6]})
    ) == [("A", "changed", [("alternative 2, Age", "0 to 5 years", "0 to 6 years")])]


def test_an_alternative_that_went_is_told_in_full():
    assert revised(lambda document: document["rules"][0]["rows"].pop(0)) == [
        ("A", "changed", [("alternative 1", "Colour: Red", "")])
    ]


def test_an_alternative_that_always_applies_reads_always():
    assert revised(lambda document: document["rules"][0]["rows"].append({})) == [
        ("A", "changed", [("alternative 3", "", "always")])
    ]


def test_alternatives_that_changed_places_are_no_edit():
    assert revised(lambda document: document["rules"][0]["rows"].reverse()) == []


def test_the_conditions_of_a_modifier_are_told_like_those_of_a_rule():
    assert revised(
        lambda document: document["modifiers"][0].update(rows=[{"colour": {"not": ["red"]}}])
    ) == [("modifier LT", "changed", [("Colour", "Red", "not Red")])]


def test_a_line_of_diagnoses_is_named_by_its_codes():
    assert revised(lambda document: document["diagnoses"][0].update(rows=[{}])) == [
        ("diagnoses Q65.01 Q65.02", "changed", [("Age", "0 to 5 years", "any")])
    ]
    assert revised(lambda document: document["diagnoses"][0]["codes"].pop()) == [
        ("diagnoses Q65.01 Q65.02", "removed", []),
        ("diagnoses Q65.01", "added", []),
    ]


def test_a_rule_that_moved_and_changed_is_told_both():
    def change(document):
        document["rules"].append(document["rules"].pop(0))
        document["rules"][-1]["title"] = "Other"

    assert revised(change) == [("A", "moved", []), ("A", "changed", [("title", "A", "Other")])]


def test_facts_stand_before_rules_and_modifiers_behind_them():
    def change(document):
        document["modifiers"][0]["modifier"] = "RT"
        document["rules"][1]["title"] = "Other"
        document["facts"][2]["label"] = "Other"

    assert [subject for subject, _, _ in revised(change)] == [
        "fact codes",
        "B",
        "modifier LT",
        "modifier RT",
    ]
