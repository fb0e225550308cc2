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


def test_an_earlier_reduction_is_no_first_treatment_though_nothing_says_that_this_one_is_a_repeat() -> (
    None
):
    earlier = "The ED doctor reduced it earlier but it came out. "
    assert HIP.end(f"{PROSTHESIS}{earlier}{GENERAL}") == "provider_query"


@pytest.mark.parametrize(
    ("course", "end"),
    [
        ("Brought back to the operating room for this unplanned complication.", "code 27266 78 LT"),
        ("Back to the operating room; this return was not anticipated.", "code 27266 78 LT"),
        ("Brought back to the operating room.", "provider_query"),
        ("Back in theatre on day 12 after her arthroplasty by me.", "provider_query"),
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
    limited = "My responsibility is limited to the surgical care. "
    transferred = "All aftercare is being transferred to Dr. Lunt, who accepted in writing."

    assert HIP.end(f"{PROSTHESIS}{GENERAL}{limited}{transferred}") == "code 27266 54 LT"
    assert HIP.end(f"{PROSTHESIS}{GENERAL}{limited}") == "provider_query"


def test_a_label_of_a_sound_side_does_not_make_the_side_doubtful() -> None:
    title = "Procedure: MUA of the left hip under spinal anesthesia, dislocated THR.\n"

    end = HIP.end(f"{title}Right hip: plate in situ, healed.\nReduced with traction, clunk.")

    assert end == "code 27266 LT"


def test_a_title_of_one_side_above_a_story_of_the_other_asks_which() -> None:
    title = "OPERATION: Closed reduction of the RIGHT hip, dislocated THA.\nANESTHESIA: General.\n"
    story = "The LEFT hip was flexed and traction applied. The hip reduced with a clunk."

    assert HIP.end(f"{title}{story}") == "provider_query"


def test_a_cast_of_the_other_side_is_no_treatment_of_it() -> None:
    removed = "The right-sided spica of the first stage was removed. "

    assert HIP.end(f"{INFANT}{removed}{SPICA}") == "code 27257 LT"


def test_what_a_plan_denies_was_not_done() -> None:
    plan = "P: Pavlik harness fitted today. No manipulation; no sedation or anesthesia. Scan in a week."

    assert HIP.end(f"A: Developmental dislocation of the left hip.\n{plan}") == "code 27256 LT"


def test_a_column_of_boxes_ends_before_words_with_a_box_of_their_own() -> None:
    side = "Laterality: [x] L  [ ] R      Site marked [x]   Time out 1019 [x]\n"

    assert HIP.end(f"Dislocated THA. {side}Spinal anesthesia. Hip reduced closed.") == (
        "code 27266 LT"
    )


@pytest.mark.parametrize(
    "bracket",
    [
        "Eight days ago I aspirated the other joint (awake, general anesthesia was refused). ",
        "The last one (in May) was done under a spinal. ",
    ],
)
def test_a_story_of_another_day_goes_on_behind_a_bracket(bracket: str) -> None:
    assert HIP.end(f"{PROSTHESIS}{bracket}Moderate sedation. {AWAKE}") == "code 27265 LT"


def test_an_attempt_before_the_operation_keeps_its_sedation_though_a_label_stands_between() -> None:
    story = (
        "INDICATIONS: He fell off a ladder. CT pelvis: no fracture. The emergency physician tried twice under moderate "
        "sedation, without success.\n"
    )
    report = "ANESTHESIA: General.\nPROCEDURE: Closed reduction, traumatic dislocation, left hip.\n"

    end = HIP.end(f"{report}{story}TECHNIQUE: I flexed the left hip, it reduced with a clunk.")

    assert end == "code 27252 LT"


@pytest.mark.parametrize(
    "check",
    [
        "Spica change under general anesthesia. Hip examined: stable, in place. New spica.",
        "Harness check, straps lengthened. Ultrasound: left hip located.",
        "Week 3 in the Pavlik harness, follow up visit. The hip remains in the socket.",
    ],
)
def test_a_hip_that_a_check_finds_in_place_is_not_treated_again(check: str) -> None:
    assert HIP.end(f"{INFANT}{check}") == "no_family_code"


@pytest.mark.parametrize(
    "state",
    ["Barlow positive, subluxatable under stress.", "located at rest, Barlow positive."],
)
def test_a_hip_that_can_be_pushed_is_unstable_wherever_it_lies_at_rest(state: str) -> None:
    note = f"Left hip {state} DDH. Pavlik harness applied, no manipulation, no anesthesia."

    assert HIP.end(note) == "supervisor_review"


def test_a_plan_that_tells_of_nothing_done_denies_nothing_of_today() -> None:
    assert HIP.end(f"{TRAUMA}{AWAKE}\nPlan: home, no sedatives.") == "provider_query"


@pytest.mark.parametrize("end_of_pull", ["", "It would not go in. ", "No go. "])
def test_a_pull_without_a_result_is_no_reduction(end_of_pull: str) -> None:
    note = f"{TRAUMA}No sedation, no anesthesia. Hip flexed to 90, traction by me. {end_of_pull}"

    assert not HIP.end(note).startswith("code")


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (
            "DDH, both hips out. Planned stage 2, LEFT: open reduction left hip, capsulotomy, GA, no shortening.",
            "code 27258 58 LT",
        ),
        (
            "Both THAs dislocated. General anesthesia. Closed reduction of right THA, then of left THA, film fine.",
            "code 27266 50",
        ),
        (
            "Congenital dislocation of both hips. Pavlik harness applied for both, no anesthesia, no manipulation.",
            "code 27256 50",
        ),
    ],
)
def test_two_hips_are_coded_as_what_was_done_to_them_today(told: str, end: str) -> None:
    assert HIP.end(told) == end


def test_the_operating_room_behind_a_preposition_is_no_heading() -> None:
    tried = "The first try in resus failed. "
    taken = "I took her to OR: general anesthesia, closed reduction of the left hip, first pull. Film ok."

    assert HIP.end(f"{PROSTHESIS}{tried}{taken}") == "code 27266 LT"
