"""Findings about a table are exact: on random tables they agree with going through every case."""

import copy

import pytest
from hypothesis import given, settings

from coding.decision import Facts, Finding, Flaw, Known, RuleTable, cover, verify
from tests import shipped_hip
from tests.decision import tables as make
from tests.decision.finding import find_gap
from tests.decision.reading import applying, plain_outcome, row_applies

CASES = make.every_case()
documents = settings(max_examples=50)


def flaws(table: RuleTable, flaw: Flaw) -> list[Finding]:
    return [finding for finding in verify(table) if finding.flaw is flaw]


def applying_ids(table: RuleTable, facts: Facts) -> list[str]:
    return [rule["id"] for rule in applying(table, facts)]


def decided_by(table: RuleTable) -> list[str | None]:
    return [next(iter(applying_ids(table, case)), None) for case in CASES]


@documents
@given(make.loose_documents())
def test_it_finds_a_gap_exactly_where_some_case_has_no_rule(document: dict) -> None:
    table = RuleTable.from_document(document)
    assert bool(flaws(table, Flaw.GAP)) is (None in decided_by(table))
    assert (find_gap(table) is not None) is (None in decided_by(table))


@documents
@given(make.loose_documents())
def test_it_finds_the_rules_that_never_decide(document: dict) -> None:
    table = RuleTable.from_document(document)
    never = {finding.rules[0] for finding in flaws(table, Flaw.UNREACHABLE)}
    assert never == {rule.id for rule in table.rules} - set(decided_by(table))


@documents
@given(make.loose_documents())
def test_it_finds_the_rules_whose_cases_rules_above_partly_take(document: dict) -> None:
    table = RuleTable.from_document(document)
    masked: dict[str, set[str]] = {}
    for case in CASES:
        ids = applying_ids(table, case)
        for place, rule_id in enumerate(ids[1:], start=1):
            masked.setdefault(rule_id, set()).update(ids[:place])
    never = {finding.rules[0] for finding in flaws(table, Flaw.UNREACHABLE)}
    partly = {
        finding.rules[0]: set(finding.rules[1:]) for finding in flaws(table, Flaw.PARTLY_MASKED)
    }
    assert partly == {rule_id: above for rule_id, above in masked.items() if rule_id not in never}


@documents
@given(make.loose_documents("unique"))
def test_it_finds_every_pair_of_rules_that_overlap_under_unique(document: dict) -> None:
    table = RuleTable.from_document(document)
    pairs = set()
    for case in CASES:
        ids = applying_ids(table, case)
        pairs |= {(above, below) for place, below in enumerate(ids) for above in ids[:place]}
    assert {finding.rules for finding in flaws(table, Flaw.OVERLAP)} == pairs


def reaches(document: dict, number: int, place: int) -> bool:
    """Whether some case is decided by this alternative."""
    rules = document["rules"]
    above = [row for rule in rules[:number] for row in rule["rows"]] + rules[number]["rows"][:place]
    row = rules[number]["rows"][place]
    return any(
        row_applies(row, case) and not any(row_applies(other, case) for other in above)
        for case in CASES
    )


@settings(max_examples=30)
@given(make.loose_documents())
def test_a_cell_tests_nothing_exactly_where_the_rules_decide_the_same_without_it(
    document: dict,
) -> None:
    table = RuleTable.from_document(document)
    before = decided_by(table)
    expected = set()
    for number, rule in enumerate(document["rules"]):
        for place, row in enumerate(rule["rows"]):
            for key in row if reaches(document, number, place) else ():
                without = copy.deepcopy(document)
                del without["rules"][number]["rows"][place][key]
                if decided_by(RuleTable.from_document(without)) == before:
                    expected.add((rule["id"], key))
    assert {
        (finding.rules[0], finding.fact) for finding in flaws(table, Flaw.IDLE_CELL)
    } == expected


