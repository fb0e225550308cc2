"""A whole small rule set as its author would read it: made up, four facts, five rules, and all that is made of them."""

import pytest

from coding.decision import (
    RuleTable,
    can_guide,
    contrast,
    decide,
    explain,
    flips,
    guide,
    needs,
    parse_rows,
    verify,
    why_not,
)
from tests.decision import tables as make

PARTS = [{"value": part, "label": part.title()} for part in ("finger", "arm", "leg")]
PART = make.fact("part", label="Part", choices=PARTS)
RIGID = make.fact("rigid", "yes_no", label="Rigid")
AGE = make.fact("age", "whole_number", label="Age", minimum=0, maximum=120, unit="years")
SIDE = make.fact(
    "side",
    label="Side",
    choices=[{"value": "left", "label": "Left"}, {"value": "right", "label": "Right"}],
)
FACTS = [PART, RIGID, AGE, SIDE]
DEFINITIONS = make.table(FACTS, [make.rule("R", {})]).facts

# Each rule as it is written in a draft: what it asks for, line by line, and the made-up code that it yields.
WRITTEN = {
    "FINGER": ("part: finger", "00001"),
    "CHILD": ("part: arm, leg\nage: ..17", "00002"),
    "RIGID": ("part: arm\nrigid: yes\nor\npart: leg\nrigid: yes", "00003"),
    "SOFT": ("part: arm, leg\nrigid: no", "00004"),
    "UNCLEAR": ("", ""),
}
MODIFIERS = {"LT": "side: left", "RT": "side: right"}


@pytest.fixture(scope="module")
def splints() -> RuleTable:
    """Splints, made up: any on a finger, then by age, then by whether it is rigid; else a supervisor decides."""
    rules = [
        make.rule(name, *parse_rows(conditions, DEFINITIONS, name), code=code)
        for name, (conditions, code) in WRITTEN.items()
    ]
    modifiers = [
        {"modifier": name, "rows": parse_rows(condition, DEFINITIONS, name)}
        for name, condition in MODIFIERS.items()
    ]
    return make.table(FACTS, rules, name="Splints", modifiers=modifiers)


def case(text):
    """Answers as a case file writes them: “part=arm rigid=yes”."""
    by_key = {definition.key: definition for definition in DEFINITIONS}
    pairs = [pair.split("=") for pair in text.split()]
    return {key: by_key[key].answer_from_text(value) for key, value in pairs}


@pytest.mark.parametrize(
    ("answers", "rule", "outcome"),
    [
        ("part=finger rigid=no age=40 side=left", "FINGER", "00001-LT"),
        ("part=finger rigid=yes age=2 side=unknown", "FINGER", "00001"),
        ("part=arm rigid=no age=17 side=right", "CHILD", "00002-RT"),
        ("part=arm rigid=no age=18 side=right", "SOFT", "00004-RT"),
        ("part=leg rigid=yes age=60 side=left", "RIGID", "00003-LT"),
        ("part=leg rigid=yes age=unknown side=left", "RIGID", "00003-LT"),
        ("part=leg rigid=unknown age=60 side=left", "UNCLEAR", "supervisor review"),
        ("part=unknown rigid=yes age=60 side=left", "UNCLEAR", "supervisor review"),
        ("part=conflicting rigid=no age=3 side=conflicting", "UNCLEAR", "supervisor review"),
    ],
)
def test_each_case_is_decided_by_the_first_rule_whose_conditions_it_meets(
    splints, answers, rule, outcome
):
    decision = decide(splints, case(answers))
    assert (decision.rule_id, decision.outcome.name) == (rule, outcome)


@pytest.mark.parametrize(
    ("answers", "still_open"),
    [
        ("", ("part", "rigid", "age", "side")),
        ("part=finger", ("side",)),
        ("part=arm", ("rigid", "age", "side")),
        ("part=arm age=3", ("side",)),
        ("part=arm rigid=yes side=left", ("age",)),
        ("part=unknown", ()),
        ("rigid=unknown side=left", ("part", "age")),
    ],
)
def test_only_what_can_still_change_the_outcome_is_open(splints, answers, still_open):
    guidance = guide(splints, case(answers))
    assert guidance.open_facts == still_open
    assert (guidance.next_question is None) is (still_open == ())


def test_the_form_leads_from_the_part_to_a_code(splints):
    asked = {}
    answers = {"part": "leg", "rigid": "yes", "age": "60", "side": "left"}
    while (question := guide(splints, asked).next_question) is not None:
        asked[question.key] = question.answer_from_text(answers[question.key])
    assert next(iter(asked)) == "part"
    assert decide(splints, asked).outcome.name == "00003-LT"


def test_the_explanation_names_the_rule_and_the_answers_that_it_rests_on(splints):
    facts = case("part=leg rigid=yes age=60 side=unknown")
    explanation = explain(splints, facts, decide(splints, facts))
    assert (explanation.title, explanation.reason) == ("RIGID", "by RIGID")
    assert [(said.label, said.answer) for said in explanation.deciding] == [
        ("Part", "Leg"),
        ("Rigid", "yes"),
    ]
    assert explanation.undocumented == ("Side",)


def test_a_code_that_did_not_come_says_what_kept_it_away(splints):
    facts = case("part=leg rigid=no age=60 side=left")
    [child] = why_not(splints, facts, "00002")
    assert [(cell.label, cell.given, cell.needed) for cell in child.excluded] == [
        ("Age", "60 years", "up to 17 years")
    ]
    [rigid] = why_not(splints, facts, "00003")
    assert {(cell.label, cell.given, cell.needed) for cell in rigid.excluded} == {
        ("Part", "Leg", "Arm"),
        ("Rigid", "no", "yes"),
    }


def test_a_code_needs_the_fewest_other_answers(splints):
    facts = case("part=leg rigid=no age=60 side=left")
    wanted = {
        code: [(need.label, need.given, need.needed) for need in needs(splints, facts, code)]
        for code in splints.family
    }
    assert wanted == {
        "00001": [("Part", "Leg", "Finger")],
        "00002": [("Age", "60 years", "0 to 17 years")],
        "00003": [("Rigid", "no", "yes")],
        "00004": [],
    }


def test_every_answer_that_would_change_the_outcome_is_named_with_what_comes_of_it(splints):
    facts = case("part=arm rigid=no age=60 side=left")
    named = {
        (flip.changes[0].label, flip.changes[0].needed): flip.names
        for flip in flips(splints, facts)
    }
    assert named == {
        ("Part", "Finger"): ("00001-LT",),
        ("Part", "not documented or documented two ways"): ("supervisor review",),
        ("Rigid", "yes"): ("00003-LT",),
        ("Rigid", "not documented or documented two ways"): ("supervisor review",),
        ("Age", "0 to 17 years"): ("00002-LT",),
        ("Side", "Right"): ("00004-RT",),
        ("Side", "not documented or documented two ways"): ("00004",),
    }


def test_two_codes_side_by_side_differ_in_one_answer(splints):
    contrasted = contrast(splints, "00003", "00004")
    assert contrasted.codes == ("00003", "00004")
    [difference] = contrasted.differences
    assert (difference.label, difference.first, difference.second) == ("Rigid", "yes", "no")
    assert difference.alone.outcome.code == "00004"


def test_the_table_may_be_published(splints):
    assert [finding.words for finding in verify(splints) if finding.is_defect] == []
    assert can_guide(splints)
