"""The shipped rules for fractures of the distal radius decide their worked cases and never pick the nearest code."""

import pytest

from coding import rulesets
from coding.decision import NOT_DOCUMENTED, OutcomeKind, decide, guide, verify
from coding.rules.worked_cases import Case
from tests import shipped

KEY = "distal-radius"
TABLE = rulesets.shipped(KEY)
CASES = shipped.cases(KEY, TABLE)
RULES = shipped.rules_of_cases(KEY)
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


def test_a_reduction_that_another_provider_follows_takes_54() -> None:
    assert end(REDUCED) == "25605 54 LT"


def test_both_wrists_are_one_line_with_50() -> None:
    assert end({**REDUCED, "side": "both"}) == "25605 54 50"


@pytest.mark.parametrize(
    ("method", "expected"),
    [("global", "25600 LT"), ("itemized", "no_family_code"), ("unknown", "supervisor_review")],
)
def test_a_cast_without_reduction_is_reported_as_the_practice_chose(method: str, expected: str) -> None:
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
def test_a_plate_is_coded_by_the_joint_and_the_fragments_of_it(joint: str, fragments: str, expected: str) -> None:
    assert end({**PLATED, "joint": joint, "fragments": fragments}) == expected


@pytest.mark.parametrize("temporary", ["no", "conflicting"])
def test_a_reduction_that_is_called_temporary_goes_to_a_supervisor(temporary: str) -> None:
    assert end({**REDUCED, "definitive": temporary}) == "supervisor_review"


def test_no_code_follows_while_the_fracture_is_only_suspected() -> None:
    for text in ("suspected", "absent", "unknown", "conflicting"):
        outcome = decide(TABLE, shipped.facts_from(TABLE, {**REDUCED, "certainty": text})).outcome
        assert outcome is not None
        assert outcome.kind is not OutcomeKind.CODE
