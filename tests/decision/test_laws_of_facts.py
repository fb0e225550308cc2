"""Laws of derived, given and grouped facts that no module holds alone: stated values, versions that differ, silence."""

from typing import Any

import pytest

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Facts,
    FactValue,
    Known,
    RuleTable,
    TableError,
    changed_regions,
    code_region,
    complete,
    decide,
    derived_beside_inputs,
    errors,
    facts_to_data,
    guide,
    services,
)
from tests.decision import tables as make

LOW_HIGH = [{"value": value, "label": value.title()} for value in ("low", "high")]
WORK = make.fact("work", "yes_no")
COUNT = make.fact("count", "whole_number", minimum=0, maximum=9)


def derived(key: str, *lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "choice",
        "label": key.title(),
        "choices": LOW_HIGH,
        "derived": list(lines),
    }


LEVEL = derived(
    "level",
    {"value": "high", "rows": [{"count": {"between": [3, None]}}]},
    {"value": "low", "rows": [{}]},
)
GRADE = derived(
    "grade",
    {"value": "high", "rows": [{"level": {"in": ["high"]}, "work": {"in": [True]}}]},
    {"value": "low", "rows": [{}]},
)
RULES = [
    make.rule("HIGH", {"level": {"in": ["high"]}}, code="00002"),
    make.rule("LOW", {"level": {"in": ["low"]}}, code="00001"),
    make.rule("ASK", {}),
]
ASKED_LEVEL = make.fact("level", choices=LOW_HIGH)


def table(*facts: dict[str, Any], rules: list[dict[str, Any]] = RULES, **more: Any) -> RuleTable:
    return make.table(list(facts), rules, **more)


# Derived facts -----------------------------------------------------------------------------------------

CHAIN = table(WORK, COUNT, LEVEL, GRADE)


def test_a_value_derived_from_another_follows_from_the_answers_behind_both() -> None:
    answers: Facts = {"work": Known(True), "count": Known(3)}
    assert complete(CHAIN, answers) == {**answers, "level": Known("high"), "grade": Known("high")}
    assert complete(CHAIN, {"count": Known(2)}) == {
        "count": Known(2),
        "level": Known("low"),
        "grade": Known("low"),
    }


def test_a_stated_value_stands_in_place_of_its_table() -> None:
    assert decide(CHAIN, {"level": Known("high")}).rule_id == "HIGH"
    assert complete(CHAIN, {"level": Known("high"), "work": Known(True)})["grade"] == Known("high")


@pytest.mark.parametrize(
    ("stated", "beside"),
    [
        ({"level": Known("high")}, None),
        ({"grade": Known("high"), "level": Known("high")}, ("grade", "level")),
        ({"grade": Known("high"), "work": Known(True)}, ("grade", "work")),
        ({"grade": Known("high"), "count": Known(3)}, ("grade", "count")),
        ({"level": Known("high"), "work": Known(True)}, None),
        ({"work": Known(True), "count": Known(3)}, None),
    ],
)
def test_a_stated_value_beside_anything_behind_it_is_named(
    stated: Facts, beside: tuple[str, str] | None
) -> None:
    """However far behind: of two that say different things the inputs would count."""
    assert derived_beside_inputs(CHAIN, stated) == beside


@pytest.mark.parametrize("value", ["not_documented", "conflicting"])
def test_a_line_may_give_a_silence(value: str) -> None:
    silent = derived(
        "level", {"value": value, "rows": [{"work": {"in": [True]}}]}, LEVEL["derived"][1]
    )
    own = table(WORK, COUNT, silent)
    assert facts_to_data(complete(own, {"work": Known(True)}))["level"] == {"state": value}
    assert decide(own, {"work": Known(True)}).rule_id == "ASK"


def test_what_is_derived_is_never_asked_though_it_decides() -> None:
    guidance = guide(CHAIN, {})
    assert guidance.open_facts == ("count",)
    assert guidance.next_question == CHAIN.fact_by_key["count"]


def test_the_region_of_a_code_speaks_of_what_is_asked() -> None:
    region = code_region(CHAIN, "00002")
    assert region is not None
    assert [(asked.fact.key, asked.words) for asked in region.always] == [("count", "3 to 9")]


# Versions that differ in what they ask -----------------------------------------------------------------


def changed(before: RuleTable, after: RuleTable) -> list[tuple[list[str], str, str]]:
    regions = changed_regions(before, after).regions
    return [
        (
            [condition.fact for condition in region.conditions],
            region.before.name if region.before else "",
            region.after.name if region.after else "",
        )
        for region in regions
    ]


def test_where_one_version_asks_what_the_other_derives_both_read_the_derived_value() -> None:
    asking, deriving = table(COUNT, ASKED_LEVEL), table(COUNT, LEVEL)
    assert changed(asking, deriving) == []
    assert changed(deriving, asking) == []


def test_each_version_derives_by_its_own_table() -> None:
    later = derived(
        "level", {"value": "high", "rows": [{"count": {"between": [5, None]}}]}, LEVEL["derived"][1]
    )
    assert changed(table(COUNT, LEVEL), table(COUNT, later)) == [(["count"], "00002", "00001")]


def test_what_was_derived_from_each_other_the_other_way_round_cannot_be_compared() -> None:
    of_level = derived(
        "grade",
        {"value": "high", "rows": [{"level": {"in": ["high"]}}]},
        {"value": "low", "rows": [{}]},
    )
    of_grade = derived(
        "level",
        {"value": "high", "rows": [{"grade": {"in": ["high"]}}]},
        {"value": "low", "rows": [{}]},
    )
    asked_grade = make.fact("grade", choices=LOW_HIGH)
    with pytest.raises(errors.Incomparable, match="what is derived from what changed round"):
        changed_regions(table(ASKED_LEVEL, of_level), table(asked_grade, of_grade))


