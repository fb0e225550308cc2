"""The shipped rules for fractures of the distal radius never pick the nearest code."""

import pytest

from coding import rulesets
from coding.decision import Outcome, OutcomeKind, decide

TABLE = rulesets.shipped("distal-radius")
# Reduced in an emergency department, orthopedics follows.
REDUCED = {
    "certainty": "confirmed",
    "bone": "distal_radius",
    "encounter": "initial",
    "split": "treatment",
    "treatment": "closed",
    "definitive": "yes",
    "manipulation": "done",
    "side": "left",
}
CAST = {**REDUCED, "split": "full", "manipulation": "not_done"}
PLATED = {**REDUCED, "split": "full", "treatment": "open", "fixation": "yes"}


def outcome(texts: dict[str, str]) -> Outcome:
    facts = {key: TABLE.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}
    decided = decide(TABLE, facts).outcome
    assert decided is not None
    return decided


def end(texts: dict[str, str]) -> str:
    decided = outcome(texts)
    return " ".join((decided.code, *decided.modifiers)) if decided.code else str(decided.kind)


def test_a_reduction_that_another_provider_follows_takes_54() -> None:
    assert end(REDUCED) == "25605 54 LT"


def test_both_wrists_are_one_line_with_50() -> None:
    assert end({**REDUCED, "side": "both"}) == "25605 54 50"


@pytest.mark.parametrize(
    ("method", "expected"),
    [("global", "25600 LT"), ("itemized", "no_family_code"), ("unknown", "supervisor_review")],
)
def test_a_cast_without_reduction_is_reported_as_the_practice_chose(
    method: str, expected: str
) -> None:
    assert end({**CAST, "method": method}) == expected


@pytest.mark.parametrize(
    ("joint", "fragments", "expected"),
    [
        ("outside", "na", "25607 LT"),
        ("inside", "1", "supervisor_review"),
        ("inside", "2", "25608 LT"),
        ("inside", "3", "25609 LT"),
        ("inside", "12", "25609 LT"),
        ("inside", "unknown", "provider_query"),
    ],
)
def test_a_plate_is_coded_by_the_joint_and_the_fragments_of_it(
    joint: str, fragments: str, expected: str
) -> None:
    assert end({**PLATED, "joint": joint, "fragments": fragments}) == expected


@pytest.mark.parametrize("temporary", ["no", "conflicting"])
def test_a_reduction_that_is_called_temporary_goes_to_a_supervisor(temporary: str) -> None:
    assert end({**REDUCED, "definitive": temporary}) == "supervisor_review"


def test_no_code_follows_while_the_fracture_is_only_suspected() -> None:
    for text in ("suspected", "absent", "unknown", "conflicting"):
        assert outcome({**REDUCED, "certainty": text}).kind is not OutcomeKind.CODE
