"""Many phrases in one sentence: each is found at every place where it stands, and what stands in its gaps."""

import pytest

from coding.evidence import phrase_index, sentences
from coding.evidence.phrase_index import PhraseIndex, _Remembered
from coding.evidence.phrases import compile_phrase

GROUPS = {"device": ("brace", "spica cast")}


def index(*phrases):
    return PhraseIndex([compile_phrase(phrase, GROUPS) for phrase in phrases])


def sentence(note):
    [only] = sentences(note)
    return only


def found(note, *phrases):
    """The number of each phrase that stands there, with its first word and the one behind its last."""
    return [
        (phrase, first, after) for first, phrase, after, _ in index(*phrases).find(sentence(note))
    ]


def test_a_phrase_is_found_at_every_place_in_order():
    assert found("hip to hip", "hip") == [(0, 0, 1), (0, 2, 3)]


def test_several_phrases_are_found_in_the_same_words():
    assert found("left hip joint", "hip", "left hip", "left hip joint") == [
        (1, 0, 2),
        (2, 0, 3),
        (0, 1, 2),
    ]


def test_a_beginning_finds_longer_words_and_its_own():
    assert found("reduced by reduction of a reduct", "reduct*") == [(0, 2, 3), (0, 5, 6)]


def test_words_of_a_group_stand_for_one_another():
    assert found("brace and spica cast", "{device}") == [(0, 0, 1), (0, 2, 4)]


def test_of_a_phrase_with_a_gap_the_nearest_end_counts():
    assert found("hip was reduced and reduced", "hip <4> reduced") == [(0, 0, 3)]


@pytest.mark.parametrize(
    ("note", "gaps"),
    [("hip reduced", ()), ("hip was reduced", (1,)), ("hip was soon reduced", (1, 2))],
)
def test_the_words_in_a_gap_are_told(note, gaps):
    [(*_, gaps_there)] = index("hip <4> reduced").find(sentence(note))
    assert gaps_there == gaps


def test_the_words_of_two_gaps_are_told_together():
    [(*_, gaps)] = index("hip <2> not <2> reduced").find(sentence("hip was not yet reduced"))
    assert gaps == (1, 3)


def test_a_comma_is_passed_only_where_the_gap_says_so():
    assert found("hip, then reduced", "hip <4> reduced") == []
    assert found("hip, then reduced", "hip <4,> reduced") == [(0, 0, 4)]


def test_a_phrase_that_ends_the_sentence_is_found_nowhere_else():
    assert found("no pain no", "no .") == [(0, 2, 3)]


def test_only_what_the_sentence_begins_with_opens_it():
    opening = index("left hip", "hip", "left").opening(sentence("left hip or left knee"))
    assert [(phrase, first, after) for first, phrase, after, _ in opening] == [(0, 0, 2), (2, 0, 1)]


def test_an_index_of_nothing_finds_nothing():
    assert found("left hip") == []


def test_a_pair_of_words_that_was_forgotten_is_looked_up_anew(monkeypatch):
    monkeypatch.setattr(phrase_index, "MOST_REMEMBERED", 2)
    hips = index("hip")
    for _ in range(2):
        assert len(hips.find(sentence("a hip b hip c hip d hip"))) == 4


def test_phrases_that_begin_together_come_in_their_own_order_whatever_of_them_is_tried():
    assert found("hip was reduced", "hip <2> reduced", "hip") == [(0, 0, 3), (1, 0, 1)]
    assert found("hip was reduced", "hip", "hip <2> reduced") == [(0, 0, 1), (1, 0, 3)]


@pytest.mark.parametrize("note", ["hip reductions", "hip was redone", "hip or reduc"])
def test_a_beginning_behind_a_gap_needs_a_word_that_begins_so(note):
    assert bool(found(note, "hip <2> reduc*")) == ("reduc" in note)


def test_a_phrase_of_which_one_word_stands_elsewhere_is_not_found():
    assert found("reduced was the hip", "hip <2> reduced") == []


def test_no_more_is_remembered_than_there_is_room_for():
    remembered = _Remembered(str.upper, 2)
    assert [remembered[letter] for letter in "abcab"] == list("ABCAB")
    assert len(remembered) <= 2
