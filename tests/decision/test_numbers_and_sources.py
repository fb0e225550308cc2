"""Numbers with a point and a unit, and facts that are given by record, set-up or history and never asked."""

from typing import Any

import pytest

from coding.decision import (
    NOT_DOCUMENTED,
    Band,
    FactValue,
    Known,
    RuleTable,
    changed_regions,
    decide,
    errors,
    format_rows,
    guide,
    parse_rows,
)
from tests.decision import tables as make

LENGTH = make.fact("length", "whole_number", minimum=1, maximum=500, unit="cm", decimals=1)
SHORT, LONG = {"length": {"between": [1, 25]}}, {"length": {"between": [26, None]}}
RULES = [
    make.rule("SHORT", SHORT, code="00001"),
    make.rule("LONG", LONG, code="00002"),
    make.rule("ASK", {}),
]
TABLE = make.table([LENGTH], RULES)
DEFINITION = TABLE.fact_by_key["length"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2.6", Known(26)),
        ("2,6", Known(26)),
        ("2.60", Known(26)),
        ("2", Known(20)),
        ("0.1", Known(1)),
        ("unknown", NOT_DOCUMENTED),
    ],
)
def test_a_number_is_read_as_people_write_it_and_kept_in_its_last_place(
    text: str, answer: FactValue
) -> None:
    assert DEFINITION.answer_from_text(text) == answer


@pytest.mark.parametrize("text", ["2.65", "0", "50.1", "two", "2.", ".5", "1 2"])
def test_a_number_that_cannot_be_meant_is_refused_in_the_words_of_the_question(text: str) -> None:
    with pytest.raises(
        errors.UnknownValue, match=r"a number with at most 1 decimal from 0.1 to 50.0 cm, unknown"
    ):
        DEFINITION.answer_from_text(text)


def test_words_show_the_point_and_the_unit() -> None:
    assert DEFINITION.describe(Known(26)) == "2.6 cm"
    assert DEFINITION.describe(Known(Band(1, 25))) == "0.1 to 2.5 cm"
    assert DEFINITION.describe(Known(Band(26, None))) == "2.6 or more cm"


def test_cells_show_the_point_and_are_read_again() -> None:
    rows = TABLE.rules[0].rows
    assert format_rows(rows, TABLE.fact_by_key) == "length: 0.1..2.5"
    assert parse_rows("length: 0.1..2.5", TABLE.facts, "R") == [SHORT]
    assert parse_rows("length: 2.6..", TABLE.facts, "R") == [LONG]
    with pytest.raises(errors.ImpossibleRange, match=r"“2.65..” is not a range such as 0..1.8"):
        parse_rows("length: 2.65..", TABLE.facts, "R")


def test_another_number_of_decimals_cannot_be_compared() -> None:
    other = make.table([{**LENGTH, "decimals": 2}], RULES)
    with pytest.raises(errors.Incomparable, match="it had 1 decimals and has 2 now"):
        changed_regions(TABLE, other)


AGE = {
    "key": "age",
    "kind": "whole_number",
    "label": "Age",
    "minimum": 0,
    "maximum": 120,
    "source": "record",
}
GIVEN = make.table(
    [AGE, make.fact("ready", "yes_no")],
    [
        make.rule("CHILD", {"age": {"between": [0, 17]}}, code="00001"),
        make.rule("READY", {"ready": {"in": [True]}}, code="00002"),
        make.rule("REST", {}),
    ],
)


def test_what_the_record_gives_is_never_asked() -> None:
    guidance = guide(GIVEN, {})
    assert guidance.next_question == GIVEN.fact_by_key["ready"]
    assert [fact.key for fact in guidance.waits_for] == ["age"]


def test_what_the_record_did_not_give_leaves_the_outcome_open() -> None:
    guidance = guide(GIVEN, {"ready": Known(True)})
    assert (guidance.next_question, [fact.key for fact in guidance.waits_for]) == (None, ["age"])
    assert decide(GIVEN, {"ready": Known(True)}).outcome is None
    assert decide(GIVEN, {"ready": Known(True), "age": NOT_DOCUMENTED}).rule_id == "READY"


def test_no_provider_is_asked_for_what_the_practice_has_not_set_up() -> None:
    payer = {"key": "payer", "kind": "yes_no", "label": "Medicare", "source": "setup"}
    query: dict[str, Any] = make.rule("Q", {"payer": {"in": ["not_documented"]}})
    query["outcome"] = "provider_query"
    with pytest.raises(errors.UnsuitableTest, match="payer comes from the set-up"):
        make.table([payer], [query, make.rule("REST", {})])


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({**AGE, "asked_first": True}, "it is never asked, so not first either"),
        ({**AGE, "source": "payer"}, "“payer” is none of coder, record, setup, history"),
        ({**AGE, "decimals": 7}, "decimals is a number from 0 to 6, not 7"),
        (make.fact("ready", "yes_no", decimals=1), "only a number has decimals"),
        ({**make.fact("ready", "yes_no"), "question": ""}, "question is missing"),
    ],
)
def test_it_refuses_a_fact_that_cannot_be_meant(fact: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.TableError, match=words):
        make.table([fact], [make.rule("R", {})])


def test_the_document_keeps_decimals_and_source() -> None:
    for table in (TABLE, GIVEN):
        document = table.to_document()
        assert RuleTable.from_document(document).to_document() == document
    assert TABLE.to_document()["facts"][0]["decimals"] == 1
    assert "question" not in GIVEN.to_document()["facts"][0]
