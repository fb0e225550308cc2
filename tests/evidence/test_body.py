"""Body parts: what is said of another part of the body is not said of the one that the rule set treats."""

import pytest

from coding.evidence import read
from tests.evidence.lexicons import lexicon, proposed, statements_in

HIP = lexicon(
    {"phrase": "reduced", "fact": "manipulation", "value": "performed"},
    {"phrase": "dislocat*", "fact": "state", "value": "dislocated"},
    {"phrase": "prosthesis", "fact": "cause", "value": "prosthesis", "tied": True},
    {"phrase": "fell", "fact": "cause", "value": "injury"},
    {"phrase": "general anesthesia", "fact": "anesthesia", "value": "general"},
    body={"parts": ["hip"], "names": ["tha", "pavlik"]},
    free=["cause=injury"],
    operative=["anesthesia"],
    opens=["state=dislocated"],
    consequences=[],
    prevails={},
)


def counted(note):
    return {statement.value for statement in statements_in(note, HIP) if statement.counts}


@pytest.mark.parametrize(
    "note", ["The hip is dislocated.", "Dislocated THA.", "Acetabulum empty, head dislocated."]
)
def test_what_names_the_own_part_counts(note):
    assert counted(note) == {"dislocated"}


@pytest.mark.parametrize(
    "note",
    [
        "The left shoulder is dislocated.",
        "Dislocated finger.",
        "Dislocated lens.",
        "Jaw dislocated and reduced.",
    ],
)
def test_what_names_another_part_does_not(note):
    assert counted(note) == set()


@pytest.mark.parametrize(
    "aside",
    [
        "Jaw thrust for a minute.",
        "She squeezed my hand and opened her eyes.",
        "I lifted the bent knee with my forearm.",
    ],
)
def test_what_a_part_was_moved_by_and_the_hands_of_the_writer_are_no_other_part(aside):
    note = f"The hip is dislocated.\n\n{aside} General anesthesia. Reduced."
    assert counted(note) == {"dislocated", "general", "performed"}


def test_of_two_parts_the_nearest_in_its_clause_is_meant():
    assert counted("Knee sprained, hip dislocated.") == {"dislocated"}
    assert counted("Hip sound, knee dislocated.") == set()


@pytest.mark.parametrize(
    "note",
    [
        "Ankle dislocated. With hip and knee flexed it was reduced.",
        "Dislocated in a fall, reduced. A bump was placed under the left hip.",
        "Facet dislocated, reduced. Hips padded.",
    ],
)
def test_a_part_that_is_held_for_something_else_opens_nothing(note):
    assert not read(HIP, note).opens
    assert read(HIP, f"{note} The hip is dislocated.").opens


def test_a_sentence_that_names_no_part_goes_on_with_the_one_before():
    assert counted("Right hip film. It was reduced.") == {"performed"}
    assert counted("Right shoulder film. It was reduced.") == set()


def test_the_next_line_begins_anew():
    assert counted("Wrist splinted.\nDislocated and reduced.") == {"dislocated", "performed"}


@pytest.mark.parametrize(
    "other",
    [
        "Fracture of the wrist.",
        "The left shoulder is dislocated.",
        "Lead of the pacemaker dislodged.",
        "Hernia repaired.",
    ],
)
def test_what_happened_to_another_part_goes_on_until_the_own_one_is_named(other):
    assert counted(f"{other}\nReduced under general anesthesia.") == set()
    assert counted(f"{other}\nIncision.\nReduced.") == set()
    assert counted(f"{other}\nReduced. Then the hip.\nReduced.") == {"performed"}
    assert counted(f"{other}\nANESTHESIA: general anesthesia.") == {"general"}


@pytest.mark.parametrize(
    "other", ["No fracture of the wrist.", "Wrist plated in 2010.", "Wrist painful."]
)
def test_another_part_to_which_nothing_happened_today_is_left_with_its_line(other):
    assert counted(f"{other}\nReduced.") == {"performed"}


def test_a_word_of_many_meanings_needs_the_part_beside_it():
    assert counted("He has a valve prosthesis.") == set()
    assert counted("Prosthesis in place.") == set()
    assert counted("Prosthesis of the hip.") == {"prosthesis"}


def test_what_is_no_part_s_is_never_another_s():
    assert counted("He fell on his wrist.") == {"injury"}


def test_an_organ_is_named_with_its_illness_and_does_not_take_the_anesthetic():
    assert counted("Given his lungs, general anesthesia was chosen.") == {"general"}
    assert counted("Hernia repair under general anesthesia.") == set()
    assert counted("The wrist was set under general anesthesia.") == set()


def test_a_lexicon_without_a_part_reads_on_all():
    assert proposed("The left shoulder is dislocated.") == {"side": "left", "state": "dislocated"}
