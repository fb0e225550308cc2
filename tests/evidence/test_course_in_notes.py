"""The course of treatment in whole notes: other acts beside the one coded, and what may call for a modifier."""

import pytest

from tests.evidence.hip_notes import GA, MVC, end


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("The hip redislocated at 25 degrees of abduction, a safe zone.", "code 27252 LT"),
        ("Plan: revision by Dr. Holm on Thursday.", "code 27252 LT"),
        ("At 07:10 I reduced it, on the first pull.", "code 27252 LT"),
        ("It did not go in on the first pull, on the second it did.", "code 27252 LT"),
        ("This is his first; it has not dislocated before.", "code 27252 LT"),
        ("Dr. Holm had reduced it at noon.", "provider_query"),
        ("The right hip was then flexed and reduced with a clunk.", "provider_query"),
    ],
)
def test_what_stands_beside_an_act_is_told_from_another_act(beside: str, expected: str) -> None:
    assert end(f"{MVC}{GA}{beside}") == expected


PROSTHESIS = (
    "Right total hip dislocated. {} Under general anesthesia the right hip was reduced with "
    "traction, a clunk, located."
)

INFANT = (
    "Developmental dislocation of the left hip. {} Under general anesthesia I reduced the left hip "
    "by closed manipulation."
)


@pytest.mark.parametrize(
    "note",
    [
        PROSTHESIS.format("She is three weeks out from surgery; an unplanned return to theatre."),
        PROSTHESIS.format("She is still inside the global period of her arthroplasty."),
        INFANT.format("A harness that I applied ten days ago did not bring it in."),
        INFANT.format("Two weeks ago I released the adductors with the intention of reducing it."),
        f"{MVC}{GA}All follow-up care was handed over to Dr. Moss.",
        f"{MVC}{GA}My role ends with the reduction.",
        f"{MVC}Dr. Wu had put it in this morning. {GA}",
        f"{MVC}{GA}It had been reduced at 0900 by me.",
        f"{MVC}We reduced it before lunch and again now. {GA}",
    ],
)
def test_no_code_leaves_out_a_modifier_that_a_note_may_call_for(note: str) -> None:
    assert end(note) in {"provider_query", "undecided"} or len(end(note).split()) > 3


@pytest.mark.parametrize(
    "course",
    [
        "She is three weeks postoperative from a replacement by me.",
        "On postoperative day 21 she bent forward and it went out.",
        "Two weeks after her right total hip arthroplasty it dislocated again.",
        "The day attending reduced it at 13:20.",
    ],
)
def test_a_course_that_may_call_for_a_modifier_leaves_the_code_to_a_person(course: str) -> None:
    act = "Under general anesthesia the right hip was reduced closed, with a clunk."
    note = f"Dislocated right total hip arthroplasty. {{}}{act}"
    assert end(note.format("")) == "code 27266 RT"
    assert not end(note.format(f"{course} ")).startswith("code")
