"""The place treated: what a note names, what it treats, and the nearest of several parts and places."""

import pytest

from coding.evidence import names_body, opening_statements, read
from tests.evidence.lexicons import lexicon

TERMS = [
    {"phrase": "reduced|reduction", "fact": "treatment", "value": "closed"},
    {"phrase": "dislocat*", "fact": "state", "value": "dislocated"},
    {"phrase": "left side", "fact": "side", "value": "left"},
    {"phrase": "right side", "fact": "side", "value": "right"},
]
RULES = {
    "idle": {"acts": ["treatment=closed"], "signs": [], "then": ["treatment=none"]},
    "consequences": [],
    "prevails": {},
}
ANY_NOTE = lexicon(*TERMS, **RULES)
HIP = lexicon(*TERMS, **RULES, body={"parts": ["hip"]}, opens=["state=dislocated"])


def side(note: str) -> str:
    return read(ANY_NOTE, note).proposals["side"].text()


def test_a_note_that_treats_another_place_than_it_names_is_documented_two_ways() -> None:
    note = "Left side dislocated. The right was reduced."
    [named, treated] = read(ANY_NOTE, note).proposals["side"].passages

    assert side(note) == "conflicting"
    assert note[slice(*named.span)] == "Left side"
    assert note[slice(*treated.span)] == "reduced"
    assert treated.value == "right"


@pytest.mark.parametrize(
    "act",
    [
        "The left was reduced.",
        "Both were reduced.",
        "It was reduced.",
        "The right was not reduced.",
        "The right was dislocated.",
        "Procedure: right reduction",
    ],
)
def test_what_was_done_at_the_place_named_or_at_none_leaves_it(act: str) -> None:
    assert side(f"Left side dislocated. {act}") == "left"


def test_an_addendum_that_corrects_the_place_outweighs_what_the_note_treats() -> None:
    note = "The left was reduced.\nAddendum: wrong, it was the right side."

    assert side(note) == "right"


def test_a_text_names_the_part_of_the_body_or_another_or_none() -> None:
    assert names_body(HIP, "Pain of the hip")
    assert not names_body(HIP, "Pain of the knee")
    assert not names_body(HIP, "Pain")


def test_what_opens_a_rule_set_is_what_counts_of_that_which_it_is_for() -> None:
    note = "The hip is dislocated. It was reduced. Mother's hip dislocated."
    [opening] = opening_statements(HIP, read(HIP, note).statements)

    assert note[slice(*opening.span)] == "dislocated"
    assert opening.span.end < note.index("reduced")


def test_a_lexicon_that_reads_any_note_has_nothing_that_opens_it() -> None:
    of_any_part = lexicon(*TERMS, **RULES, opens=["state=dislocated"])
    without_gate = lexicon(*TERMS, **RULES, body={"parts": ["hip"]})

    for each in (of_any_part, without_gate):
        statements = read(each, "The hip is dislocated.").statements
        assert statements
        assert opening_statements(each, statements) == []


def treats_own(note: str) -> bool:
    counted = [each for each in read(HIP, note).statements if each.counts]
    return any(each.fact == "treatment" for each in counted)


@pytest.mark.parametrize(
    ("clause", "own"),
    [
        ("Hip reduced, knee bandaged", True),
        ("Knee reduced, hip bandaged", False),
        ("Knee seen and reduced with the hip", False),
        ("Knee, then reduced of the hip", True),
        ("Hip and knee reduced", False),
        ("The knee was seen by us while reduced was the hip", True),
    ],
)
def test_of_several_parts_the_nearest_within_the_clause_was_treated(clause: str, own: bool) -> None:
    assert treats_own(f"The hip is dislocated. {clause}.") == own
