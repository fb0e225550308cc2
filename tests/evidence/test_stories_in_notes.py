"""Stories in whole notes: what was long ago, elsewhere or copied, how somebody was hurt, what did not come to pass."""

import pytest

from tests.evidence.hip_notes import MVC, end


@pytest.mark.parametrize(
    "note",
    [
        (
            "34M w/ PMH traumatic L hip dislocation 2019 (MVC, closed reduction under general "
            "anesthesia), today with R shoulder pain after a seizure. Hips located. Closed "
            "reduction R shoulder under moderate sedation."
        ),
        (
            "72F, pneumonia. Status post bilateral hip replacements, functioning well. Uses a "
            "cane for the hips out of habit."
        ),
        (
            "Hospitalist. 77M with a dislocated R THA. Ortho will take him to OR this evening for"
            " closed reduction under spinal. No procedures by us."
        ),
        (
            "Internal medicine discharge summary. Pneumonia. On 4/5 she dislocated her right total "
            "hip. Orthopedics (Dr. Iwu) was consulted and took her to the operating room, where "
            "closed reduction was performed under spinal anesthesia; see the report by Dr. Iwu."
        ),
        (
            f"{MVC}Not reduced here, no attempt per the trauma center's request. Pillow under the "
            "knee. Flown out."
        ),
        (
            "Left THA dislocated. 11 May 2024: reduced closed under general anesthesia, left hip, "
            "clunk. 14 May 2024: clinic, hip located."
        ),
        (
            "Right THA dislocated. EMS pulled and it clunked back in the ambulance. In ED: located, "
            "no sedation. Knee immobilizer."
        ),
        f"{MVC}We discussed operating under general anesthesia. Not attempted here.",
    ],
)
def test_what_was_long_ago_elsewhere_or_still_to_come_is_no_code(note: str) -> None:
    assert not end(note).startswith(("code", "supervisor"))


def test_what_is_carried_forward_in_brackets_is_history_up_to_the_end_of_its_line() -> None:
    earlier = (
        "[Carried forward 02/2021] 80F s/p L THA. Dislocation #1. Reduced with moderate sedation.\n"
    )
    today = (
        "TODAY: left prosthetic hip dislocated on film. General w/ LMA. Closed reduction left hip"
        " with traction, clunk, located on fluoro."
    )
    assert end(f"{earlier}{today}") == "code 27266 LT"
    assert not end(earlier).startswith("code")


@pytest.mark.parametrize(
    "history",
    [
        "Her left knee struck the dashboard.",
        "She had an appendectomy as a teenager.",
        "She has a pacemaker, and her lungs are clear.",
        "She underwent a knee arthroscopy in 2015.",
    ],
)
def test_how_somebody_was_hurt_is_read_beside_what_else_she_had(history: str) -> None:
    note = (
        f"HPI: She was the driver in a head-on collision. {history}\n\n"
        "Imaging: posterior dislocation of the left hip, no fracture.\n\n"
        "Procedure: Under general anesthesia the left hip was reduced closed, with a clunk."
    )
    assert end(note) == "code 27252 LT"


def test_how_another_part_was_hurt_is_not_how_this_one_was() -> None:
    note = (
        "HPI: He fell on his outstretched hand, and the wrist is deformed.\n\n"
        "Imaging: posterior dislocation of the left hip, no fracture.\n\n"
        "Procedure: Under general anesthesia the left hip was reduced closed, with a clunk."
    )
    assert end(note) == "provider_query"


def test_a_letter_that_says_that_nothing_was_done_today_gives_no_code() -> None:
    note = (
        "Diagnosis: traumatic posterior dislocation right hip. Today's intervention: none.\n"
        "The right hip was manipulated back under a general anaesthetic within four hours."
    )
    assert not end(note).startswith("code")


def test_what_would_be_done_in_another_case_was_not_done() -> None:
    note = (
        "DDH, left hip dislocated. Pavlik harness fitted today, no anesthesia, no manipulation."
        " It may fail; in that case closed reduction under anesthesia."
    )
    assert end(note) == "code 27256 LT"
