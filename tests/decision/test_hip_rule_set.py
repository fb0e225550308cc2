"""The shipped hip rule set decides the worked cases, leaves no gap, and never picks the nearest code."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding import rulesets
from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Facts,
    Known,
    OutcomeKind,
    decide,
    diagnoses_for,
    guide,
    needs,
)
from coding.rules.worked_cases import Case, read_cases
from tests import shipped_hip
from tests.decision.finding import find_gap

TABLE = shipped_hip.table()
with rulesets.cases_file(shipped_hip.KEY).open(newline="", encoding="utf-8") as file:
    CASES = list(read_cases(file, TABLE))
ROWS = {row["id"]: row for row in shipped_hip.case_rows()}
SPONTANEOUS = {Known("developmental"), Known("congenital"), Known("pathological")}
ANESTHESIA = {Known("general"), Known("regional"), Known("mac")}
# Answers of dislocated hips that were treated: the more of them end in a code, the more the share may matter.
DOCUMENTED = {
    "treatment": ["closed", "open"],
    "definitive": ["yes"],
    "joint_state": ["dislocated"],
    "encounter": ["initial", "return_or"],
    "etiology": ["developmental", "traumatic", "post_arthroplasty"],
    "laterality": ["left", "bilateral"],
    "manipulation": ["performed", "positioning_only", "attempted_failed"],
    "anesthesia": ["none", "moderate_sedation", "mac", "general"],
    "stabilization": ["pavlik", "spica"],
    "acetabular_wall_fx": ["yes", "no"],
    "femoral_head_fx": ["yes", "no"],
    "internal_fixation": ["yes", "no"],
    "femoral_shortening": ["yes", "no"],
    "split": ["full"],
}


def facts_of(texts: dict[str, str]) -> Facts:
    return {key: TABLE.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_decides_the_worked_case(case: Case) -> None:
    decision = decide(TABLE, case.facts)
    assert case.agrees(decision)
    assert decision.rule_id == ROWS[case.id]["rule"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_comes_to_the_same_outcome_by_asking_only_what_decides(case: Case) -> None:
    given_facts: dict[str, object] = {}
    while (question := guide(TABLE, given_facts).next_question) is not None:
        given_facts[question.key] = case.facts.get(question.key, NOT_DOCUMENTED)
    assert decide(TABLE, given_facts).outcome == decide(TABLE, case.facts).outcome


def test_it_has_thirty_six_rules_and_ten_codes() -> None:
    assert [rule.id for rule in TABLE.rules] == [f"R{number:02}" for number in range(1, 37)]
    assert {rule.code for rule in TABLE.rules if rule.code} == set(TABLE.family)
    assert len(TABLE.family) == 10


def test_it_leaves_no_gap() -> None:
    assert find_gap(TABLE) is None


@pytest.mark.parametrize("sedation", ["none", "local", "moderate_sedation", "deep_sedation"])
def test_manipulation_without_anesthesia_is_gap_a_and_asks_a_supervisor(sedation: str) -> None:
    outcome = decide(TABLE, facts_of({**shipped_hip.GAP_A, "anesthesia": sedation})).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.code) == (OutcomeKind.SUPERVISOR_REVIEW, "")


@pytest.mark.parametrize(
    "anesthesia", ["moderate_sedation", "deep_sedation", "mac", "regional", "general"]
)
def test_anesthesia_without_manipulation_is_gap_b_and_asks_a_supervisor(anesthesia: str) -> None:
    facts = facts_of(
        {**shipped_hip.PAVLIK, "manipulation": "not_performed", "anesthesia": anesthesia}
    )
    outcome = decide(TABLE, facts).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.code) == (OutcomeKind.SUPERVISOR_REVIEW, "")


def modifiers_of(texts: dict[str, str], share: str) -> tuple[str, ...]:
    outcome = decide(TABLE, facts_of({**texts, "split": share})).outcome
    return outcome.modifiers if outcome else ()


def questions(texts: dict[str, str]) -> list[str]:
    """What is asked of a coder who knows these answers."""
    answers: dict[str, object] = {}
    while (question := guide(TABLE, answers).next_question) is not None:
        answers[question.key] = facts_of(texts).get(question.key, NOT_DOCUMENTED)
    return list(answers)


@given(st.fixed_dictionaries({key: st.sampled_from(texts) for key, texts in DOCUMENTED.items()}))
@settings(max_examples=200)
def test_the_share_of_the_care_is_asked_where_it_changes_the_modifiers_and_nowhere_else(
    texts: dict[str, str],
) -> None:
    modifiers = {share: modifiers_of(texts, share) for share in ("full", "treatment", "follow_up")}
    assert ("split" in questions(texts)) == (len(set(modifiers.values())) > 1)


@pytest.mark.parametrize(
    ("share", "modifiers"),
    [("full", ("LT",)), ("treatment", ("54", "LT")), ("follow_up", ("55", "LT"))],
)
def test_whoever_gives_a_share_of_the_care_reports_which(
    share: str, modifiers: tuple[str, ...]
) -> None:
    assert modifiers_of(shipped_hip.PAVLIK, share) == modifiers


def test_of_a_code_without_days_of_follow_up_no_share_is_asked() -> None:
    injury = {**shipped_hip.GAP_A, "etiology": "traumatic", "anesthesia": "moderate_sedation"}
    outcome = decide(TABLE, facts_of(injury)).outcome
    assert outcome is not None
    assert outcome.code == "27250"
    assert "split" not in questions(injury)
    assert modifiers_of(injury, "treatment") == ("LT",)


@pytest.mark.parametrize(
    ("place", "modifiers"),
    [("return_or", ("78", "LT")), ("staged", ("58", "LT")), ("initial", ("LT",))],
)
def test_a_return_to_the_operating_room_is_told_from_a_planned_stage(
    place: str, modifiers: tuple[str, ...]
) -> None:
    assert modifiers_of({**shipped_hip.REDUCED, "encounter": place}, "full") == modifiers


def test_a_share_that_is_documented_two_ways_is_asked_of_the_provider() -> None:
    decision = decide(TABLE, facts_of({**shipped_hip.PAVLIK, "split": "conflicting"}))
    assert decision.outcome is not None
    assert (decision.outcome.kind, decision.rule_id) == (OutcomeKind.PROVIDER_QUERY, "R04")


def test_it_says_what_27257_would_need_for_a_hip_in_a_harness() -> None:
    needed = {
        need.fact: need.needed for need in needs(TABLE, facts_of(shipped_hip.PAVLIK), "27257")
    }
    assert needed == {
        "manipulation": "Manipulated",
        "anesthesia": "Monitored anesthesia care or Regional or General",
    }


def test_it_names_the_supporting_diagnosis_of_a_left_congenital_dislocation() -> None:
    assert diagnoses_for(TABLE, facts_of(shipped_hip.PAVLIK)) == ("Q65.02",)


def test_it_carries_the_known_conflict_on_the_question_that_asks_for_manipulation() -> None:
    assert "Known conflict" in TABLE.fact_by_key["manipulation"].help


whole_space = st.fixed_dictionaries(
    {
        fact.key: st.sampled_from(
            [*(Known(value) for value in fact.values()), NOT_DOCUMENTED, CONFLICTING]
        )
        for fact in TABLE.facts
    }
)


@given(whole_space)
def test_every_combination_ends_in_exactly_one_outcome_and_never_in_the_nearest_code(
    facts: Facts,
) -> None:
    outcome = decide(TABLE, facts).outcome
    assert outcome is not None
    assert (outcome.kind is OutcomeKind.CODE) == (outcome.code in TABLE.family)
    closed_spontaneous = facts["etiology"] in SPONTANEOUS and facts["treatment"] == Known("closed")
    if outcome.code == "27256":
        assert closed_spontaneous
        assert facts["anesthesia"] in {Known("none"), Known("local")}
        assert facts["manipulation"] in {Known("not_performed"), Known("positioning_only")}
    if outcome.code == "27257":
        assert closed_spontaneous
        assert facts["anesthesia"] in ANESTHESIA
        assert facts["manipulation"] == Known("performed")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_its_content_hash_is_the_same_in_every_process(seed: str) -> None:
    code = "from coding import rulesets; print(rulesets.shipped('hip-dislocation').content_hash)"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == TABLE.content_hash
