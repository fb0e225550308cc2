"""What verifying tells an author: each finding in words that name rule, fact and a case, the gravest first."""

import pytest

from coding.decision import NOT_DOCUMENTED, Finding, Flaw, Known, verify
from tests.decision import tables as make
from tests.decision.finding import find_gap

RED, BLUE = {"in": ["red"]}, {"in": ["blue"]}
SILENT = {"in": ["not_documented", "conflicting"]}
ANY_COLOUR = {"colour": {"in": ["red", "green", "blue"]}}
AGE = make.fact("age", "whole_number", minimum=0, maximum=9)


def colours(*rules, **more):
    return make.table([make.fact("colour"), make.fact("shape")], list(rules), **more)


def told(table, flaw):
    return [finding for finding in verify(table) if finding.flaw is flaw]


def test_a_sound_table_has_no_finding():
    rules = [
        make.rule("RED", {"colour": RED, "shape": RED}, code="00001"),
        make.rule("OTHER", {"colour": {"not": ["red"]}, "shape": {"not": ["red"]}}, code="00002"),
        make.rule("REST", {}),
    ]
    table = colours(*rules)
    assert [finding.flaw for finding in verify(table)] == [
        Flaw.PARTLY_MASKED,
        *[Flaw.UNMENTIONED] * 2,
    ]
    assert find_gap(table) is None


def test_a_gap_is_told_with_a_case_that_no_rule_covers():
    [gap] = told(
        colours(make.rule("R", {"colour": RED}, {"colour": SILENT}, {"colour": BLUE})), Flaw.GAP
    )
    assert gap.words == "No rule covers this case."
    assert gap.witness["colour"] == Known("green")
    assert gap.rules == ()


def test_an_overlap_names_both_rules_and_a_case_of_both():
    table = colours(
        make.rule("RED", {"colour": RED}), make.rule("ALSO", ANY_COLOUR), hit_policy="unique"
    )
    [overlap] = told(table, Flaw.OVERLAP)
    assert overlap.words == "RED and ALSO both cover this case."
    assert (overlap.rules, overlap.witness["colour"]) == (("RED", "ALSO"), Known("red"))


def test_where_the_first_rule_counts_there_is_no_overlap_but_a_rule_that_is_partly_masked():
    table = colours(
        make.rule("RED", {"colour": RED}), make.rule("ALSO", ANY_COLOUR), make.rule("REST", {})
    )
    assert told(table, Flaw.OVERLAP) == []
    masked = {finding.rules: finding.words for finding in told(table, Flaw.PARTLY_MASKED)}
    assert masked == {
        ("ALSO", "RED"): "ALSO is partly masked by RED; this case goes to a rule above.",
        (
            "REST",
            "RED",
            "ALSO",
        ): "REST is partly masked by RED, ALSO; this case goes to a rule above.",
    }


def test_under_unique_no_rule_is_called_partly_masked():
    table = colours(
        make.rule("RED", {"colour": RED}), make.rule("ALSO", ANY_COLOUR), hit_policy="unique"
    )
    assert told(table, Flaw.PARTLY_MASKED) == []


def test_a_rule_that_never_decides_is_named_with_one_that_takes_its_case():
    table = colours(make.rule("ALL", {}), make.rule("RED", {"colour": RED}))
    [never] = told(table, Flaw.UNREACHABLE)
    assert (
        never.words == "RED never decides: the rules above cover all its cases; ALL takes this one."
    )
    assert (never.rules, never.witness["colour"]) == (("RED", "ALL"), Known("red"))


def test_several_rules_above_may_take_all_cases_together():
    table = colours(
        make.rule("ONE", {"colour": RED, "shape": RED}),
        make.rule(
            "TWO",
            {"colour": RED, "shape": {"in": ["green", "blue", "not_documented", "conflicting"]}},
        ),
        make.rule("THREE", {"colour": RED}),
        make.rule("REST", {}),
    )
    [never] = told(table, Flaw.UNREACHABLE)
    assert never.rules == ("THREE", "ONE")


def test_an_alternative_that_never_decides_is_named_by_its_number():
    table = colours(
        make.rule("R", {"colour": RED}, {"colour": RED, "shape": RED}), make.rule("REST", {})
    )
    [idle] = told(table, Flaw.IDLE_ROW)
    assert (
        idle.words == "R, alternative 2, never decides: what stands above it covers all its cases."
    )
    assert not idle.is_defect


