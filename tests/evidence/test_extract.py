"""Statements: their places, what they prefer, and that no text is too much for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.evidence import Polarity, extract, propose
from coding.rulesets import shipped_lexicon
from tests.evidence.lexicons import USUAL, lexicon, statements_in

HIP = shipped_lexicon("hip-dislocation")
LANGUAGE = [
    "no",
    "not",
    "without",
    "general anesthesia",
    "left hip",
    "right",
    "dislocated",
    "reduced",
    "was",
    "plan:",
]
MARKS = [
    "if",
    "mother",
    "ago",
    "today",
    ",",
    ".",
    ";",
    "(",
    ")",
    "\n",
    "\r\n\r\n",
    "’",
    "—",
    "é",
    "İ",
    "1.5",
    "o/e",
    "[ ]",
    "[x]",
]
WORDS = st.sampled_from(LANGUAGE + MARKS)
NOTES = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


@pytest.mark.parametrize(
    ("note", "passages"),
    [
        ("General anesthesia.", ["General anesthesia"]),
        ("Größe 1,5 m – “general anesthesia”", ["general anesthesia"]),
        ("Line one.\r\nGeneral\r\nanesthesia given.", ["General\r\nanesthesia"]),
        ("İİİ general  anesthesia", ["general  anesthesia"]),
        ("Left hip was\nreduced", ["Left hip was\nreduced", "hip was\nreduced"]),
    ],
)
def test_a_span_is_exactly_the_passage_in_the_original_text(note: str, passages: list[str]) -> None:
    assert [
        note[statement.span.start : statement.span.end]
        for statement in statements_in(note)
        if statement.strength > 1
    ] == passages


def test_the_longest_term_of_a_fact_speaks_for_its_words() -> None:
    assert [statement.value for statement in statements_in("general anesthesia")] == ["general"]


def test_a_term_without_value_keeps_its_words_from_being_read() -> None:
    assert statements_in("There was no anesthesia service.") == []


def test_a_stronger_term_is_read_in_the_words_that_a_longer_one_leaves_open() -> None:
    longer = {
        "phrase": "reduction <3> abduction",
        "fact": "manipulation",
        "value": "positioned",
        "strength": "hint",
    }
    usual = {"phrase": "manipulation", "fact": "manipulation", "value": "performed"}
    read = statements_in("Reduction with manipulation in abduction.", lexicon(longer, usual))
    assert [statement.value for statement in read] == ["positioned", "performed"]
    weaker = lexicon(longer | {"strength": "usual"}, usual)
    assert [
        statement.value
        for statement in statements_in("Reduction with manipulation in abduction.", weaker)
    ] == ["positioned"]


def test_words_are_found_in_any_case_and_across_hyphens() -> None:
    assert [statement.value for statement in statements_in("CLOSED-REDUCTION")] == ["performed"]


def test_one_phrase_may_speak_of_several_facts() -> None:
    assert {statement.fact for statement in statements_in("left hip was reduced")} == {
        "manipulation",
        "side",
    }


def test_an_ending_and_an_optional_word_match() -> None:
    assert [statement.value for statement in statements_in("dislocation, Pavlik")] == [
        "dislocated",
        "pavlik",
    ]
    assert statements_in("relocated") == []


@given(NOTES)
def test_any_text_is_read_into_sorted_statements_that_lie_within_it(note: str) -> None:
    statements = extract(HIP, note)
    assert list(statements) == sorted(
        statements, key=lambda statement: (statement.span, statement.fact, statement.value)
    )
    for statement in statements:
        cues = (
            statement.context.polarity_cue,
            statement.context.time_cue,
            statement.context.experiencer_cue,
        )
        for span in (statement.span, *(cue for cue in cues if cue)):
            assert 0 <= span.start < span.end <= len(note)
        assert (statement.context.polarity_cue is None) == (
            statement.context.polarity is Polarity.AFFIRMED
        )
    assert propose(HIP, statements) == propose(HIP, extract(HIP, note))


@pytest.mark.parametrize(
    "piece",
    [
        *"(. \n-=*<>a",
        "no ",
        "hip ",
        "left hip dislocation ",
        "1.",
        "a'",
        "plan: ",
        "no anesthesia ",
        "no hip reduced, ",
        "[ ]",
    ],
)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + ". No general anesthesia."
    statements = extract(HIP, text)
    assert text[statements[-1].span.start :] == "general anesthesia."


def test_the_same_lexicon_and_note_give_the_same_statements() -> None:
    note = "No general anesthesia. The left hip was reduced; DDH."
    assert extract(USUAL, note) == extract(USUAL, note)
