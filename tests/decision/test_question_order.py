"""Which question comes next: the one after which the fewest are to be expected, held against counting them all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import NOT_DOCUMENTED, Band, Known, guide, tells_apart
from tests.decision import tables as make

KEYS = ["colour", "shape", "ready"]
rows_of_choices = st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: make.CELLS[key] for key in keys})
)


@st.composite
def tables_of_choices(draw):
    """A random complete table over three facts, each with few documented answers."""
    rows = draw(st.lists(rows_of_choices, min_size=1, max_size=4))
    rules = [
        make.rule(f"R{number}", row, code=f"{number:05}")
        for number, row in enumerate(rows, start=1)
    ]
    facts = [make.fact("colour"), make.fact("shape"), make.fact("ready", "yes_no")]
    return make.table(facts, [*rules, make.rule("REST", {})])


def documented(key):
    return make.VALUES[key]


def expected_questions(table, facts):
    """How many are asked on average if they follow the table's order and every documented answer is as likely."""
    still_open = guide(table, facts).open_facts
    if not still_open:
        return 0
    answers = documented(still_open[0])
    further = [expected_questions(table, {**facts, still_open[0]: answer}) for answer in answers]
    return 1 + sum(further) / len(answers)


def expected_after(table, facts, key):
    further = [expected_questions(table, {**facts, key: answer}) for answer in documented(key)]
    return round(sum(further) / len(further), 9)


@settings(max_examples=25)
@given(tables_of_choices())
def test_the_next_question_is_the_first_of_those_that_leave_the_fewest(table):
    guidance = guide(table, {})
    if not guidance.open_facts:
        assert guidance.next_question is None
        return
    expected = {key: expected_after(table, {}, key) for key in guidance.open_facts}
    assert guidance.next_question.key == min(guidance.open_facts, key=expected.get)


@settings(max_examples=25)
@given(tables_of_choices())
def test_asking_the_next_question_again_and_again_comes_to_an_end(table):
    facts = {}
    while (question := guide(table, facts).next_question) is not None:
        assert question.key not in facts
        facts[question.key] = NOT_DOCUMENTED
    assert len(guide(table, facts).outcomes) == 1


def test_several_facts_to_be_asked_first_are_asked_in_the_table_s_order():
    facts = [
        make.fact("colour"),
        make.fact("shape", asked_first=True),
        make.fact("ready", "yes_no", asked_first=True),
    ]
    row = {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}, "ready": {"in": [True]}}
    table = make.table(facts, [make.rule("R", row, code="00001"), make.rule("REST", {})])
    asked = []
    answers = {}
    while (question := guide(table, answers).next_question) is not None:
        asked.append(question.key)
        answers[question.key] = documented(question.key)[0]
    assert asked == ["shape", "ready", "colour"]


def ages():
    fact = make.fact("age", "whole_number", minimum=0, maximum=99)
    return make.table(
        [fact], [make.rule("CHILD", {"age": {"between": [0, 17]}}), make.rule("REST", {})]
    )


def test_a_table_tells_the_numbers_of_a_band_apart_where_a_rule_cuts_it():
    assert tells_apart(ages(), "age", Known(Band(10, 20)))
    assert not tells_apart(ages(), "age", Known(Band(10, 17)))
    assert not tells_apart(ages(), "age", Known(Band(18, None)))


def test_a_table_tells_nothing_apart_of_a_fact_that_it_does_not_have():
    assert not tells_apart(ages(), "weight", Known(Band(0, 99)))
