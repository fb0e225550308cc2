"""A rule table as rows that people edit, and back: what a row says, what it leaves out, and what it cannot keep."""

import pytest
from django.core.exceptions import ValidationError

from coding.decision import Known
from coding.models import Answer, Fact, Rule, RuleSetVersion
from coding.rules import rulebook
from coding.rules.draft_content import cells_of, conditions_of, content_of_table, without_ids
from tests import said_rules, small_rules


def facts(*rows):
    return rulebook.facts_to_document(rows)


# Questions -----------------------------------------------------------------------------------------


def test_of_a_question_only_what_is_said_is_part_of_the_document():
    bare = Fact(key="held", kind="yes_no", label="Held")
    assert facts(bare) == [{"key": "held", "kind": "yes_no", "label": "Held", "help": ""}]


def test_what_is_said_of_a_number_is_all_of_it():
    length = Fact(
        key="length",
        kind="whole_number",
        label="Length",
        question="How long?",
        help="In all.",
        minimum=0,
        maximum=300,
        unit="cm",
        decimals=1,
        asked_first=True,
        source="record",
    )
    assert facts(length) == [
        {
            "key": "length",
            "kind": "whole_number",
            "label": "Length",
            "question": "How long?",
            "help": "In all.",
            "minimum": 0,
            "maximum": 300,
            "unit": "cm",
            "asked_first": True,
            "decimals": 1,
            "source": "record",
        }
    ]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("none | None\nsleep | Put to sleep", [("none", "None"), ("sleep", "Put to sleep")]),
        ("none\n\n  sleep |  ", [("none", "none"), ("sleep", "sleep")]),
        ("a | b | c", [("a", "b | c")]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_choice_stands_on_a_line_of_its_own_with_its_label_or_none(text, choices):
    assert rulebook.choices_of(text) == choices


def test_a_derived_question_is_read_beside_those_before_it_alone():
    held = Fact(key="held", kind="yes_no", label="Held", question="Was it held?")
    level = Fact(key="level", kind="yes_no", label="Level", derived="= yes\nheld: yes\n= no")
    _, read = facts(held, level)
    assert read["derived"] == [
        {"value": True, "rows": [{"held": {"in": [True]}}]},
        {"value": False, "rows": [{}]},
    ]
    with pytest.raises(ValueError, match="level"):
        facts(level, held)


def test_notes_are_parted_by_empty_lines():
    assert rulebook.notes_of("One.\n\nTwo,\nstill two.\n\n\n\n") == ["One.", "Two,\nstill two."]
    assert rulebook.notes_of("") == []


# Rows and back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [small_rules.table(), said_rules.table()], ids=["small", "said"])
def test_the_rows_of_a_table_stand_in_its_order(table):
    rows = rulebook.rows_of(RuleSetVersion(), table)
    questions = [row for row in rows if isinstance(row, Fact)]
    rules = [row for row in rows if isinstance(row, Rule)]
    assert [(row.key, row.position) for row in questions] == [
        (fact.key, place) for place, fact in enumerate(table.facts, start=1)
    ]
    assert [(row.rule_id, row.position) for row in rules] == [
        (rule.id, place) for place, rule in enumerate(table.rules, start=1)
    ]


def test_a_rule_s_row_says_what_the_rule_says():
    rules = small_rules.document()["rules"]
    rules[0] |= {"guards": ["drug"]}
    rules[2] |= {"outcome": "no_family_code", "see": ["other", "third"]}
    rows = rulebook.rows_of(RuleSetVersion(), small_rules.table(rules=rules))
    row, _, rest = [row for row in rows if isinstance(row, Rule)]
    assert (row.rule_id, row.title, row.outcome, row.code) == ("R1", "Held awake", "code", "27256")
    assert row.conditions == "held: yes\ndrug: none"
    assert (row.message, row.basis) == ("Held without a drug.", "Page 1")
    assert (row.see, row.guards) == ("", "drug")
    assert (rest.conditions, rest.code, rest.see) == ("", "", "other third")


def test_parts_that_rows_do_not_hold_are_kept_as_they_are():
    lines = [{"code": "54321", "rows": [{}]}]
    document = small_rules.table(lines=lines).to_document()
    assert set(rulebook.further_of(document)) == {"lines"}
    assert rulebook.further_of(small_rules.table().to_document()) == {}


def test_a_text_that_its_column_does_not_hold_is_named_with_its_row():
    rules = small_rules.document()["rules"]
    rules[1]["title"] = "x" * 121
    rows = rulebook.rows_of(RuleSetVersion(), small_rules.table(rules=rules))
    with pytest.raises(ValidationError) as refusal:
        list(rulebook._checked(rows))
    [message] = refusal.value.messages
    assert message.startswith(f"R2 {'x' * 121}, title: Ensure this value has at most 120")


# Conditions as cells -------------------------------------------------------------------------------


def test_alternatives_are_parted_by_a_line_that_says_or():
    assert cells_of("held: yes\nOR\n drug : none ") == [{"held": "yes"}, {"drug": "none"}]
    assert cells_of("or") == [{}, {}]
    assert cells_of("") == [{}]


def test_what_cannot_be_read_is_kept_as_it_was_written():
    assert cells_of("held yes\ndrug:\n: none\nheld: yes\nheld: no") == [
        {"": "held yes\ndrug:\n: none\nheld: no", "held": "yes"}
    ]


def test_a_text_may_hold_a_colon_of_its_own():
    assert cells_of("held: yes: no") == [{"held": "yes: no"}]


def test_cells_are_written_in_the_order_of_the_questions_and_the_others_behind_them():
    row = {"colour": "red", "drug": "none", "": "odd", "held": "yes", "age": ""}
    assert conditions_of([row], ["held", "drug", "age"]) == (
        "held: yes\ndrug: none\ncolour: red\nodd"
    )
    assert conditions_of([{}, {"held": "no"}], ["held"]) == "\nor\nheld: no"


def test_what_is_kept_of_a_draft_has_no_ids_and_is_not_the_draft_itself():
    content = content_of_table(small_rules.table())
    content["facts"][0]["id"] = 7
    kept = without_ids(content)
    assert "id" not in kept["facts"][0]
    assert content["facts"][0]["id"] == 7
    assert kept["rules"] == content["rules"]


# Answers -------------------------------------------------------------------------------------------


def test_answers_that_a_table_does_not_have_are_left_out_and_those_before_them_count():
    given = {"glue": True, "size": "small", "colour": "red", "length": "long"}
    answers = {}
    for fact, value in given.items():
        answers[fact] = Answer(fact=fact, value=rulebook.answer_to_data(fact, Known(value)))
    assert rulebook.facts_of(answers, said_rules.table()) == {"glue": Known(True)}


def test_the_latest_answer_to_a_question_counts_and_none_that_was_taken_back():
    class Read:
        answers_read = (
            Answer(pk=1, fact="held", value={"value": True}),
            Answer(pk=2, fact="drug", value={"value": "none"}),
            Answer(pk=3, fact="held", value={"value": False}),
            Answer(pk=4, fact="drug", value=None),
        )

    current = rulebook.current_answers(Read())
    assert [(fact, answer.pk) for fact, answer in current.items()] == [("held", 3)]
