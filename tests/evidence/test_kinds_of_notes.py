"""Kinds of notes that a coder codes at once, or leaves alone: what stands beside the story does not change its end."""

import pytest

from tests.evidence.families import Family

HIP = Family("hip-dislocation")
TRAUMA = "Fell off a roof, traumatic dislocation of the left native hip, no fracture. "
PROSTHESIS = "Left THA dislocated while she tied a shoe. "
GENERAL = "Under general anesthesia I reduced the left hip closed with traction, film concentric. "
AWAKE = "I reduced the left hip closed with traction, film concentric. "
INFANT = "Developmental dislocation of the left hip. "
SPICA = "General anesthesia. Closed reduction of the left hip with a clunk, hip spica. "


@pytest.mark.parametrize(
    "comparison",
    [
        "Leg lengths equal to the right.",
        "The joint space is symmetric with the right.",
        "Nothing was done to the right hip.",
        "Care was taken not to stress the right hip, which lay in abduction.",
        "The right hip is in excellent position.",
    ],
)
def test_the_other_side_is_named_for_comparison_or_as_left_alone(comparison: str) -> None:
    assert HIP.end(f"{PROSTHESIS}{GENERAL}{comparison}") == "code 27266 LT"


def test_another_side_of_which_an_act_is_told_is_not() -> None:
    end = HIP.end(f"{PROSTHESIS}{GENERAL}Then the right hip was flexed and pulled.")

    assert not end.startswith("code")


@pytest.mark.parametrize(
    "check",
    [
        "The hip did not come out in flexion.",
        "It never came out in rotation.",
        "Postreduction CT is ordered to rule out a loose body.",
    ],
)
def test_what_did_not_happen_to_a_joint_that_was_out_denies_no_dislocation(check: str) -> None:
    assert HIP.end(f"{PROSTHESIS}{GENERAL}{check}") == "code 27266 LT"


@pytest.mark.parametrize(
    "manner",
    [
        "Hip flexed to 90, steady traction by me. Film: in joint.",
        "I felt the head clear the rim and drop in. Film: in joint.",
        "Traction by me, clunk at the first pull. Film: in joint.",
        "Head in with one good pull. Film: in joint.",
    ],
)
def test_a_reduction_may_be_told_without_its_name(manner: str) -> None:
    assert HIP.end(f"{TRAUMA}No sedation, no anesthesia. {manner}") == "code 27250 LT"


@pytest.mark.parametrize(
    "another_time",
    [
        "Had an allergic reaction to general anesthesia once. ",
        "Anesthesia was consulted for general anesthesia and was not free. ",
        "The last time it was done under a spinal. ",
        "Had pyloric stenosis operated on under general anesthesia. ",
        "1st dislocation 2019 (MUA, general anesthesia). ",
    ],
)
def test_the_anesthesia_of_another_time_is_not_that_of_today(another_time: str) -> None:
    assert HIP.end(f"{PROSTHESIS}{another_time}Moderate sedation. {AWAKE}") == "code 27265 LT"


def test_gas_for_pain_is_no_anesthesia_where_that_is_denied() -> None:
    assert (
        HIP.end(f"{PROSTHESIS}Entonox only, no sedation, no anaesthetic. {AWAKE}")
        == "code 27265 LT"
    )
    assert HIP.end(f"{PROSTHESIS}Entonox. {AWAKE}") == "provider_query"


@pytest.mark.parametrize(
    "untreated",
    [
        "No reduction was tried here. Pillow splint for transport.",
        "I did not attempt a reduction. Transferred for definitive care.",
        "She needs closed reduction under anesthesia, transferred. No reduction was attempted.",
        "The hip was reduced at the ski resort. We did nothing to the hip.",
    ],
)
def test_a_hip_that_was_sent_on_or_left_alone_was_not_treated(untreated: str) -> None:
    assert HIP.end(f"{TRAUMA}{untreated}") == "no_family_code"


@pytest.mark.parametrize(
    "consent",
    [
        "Consent with both parents via discussion of: stiffness, open reduction, later osteotomies.",
        "The parents agreed, including the possibility of a tenotomy and of an open reduction.",
        "The parents had the risk of necrosis and a later open reduction explained.",
        "Arthrogram, medial approach: pool 3 mm.",
    ],
)
def test_what_was_talked_of_was_not_done(consent: str) -> None:
    assert HIP.end(f"{INFANT}{SPICA}{consent}") == "code 27257 LT"


def test_a_comment_behind_a_box_is_no_part_of_its_answer() -> None:
    boxes = "Manipulation:  [ ] Yes  [x] No   comment: the hip seats by itself\n"

    end = HIP.end(f"{INFANT}No anesthesia.\n{boxes}Device: [x] Pavlik harness [ ] spica")

    assert end == "code 27256 LT"


@pytest.mark.parametrize(
    ("course", "end"),
    [
        ("Dr. Avery of the day shift had reduced it at 10:00.", "code 27266 77 LT"),
        ("The evening attending reduced it at 18:00.", "code 27266 77 LT"),
        ("I reduced it at 10:00.", "code 27266 76 LT"),
        ("Dr. Avery reduced it three weeks ago.", "provider_query"),
        ("It was out this morning as well.", "provider_query"),
    ],
)
def test_a_second_reduction_of_a_day_is_a_repeat_by_whoever_did_the_first(
    course: str, end: str
) -> None:
    assert HIP.end(f"{PROSTHESIS}{course} Repeat closed reduction by me. {GENERAL}") == end


@pytest.mark.parametrize(
    ("course", "end"),
    [
        ("Brought back to the operating room for this unplanned complication.", "code 27266 78 LT"),
        ("Back to the operating room; this return was not anticipated.", "code 27266 78 LT"),
        ("Brought back to the operating room.", "provider_query"),
        ("Five weeks ago I performed his right THA; this is unrelated to it.", "provider_query"),
    ],
)
def test_a_return_to_the_operating_room_counts_where_it_is_said_to_be_unplanned(
    course: str, end: str
) -> None:
    assert HIP.end(f"{PROSTHESIS}{course} {GENERAL}") == end


def test_stages_that_were_agreed_beforehand_are_staged() -> None:
    agreed = "The parents agreed to stage the operations, right first. She returns as planned for the left. "

    assert HIP.end(f"{INFANT}{agreed}{SPICA}") == "code 27257 58 LT"


def test_who_limits_his_share_to_the_operation_gives_it_alone() -> None:
    share = "My responsibility is limited to the surgical care; all aftercare is transferred to Dr. Lunt."

    assert HIP.end(f"{PROSTHESIS}{GENERAL}{share}") == "code 27266 54 LT"
