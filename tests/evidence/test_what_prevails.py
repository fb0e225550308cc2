"""Which of several passages on one fact prevails: the stronger, the later, the denial, or none."""

import pytest

from coding.evidence import Lexicon
from tests.evidence.lexicons import lexicon, proposals, proposed


def grafts(*terms: dict[str, str], **more: object) -> Lexicon:
    """A lexicon of one fact, the result of a graft."""
    rows = [{"fact": "graft", **term} for term in terms]
    return lexicon(*rows, **more)


FAILED = {"phrase": "slipped", "value": "failed"}
TOOK = {"phrase": "took", "value": "taken"}
DOUBTED = {"phrase": "pale", "against": "taken"}
IN_THE_END = grafts(FAILED, TOOK, DOUBTED, succeeds={"graft": {"taken": ["failed"]}})


def test_a_success_that_is_told_later_succeeds_a_failure() -> None:
    assert proposed("It slipped. It took.", IN_THE_END) == {"graft": "taken"}


def test_a_failure_that_is_told_later_leaves_it_open() -> None:
    assert proposed("It took. It slipped.", IN_THE_END) == {"graft": "conflicting"}


def test_either_told_alone_stands() -> None:
    assert proposed("It took.", IN_THE_END) == {"graft": "taken"}
    assert proposed("It slipped.", IN_THE_END) == {"graft": "failed"}


def test_a_success_settles_the_doubts_before_it_and_none_behind_it() -> None:
    assert proposed("It was pale. It took.", IN_THE_END) == {"graft": "taken"}
    assert proposed("It took. It was pale.", IN_THE_END) == {"graft": "conflicting"}
    assert proposed("It took. It was pale. It took.", IN_THE_END) == {"graft": "taken"}


def test_where_nothing_succeeds_a_doubt_counts_wherever_it_stands() -> None:
    at_any_time = grafts(TOOK, DOUBTED)

    assert proposed("It was pale. It took.", at_any_time) == {"graft": "conflicting"}
    assert proposed("It took. It was pale.", at_any_time) == {"graft": "conflicting"}


def test_passages_that_disagree_are_kept_in_the_order_of_the_note() -> None:
    note = "It took. It was pale."
    [first, second] = proposals(note, grafts(TOOK, DOUBTED))["graft"].passages

    assert (note[slice(*first.span)], note[slice(*second.span)]) == ("took", "pale")


HINTED = {"phrase": "pink", "value": "taken", "strength": "hint"}


def test_a_denial_is_held_against_what_is_said_and_not_against_what_is_hinted() -> None:
    of_both = grafts(TOOK, HINTED)

    assert proposed("It took. It was not pink.", of_both) == {"graft": "conflicting"}
    assert proposed("It was pink. It was not pink.", of_both) == {"graft": "taken"}


def test_of_what_was_found_a_hint_is_too_weak_to_deny() -> None:
    found = grafts(TOOK, HINTED, findings=["graft"])

    assert proposed("It took. It was not pink.", found) == {"graft": "taken"}


def test_a_clue_is_too_weak_to_deny() -> None:
    clue = {"phrase": "warm", "value": "taken", "strength": "clue"}

    assert proposed("It took. It was not warm.", grafts(TOOK, clue)) == {"graft": "taken"}


def test_what_did_not_happen_at_a_place_is_not_said_of_the_place() -> None:
    assert proposed("Left hip. It is not the left one.") == {"side": "left"}


CLUES = lexicon(
    {"phrase": "left", "fact": "side", "value": "left", "strength": "clue"},
    {"phrase": "right", "fact": "side", "value": "right", "strength": "clue"},
    {"phrase": "took", "fact": "graft", "value": "taken", "strength": "clue"},
)


@pytest.mark.parametrize(
    ("note", "side"),
    [
        ("The left one.", "conflicting"),
        ("The left one, left.", "conflicting"),
        ("The left one. The left.", "left"),
        ("The left one. The right.", "conflicting"),
    ],
)
def test_clues_in_several_sentences_that_name_one_place_mean_it(note: str, side: str) -> None:
    assert proposed(note, CLUES) == {"side": side}


def test_clues_of_anything_else_prove_nothing_however_often_they_are_given() -> None:
    assert proposed("It took. It took.", CLUES) == {"graft": "conflicting"}


def test_hints_of_several_things_are_not_two_things() -> None:
    terms = [
        {"phrase": "wrist", "fact": "problems", "value": "low"},
        {"phrase": "stiff", "fact": "problems", "value": "low", "strength": "hint"},
    ]

    assert proposed("Wrist, stiff.", lexicon(*terms, alone=["problems=low"])) == {"problems": "low"}


def test_a_proposal_is_firm_where_one_of_its_passages_is() -> None:
    [[told]] = [proposal.passages for proposal in proposals("It took.", grafts(TOOK)).values()]
    proposal = proposals("It took. It took.", grafts(TOOK))["graft"]
    titled = told._replace(firm=False)

    assert proposal.firm
    assert type(proposal)("graft", "taken", (titled, told)).firm
    assert not type(proposal)("graft", "taken", (titled, titled)).firm
