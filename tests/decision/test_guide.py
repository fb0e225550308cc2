"""What is still possible, what to ask next, and answers that no rule covers."""

from importlib import import_module
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Known,
    RuleTable,
    decide,
    errors,
    guide,
)
from tests.decision import tables as make
from tests.decision.finding import find_gap

SILENT = {"in": ["not_documented", "conflicting"]}


def colours() -> RuleTable:
    rules = [
        make.rule("RED", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}, code="00001"),
        make.rule("BLUE", {"colour": {"in": ["blue"]}}, code="00002"),
        make.rule("REST", {}),
    ]
    return make.table(
        [make.fact("colour"), make.fact("shape"), make.fact("ready", "yes_no")], rules
    )


def test_it_asks_only_what_can_still_change_the_outcome() -> None:
    start = guide(colours(), {})
    assert [outcome.code for outcome in start.outcomes] == ["00001", "00002", ""]
    assert start.open_facts == ("colour", "shape")
    assert start.next_question is not None
    assert start.next_question.key == "colour"
    red = guide(colours(), {"colour": Known("red")})
    assert ([outcome.code for outcome in red.outcomes], red.open_facts) == (
        ["00001", ""],
        ("shape",),
    )


@pytest.mark.parametrize("colour", [Known("blue"), NOT_DOCUMENTED, CONFLICTING])
def test_it_asks_nothing_more_once_the_outcome_is_settled(colour: object) -> None:
    done = guide(colours(), {"colour": colour})
    assert (len(done.outcomes), done.open_facts, done.next_question) == (1, (), None)


def test_it_lists_an_outcome_that_two_rules_share_once_and_two_questions_to_a_provider_as_two() -> (
    None
):
    shared = [
        make.rule("A", {"colour": {"in": ["red"]}}),
        make.rule("B", {"colour": {"in": ["blue"]}}),
    ]
    rest = make.rule("C", {})
    for rule in (*shared, rest):
        rule |= {
            "outcome": "provider_query",
            "message": "Ask for the side." if rule["id"] != "C" else "Ask for more.",
        }
    table = make.table([make.fact("colour")], [*shared, rest])
    assert [outcome.message for outcome in guide(table, {}).outcomes] == [
        "Ask for the side.",
        "Ask for more.",
    ]


def test_a_table_with_a_last_rule_for_everything_has_no_gap() -> None:
    assert find_gap(colours()) is None


@pytest.mark.parametrize(
    ("fact", "rows", "gap"),
    [
        (make.fact("f"), [{"f": {"not": ["red"]}}, {"f": SILENT}], Known("red")),
        (
            make.fact("f"),
            [{"f": {"in": ["red", "conflicting"]}}, {"f": {"not": ["red"]}}],
            NOT_DOCUMENTED,
        ),
        (make.fact("f", "yes_no"), [{"f": {"in": [True]}}, {"f": SILENT}], Known(False)),
        (
            make.fact("f", "code_set"),
            [{"f": {"any_of": ["A*"]}}, {"f": SILENT}],
            Known(frozenset()),
        ),
    ],
)
def test_it_finds_the_answers_that_no_rule_covers(
    fact: dict, rows: list[dict], gap: object
) -> None:
    assert find_gap(make.table([fact], [make.rule("R", *rows)])) == {"f": gap}


def test_it_finds_the_number_between_two_ranges() -> None:
    rows = [{"age": {"between": [None, 4]}}, {"age": {"between": [6, None]}}, {"age": SILENT}]
    table = make.table(
        [make.fact("age", "whole_number", minimum=0, maximum=9)], [make.rule("R", *rows)]
    )
    gap = find_gap(table)
    assert gap is not None
    assert table.facts[0].describe(gap["age"]) == "5"
    assert decide(table, {"age": Known(4)}).rule_id == "R"
    with pytest.raises(errors.NoRuleApplies):
        decide(table, {"age": Known(5)})


def test_it_tells_a_listed_code_from_the_longer_codes_that_begin_with_it() -> None:
    rows = [{"f": {"any_of": ["Q65"]}}, {"f": {"none_of": ["Q65*"]}}, {"f": SILENT}]
    table = make.table([make.fact("f", "code_set")], [make.rule("R", *rows)])
    gap = find_gap(table)
    assert gap is not None
    with pytest.raises(errors.NoRuleApplies):
        decide(table, gap)
    with pytest.raises(errors.NoRuleApplies):
        decide(table, {"f": Known(frozenset({"Q65.1"}))})


