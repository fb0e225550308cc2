"""Sentences and words of a note: where one ends, what counts as a word, and that each word keeps its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.evidence import Span, sentences
from coding.evidence.repair import PAD, repaired
from coding.evidence.sentences import LONGEST_WORD, WRAPPED_LINE

MARKS = "aB1 .,;:?!-–—\n\r)x+%'’é\t"
PROSE = st.text(st.sampled_from(MARKS), max_size=60)
# With boxes of forms, which say a label once for each of its answers and a denial before what it denies.
NOTES = st.text(st.sampled_from(MARKS + "([]/☐✓"), max_size=60)


def read(note):
    """The words of each sentence, with its marks."""
    return [sentence.text.strip() for sentence in sentences(note)]


@settings(max_examples=80)
@given(NOTES)
def test_every_word_stands_where_it_says(note):
    for sentence in sentences(note):
        for word, (start, end) in zip(sentence.words, sentence.places, strict=True):
            assert 0 <= start <= end <= len(note)
            is_colon_of_a_form = word == ":" and start == end
            own = repaired(note)[start:end].rstrip(PAD)[:LONGEST_WORD].lower()
            assert is_colon_of_a_form or (own and word in (own, f"0{own}", ","))


@settings(max_examples=80)
@given(PROSE)
def test_every_word_of_prose_stands_behind_the_one_before(note):
    end = 0
    for sentence in sentences(note):
        for start, after in sentence.places:
            assert end <= start < after
            end = after


@settings(max_examples=80)
@given(NOTES)
def test_the_text_of_a_sentence_is_its_words_and_each_is_found_by_its_place(note):
    for sentence in sentences(note):
        assert sentence.text == "".join(f"{word} " for word in sentence.words)
        for number, word in enumerate(sentence.words):
            assert sentence.text.startswith(f"{word} ", sentence.offsets[number])
            assert sentence.span(number, number + 1) == sentence.places[number]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("The hip is out. It was reduced.", ["the hip is out", "it was reduced"]),
        ("The hip is out; it was reduced", ["the hip is out", "it was reduced"]),
        ("Out! Reduced? Yes.", ["out", "reduced", "yes"]),
        ("It is out.) Then it was in.", ["it is out", "then it was in"]),
        ("Seen by Dr. Falk at approx. noon.", ["seen by dr falk at approx noon"]),
        ("Left vs. right.", ["left vs right"]),
        ("Version 1.2 of the note.", ["version 1.2 of the note"]),
        ("see www.example.org now", ["see www example org now"]),
        ("", []),
        (" \n . ; \n", []),
    ],
)
def test_a_sentence_ends_at_a_stop_that_is_one(note, words):
    assert read(note) == words


LONG = "the hip was examined again and again by several of the people "


@pytest.mark.parametrize(
    ("note", "count"),
    [
        ("Closed reduction\nSpica cast", 2),
        ("closed reduction\nof the hip", 1),
        ("cast\n2 weeks", 2),
        (f"{LONG}\nAnd then it was reduced", 1),
        (f"{LONG}\n\nAnd then it was reduced", 2),
        (f"{LONG}\r\n \t\r\nand then it was reduced", 2),
        (f"{LONG}\n- and then it was reduced", 2),
        (f"{LONG}\n2) and then it was reduced", 2),
        (f"{LONG}\nplan: and then it was reduced", 2),
    ],
)
def test_a_line_ends_a_sentence_only_where_it_was_ended_on_purpose(note, count):
    assert len(LONG) > WRAPPED_LINE
    assert len(read(note)) == count


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("W/o sedation", "w/o sedation"),
        ("follow-up", "follow up"),
        ("the patient's hip", "the patient's hip"),
        ("the patient’s hip", "the patient's hip"),
        ("0.5 mg/kg at 10:30", "0.5 mg kg at 10:30"),
        (".5 cm", "0.5 cm"),
        ("Ortolani + left, 50% covered", "ortolani + left , 50 % covered"),
        ("?fracture", "? fracture"),
        ("hip – reduced", "hip , reduced"),
        ("hip — reduced", "hip , reduced"),
        ("post-op", "post op"),
        ("under_score", "under score"),
        ("Hüfte", "hüfte"),
    ],
)
def test_what_counts_as_a_word_or_mark(note, words):
    assert read(note) == [words]


@pytest.mark.parametrize(
    ("note", "texts"),
    [
        (
            "right hip dislocated\nno fracture\nhip reduced with traction",
            ["right hip dislocated", "no fracture", "hip reduced with traction"],
        ),
        (
            "the left hip of this man\nwas out\nand is in",
            ["the left hip of this man was out and is in"],
        ),
        (
            "no evidence of\nfracture of the pelvis or hip",
            ["no evidence of fracture of the pelvis or hip"],
        ),
    ],
)
def test_in_short_lines_one_that_had_room_ends_its_sentence_unless_it_goes_on(note, texts):
    assert [sentence.text.strip() for sentence in sentences(note)] == texts


def test_a_bracket_is_no_word_but_its_place_is_known():
    [sentence] = sentences("Anesthesia (see record) general")
    assert sentence.text == "anesthesia see record general "
    assert sentence.asides == [1, 3]


def test_a_very_long_word_is_cut_and_keeps_its_place():
    [sentence] = sentences("x" * 100)
    assert sentence.words == ["x" * LONGEST_WORD]
    assert sentence.places == [(0, 100)]


def test_a_question_knows_the_mark_that_makes_it_one():
    first, second = sentences("Was it reduced?! It was.")
    assert first.question == Span(14, 16)
    assert second.question is None


def test_a_sentence_knows_whether_it_begins_a_line_and_whether_a_blank_one_comes_before():
    note = "Closed reduction. Under sedation.\nSpica cast.\n\nPlan: home. Then again."
    places = [(sentence.opens_line, sentence.after_blank) for sentence in sentences(note)]
    assert places == [(True, False), (False, False), (True, False), (True, True), (False, False)]


def test_each_word_comes_with_the_next_one():
    [sentence] = sentences("no pain no")
    assert list(sentence.pairs()) == [("no", "pain"), ("pain", "no"), ("no", "")]


def test_a_ticked_option_without_words_says_nothing():
    assert read("# [x] **") == read("#: [x] Yes") == []


def test_a_bracket_before_the_first_word_is_of_no_later_sentence():
    [first, second] = sentences("(. Hip out. Reduced.")
    assert (first.asides, second.asides) == ([], [])


def test_the_marks_of_a_label_are_kept_in_what_its_box_says():
    assert read("Hip, left, .5 cm: [x] short") == ["hip , left , 0.5 cm : short"]


def test_a_line_of_blanks_and_tabs_is_a_blank_line():
    assert [sentence.after_blank for sentence in sentences("Out\n \t\nreduced")] == [False, True]


def test_words_of_forty_letters_are_kept_and_longer_ones_cut_each_in_its_place():
    note = f"hip {'a' * 40} {'b' * 41} out"
    [sentence] = sentences(note)
    assert sentence.words == ["hip", "a" * 40, "b" * 40, "out"]
    assert [note[slice(*place)] for place in sentence.places] == note.split()


def test_a_letter_that_small_is_two_keeps_the_words_behind_it_in_their_places():
    note = "\u0130S hip out"
    [sentence] = sentences(note)
    assert note[slice(*sentence.span(1, 3))] == "hip out"


def test_words_on_both_sides_of_a_mark_stand_from_the_first_to_the_last():
    note = "The hip, (left) - out."
    [sentence] = sentences(note)
    assert note[slice(*sentence.span(1, 6))] == "hip, (left) - out"
    assert note[slice(*sentence.span(0, 2))] == "The hip"
