"""Several treatments in one note are told apart: by side where sides differ, and one after another."""

from dataclasses import replace

import pytest

from coding import rulesets
from coding.evidence import read, treatments
from coding.rules.from_note import end_of_note

HIP = rulesets.shipped("hip-dislocation")
LEXICON = rulesets.shipped_lexicon("hip-dislocation")

TWO_SIDES = (
    "Newborn with DDH. The left hip was dislocated and was reduced by closed manipulation under general anesthesia. "
    "The right hip was dislocated and was treated in a Pavlik harness without anesthesia or manipulation."
)
TWO_TIMES = (
    "Fall from a ladder. At 10:00 the left hip was dislocated and I reduced it under moderate sedation. "
    "At 14:00 it came out again and I reduced the left hip again under general anesthesia."
)
BOTH_ALIKE = (
    "DDH, both hips dislocated. The left hip was reduced by closed manipulation under general anesthesia. "
    "The right hip was reduced by closed manipulation under general anesthesia."
)
FIRST_TRY_FAILED = (
    "The left hip prosthesis was dislocated. An attempt at closed reduction under sedation failed. Under general "
    "anesthesia I then reduced the left hip by closed manipulation."
)
OTHER_SIDE_NORMAL = (
    "Left hip dislocated. Under general anesthesia I reduced the left hip. The right hip is normal."
)
TITLED = (
    "PROCEDURE: Repeat closed reduction of the left hip.\nThe left hip was dislocated. Under general anesthesia "
    "the left hip was reduced by closed manipulation."
)


ONE_SIDE_FAILED = "Both hips dislocated. Under general anesthesia the left reduced, the right could not be reduced."


def told(note):
    statements = read(LEXICON, note).statements
    return [
        (treatment.site, [note[act.span.start : act.span.end] for act in treatment.acts])
        for treatment in treatments(LEXICON, statements)
    ]


def test_two_sides_that_were_treated_in_different_ways_are_two_treatments():
    [(left, of_left), (right, of_right)] = told(TWO_SIDES)
    assert (left, right) == ("left", "right")
    assert "closed manipulation" in of_left
    assert of_right == ["Pavlik harness"]


def test_a_side_that_could_not_be_reduced_is_a_treatment_of_its_own():
    assert [site for site, _ in told(ONE_SIDE_FAILED)] == ["left", "right"]
    assert end_of_note(HIP, LEXICON, ONE_SIDE_FAILED).text() in ("provider_query", "undecided")


@pytest.mark.parametrize(
    ("earlier", "end"),
    [
        ("I had reduced it this morning.", "code 27266 76 RT"),
        ("It was reduced by me at 07:30.", "code 27266 76 RT"),
        ("This morning Dr. Wong reduced it.", "code 27266 77 RT"),
        ("It was put back at noon by the day physician.", "provider_query"),
        ("Earlier today Dr. Wong reduced it.", "provider_query"),
        ("It had been in at breakfast.", "provider_query"),
    ],
)
def test_a_repeat_is_coded_only_if_the_note_says_who_reduced_it_before(earlier, end):
    repeat = "Now I repeated the closed reduction of the right hip under general anesthesia."
    note = f"Right THA dislocated. {earlier} {repeat}"
    assert end_of_note(HIP, LEXICON, note).text() == end


def test_two_times_are_two_treatments():
    [(_, first), (_, second)] = told(TWO_TIMES)
    assert first == ["hip was dislocated and I reduced"]
    assert "reduced the left hip" in second


@pytest.mark.parametrize("note", [BOTH_ALIKE, FIRST_TRY_FAILED, OTHER_SIDE_NORMAL, TITLED])
def test_one_treatment_is_not_told_as_two(note):
    assert told(note) == []


@pytest.mark.parametrize("note", [TWO_SIDES, TWO_TIMES])
def test_no_code_follows_from_a_note_of_two_treatments_alone(note):
    assert not end_of_note(HIP, LEXICON, note).text().startswith("code")


def test_no_code_follows_though_the_side_is_told():
    decision = end_of_note(HIP, LEXICON, f"{TWO_SIDES} Addendum: bilateral.").text()
    assert not decision.startswith("code")


def test_a_lexicon_without_rules_for_events_tells_none_apart():
    statements = read(LEXICON, TWO_SIDES).statements
    assert treatments(replace(LEXICON, events=None), statements) == ()