CODES = ["A", "A1", "A11", "A2", "B", "C"]
code_rows = st.lists(
    st.builds(
        lambda operator, listed: {"codes": {operator: listed}},
        st.sampled_from(["any_of", "none_of"]),
        st.lists(
            st.sampled_from(["A", "A*", "A1", "A1*", "B"]), min_size=1, max_size=3, unique=True
        ),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60)
@given(code_rows)
def test_it_finds_a_gap_of_code_sets_exactly_where_some_set_is_not_covered(
    rows: list[dict],
) -> None:
    table = make.table([make.fact("codes", "code_set")], [make.rule("R", *rows, {"codes": SILENT})])
    sets = [frozenset(chosen) for size in range(4) for chosen in combinations(CODES, size)]
    assert (find_gap(table) is not None) is any(is_gap(table, codes) for codes in sets)


def is_gap(table: RuleTable, codes: frozenset[str]) -> bool:
    try:
        decide(table, {"codes": Known(codes)})
    except errors.NoRuleApplies:
        return True
    return False


small_rows = st.dictionaries(
    st.sampled_from(["colour", "ready"]), st.just(None), min_size=1
).flatmap(lambda keys: st.fixed_dictionaries({key: make.CELLS[key] for key in keys}))


@settings(max_examples=80)
@given(st.lists(small_rows, min_size=1, max_size=6))
def test_it_finds_a_gap_exactly_where_some_answers_are_not_covered(rows: list[dict]) -> None:
    table = make.table([make.fact("colour"), make.fact("ready", "yes_no")], [make.rule("R", *rows)])
    uncovered = []
    for colour, ready in product(make.ANSWERS["colour"], make.ANSWERS["ready"]):
        try:
            decide(table, {"colour": colour, "ready": ready})
        except errors.NoRuleApplies:
            uncovered.append({"colour": colour, "ready": ready})
    gap = find_gap(table)
    assert (gap is not None) is bool(uncovered)
    assert gap is None or any(gap.items() <= facts.items() for facts in uncovered)


def test_a_table_of_many_independent_rules_is_read_in_full() -> None:
    facts = [make.fact(f"f{number}", "yes_no") for number in range(12)]
    rules = [
        make.rule(f"R{number}", {f"f{number}": {"in": [True]}}, code=f"{number:05}")
        for number in range(12)
    ]
    guidance = guide(make.table(facts, [*rules, make.rule("REST", {})]), {})
    assert len(guidance.outcomes) == 13
    assert len(guidance.open_facts) == 12


def tree_table(*, asked_first: bool = False) -> RuleTable:
    """Shape settles two of three cases at once; colour, which stands first, settles one."""
    rules = [
        make.rule("A", {"shape": {"in": ["red"]}}, code="00001"),
        make.rule("B", {"shape": {"in": ["green"]}}, code="00002"),
        make.rule("C", {"colour": {"in": ["red"]}}, code="00003"),
        make.rule("REST", {}),
    ]
    return make.table([make.fact("colour", asked_first=asked_first), make.fact("shape")], rules)


def next_question(table: RuleTable, facts: dict | None = None) -> str | None:
    question = guide(table, facts or {}).next_question
    return question and question.key


def test_it_asks_next_what_leaves_the_fewest_questions_to_be_expected() -> None:
    assert next_question(tree_table()) == "shape"


def test_a_fact_that_is_to_be_asked_first_is_asked_first_while_it_still_matters() -> None:
    assert next_question(tree_table(asked_first=True)) == "colour"
    assert next_question(tree_table(asked_first=True), {"shape": Known("red")}) is None


def test_of_equally_good_questions_the_first_of_the_rule_set_is_asked() -> None:
    rules = [
        make.rule("A", {"shape": {"in": ["red"]}, "colour": {"in": ["red"]}}, code="00001"),
        make.rule("R", {}),
    ]
    assert next_question(make.table([make.fact("shape"), make.fact("colour")], rules)) == "shape"
    assert next_question(make.table([make.fact("colour"), make.fact("shape")], rules)) == "colour"


def test_where_weighing_all_questions_would_take_too_long_it_follows_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_module("coding.decision.guide"), "WEIGHED", 1)
    assert next_question(tree_table()) == "colour"
