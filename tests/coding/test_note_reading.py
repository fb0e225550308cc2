"""What a version's lexicon reads in a note, with the passages that say so, and what a coder marks beside it."""

import pytest

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known
from coding.rules.note_reading import NoteReading
from tests import small_rules

NOTE = "The joint was held. He was put to sleep."


def standing(people):
    return small_rules.draft(people, lexicon=small_rules.lexicon())


@pytest.fixture
def version(standing):
    return standing


def words(passages):
    return [passage.text for passage in passages]


def proposals(reading):
    return {fact: proposal.text() for fact, proposal in reading.proposals.items()}


def test_a_note_is_read_by_the_terms_of_its_version(version):
    reading = NoteReading.of(version, NOTE)
    assert proposals(reading) == {"held": "yes", "drug": "sleep"}
    [passage] = reading.passages_for("drug", Known("sleep"))
    assert passage.to_data() == {
        "start": 27,
        "end": 39,
        "text": "put to sleep",
        "marked_by": "lexicon",
    }


def test_a_version_without_a_lexicon_reads_nothing(people):
    reading = NoteReading.of(small_rules.draft(people), NOTE)
    assert reading.proposals == {}
    assert reading.passages_for("held", Known(True)) == []
    assert reading.against("held", Known(False)) == []
    assert words(reading.sentences) == ["The joint was held", "He was put to sleep"]


@pytest.mark.parametrize("answer", [Known(False), NOT_DOCUMENTED, CONFLICTING])
def test_what_a_note_says_stands_for_its_own_answer_and_against_another(version, answer):
    reading = NoteReading.of(version, NOTE)
    assert words(reading.passages_for("held", Known(True))) == ["held"]
    assert reading.against("held", Known(True)) == []
    assert reading.passages_for("held", answer) == []


def test_another_value_than_the_note_s_has_its_passage_against_it(version):
    reading = NoteReading.of(version, NOTE)
    assert words(reading.against("held", Known(False))) == ["held"]
    assert words(reading.against("drug", Known("none"))) == ["put to sleep"]
    assert reading.against("colour", Known(True)) == []


def test_a_denial_is_a_part_of_its_passage(version):
    reading = NoteReading.of(version, "The joint was not held.")
    assert proposals(reading) == {"held": "no"}
    assert words(reading.passages_for("held", Known(False))) == ["not held"]


def test_passages_that_disagree_are_proposed_as_conflicting_with_both(version):
    reading = NoteReading.of(version, "The joint was held. The joint was not held.")
    assert proposals(reading) == {"held": "conflicting"}
    assert words(reading.passages_for("held", CONFLICTING)) == ["held", "not held"]


def test_a_passage_that_stands_within_another_is_shown_once(people):
    terms = [
        {"phrase": "held awake", "fact": "held", "value": "yes"},
        {"phrase": "awake", "fact": "drug", "value": "none"},
    ]
    version = small_rules.draft(people, lexicon=small_rules.lexicon(*terms))
    reading = NoteReading.of(version, "The joint was held awake. He stayed awake.")
    assert proposals(reading) == {"held": "yes", "drug": "none"}
    assert words(reading.passages(reading.statements)) == ["held awake", "awake"]


def test_each_sentence_is_offered_for_marking_with_its_place(version):
    reading = NoteReading.of(version, f"  {NOTE}\n\n")
    assert words(reading.sentences) == ["The joint was held", "He was put to sleep"]
    for sentence in reading.sentences:
        assert reading.note[sentence.start : sentence.end] == sentence.text
        assert sentence.marked_by == "coder"
    assert NoteReading.of(version, " \n").sentences == []


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([(4, 9)], ["joint"]),
        ([(20, 22), (4, 9), (4, 9)], ["joint", "He"]),
        ([(0, len(NOTE))], [NOTE]),
        ([(0, len(NOTE) + 1)], []),
        ([(-1, 5)], []),
        ([(9, 4), (4, 4)], []),
        ([], []),
    ],
)
def test_a_coder_marks_what_stands_in_the_note_each_place_once(version, spans, marked):
    passages = NoteReading.of(version, NOTE).marked(spans)
    assert words(passages) == marked
    assert {passage.marked_by for passage in passages} <= {"coder"}
