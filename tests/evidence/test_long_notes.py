"""What stands in whole notes beside the event itself: innocent asides, how it was done, both hips, speech.

Each document is a kind that recurs from author to author; its counterpart shows where care is still due.
"""

import pytest

from coding.evidence.repair import repaired
from tests.evidence.hip_notes import GA, MVC, end


@pytest.mark.parametrize(
    "beside",
    [
        "Later entry, same day, 20:15.",
        "The right wrist abrasion was dressed by the same technique.",
        "Seen on 11 May; may walk with crutches.",
        "Two doctors elsewhere had tried; I first tried once more by closed means without drugs.",
        "With the pelvis held by the registrar I reduced it.",
        "She has never had the hip out before.",
        "There is no tendency to redislocate unless rotated beyond 45.",
        "The assistant was at the foot of the table; cardiac monitor and pulse oximetry were used.",
    ],
)
def test_what_stands_innocently_beside_a_reduction_leaves_its_code(beside: str) -> None:
    assert end(f"{MVC}{GA}{beside}") == "code 27252 LT"


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (
            (
                f"{MVC}The anesthesiologist advised against a general anesthetic and placed a "
                "spinal. Once the block was up I reduced the left hip with the Allis maneuver. "
                "Films: located."
            ),
            "code 27252 LT",
        ),
        (
            (
                f"{MVC}A general anesthetic was thought unsafe. Under spinal anesthesia, placed in"
                " the right lateral position, the left hip was reduced with traction. Clunk. "
                "Film: concentric."
            ),
            "code 27252 LT",
        ),
        (
            (
                "Developmental dislocation of the right hip, 9 months. General anesthesia, mask. "
                "I reduced the right hip: gentle traction, flexion, abduction. Spica, right, "
                "short on left. Arthrogram: seated."
            ),
            "code 27257 RT",
        ),
        (
            (
                "Procedure: bilateral closed reduction of dislocated hips. Developmental "
                "dislocation of both hips. General anesthesia. Right: head moved in with a clunk."
                " Left: the head was reduced by the same manoeuvre. Double spica."
            ),
            "code 27257 50",
        ),
        (
            (
                "Three weeks old, breech. Right hip rests dislocated, Ortolani positive. Left hip"
                " rests dislocated, Ortolani positive. Bilateral developmental dislocation of the"
                " hip. Pavlik harness applied. The hips settle in by position; no reduction "
                "maneuver was done. No sedation and no anesthesia."
            ),
            "code 27256 50",
        ),
        (
            (
                f"{MVC}Dr. Ames there has agreed in writing to take over all postoperative care "
                f"from tomorrow. {GA}"
            ),
            "code 27252 54 LT",
        ),
        (
            (
                "I replaced this lady's right hip 33 days ago. It dislocated last evening. I "
                "brought her back to the operating room today, an unplanned return. Under general"
                " anesthesia I reduced the right total hip with traction."
            ),
            "code 27266 78 RT",
        ),
        (
            (
                "83F, left THA 2012. At 04:10 Dr. Hale did a closed reduction under moderate "
                "sedation. It went out again; films confirm the left prosthesis is dislocated. "
                "Under moderate sedation, opening her eyes to voice, I did a second closed "
                "reduction of the left hip with traction. Second dislocation in one day (the "
                "first one today was done by Dr. Hale, a different group)."
            ),
            "code 27265 77 LT",
        ),
        (
            (
                "MVC. Left hip posterior dislocation with posterior wall and femoral head "
                "fractures. Open reduction left hip under general anesthesia through a Kocher-"
                "Langenbeck approach, wall plate, two screws in the head. No screw in joint. "
                "Reduced under vision."
            ),
            "code 27254 LT",
        ),
    ],
)
def test_what_was_done_is_told_from_what_stands_about_it(note: str, expected: str) -> None:
    assert end(note) == expected


def test_what_was_cut_through_is_no_closed_reduction_whatever_the_attempts() -> None:
    note = f"{MVC}Under general anesthesia I {{}} and reduced the left hip in one attempt. No hardware."
    assert end(note.format("cut down on the hip from behind")) == "code 27253 LT"
    assert end(note.format("split the gluteus")) != "code 27252 LT"


DICTATED = (
    "this is doctor hale dictating on a baby girl seen today the primary doctor noticed that the "
    "left hip would not open and a film showed a dislocated left hip the right hip is normal her "
    "aunt had the same thing so this is developmental dislocation we talked about it and they "
    "understood that if it would not go in closed we would come back for an open operation when "
    "she is older the baby was brought to the operating suite where general anesthesia was "
    "induced by mask i then flexed the hip abducted it and lifted the femoral head into the "
    "socket and felt it go over the rim the hip was held there while the spica cast was put on "
    "she was woken up without trouble"
)


def test_speech_that_nobody_punctuated_is_read_in_clauses() -> None:
    assert "operation; when" not in repaired(DICTATED)
    assert "dislocated left hip;the right hip is normal" in repaired(DICTATED)
    assert "that if it would not go in closed we" in repaired(DICTATED)
    assert len(repaired(DICTATED)) == len(DICTATED)
    assert end(DICTATED) == "code 27257 LT"
    failed = DICTATED.replace("i then flexed", "i could not reduce it i then flexed")
    assert not end(failed).startswith("code")


@pytest.mark.parametrize("short", ["post. disloc.", "ant. disloc.", "traumatic post. dislocation"])
def test_a_word_cut_short_before_a_small_letter_ends_no_sentence(short: str) -> None:
    note = f"40F fell down stairs, R hip {short}; no fx. General anesthesia. Reduced with traction, one pull, located."
    assert end(note) == "code 27252 RT"


def test_both_hips_are_not_what_was_treated_where_one_was_and_the_other_on_another_day() -> None:
    note = (
        "R hip open reduction done 8 wk ago for bilateral DDH dislocation; today LEFT: open reduction"
        " L hip + 1.8 cm femoral shaft shortening, plate, under GA. Spica."
    )
    assert not end(note).startswith("code")


def test_both_hips_are_not_what_was_treated_where_the_title_names_one() -> None:
    note = (
        "Diagnosis: Bilateral developmental dislocation of the hip, status post open reduction right hip"
        " 7 weeks ago.\nOperation: Open reduction of left hip, medial approach. Spica cast.\n"
        "Anesthesia: General.\nProcedure: The right-sided spica was removed; the right hip is stable in"
        " the socket. The capsule was opened. The head then dropped into the acetabulum easily. No"
        " shortening was performed. A double hip spica was placed."
    )
    assert not end(note).startswith("code")


@pytest.mark.parametrize(
    "aside",
    [
        "Stimson was thought unsafe, so the hip was reduced supine.",
        "The head went in without any force.",
        "It went in without tension.",
    ],
)
def test_how_gently_or_by_which_way_it_went_in_denies_no_reduction(aside: str) -> None:
    note = (
        "Right total hip arthroplasty dislocated. Spinal anesthesia."
        f" {aside} Closed reduction of the right hip by manipulation."
    )
    assert end(note) == "code 27266 RT"
