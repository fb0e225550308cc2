"""Two codes side by side: the fewest answers in which they differ, and what one of them alone would give."""

from itertools import combinations

import pytest
from hypothesis import given

from coding.decision import OutcomeKind, RuleTable, contrast, decide, verify
from tests import shipped_hip
from tests.decision import tables as make

HIP = shipped_hip.table()


def test_27256_and_27257_differ_in_manipulation_and_anesthesia_and_one_of_them_alone_gives_neither() -> (
    None
):
    differences = contrast(HIP, "27256", "27257")
    assert differences is not None
    assert [
        (difference.label, difference.first, difference.second)
        for difference in differences.differences
    ] == [
        ("Manipulation", "Not manipulated or Positioned only", "Manipulated"),
        (
            "Anesthesia",
            "None or Local, topical or pain relief only",
            "Monitored anesthesia care or Regional or General",
        ),
    ]
    for difference in differences.differences:
        assert difference.alone is not None
        assert difference.alone.outcome is not None
        assert difference.alone.outcome.kind is OutcomeKind.SUPERVISOR_REVIEW


@pytest.mark.parametrize("codes", list(combinations(HIP.family, 2)))
def test_the_two_cases_yield_the_two_codes_and_differ_only_where_it_says(
    codes: tuple[str, str],
) -> None:
    differences = contrast(HIP, *codes)
    assert differences is not None
    outcomes = [decide(HIP, case).outcome for case in differences.cases]
    assert [outcome and outcome.code for outcome in outcomes] == list(codes)
    first, second = differences.cases
    assert {key for key in first.keys() | second.keys() if first.get(key) != second.get(key)} == {
        difference.fact for difference in differences.differences
    }


def test_no_fewer_differences_would_do() -> None:
    rules = [
        make.rule("A", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}, code="00001"),
        make.rule("B", {"colour": {"in": ["blue"]}}, code="00002"),
        make.rule("REST", {}),
    ]
    differences = contrast(
        make.table([make.fact("colour"), make.fact("shape")], rules), "00001", "00002"
    )
    assert differences is not None
    assert [difference.fact for difference in differences.differences] == ["colour"]


def test_a_code_that_is_never_reached_has_no_contrast() -> None:
    rules = [make.rule("A", {}, code="00001"), make.rule("B", {}, code="00002")]
    assert contrast(make.table([make.fact("colour")], rules), "00001", "00002") is None


def test_a_code_whose_alternatives_take_up_every_answer_together_is_told_by_what_they_all_ask() -> (
    None
):
    """Without an answer to b the first rule decides, though neither of its rows surely applies."""
    silent_or_no = {"in": [False, "not_documented", "conflicting"]}
    yes = {"in": [True]}
    rules = [
        make.rule("R1", {"a": yes, "b": yes}, {"a": yes, "b": silent_or_no}, code="00001"),
        make.rule("R2", {}, code="00002"),
    ]
    table = make.table([make.fact("a", "yes_no"), make.fact("b", "yes_no")], rules)
    differences = contrast(table, "00001", "00002")
    assert differences is not None
    [difference] = differences.differences
    assert (difference.fact, difference.first, difference.second) == ("a", "yes", "no")


@given(make.split_documents())
def test_a_table_without_defects_has_a_contrast_of_its_codes_or_never_reaches_one(
    document: dict,
) -> None:
    table = RuleTable.from_document(document)
    if any(finding.is_defect for finding in verify(table)):
        return
    reached = [code for code in table.family if any(rule.code == code for rule in table.rules)]
    for codes in combinations(table.family, 2):
        differences = contrast(table, *codes)
        assert (differences is not None) == (set(codes) <= set(reached))
        if differences is not None:
            outcomes = [decide(table, case).outcome for case in differences.cases]
            assert [outcome and outcome.code for outcome in outcomes] == list(codes)
            assert all(
                difference.first and difference.second for difference in differences.differences
            )
