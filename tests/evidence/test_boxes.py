"""Boxes of forms: a ticked option is said of its label, Yes and No answer it, and all else is silent."""

import pytest

from coding.evidence import sentences


def said(note):
    """What the boxes of a note say, sentence by sentence."""
    return [sentence.text.strip() for sentence in sentences(note)]


@pytest.mark.parametrize("box", ["[x]", "[X]", "(x)", "( x )", "☑", "☒", "✓", "[✔]"])
def test_a_ticked_option_is_said_of_its_label(box):
    assert said(f"Anesthesia: {box} general [ ] spinal") == ["anesthesia : general"]


@pytest.mark.parametrize("box", ["[ ]", "[]", "( )", "☐", "[_]"])
def test_an_unticked_option_is_silent(box):
    assert said(f"Anesthesia: {box} general") == []


def test_boxes_may_stand_behind_their_options():
    assert said("Side: Left [ ] Right [x]") == ["side : right"]
    assert said("Cause  trauma [x]  congenital [ ]  prosthesis [ ]") == ["cause : trauma"]


@pytest.mark.parametrize(
    ("note", "statement"),
    [
        ("Manipulation performed: [ ] Yes [x] No", "no manipulation performed"),
        ("Manipulation performed: [x] Yes [ ] No", "manipulation performed"),
        ("Closed reduction? ( ) Yes (x) No", "no closed reduction"),
        ("Sedation Y[ ] N[X].", "no sedation"),
        ("Reduction achieved? No", "no reduction achieved"),
        ("Sedation given?  Yes.", "sedation given"),
        ("Closed reduction unsuccessful: [x]", "closed reduction unsuccessful"),
    ],
)
def test_yes_and_no_answer_the_label(note, statement):
    assert said(note) == [statement]


@pytest.mark.parametrize("blank", ["***", "*** cm / none", "____", "{DEGREES:31402}"])
def test_a_field_that_nobody_filled_in_is_asked_only_and_its_neighbours_are_read(blank):
    note = f"Head reduced. Femoral shortening: {blank}. Anesthesia: general."
    assert said(note) == ["head reduced", "femoral shortening :", "anesthesia : general"]
    assert [bool(sentence.question) for sentence in sentences(note)] == [False, True, False]


def test_the_sentences_before_and_behind_are_read_as_ever():
    assert said("Hip out. Given: [x] sedation. Spica on.") == [
        "hip out",
        "given : sedation",
        "spica on",
    ]


def test_two_labels_on_a_line_have_their_own_options():
    assert said("Side: [x] Left [ ] Right Anesthesia: [ ] none [x] local") == [
        "side : left",
        "anesthesia : local",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "General [x] Spinal [ ] MAC",
        "Anesthesia: General / Spinal / MAC (circle one)",
        "Sedation given: Yes / No",
        "Sedation given: Y/N.",
        "Sedation given: [ ]",
    ],
)
def test_what_is_ambiguous_or_was_not_chosen_is_silent(note):
    assert said(note) == []


def test_what_a_box_says_keeps_its_places_in_the_note():
    note = "Reduction: [ ] Yes [x] No"
    [sentence] = sentences(note)
    assert [note[start:end] for start, end in sentence.places] == ["No", "Reduction"]


def test_an_answer_that_says_why_is_read_with_its_reason_apart():
    form = "Manual reduction performed?   [ ] yes  [x] no - positioned in harness only"
    assert said(form) == ["no manual reduction performed", "positioned in harness only"]