def test_a_condition_that_tests_nothing_is_named_by_rule_fact_and_words():
    table = colours(
        make.rule("RED", {"colour": RED}),
        make.rule("SHAPE", {"colour": {"not": ["red"]}}),
        make.rule("REST", {"colour": SILENT}),
    )
    [idle] = told(table, Flaw.IDLE_CELL)
    expected = "REST, Colour: “documented two ways or not documented” tests nothing; no other answer gets there."
    assert idle.words == expected
    assert (idle.rules, idle.fact) == (("REST",), "colour")


def test_a_fact_that_no_rule_asks_for_is_named():
    [idle] = told(colours(make.rule("RED", {"colour": RED}), make.rule("REST", {})), Flaw.IDLE_FACT)
    assert (idle.words, idle.fact) == ("Shape: no rule asks for it.", "shape")


def test_a_fact_whose_answer_changes_nothing_is_named():
    table = colours(make.rule("ALL", {}), make.rule("RED", {"colour": RED, "shape": RED}))
    assert [finding.words for finding in told(table, Flaw.IDLE_FACT)] == [
        "Colour: its answer never changes the outcome.",
        "Shape: its answer never changes the outcome.",
    ]


@pytest.mark.parametrize(("code", "idle"), [("00001", []), ("", ["shape"])])
def test_a_fact_that_only_a_modifier_asks_for_matters_where_some_code_takes_the_modifier(
    code, idle
):
    modifiers = [{"modifier": "LT", "rows": [{"shape": RED}]}]
    table = colours(
        make.rule("RED", {"colour": RED}, code=code), make.rule("REST", {}), modifiers=modifiers
    )
    assert [finding.fact for finding in told(table, Flaw.IDLE_FACT)] == idle


def test_a_modifier_that_another_line_gives_anyway_makes_no_fact_matter():
    modifiers = [{"modifier": "LT", "rows": [{"shape": RED}, {}]}]
    table = colours(make.rule("ALL", {"colour": RED}, {}, code="00001"), modifiers=modifiers)
    assert [finding.fact for finding in told(table, Flaw.IDLE_FACT)] == ["colour", "shape"]


def test_values_that_only_diagnoses_name_are_mentioned():
    lines = [{"codes": ["Q65.01"], "rows": [{"colour": {"in": ["green", "blue"]}}]}]
    rules = [make.rule("RED", {"colour": RED}), make.rule("REST", {})]
    assert told(make.table([make.fact("colour")], rules, diagnoses=lines), Flaw.UNMENTIONED) == []
    [unmentioned] = told(make.table([make.fact("colour")], rules), Flaw.UNMENTIONED)
    assert unmentioned.words == "Colour: no rule mentions Green, Blue."


def test_a_value_that_a_rule_excludes_is_mentioned():
    rules = [make.rule("NOT", {"colour": {"not": ["red", "green"]}}), make.rule("REST", {})]
    [unmentioned] = told(make.table([make.fact("colour")], rules), Flaw.UNMENTIONED)
    assert unmentioned.words == "Colour: no rule mentions Blue."


def test_the_gravest_finding_stands_first():
    rules = [
        make.rule("RED", {"colour": RED}),
        make.rule("AGAIN", {"colour": RED}),
        make.rule("BLUE", {"colour": BLUE}),
    ]
    flaws = [finding.flaw for finding in verify(make.table([make.fact("colour"), AGE], rules))]
    assert flaws == [Flaw.GAP, Flaw.UNREACHABLE, Flaw.IDLE_FACT, Flaw.UNMENTIONED]


@pytest.mark.parametrize("flaw", list(Flaw))
def test_gaps_overlaps_unreachable_rules_and_what_is_undecided_are_defects_and_nothing_else(flaw):
    defects = {Flaw.GAP, Flaw.OVERLAP, Flaw.UNREACHABLE, Flaw.UNDECIDED}
    assert Finding(flaw, "Words.").is_defect is (flaw in defects)


def test_a_silent_note_is_a_case_like_any_other():
    rules = [make.rule("ALL", {"colour": {"in": ["red", "green", "blue", "conflicting"]}})]
    assert find_gap(make.table([make.fact("colour")], rules)) == {"colour": NOT_DOCUMENTED}
