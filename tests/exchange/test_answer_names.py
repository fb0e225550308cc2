"""Values for the texts of a file's answers: whatever they are, each has one that a condition can name, and its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import RuleTable
from coding.exchange.answer_names import free_name, values_of
from tests.decision import tables as make

TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
    | st.sampled_from(["na", "Unknown", "documented", "conflicting", "a b", "a_b", "x" * 70]),
    max_size=6,
    unique=True,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("red", "red"),
        ("2.5", "2.5"),
        ("Größe", "Größe"),
        ("dark green", "dark_green"),
        ("< 5 cm", "_5_cm"),
        ("", "empty"),
        ("NA", "said_NA"),
        ("Conflicting", "said_Conflicting"),
        ("x" * 61, "x" * 60),
    ],
)
def test_a_text_becomes_a_value_that_a_condition_can_name(text: str, value: str) -> None:
    assert values_of([text]) == {text: value}


def test_a_text_that_is_a_value_as_it_stands_stays_what_it_is() -> None:
    assert values_of(["a b", "a_b", "a/b"]) == {"a b": "a_b_2", "a_b": "a_b", "a/b": "a_b_3"}


def test_a_name_that_is_taken_gets_a_number_and_never_grows_too_long() -> None:
    assert free_name("a", []) == "a"
    assert free_name("a", ["a", "a_2"]) == "a_3"
    assert free_name("x" * 60, ["x" * 60]) == "x" * 56 + "_2"


@settings(max_examples=40)
@given(TEXTS)
def test_every_text_has_a_value_of_its_own_that_a_rule_set_takes(texts: list[str]) -> None:
    values = values_of(texts)
    assert list(values) == texts
    assert len(set(values.values())) == len(texts)
    if not texts:
        return

    choices = [{"value": value, "label": "L"} for value in values.values()]
    rule = make.rule("R", {"answer": {"in": list(values.values())}})
    document = make.document([make.fact("answer", choices=choices)], [rule])
    assert RuleTable.from_document(document).facts[0].values() == tuple(values.values())
