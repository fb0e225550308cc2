"""What a rule table says beyond questions and rules: each format holds it, or says what it does not hold."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coding.decision import Facts, FactValue, RuleTable, decide
from coding.exchange import FORMATS
from coding.exchange.dmn_read import read_dmn
from tests.decision import derived_tables, saying_more
from tests.decision import tables as make

PLAIN = make.table([make.fact("ready", "yes_no")], [make.rule("R", {})])
SAYS_MORE = saying_more.table()
ADDED = {"rows": [{"grade": {"in": ["low"]}}, {"ready": {"in": [True]}}]}


def again(form: str, table: RuleTable, base: RuleTable | None = None) -> RuleTable:
    """The table written and read back."""
    return FORMATS[form].read(FORMATS[form].write(table), base)


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_json_and_a_workbook_hold_it_whole(form: str) -> None:
    assert again(form, SAYS_MORE).to_document() == SAYS_MORE.to_document()


def test_csv_holds_what_rules_say_and_keeps_the_rest_of_the_rule_set_it_goes_into() -> None:
    other = saying_more.table()
    text = FORMATS["csv"].write(SAYS_MORE).decode("utf-8-sig")
    assert text.splitlines()[0].endswith("basis,see,guards")
    assert FORMATS["csv"].read(text.encode(), other).to_document() == SAYS_MORE.to_document()


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Derived facts over another, with further lines of one code, units by a number, groups, guards and other keys."""
    document = draw(derived_tables.derived_documents())
    facts = [
        {**fact, "decimals": 1} if fact["key"] == "age" else fact for fact in document["facts"]
    ]
    facts[1] = {**facts[1], "source": draw(st.sampled_from(["setup", "history", "coder"]))}
    lines: list[dict[str, Any]] = [
        {"code": "00010", **ADDED, "units": draw(st.integers(2, 9))},
        {"code": "00010", **ADDED, "units": 2},
        {
            "code": "0001A",
            "rows": [{}],
            "units": {"fact": "age", "first": 1, "each": draw(st.integers(1, 2))},
        },
    ]
    group = {"key": "wounds", "label": "Wounds", "alike": ["colour"], "fact": "age"}
    rules = [_said_more(draw, rule) for rule in document["rules"]]
    return {
        **document,
        "facts": facts,
        "rules": rules,
        "lines": draw(st.permutations(lines)),
        "groups": [{**group, "aggregate": draw(st.sampled_from(["sum", "count", "largest"]))}],
        "claim": {"level": {"fact": "grade", "codes": ["00001-00009"]}},
    }


def _said_more(draw: st.DrawFn, rule: dict[str, Any]) -> dict[str, Any]:
    tested = sorted({key for row in rule["rows"] for key in row})
    guards = draw(st.lists(st.sampled_from(tested), unique=True)) if tested else []
    more: dict[str, Any] = {"guards": guards} if guards else {}
    if rule["outcome"] == "no_family_code" and draw(st.booleans()):
        more["see"] = ["hip-dislocation", "other"]
    return {**rule, **more}


@settings(max_examples=40)
@given(documents())
def test_whatever_is_said_comes_back_from_a_workbook_and_from_csv(document: dict[str, Any]) -> None:
    table = RuleTable.from_document(document)
    assert again("xlsx", table).content_hash == table.content_hash
    assert again("csv", table, table).content_hash == table.content_hash


def test_a_workbook_without_them_has_no_sheet_and_no_column_of_them() -> None:
    assert again("xlsx", PLAIN).content_hash == PLAIN.content_hash
    table = saying_more.table(lines=[], groups=[], claim={})
    assert again("xlsx", table).content_hash == table.content_hash


def test_dmn_holds_guards_and_other_rule_sets_as_outputs() -> None:
    facts = [fact for fact in saying_more.FACTS if "derived" not in fact]
    high = {**make.rule("HIGH", {"payer": {"in": [False]}}, code="00001"), "guards": ["payer"]}
    table = make.table(facts, [saying_more.OTHER, high, make.rule("REST", {})], **saying_more.MORE)
    assert again("dmn", table, table).to_document() == table.to_document()
    assert "further lines, groups, facts of claim checks" in FORMATS["dmn"].write(table).decode()


def code_of(table: RuleTable, facts: Facts) -> str:
    outcome = decide(table, facts).outcome
    assert outcome is not None
    return outcome.code


@settings(max_examples=25)
@given(documents())
def test_dmn_writes_each_derived_fact_as_a_decision_that_every_engine_reads_alike(
    document: dict[str, Any],
) -> None:
    table = RuleTable.from_document(document)
    content = FORMATS["dmn"].write(table)
    assert FORMATS["dmn"].read(content, table).content_hash == table.content_hash
    for fact in table.derived:
        own = read_dmn(content, decision=fact.key)
        for case in derived_tables.CASES:
            known = derived_tables.with_values(table, case)
            inputs = {key: answer for key, answer in known.items() if key in own.fact_by_key}
            assert code_of(own, inputs) == answer_text(known[fact.key])


def answer_text(answer: FactValue) -> str:
    """A value as it stands in DMN."""
    value = answer.value
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def test_what_requires_a_derived_fact_in_dmn_requires_its_decision() -> None:
    root = etree.fromstring(FORMATS["dmn"].write(SAYS_MORE))
    decisions = {own.get("name"): own for own in root.iterfind("{*}decision")}
    assert list(decisions) == ["level", SAYS_MORE.name]
    required = [
        own.get("href") for own in decisions[SAYS_MORE.name].iterfind(".//{*}requiredDecision")
    ]
    assert required == ["#derived-level"]
    alone = FORMATS["dmn"].read(FORMATS["dmn"].write(SAYS_MORE), None)
    assert alone.notes == ("The file holds other decisions, which were not read: level.",)