@settings(max_examples=30)
@given(make.loose_documents())
def test_an_alternative_is_idle_exactly_where_it_decides_no_case(document: dict) -> None:
    table = RuleTable.from_document(document)
    deciding = set(decided_by(table))
    idle = [
        rule["id"]
        for number, rule in enumerate(document["rules"])
        for place in range(len(rule["rows"]))
        if rule["id"] in deciding and not reaches(document, number, place)
    ]
    assert [finding.rules[0] for finding in flaws(table, Flaw.IDLE_ROW)] == idle


@settings(max_examples=30)
@given(make.loose_documents())
def test_a_fact_is_idle_exactly_where_no_answer_to_it_changes_rule_or_modifiers(
    document: dict,
) -> None:
    table = RuleTable.from_document(document)
    ends = {tuple(case.values()): plain_outcome(table, case) for case in CASES}
    idle = {finding.fact for finding in flaws(table, Flaw.IDLE_FACT)}
    for key, answers in make.SMALL_ANSWERS.items():
        changes = any(
            ends[tuple({**case, key: answer}.values())] != ends[tuple(case.values())]
            for case in CASES
            for answer in answers
        )
        assert (key in idle) is not changes


@documents
@given(make.loose_documents())
def test_the_case_that_a_finding_brings_shows_it(document: dict) -> None:
    table = RuleTable.from_document(document)
    for finding in verify(table):
        if finding.witness is not None:
            case = {**finding.witness, "age": a_number(finding.witness["age"])}
            ids = applying_ids(table, case)
            if finding.flaw is Flaw.GAP:
                assert ids == []
            else:
                assert finding.rules[0] in ids[1:]
                assert ids[0] in finding.rules


def a_number(answer: object) -> object:
    """A number of a band, which the plain reading knows nothing of."""
    return Known(answer.value.low) if isinstance(answer, Known) else answer


def test_the_hip_rules_have_no_defect_and_one_fact_that_no_rule_asks_for() -> None:
    findings = verify(shipped_hip.table())
    assert [finding.words for finding in findings if finding.is_defect] == []
    assert [finding.fact for finding in findings if finding.flaw is Flaw.IDLE_FACT] == ["tenotomy"]


def test_it_names_the_values_that_no_rule_mentions() -> None:
    rules = [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("REST", {})]
    [finding] = flaws(make.table([make.fact("colour")], rules), Flaw.UNMENTIONED)
    assert finding.words == "Colour: no rule mentions Green, Blue."


def test_it_names_the_ranges_of_numbers_that_no_rule_mentions() -> None:
    age = make.fact("age", "whole_number", minimum=0, maximum=9, unit="days")
    rules = [
        make.rule("A", {"age": {"between": [2, 3]}}, {"age": {"between": [7, None]}}),
        make.rule("REST", {}),
    ]
    [finding] = flaws(make.table([age], rules), Flaw.UNMENTIONED)
    assert finding.words == "Age: no rule mentions 0 to 1 days, 4 to 6 days."


def test_a_rule_whose_cells_no_answer_passes_says_so() -> None:
    age = make.fact("age", "whole_number", minimum=0, maximum=9)
    rules = [make.rule("OLD", {"age": {"between": [20, None]}}), make.rule("REST", {})]
    [finding] = flaws(make.table([age], rules), Flaw.UNREACHABLE)
    assert finding.words == "OLD never decides: no answers pass its cells."


def test_what_takes_too_long_is_called_undecided_never_fine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cover, "STEPS", 1)
    findings = verify(shipped_hip.table())
    assert any(
        "every case has a rule could not be decided" in finding.words for finding in findings
    )
    assert all(finding.is_defect for finding in findings if finding.flaw is Flaw.UNDECIDED)
    assert [finding.fact for finding in findings if finding.flaw is Flaw.IDLE_FACT] == ["tenotomy"]


def test_sets_of_codes_that_can_be_combined_in_too_many_ways_leave_the_table_undecided() -> None:
    codes = make.fact("codes", "code_set")
    rules = [make.rule(f"R{n}", {"codes": {"any_of": [f"A{n}"]}}) for n in range(13)]
    [finding] = verify(make.table([codes], [*rules, make.rule("REST", {})]))
    assert finding.flaw is Flaw.UNDECIDED
    assert finding.is_defect
