"""The shipped rules for aspirations and injections of joints go joint by joint."""

import pytest

from coding import rulesets
from coding.decision import Outcome, decide

TABLE = rulesets.shipped("joint-injection")
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


def outcome(texts: dict[str, str]) -> Outcome:
    facts = {key: TABLE.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}
    decided = decide(TABLE, facts).outcome
    assert decided is not None
    return decided


def end(texts: dict[str, str]) -> str:
    decided = outcome(texts)
    return " ".join((decided.code, *decided.modifiers)) if decided.code else str(decided.kind)


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
def test_guidance_counts_only_with_a_kept_picture_and_a_report(
    guidance: str, record: str, expected: str
) -> None:
    assert end({**KNEE, "guidance": guidance, "record": record}) == expected


def test_a_joint_of_disputed_size_and_a_second_joint_go_to_a_supervisor() -> None:
    assert end({**KNEE, "joint": "disputed"}) == "supervisor_review"
    assert end({**KNEE, "one_joint": "no"}) == "supervisor_review"
