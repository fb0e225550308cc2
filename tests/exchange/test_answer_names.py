"""Values for the texts of a file's answers: whatever they are, each has one that a condition can name, and its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import RuleTable, TableError
from coding.exchange.answer_names import free_name, values_by_label, values_of
from coding.exchange.csv_file import read_csv
from coding.exchange.dmn_read import read_dmn
from tests.decision import tables as make
from tests.exchange.test_dmn_files import CODE, column, foreign, row

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


# Labels that two bear ----------------------------------------------------------------------------------

ALIKE = [
    {"value": "warm", "label": "Red"},
    {"value": "hot", "label": "Red"},
    {"value": "cold", "label": "Blue"},
]


def base(*facts: dict[str, object]) -> RuleTable:
    return make.table(list(facts), [make.rule("R", {}, code="1")])


COLOURS = base(make.fact("colour", choices=ALIKE))


def csv_of(cell: str) -> bytes:
    header = "rule,title,colour,outcome,code,message,basis"
    return f"{header}\nR,T,{cell},code,1,M,B\n".encode()


def test_a_label_that_two_choices_bear_names_neither_of_them() -> None:
    assert values_by_label(COLOURS.facts[0]) == {"Blue": "cold"}


def test_so_no_file_can_mean_one_of_them_by_it() -> None:
    [rule] = read_csv(csv_of("Blue"), COLOURS).to_document()["rules"]
    assert rule["rows"] == [{"colour": {"in": ["cold"]}}]
    for content, read in (
        (csv_of("Red"), read_csv),
        (foreign(column("colour"), CODE, row('"Red"', "1")), read_dmn),
    ):
        with pytest.raises(TableError, match="“Red” is not a value of this fact"):
            read(content, COLOURS)


def test_nor_is_an_input_known_by_a_label_that_two_questions_bear() -> None:
    alike = base(make.fact("one", label="Colour of it"), make.fact("two", label="Colour of it"))
    content = foreign(column("Colour of it"), CODE, row('"red"', "1"))
    with pytest.raises(TableError) as caught:
        read_dmn(content, alike)
    assert str(caught.value) == (
        "Several questions of the rule set are called “Colour of it”. Name the input by the key of"
        " the one that is meant."
    )
    [rule] = read_dmn(foreign(column("two"), CODE, row('"red"', "1")), alike).to_document()["rules"]
    assert rule["rows"] == [{"two": {"in": ["red"]}}]
