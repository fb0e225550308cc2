"""A draft as its grid: one column a question, one row a rule, and cells as people write them."""

import pytest

from coding.rules.draft_content import content_of_table
from coding.rules.draft_sheet import fact_data, rule_data, tidy, values_of
from tests import small_rules

CONTENT = content_of_table(small_rules.table())
HELD, DRUG = CONTENT["facts"]
NUMBER = {"kind": "whole_number", "choices": ""}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sleep", "sleep"),
        ("Put to sleep", "sleep"),
        ("  PUT   TO SLEEP ", "sleep"),
        ("None, Put to sleep", "none, sleep"),
        ("none,sleep,", "none, sleep"),
        ("not Put to sleep", "not sleep"),
        ("NOT none, sleep", "not none, sleep"),
        ("unknown", "not documented"),
        ("not_documented", "not documented"),
        ("Not documented", "not documented"),
        ("not documented, Put to sleep", "not documented, sleep"),
        ("documented two ways", "conflicting"),
        ("ether", "ether"),
        ("not ether, none", "not ether, none"),
        ("", ""),
    ],
)
def test_a_label_in_any_letters_becomes_the_answer_that_it_stands_for(typed, kept):
    assert tidy(typed, DRUG) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("YES", "yes"), ("No", "no"), ("not Yes", "not yes"), ("maybe", "maybe")]
)
def test_yes_and_no_are_known_where_the_question_has_them(typed, kept):
    assert tidy(typed, HELD) == kept


@pytest.mark.parametrize(("typed", "kept"), [("3..5", "3..5"), ("UNKNOWN", "not documented")])
def test_a_number_stays_as_it_was_typed_and_silence_is_known_of_all(typed, kept):
    assert tidy(typed, NUMBER) == kept


def test_the_answers_that_a_cell_can_name_end_with_those_that_every_question_has():
    silent = {"not documented": "not documented", "conflicting": "documented two ways"}
    assert values_of(HELD) == {"yes": "yes", "no": "no", **silent}
    assert values_of(DRUG) == {"none": "None", "sleep": "Put to sleep", **silent}
    assert values_of(NUMBER) == silent
    assert list(values_of(DRUG)) == ["none", "sleep", "not documented", "conflicting"]


def test_a_column_holds_no_empty_values_but_texts():
    column = fact_data({**DRUG, "minimum": None, "decimals": 0})
    assert (column["minimum"], column["decimals"], column["key"]) == ("", 0, "drug")
    assert column["values"][:2] == [["none", "None"], ["sleep", "Put to sleep"]]


def test_a_rule_has_its_texts_and_its_alternatives_apart():
    row = {**CONTENT["rules"][0], "id": 7, "conditions": "held: yes\nor\ndrug: none"}
    rule = rule_data(row)
    assert (rule["id"], rule["rule_id"], rule["code"]) == (7, "R1", "27256")
    assert rule["rows"] == [{"held": "yes"}, {"drug": "none"}]
    assert "conditions" not in rule
