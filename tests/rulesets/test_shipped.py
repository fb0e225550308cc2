"""Every shipped rule set, found by its folder: it has no defect, and its worked cases say what each rule is for."""

import pytest

from coding import rulesets
from coding.decision import NOT_DOCUMENTED, FactValue, RuleTable, Source, decide, guide, verify
from coding.rules.from_note import values_of
from coding.rules.worked_cases import Case, read_cases
from tests.rulesets.cases import case_rows

KEYS = rulesets.keys()
every_rule_set = pytest.mark.parametrize("key", KEYS)


def worked(key: str) -> tuple[RuleTable, list[Case]]:
    table = rulesets.shipped(key)
    with rulesets.cases_file(key).open(newline="", encoding="utf-8") as file:
        cases = list(read_cases(file, table))
    assert [case for case in cases if not isinstance(case, Case)] == []
    return table, [case for case in cases if isinstance(case, Case)]


@every_rule_set
def test_its_folder_holds_the_rule_set_of_its_name(key: str) -> None:
    assert rulesets.shipped(key).key == key


@every_rule_set
def test_it_has_no_defect(key: str) -> None:
    assert [finding for finding in verify(rulesets.shipped(key)) if finding.is_defect] == []


@every_rule_set
def test_it_decides_each_worked_case_as_expected_and_by_the_rule_that_the_case_is_for(
    key: str,
) -> None:
    table, cases = worked(key)
    rules = {row["id"]: row["rule"] for row in case_rows(key)}
    assert len(rules) == len(cases)
    decisions = {case.id: decide(table, case.facts) for case in cases}
    assert [case.id for case in cases if not case.agrees(decisions[case.id])] == []
    assert {id_: decision.rule_id for id_, decision in decisions.items()} == rules


@every_rule_set
def test_each_of_its_rules_has_a_worked_case(key: str) -> None:
    worked_rules = {row["rule"] for row in case_rows(key)}
    assert {rule.id for rule in rulesets.shipped(key).rules} - worked_rules == set()


@every_rule_set
def test_asking_only_what_decides_comes_to_the_same_outcome(key: str) -> None:
    table, cases = worked(key)
    given = [fact.key for fact in table.facts if fact.source is not Source.CODER]
    for case in cases:
        answers: dict[str, FactValue] = {key: case.facts[key] for key in given if key in case.facts}
        while (question := guide(table, answers).next_question) is not None:
            answers[question.key] = case.facts.get(question.key, NOT_DOCUMENTED)
        assert decide(table, answers).outcome == decide(table, case.facts).outcome, case.id


@every_rule_set
def test_each_question_comes_with_help_and_each_rule_with_its_source(key: str) -> None:
    table = rulesets.shipped(key)
    assert [fact.key for fact in table.facts if not fact.help] == []
    assert [rule.id for rule in table.rules if not rule.basis] == []


@every_rule_set
def test_it_says_that_no_certified_coder_reviewed_it(key: str) -> None:
    assert "not reviewed by a certified coder" in rulesets.shipped(key).description
    assert (
        "Not reviewed by a certified coder"
        in (rulesets.cases_file(key).parent / "README.md").read_text()
    )


@pytest.mark.parametrize("key", list(filter(rulesets.has_lexicon, KEYS)))
def test_its_lexicon_names_facts_and_values_of_its_own(key: str) -> None:
    lexicon = rulesets.shipped_lexicon(key)
    assert lexicon.rule_set == key
    lexicon.check_values(values_of(rulesets.shipped(key)))


def test_a_lexicon_may_name_any_number_that_a_fact_can_be_and_no_other() -> None:
    lengths = values_of(rulesets.shipped("wound-repair"))["length_mm"]
    assert "26" in lengths
    assert "0" not in lengths
    assert "2.6" not in lengths
    assert ", ".join(lengths) == "a whole number from 1 to 1500"
