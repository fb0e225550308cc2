"""The table of a derived fact as its author writes it: one line ``= value`` for each answer that it gives."""

import pytest

from coding.decision import TableError
from coding.rules.derived_text import UnreadableLine, format_derived, parse_derived
from tests import small_rules

LEVEL = {
    "key": "level",
    "kind": "choice",
    "label": "Level",
    "choices": [{"value": "low", "label": "Low"}, {"value": "high", "label": "High"}],
    "derived": [
        {
            "value": "high",
            "rows": [
                {"held": {"in": [True]}, "drug": {"in": ["none"]}},
                {"drug": {"in": ["sleep"]}},
            ],
        },
        {"value": "low", "rows": [{}]},
    ],
}
TABLE = small_rules.table(facts=[small_rules.HELD, small_rules.DRUG, LEVEL])
EARLIER = TABLE.facts[:2]
WRITTEN = "= high\nheld: yes\ndrug: none\nor\ndrug: sleep\n= low"


def parse(text, kind="choice"):
    return parse_derived(text, kind, EARLIER, "fact level")


def format_(*lines, **fact):
    table = small_rules.table(
        facts=[small_rules.HELD, small_rules.DRUG, {**LEVEL, **fact, "derived": list(lines)}]
    )
    return format_derived(table.facts[2].derived, table.fact_by_key)


def test_it_is_written_line_by_line_and_read_back_as_it_was():
    assert format_derived(TABLE.facts[2].derived, TABLE.fact_by_key) == WRITTEN
    assert parse(WRITTEN) == LEVEL["derived"]


def test_blank_lines_and_spaces_do_not_count():
    assert parse("\n  =   high  \n\n  held: yes \n") == [
        {"value": "high", "rows": [{"held": {"in": [True]}}]}
    ]


def test_a_value_without_conditions_holds_in_every_case():
    assert parse("= low") == [{"value": "low", "rows": [{}]}]
    assert parse("") == []


def test_one_value_may_have_several_lines_in_the_order_in_which_they_are_asked():
    values = [line["value"] for line in parse("= high\nheld: yes\n= low\nheld: no\n= high")]
    assert values == ["high", "low", "high"]


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("no", False)])
def test_a_question_of_yes_and_no_is_answered_by_these_words(word, value):
    line = {"value": value, "rows": [{}]}
    assert parse(f"= {word}", "yes_no") == [line]
    assert format_(line, kind="yes_no", choices=[]) == f"= {word}"


def test_the_answers_of_a_list_may_be_called_yes_and_no():
    assert [line["value"] for line in parse("= yes\nheld: yes\n= no")] == ["yes", "no"]


@pytest.mark.parametrize(
    ("words", "value"), [("not documented", "not_documented"), ("conflicting", "conflicting")]
)
def test_it_may_come_to_silence_or_to_a_contradiction(words, value):
    line = {"value": value, "rows": [{}]}
    assert parse(f"= {words}") == [line]
    assert parse(f"= {words}", "yes_no") == [line]
    assert format_(line) == f"= {words}"


def test_conditions_before_any_value_are_refused_with_what_to_do():
    with pytest.raises(UnreadableLine) as refusal:
        parse("held: yes\n= high")
    assert str(refusal.value) == (
        "fact level: begin with a value, such as “= high”; “held: yes” stands before any."
    )


def test_what_is_no_condition_is_refused_with_the_number_of_its_line():
    with pytest.raises(TableError, match="fact level, line 2"):
        parse("= high\nheld: yes\n= low\nheld perhaps")
