"""Derived facts on random small tables: what the core says is what trying out every case says."""

from itertools import product
from typing import Any

from hypothesis import given, settings

from coding.decision import (
    Band,
    Facts,
    Known,
    Outcome,
    RuleTable,
    Verdict,
    changed_regions,
    complete,
    decide,
    decide_batch,
    errors,
    guide,
    possible_outcomes,
    trace,
    verify,
)
from coding.decision.findings import Flaw
from tests.decision import derived_tables as made
from tests.decision.reading import plain_outcome, row_applies

End = tuple[str, Outcome] | None


def plain_ends(table: RuleTable) -> list[End]:
    """What every case ends in."""
    return [plain_outcome(table, made.with_values(table, case)) for case in made.CASES]


def end_of(table: RuleTable, facts: Facts) -> End:
    try:
        decision = decide(table, facts)
    except errors.NoRuleApplies:
        return None
    assert decision.rule_id is not None
    assert decision.outcome is not None
    return decision.rule_id, decision.outcome


@settings(max_examples=12)
@given(made.derived_documents())
def test_every_case_has_the_values_and_the_rule_of_a_plain_reading(
    document: dict[str, Any],
) -> None:
    table = RuleTable.from_document(document)
    for case, end in zip(made.CASES, plain_ends(table), strict=True):
        assert complete(table, case) == made.with_values(table, case)
        assert end_of(table, case) == end


@settings(max_examples=12)
@given(made.derived_documents(), made.partial_answers)
def test_outcomes_and_open_facts_are_those_of_the_cases_that_are_left(
    document: dict[str, Any], facts: Facts
) -> None:
    table = RuleTable.from_document(document)
    ends = dict(zip((tuple(case.values()) for case in made.CASES), plain_ends(table), strict=True))
    left = [ends[tuple(case.values())] for case in made.completions(facts)]
    assert set(possible_outcomes(table, facts)) == {end[1] for end in left if end}
    deciding = set()
    for case in made.completions(facts):
        for key in set(made.BASE) - set(facts):
            others = ({**case, key: answer} for answer in [*made.BASE[key], *made.SILENT])
            if any(ends[tuple(other.values())] != ends[tuple(case.values())] for other in others):
                deciding.add(key)
    assert set(guide(table, facts).open_facts) == deciding
    if len(set(left)) == 1:
        assert end_of(table, facts) == left[0]
    else:
        assert decide(table, facts).outcome is None


@settings(max_examples=12)
@given(made.derived_documents())
def test_gaps_rules_and_cells_are_judged_by_cases_that_exist(document: dict[str, Any]) -> None:
    table = RuleTable.from_document(document)
    findings = verify(table)
    ends = plain_ends(table)
    of_rules = [
        finding
        for finding in findings
        if not finding.words.startswith(("Grade: line", "Fit: line"))
    ]
    gaps = [finding for finding in findings if finding.flaw is Flaw.GAP and not finding.fact]
    assert bool(gaps) is (None in ends)
    for gap in gaps:
        assert end_of(table, gap.witness or {}) is None
    unreachable = {finding.rules[0] for finding in of_rules if finding.flaw is Flaw.UNREACHABLE}
    assert unreachable == {rule.id for rule in table.rules} - {end[0] for end in ends if end}
    rules_of_cases = [end and end[0] for end in ends]
    idle = sorted((f.rules[0], f.fact) for f in of_rules if f.flaw is Flaw.IDLE_CELL)
    assert idle == sorted(plain_idle_cells(document, rules_of_cases))


def plain_idle_cells(document: dict[str, Any], expected: list[str | None]) -> list[tuple[str, str]]:
    """The cells of rows that decide somewhere, without which every case keeps its rule."""
    idle = []
    table = RuleTable.from_document(document)
    cases = [made.with_values(table, case) for case in made.CASES]
    above: list[dict[str, Any]] = []
    for rule in document["rules"]:
        for number, row in enumerate(rule["rows"]):
            decides = any(
                row_applies(row, case) and not any(row_applies(r, case) for r in above)
                for case in cases
            )
            for key in row if decides else ():
                rows = [*rule["rows"]]
                rows[number] = {other: cell for other, cell in row.items() if other != key}
                if rules_without(document, rule["id"], rows, cases) == expected:
                    idle.append((rule["id"], key))
            above.append(row)
    return idle


def rules_without(
    document: dict[str, Any], rule_id: str, rows: list[dict[str, Any]], cases: list[dict[str, Any]]
) -> list[str | None]:
    """The rule of every case if one rule had these rows."""
    rules = [
        (rule["id"], rows if rule["id"] == rule_id else rule["rows"]) for rule in document["rules"]
    ]
    return [
        next(
            (
                own
                for own, alternatives in rules
                if any(row_applies(row, case) for row in alternatives)
            ),
            None,
        )
        for case in cases
    ]


@settings(max_examples=12)
@given(made.derived_documents(), made.derived_documents())
def test_two_versions_differ_exactly_in_the_cases_that_the_regions_hold(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = RuleTable.from_document(before), RuleTable.from_document(after)
    change = changed_regions(old, new)
    assert len(change.regions) == change.count
    told = [{cond.fact: cond.answers for cond in region.conditions} for region in change.regions]
    for case, was, now in zip(made.CASES, plain_ends(old), plain_ends(new), strict=True):
        inside = [
            own for own in told if all(holds(answers, case[key]) for key, answers in own.items())
        ]
        assert bool(inside) is (meaning(was) != meaning(now))


def holds(answers: tuple[Any, ...], answer: Any) -> bool:
    """Whether an answer is one of those that a region asks for, or a number in one of its bands."""
    bands = [own.value for own in answers if isinstance(own, Known) and isinstance(own.value, Band)]
    number = answer.value if isinstance(answer, Known) and type(answer.value) is int else None
    return answer in answers or any(number is not None and number in band for band in bands)


def meaning(end: End) -> tuple[Any, ...] | None:
    return end and (end[1].kind, end[1].code, end[1].modifiers)


@settings(max_examples=10)
@given(made.derived_documents())
def test_batches_and_traces_tell_the_same(document: dict[str, Any]) -> None:
    document["rules"].append({**document["rules"][0], "id": "END", "rows": [{}]})
    table = RuleTable.from_document(document)
    columns = {key: [case[key] for case in made.CASES] for key in made.BASE}
    for case, decision in zip(made.CASES, decide_batch(table, columns), strict=True):
        assert decision == decide(table, case)
        [line] = [
            line for line in trace(table, case, decision).lines() if line.verdict is Verdict.DECIDES
        ]
        assert line.rule_id == decision.rule_id


@settings(max_examples=12)
@given(made.derived_documents())
def test_the_own_table_has_a_gap_exactly_where_no_line_covers_what_its_inputs_can_be(
    document: dict[str, Any],
) -> None:
    table = RuleTable.from_document(document)
    gaps = {finding.fact for finding in verify(table) if finding.flaw is Flaw.GAP}
    for fact in document["facts"][-2:]:
        cells = [item for line in fact["derived"] for row in line["rows"] for item in row.items()]
        named = {
            key
            for key, cell in cells
            if {"not_documented", "conflicting"} & set(map(str, cell.get("in", [])))
        }
        ways = [made.VALUES[key] + ([*made.SILENT] if key in named else []) for key, _ in cells]
        keys = [key for key, _ in cells]
        distinct = dict(zip(keys, ways, strict=True))
        cases = (dict(zip(distinct, way, strict=True)) for way in product(*distinct.values()))
        assert (fact["key"] in gaps) is any(
            made.first_value(fact["derived"], case) is None for case in cases
        )
