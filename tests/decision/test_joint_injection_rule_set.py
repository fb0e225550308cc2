"""The shipped rules for aspirations and injections of joints decide their worked cases, joint by joint."""

import pytest

from coding import rulesets
from coding.decision import NOT_DOCUMENTED, decide, guide, verify
from coding.rules.worked_cases import Case
from tests import shipped

KEY = "joint-injection"
TABLE = rulesets.shipped(KEY)
CASES = shipped.cases(KEY, TABLE)
RULES = shipped.rules_of_cases(KEY)
KNEE = {
    "target": "joint_bursa",
    "result": "completed",
    "part_of_surgery": "no",
    "joint": "knee",
    "one_joint": "yes",
    "guidance": "landmark",
    "side": "right",
}
FINGER = {**KNEE, "joint": "digit", "digit": "F2", "side": "na"}
RECORDED = {"guidance": "ultrasound", "record": "kept_reported"}
INTERMEDIATE = ("tmj", "ac", "wrist", "elbow", "olecranon", "ankle")
MAJOR = ("shoulder", "subacromial", "hip", "trochanteric", "knee", "knee_bursa")


def end(texts: dict[str, str]) -> str:
    outcome = decide(TABLE, shipped.facts_from(TABLE, texts)).outcome
    assert outcome is not None
    return " ".join((outcome.code, *outcome.modifiers)) if outcome.code else str(outcome.kind)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_decides_the_worked_case(case: Case) -> None:
    decision = decide(TABLE, case.facts)
    assert case.agrees(decision)
    assert decision.rule_id == RULES[case.id]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_comes_to_the_same_outcome_by_asking_only_what_decides(case: Case) -> None:
    given: dict[str, object] = {}
    while (question := guide(TABLE, given).next_question) is not None:
        given[question.key] = case.facts.get(question.key, NOT_DOCUMENTED)
    assert decide(TABLE, given).outcome == decide(TABLE, case.facts).outcome


def test_every_rule_decides_a_worked_case() -> None:
    assert {rule.id for rule in TABLE.rules} == set(RULES.values())


def test_it_has_no_defect() -> None:
    assert [finding.words for finding in verify(TABLE) if finding.is_defect] == []


def test_every_question_helps() -> None:
    assert [fact.key for fact in TABLE.facts if not fact.help] == []


@pytest.mark.parametrize("joint", INTERMEDIATE)
def test_a_middle_sized_joint_has_a_code_with_recorded_guidance_and_one_without(joint: str) -> None:
    assert end({**KNEE, "joint": joint}) == "20605 RT"
    assert end({**KNEE, "joint": joint, **RECORDED}) == "20606 RT"


@pytest.mark.parametrize("joint", MAJOR)
def test_a_large_joint_has_a_code_with_recorded_guidance_and_one_without(joint: str) -> None:
    assert end({**KNEE, "joint": joint}) == "20610 RT"
    assert end({**KNEE, "joint": joint, **RECORDED}) == "20611 RT"


def test_a_finger_or_toe_takes_its_own_modifier() -> None:
    assert end(FINGER) == "20600 F2"
    assert end({**FINGER, **RECORDED, "digit": "TA"}) == "20604 TA"


def test_both_sides_of_one_joint_are_one_line_with_50() -> None:
    assert end({**KNEE, "side": "both"}) == "20610 50"


@pytest.mark.parametrize(
    ("guidance", "record", "expected"),
    [
        ("ultrasound", "not_kept", "20610 RT"),
        ("ultrasound", "kept_only", "provider_query"),
        ("ultrasound", "unknown", "provider_query"),
        ("marked", "na", "20610 RT"),
        ("fluoroscopy", "na", "20610 RT"),
        ("conflicting", "na", "provider_query"),
    ],
)
def test_guidance_counts_only_with_a_kept_picture_and_a_report(guidance: str, record: str, expected: str) -> None:
    assert end({**KNEE, "guidance": guidance, "record": record}) == expected


def test_a_joint_of_disputed_size_and_a_second_joint_go_to_a_supervisor() -> None:
    assert end({**KNEE, "joint": "disputed"}) == "supervisor_review"
    assert end({**KNEE, "one_joint": "no"}) == "supervisor_review"
