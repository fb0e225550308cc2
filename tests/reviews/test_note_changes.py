"""Two texts of a note beside each other: what stayed, what went and what came, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.coding_form import note_changes as comparing
from reviews.coding_form.note_changes import NoteChange, note_changes

words = st.lists(
    st.sampled_from(["left", "right", "hip", "no", "harness", "\n", "  "]), max_size=9
).map(" ".join)


def test_a_note_that_stayed_the_same_has_no_changes():
    assert note_changes("Left hip.", "Left hip.") == []


def test_a_word_that_changed_stands_between_what_stayed():
    assert note_changes("The left hip.", "The right hip.") == [
        NoteChange(same="The "),
        NoteChange(before="left", after="right"),
        NoteChange(same=" hip."),
    ]


def test_what_was_added_went_nowhere_and_what_was_taken_out_came_from_nowhere():
    assert note_changes("Left hip.", "Left hip. Reduced.") == [
        NoteChange(same="Left hip."),
        NoteChange(after=" Reduced."),
    ]
    assert note_changes("Left hip. Reduced.", "Left hip.")[-1] == NoteChange(before=" Reduced.")


@given(words, words)
def test_both_texts_can_be_read_off_the_changes(before, after):
    changes = note_changes(before, after)
    if before == after:
        assert changes == []
        return
    assert "".join(change.same + change.before for change in changes) == before
    assert "".join(change.same + change.after for change in changes) == after


def test_a_long_stretch_that_stayed_is_shortened_to_its_ends():
    long = " ".join(f"word{number}" for number in range(100))
    stayed, changed = note_changes(f"{long} left", f"{long} right")
    assert stayed.same.startswith("word0 word1")
    assert stayed.same.endswith("word99 ")
    assert " … " in stayed.same
    assert "word50" not in stayed.same
    assert changed == NoteChange(before="left", after="right")


def sentences(count):
    return "".join(f"Line {number} of the note.\n" for number in range(count))


def test_a_very_long_note_is_compared_line_by_line(monkeypatch):
    monkeypatch.setattr(comparing, "MOST_WORDS", 50)
    before = sentences(20)
    after = before.replace("Line 7 of the note.", "Line 7 of another note.")
    [changed] = [change for change in note_changes(before, after) if not change.same]
    assert changed == NoteChange("", "Line 7 of the note.\n", "Line 7 of another note.\n")


def test_a_note_that_grew_very_long_is_compared_line_by_line_on_both_sides(monkeypatch):
    monkeypatch.setattr(comparing, "MOST_WORDS", 100)
    before = sentences(9)
    after = sentences(11)
    assert note_changes(before, after) == [
        NoteChange(same=before),
        NoteChange(after="Line 9 of the note.\nLine 10 of the note.\n"),
    ]