def test_the_same_facts_in_another_order_can_be_compared() -> None:
    assert changed(table(WORK, COUNT, LEVEL), table(COUNT, LEVEL, WORK)) == []


# Given facts -------------------------------------------------------------------------------------------


def given(source: str) -> dict[str, Any]:
    return {"key": "payer", "kind": "yes_no", "label": "Medicare", "source": source}


def query(cell: dict[str, Any]) -> dict[str, Any]:
    return {**make.rule("Q", {"payer": cell}), "outcome": "provider_query"}


@pytest.mark.parametrize("silence", ["not_documented", "conflicting"])
def test_a_provider_is_asked_for_no_silence_of_the_set_up(silence: str) -> None:
    with pytest.raises(errors.UnsuitableTest, match="payer comes from the set-up"):
        table(given("setup"), rules=[query({"in": [silence]}), make.rule("REST", {})])


@pytest.mark.parametrize("source", ["record", "history"])
def test_a_provider_may_be_asked_for_what_record_or_history_lack(source: str) -> None:
    own = table(given(source), rules=[query({"in": ["not_documented"]}), make.rule("REST", {})])
    assert decide(own, {"payer": NOT_DOCUMENTED}).rule_id == "Q"


def test_a_provider_may_be_asked_where_the_set_up_says_something() -> None:
    own = table(given("setup"), rules=[query({"in": [True]}), make.rule("REST", {})])
    assert decide(own, {"payer": Known(True)}).rule_id == "Q"
    assert decide(own, {"payer": NOT_DOCUMENTED}).rule_id == "REST"


@pytest.mark.parametrize("source", ["record", "setup", "history"])
def test_what_is_given_is_waited_for_and_never_asked(source: str) -> None:
    rules = [make.rule("YES", {"payer": {"in": [True]}}, code="00001"), make.rule("REST", {})]
    own = table(given(source), WORK, rules=rules)
    guidance = guide(own, {})
    assert guidance.next_question is None
    assert [fact.key for fact in guidance.waits_for] == ["payer"]
    assert guidance.open_facts == ("payer",)


# Groups ------------------------------------------------------------------------------------------------


def grouped(aggregate: str, *rows: Facts) -> list[FactValue]:
    """The number of each service that the rows make."""
    group = {"key": "g", "label": "G", "alike": ["work"], "aggregate": aggregate, "fact": "count"}
    own = table(WORK, COUNT, LEVEL, groups=[group])
    return [service.facts["count"] for service in services(own.groups[0], own.fact_by_key, rows)]


def row(count: FactValue | None, work: bool = True) -> Facts:
    answers: dict[str, FactValue] = {"work": Known(work)}
    return answers if count is None else {**answers, "count": count}


@pytest.mark.parametrize(
    ("aggregate", "number"), [("sum", Known(6)), ("count", Known(3)), ("largest", Known(3))]
)
def test_rows_that_are_alike_make_one_number(aggregate: str, number: FactValue) -> None:
    assert grouped(aggregate, row(Known(1)), row(Known(2)), row(Known(3))) == [number]


@pytest.mark.parametrize("aggregate", ["sum", "largest"])
def test_a_silent_row_makes_its_number_silent_and_no_other(aggregate: str) -> None:
    rows = (row(Known(1)), row(NOT_DOCUMENTED), row(Known(2), work=False))
    assert grouped(aggregate, *rows) == [NOT_DOCUMENTED, Known(2)]
    assert grouped(aggregate, *rows, row(CONFLICTING)) == [CONFLICTING, Known(2)]


def test_a_count_asks_for_no_number_and_minds_no_silence() -> None:
    assert grouped("count", row(None), row(NOT_DOCUMENTED), row(CONFLICTING)) == [Known(3)]


def test_a_count_out_of_range_is_refused_too() -> None:
    assert grouped("count", *[row(None)] * 9) == [Known(9)]
    with pytest.raises(
        errors.UnknownValue, match=r"Count: 10 in rows 1, 2, .* out of its range, 0 to 9"
    ):
        grouped("count", *[row(None)] * 10)


def test_no_rows_make_no_service() -> None:
    assert grouped("sum") == []


# Facts of claim checks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ([], "the rule set: claim is an object of roles, not “[]”."),
        ({"the role": {"fact": "work"}}, "claim, the role: “the role” is no name;"),
        ({"side": {"fact": "work", "units": 1}}, "claim, side: “units” is no part of it;"),
        ({"side": {}}, "claim, side: fact is missing."),
        ({"side": {"fact": "work", "codes": ["A, B"]}}, "claim, side: “A, B” is no name;"),
        ({"side": {"fact": "work", "codes": "00100"}}, "claim, side: codes is a list."),
    ],
)
def test_a_role_that_cannot_be_read_is_refused_by_its_name(claim: Any, words: str) -> None:
    with pytest.raises(TableError) as caught:
        table(WORK, rules=[make.rule("R", {})], claim=claim)
    assert str(caught.value).startswith(words)


def test_roles_stand_in_one_order_and_codes_only_where_there_are_some() -> None:
    claim = {"side": {"fact": "work"}, "anesthesia": {"fact": "work", "codes": ["00100-01999"]}}
    own = table(WORK, rules=[make.rule("R", {})], claim=claim)
    assert list(own.to_document()["claim"].items()) == [
        ("anesthesia", {"fact": "work", "codes": ["00100-01999"]}),
        ("side", {"fact": "work"}),
    ]
