"""Why an outcome is what it is, and the fewest other answers that would have made it another code."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    NOT_DOCUMENTED,
    Band,
    Facts,
    FactValue,
    Known,
    RuleTable,
    decide,
    diagnoses_for,
    explain,
    in_words,
    needs,
    why_not,
)
from tests import shipped_hip
from tests.decision import tables as make

HIP = shipped_hip.table()


def hip(**changes: str) -> Facts:
    """The answers on a newborn in a Pavlik harness, some of them changed; an empty text takes one back."""
    texts = {**shipped_hip.PAVLIK, **changes}
    answers = {key: HIP.fact_by_key[key].answer_from_text(text) for key, text in texts.items()}
    return {key: answer for key, answer in answers.items() if answer is not None}


def needed(facts: Facts, code: str) -> dict[str, tuple[str, str]]:
    return {need.fact: (need.given, need.needed) for need in needs(HIP, facts, code)}


def test_it_gives_the_rule_in_words_with_its_source_and_the_answers_that_it_rests_on() -> None:
    facts = hip()
    explanation = explain(HIP, facts, decide(HIP, facts))
    rule = HIP.rule_by_id["R32"]
    assert (explanation.title, explanation.reason, explanation.basis) == (
        rule.title,
        rule.message,
        rule.basis,
    )
    answers = {fact.fact: fact.answer for fact in explanation.deciding}
    assert answers == {
        "treatment": "Closed",
        "etiology": HIP.fact_by_key["etiology"].describe(facts["etiology"]),
        "manipulation": HIP.fact_by_key["manipulation"].describe(facts["manipulation"]),
        "anesthesia": "None",
        "stabilization": "Pavlik harness",
    }
    assert explanation.undocumented == ()


def test_it_says_whether_earlier_rules_might_have_decided() -> None:
    by_a_later_rule, by_the_first = hip(), hip(treatment="none")
    assert explain(HIP, by_a_later_rule, decide(HIP, by_a_later_rule)).has_rules_above
    assert not explain(HIP, by_the_first, decide(HIP, by_the_first)).has_rules_above


def test_it_names_the_facts_on_which_the_note_is_silent() -> None:
    facts = hip(stabilization="unknown", encounter="unknown")
    assert explain(HIP, facts, decide(HIP, facts)).undocumented == (
        "Place in the course of treatment",
        "Holding method",
    )


def test_it_says_which_answers_would_have_made_it_27257() -> None:
    assert needed(hip(manipulation="performed"), "27257") == {
        "anesthesia": ("None", "Monitored anesthesia care or Regional or General")
    }


def test_it_needs_nothing_for_the_code_that_the_answers_yield() -> None:
    assert needed(hip(), "27256") == {}


def test_it_needs_nothing_for_a_code_that_no_answers_yield() -> None:
    assert needed(hip(), "99999") == {}


def test_it_counts_the_rules_above_a_code_and_not_only_the_cells_of_its_own() -> None:
    subluxated = hip(joint_state="subluxated", manipulation="performed")
    assert needed(subluxated, "27257")["joint_state"] == ("Subluxated", "Dislocated")
    splint_for_transfer = hip(definitive="no")
    assert needed(splint_for_transfer, "27256") == {"definitive": ("no", "yes")}


def test_it_asks_for_answers_that_nobody_was_asked_yet() -> None:
    assert needed(hip(), "27259") == {
        "treatment": ("Closed", "Open"),
        "femoral_shortening": ("not asked", "yes"),
    }


def test_it_never_wishes_for_a_silent_note() -> None:
    for code in HIP.family:
        for facts in (hip(), hip(joint_state="unknown"), hip(encounter=""), {}):
            assert not any(
                "not documented" in words or "two ways" in words
                for _, words in needed(facts, code).values()
            )


def test_it_says_a_range_that_a_code_needs() -> None:
    age = make.fact("age", "whole_number", minimum=0, maximum=18, unit="months")
    rules = [
        make.rule("YOUNG", {"age": {"between": [None, 5]}}, code="00001"),
        make.rule("REST", {}),
    ]
    table = make.table([age], rules)
    [need] = needs(table, {"age": Known(7)}, "00001")
    assert (need.given, need.needed) == ("7 months", "0 to 5 months")
    assert needs(table, {"age": Known(Band(2, 3))}, "00001") == ()


KEYS = ["colour", "shape", "ready"]
small_rows = st.lists(st.sampled_from(KEYS), max_size=3, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: make.CELLS[key] for key in keys})
)
small_facts = st.fixed_dictionaries({key: st.sampled_from(make.ANSWERS[key]) for key in KEYS})


@st.composite
def small_tables(draw: st.DrawFn) -> RuleTable:
    """A random complete table over three facts."""
    codes = draw(st.lists(st.sampled_from(["", "00001", "00002"]), min_size=1, max_size=5))
    rules = [
        make.rule(f"R{place}", draw(small_rows), draw(small_rows), code=code)
        for place, code in enumerate(codes)
    ]
    facts = [make.fact("colour"), make.fact("shape"), make.fact("ready", "yes_no")]
    more = {
        "modifiers": [{"modifier": "LT", "rows": [draw(small_rows)]}],
        "family": ["00001", "00002"],
    }
    return make.table(facts, [*rules, make.rule("REST", {})], **more)


@settings(max_examples=60)
@given(small_tables(), small_facts)
def test_no_fewer_other_answers_would_give_the_code(
    table: RuleTable, facts: dict[str, FactValue]
) -> None:
    distances = {}
    for values in product(*(make.ANSWERS[key] for key in KEYS)):
        other = dict(zip(KEYS, values, strict=True))
        outcome = decide(table, other).outcome
        assert outcome is not None
        changed = {key for key in KEYS if other[key] != facts[key]}
        distances.setdefault(outcome.code, []).append(changed)
    for code in table.family:
        wanted = {need.fact for need in needs(table, facts, code)}
        ways = distances.get(code, [set()])
        assert len(wanted) == min(map(len, ways))
        assert wanted in ways


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"in": ["red", "blue"]}, "Red or Blue"),
        ({"in": ["red", "not_documented"]}, "Red or not documented"),
        ({"not": ["green", "blue"]}, "not Green or Blue"),
    ],
)
def test_it_says_a_condition_in_the_words_of_the_choices(cell: dict, words: str) -> None:
    table = make.table([make.fact("colour")], [make.rule("R", {"colour": cell})])
    assert in_words(table.facts[0], table.rules[0].rows[0][0]) == words


def test_it_supports_a_service_by_the_first_line_of_diagnoses_that_applies() -> None:
    lines = [
        {"codes": ["Q65.01"], "rows": [{"colour": {"in": ["red"]}}]},
        {"codes": ["Q65.00", "Q65.02"], "rows": [{"colour": {"in": ["red", "blue"]}}]},
    ]
    table = make.table([make.fact("colour")], [make.rule("R", {})], diagnoses=lines)
    assert diagnoses_for(table, {"colour": Known("red")}) == ("Q65.01",)
    assert diagnoses_for(table, {"colour": Known("blue")}) == ("Q65.00", "Q65.02")
    assert diagnoses_for(table, {"colour": NOT_DOCUMENTED}) == ()
    assert diagnoses_for(table, {}) == ()


def test_it_says_for_each_rule_of_a_code_which_cell_excluded_it() -> None:
    [why] = why_not(HIP, hip(), "27257")
    assert (why.rule_id, why.masked_by) == ("R31", "")
    [excluded] = why.excluded
    assert (excluded.label, excluded.given, excluded.needed) == (
        "Manipulation",
        "Positioned only",
        "Manipulated",
    )


def test_a_rule_that_applies_below_the_deciding_one_names_that() -> None:
    rules = [
        make.rule("RED", {"colour": {"in": ["red"]}}, code="00001"),
        make.rule("ANY", {}, code="00002"),
    ]
    [why] = why_not(make.table([make.fact("colour")], rules), {"colour": Known("red")}, "00002")
    assert (why.rule_id, why.masked_by, why.excluded) == ("ANY", "RED", ())


def test_a_rule_that_waits_for_an_answer_says_what_it_needs() -> None:
    [why] = why_not(HIP, {"treatment": Known("closed")}, "27257")
    assert [excluded.given for excluded in why.excluded] == ["not asked"]


def test_a_rule_is_not_asked_why_it_decided() -> None:
    assert why_not(HIP, hip(), "27256") == ()


@pytest.fixture
def together() -> RuleTable:
    """Without an answer to b the first rule decides, though neither of its rows surely applies."""
    yes, silent_or_no = {"in": [True]}, {"in": [False, "not_documented", "conflicting"]}
    rules = [
        make.rule("R1", {"a": yes, "b": yes}, {"a": yes, "b": silent_or_no}, code="00001"),
        make.rule("R2", {}, code="00002"),
    ]
    return make.table([make.fact("a", "yes_no"), make.fact("b", "yes_no")], rules)


def test_a_rule_whose_alternatives_decide_together_rests_on_what_was_answered(
    together: RuleTable,
) -> None:
    facts = {"a": Known(True)}
    deciding = explain(together, facts, decide(together, facts)).deciding
    assert [(fact.fact, fact.answer) for fact in deciding] == [("a", "yes")]


def test_a_rule_whose_alternatives_decide_together_is_not_asked_why_not(
    together: RuleTable,
) -> None:
    facts = {"a": Known(True)}
    assert why_not(together, facts, "00001") == ()
    [why] = why_not(together, facts, "00002")
    assert why.masked_by == "R1"


@given(make.split_documents(), st.data())
def test_it_names_an_answer_unless_the_rule_applies_whatever_is_answered(
    document: dict, data: st.DataObject
) -> None:
    table = RuleTable.from_document(document)
    keys = data.draw(st.sets(st.sampled_from(sorted(table.fact_by_key))))
    answers = make.ANSWERS | make.SMALL_ANSWERS
    facts = {key: data.draw(st.sampled_from(answers[key])) for key in sorted(keys)}
    decision = decide(table, facts)
    if decision.outcome is None or explain(table, facts, decision).deciding:
        return
    [own] = [rule for rule in document["rules"] if rule["id"] == decision.rule_id]
    rules = [{**own, "id": "ALONE"}, make.rule("LAST", {})]
    alone = RuleTable.from_document({**document, "rules": rules, "modifiers": []})
    assert decide(alone, {}).rule_id == "ALONE"
