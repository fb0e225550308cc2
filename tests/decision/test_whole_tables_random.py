"""Random small tables that say all that a table can say: each way to ask the core agrees with trying out every case."""

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    Band,
    Facts,
    Known,
    NumberedAnswers,
    Outcome,
    RuleTable,
    case_of_rule,
    changed_regions,
    contrast,
    decide,
    decide_batch,
    flips,
    guide,
    in_bands,
    needs,
    possible_outcomes,
)
from coding.decision.gaps import gap_regions
from tests.decision import derived_tables as made
from tests.decision.reading import plain_outcome

cases = st.sampled_from(made.CASES)


def outcome_of(table: RuleTable, case: Facts) -> Outcome:
    end = plain_outcome(table, made.with_values(table, case))
    assert end is not None
    return end[1]


def apart(first: Facts, second: Facts) -> int:
    """In how many answers two cases differ."""
    return sum(first[key] != second[key] for key in made.BASE)


@settings(max_examples=12)
@given(made.whole_documents(), made.partial_answers)
def test_outcomes_hold_lines_and_rule_sets_and_only_coders_are_asked(
    document: dict[str, Any], facts: Facts
) -> None:
    table = RuleTable.from_document(document)
    for case in made.CASES:
        assert decide(table, case).outcome == outcome_of(table, case)
    left = {outcome_of(table, case) for case in made.completions(facts)}
    assert set(possible_outcomes(table, facts)) == left
    asked = guide(table, facts).next_question
    assert asked is None or (asked.is_asked and asked.key not in facts)


@settings(max_examples=12)
@given(made.whole_documents(), st.lists(made.partial_answers, min_size=1, max_size=12))
def test_columns_and_stored_answers_are_decided_as_one_by_one(
    document: dict[str, Any], rows: list[Facts]
) -> None:
    table = RuleTable.from_document(document)
    columns = {key: [row.get(key) for row in rows] for key in made.BASE}
    expected = [decide(table, row) for row in rows]
    assert decide_batch(table, columns) == expected
    answers = {*(item for row in rows for item in row.items()), ("age", Known(Band(0, 2)))}
    numbers = {answer: number for number, answer in enumerate(answers)}
    stored = NumberedAnswers(table, {number: answer for answer, number in numbers.items()})
    assert stored.decide([[numbers[item] for item in row.items()] for row in rows]) == expected
    wide = {"age": Known(Band(0, 2))}
    assert stored.decide([[numbers["age", wide["age"]]]]) == [decide(table, wide)]


@settings(max_examples=12)
@given(made.whole_documents(), made.whole_documents(), cases)
def test_bands_and_regions_of_two_versions_hold_for_each_number(
    before: dict[str, Any], after: dict[str, Any], case: Facts
) -> None:
    old, new = RuleTable.from_document(before), RuleTable.from_document(after)
    banded = in_bands([old, new], case)
    assert [decide(table, banded).outcome for table in (old, new)] == [
        outcome_of(table, case) for table in (old, new)
    ]
    told = [
        {own.fact: own.answers for own in region.conditions}
        for region in changed_regions(old, new).regions
    ]
    for own in made.CASES:
        changed = meaning(outcome_of(old, own)) != meaning(outcome_of(new, own))
        assert any(inside(region, own) for region in told) is changed


def inside(region: dict[str, Any], case: Facts) -> bool:
    return all(
        any(covers(answer, case[key]) for answer in answers) for key, answers in region.items()
    )


def covers(answer: Any, given_answer: Any) -> bool:
    if isinstance(answer, Known) and isinstance(answer.value, Band):
        return isinstance(given_answer, Known) and given_answer.value in answer.value
    return bool(answer == given_answer)


def meaning(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.kind, outcome.code, outcome.modifiers, outcome.lines, outcome.see


@settings(max_examples=12)
@given(made.whole_documents(), cases)
def test_flips_and_what_a_code_needs_are_the_nearest_other_cases(
    document: dict[str, Any], case: Facts
) -> None:
    table = RuleTable.from_document(document)
    present = outcome_of(table, case)
    single: dict[str, set[Outcome]] = {}
    for key, values in made.BASE.items():
        others = {
            outcome_of(table, {**case, key: answer}) for answer in (*values, *made.SILENT)
        } - {present}
        single |= {key: others} if others else {}
    told: dict[str, set[Outcome]] = {}
    for flip in flips(table, case):
        if len(flip.changes) == 1:
            told.setdefault(flip.changes[0].fact, set()).update(flip.outcomes)
    assert told == single
    for code in table.family:
        distances = [
            apart(case, other) for other in made.CASES if outcome_of(table, other).code == code
        ]
        assert len(needs(table, case, code)) == (min(distances) if distances else 0)


@settings(max_examples=8)
@given(made.whole_documents())
def test_two_codes_differ_as_their_nearest_cases_do(document: dict[str, Any]) -> None:
    table = RuleTable.from_document(document)
    first, second = (
        [case for case in made.CASES if outcome_of(table, case).code == code]
        for code in table.family
    )
    nearest = contrast(table, *table.family)
    assert (nearest is not None) is bool(first and second)
    if nearest is not None:
        base = [difference for difference in nearest.differences if difference.fact in made.BASE]
        assert len(base) == min(apart(own, other) for own, other in product(first, second))


@settings(max_examples=12)
@given(made.derived_documents())
def test_regions_without_a_rule_hold_all_cases_without_one_and_each_rule_has_a_case(
    document: dict[str, Any],
) -> None:
    table = RuleTable.from_document(document)
    regions = gap_regions(table, 50)
    deciding = set()
    for case in made.CASES:
        known = made.with_values(table, case)
        end = plain_outcome(table, known)
        rows = [{cell.fact: cell for cell in region.row} for region in regions]
        in_a_gap = any(
            all(cell.test.accepts(known[key]) for key, cell in row.items()) for row in rows
        )
        assert in_a_gap is (end is None)
        deciding |= {end[0]} if end else set()
    for rule in table.rules:
        shown = case_of_rule(table, rule.id)
        assert (shown is not None) is (rule.id in deciding)
        if shown is not None:
            assert decide(table, shown).rule_id == rule.id
