"""Marks in a note: nothing of the note is lost, and overlapping passages each keep their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.views.marks import Mark, marks_of, segments

NOTE = "Left hip dislocated. No anesthesia."


def test_a_note_without_marks_is_one_plain_segment():
    [segment] = segments(NOTE, [])
    assert (segment.start, segment.text, segment.marks) == (0, NOTE, ())


def test_overlapping_passages_each_keep_their_words():
    pieces = list(segments(NOTE, [Mark(0, 8, "side"), Mark(5, 19, "state", now=True)]))
    assert [(piece.text, piece.words, piece.now) for piece in pieces] == [
        ("Left ", "side", False),
        ("hip", "side; state", True),
        (" dislocated", "state", True),
        (". No anesthesia.", "", False),
    ]


def test_places_within_a_segment_are_the_same_for_a_browser_that_reads_two_line_ends_as_one():
    pieces = list(segments("one\r\ntwo\r\nthree", []))
    assert [(piece.start, piece.text) for piece in pieces] == [
        (0, "one\r\n"),
        (5, "two\r\n"),
        (10, "three"),
    ]


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6)
)
def test_the_segments_are_the_note_whatever_the_marks(note, spans):
    pieces = list(segments(note, [Mark(start, end, "x") for start, end in spans]))
    assert "".join(piece.text for piece in pieces) == note


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (8, 3), (30, len(NOTE) + 1), (len(NOTE), len(NOTE))]
)
def test_a_passage_that_is_none_of_the_note_marks_nothing(start, end):
    [segment] = segments(NOTE, [Mark(start, end, "x")])
    assert (segment.text, segment.marks) == (NOTE, ())


def test_a_passage_up_to_the_end_of_the_note_is_marked():
    *_, last = segments(NOTE, [Mark(21, len(NOTE), "anesthesia")])
    assert (last.text, last.words) == ("No anesthesia.", "anesthesia")


def test_what_two_passages_say_alike_is_told_once():
    [segment] = segments("hip", [Mark(0, 3, "side"), Mark(0, 3, "state"), Mark(0, 3, "side")])
    assert segment.words == "side; state"


def test_an_empty_note_has_no_segment():
    assert list(segments("", [])) == []


def test_the_passages_of_an_answer_are_marks_with_its_words():
    passages = [{"start": 0, "end": 4, "text": "Left"}, {"start": 5, "end": 8, "text": "hip"}]
    assert list(marks_of(passages, "side: left", now=True)) == [
        Mark(0, 4, "side: left", now=True),
        Mark(5, 8, "side: left", now=True),
    ]
