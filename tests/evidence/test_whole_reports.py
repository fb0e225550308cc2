"""What a whole report tells around what was done: its fields, what was ready, what others tried, how it ended."""

import pytest

from coding.evidence import read
from tests.evidence.families import Family

HIP = Family("hip-dislocation")
MVC = "34M, MVC, posterior dislocation of the right native hip, no fracture.\n"
DONE = "I reduced the right hip closed with traction, with a clunk, film concentric.\n"
CHILD = "DDH, right hip dislocated. General anesthesia. "
OPENED = "Open reduction of the right hip through a bikini approach, spica. "


@pytest.mark.parametrize(
    "field",
    [
        "Anesthesia: general, endotracheal.\nBlood loss 50 mL, all from the wrist.\nSpecimens: wrist.",
        "Anesthesia: general with rectal paracetamol.",
        "Anesthesia: general.\nImplants: plate of the distal radius.",
    ],
)
def test_a_field_that_names_another_part_beside_is_of_the_operation_that_the_note_reports(
    field: str,
) -> None:
    note = f"{MVC}Distal radius fracture, plated later in the same session.\n\n{field}\n\n{DONE}"

    assert HIP.end(note) == "code 27252 RT"


def test_a_report_of_another_part_put_into_the_note_keeps_its_anesthesia_to_itself() -> None:
    other = "Procedure: arthroscopy of the knee.\nAnesthesia: general, endotracheal.\nThe knee was stable."

    assert HIP.end(f"{MVC}{DONE}\n{other}\n") == "provider_query"


@pytest.mark.parametrize(
    "beside",
    [
        "Tested to 40 degrees of rotation the hip did not come out.",
        "Open reduction would have been done had the head not come in.",
        'Consent: "closed reduction; open reduction will NOT be done at this sitting".',
    ],
)
def test_what_was_ready_tried_or_tested_leaves_a_closed_reduction_what_it_is(beside: str) -> None:
    assert HIP.end(f"{MVC}Under general anesthesia {DONE}{beside}") == "code 27252 RT"


def test_what_a_hint_denies_leaves_a_finding_that_is_told() -> None:
    reading = read(HIP.lexicon, f"{MVC}The ball could not be lifted over the rim.")

    assert reading.proposals["joint_state"].value == "dislocated"


def test_metal_that_is_nowhere_in_the_joint_was_put_in_all_the_same() -> None:
    note = f"{MVC}The wall was fixed with a plate. Next morning CT: no intra-articular screws."

    assert read(HIP.lexicon, note).proposals["internal_fixation"].value == "yes"


def test_a_failure_stands_though_the_record_names_the_time_of_the_manipulation() -> None:
    failed = "The attempt was abandoned and the hip remains dislocated.\n\nRelaxed at time of manipulation."

    assert HIP.end(f"{MVC}Under general anesthesia I tried the Allis maneuver. {failed}") == (
        "supervisor_review"
    )


def test_an_act_with_or_without_another_leaves_the_other_open() -> None:
    note = f"{CHILD}We talked of open reduction with or without femoral osteotomy. {OPENED}"

    assert HIP.end(note) == "provider_query"
    assert HIP.end(f"{note}No shortening of the femur was made.") == "code 27258 RT"


def test_what_a_reduction_could_do_harm_to_tells_of_no_reduction() -> None:
    note = f"{MVC}Closed reduction here could displace the neck. No reduction was attempted. Transferred."

    assert HIP.end(note) == "no_family_code"


SPICA = "Operation: change of spica under general anesthesia. Diagnosis: DDH, right hip dislocation, reduced.\n"


@pytest.mark.parametrize(
    "state",
    [
        "The right hip was located throughout; no manipulation or reduction was done. New spica applied.",
        "The hip is concentrically reduced. No manipulation was needed. Fresh fiberglass spica.",
        "It stayed located, no reduction was required, new hip spica.",
    ],
)
def test_a_hip_found_in_place_at_a_change_of_cast_is_no_treatment_of_a_dislocation(
    state: str,
) -> None:
    assert HIP.end(f"{SPICA}{state}") == "no_family_code"


@pytest.mark.parametrize(
    "record",
    [
        'Outside ED: "Right hip out. Reduced under moderate sedation. Film located."',
        'Operative summary, 14 months ago: "Hernia repaired. Spinal anesthesia. Uneventful."',
        "PRIOR RECORDS REVIEWED (scanned)\nSpinal anesthesia was given.",
        "RESIDENT POSTOPERATIVE CHECK, 1830\nToes warm.",
    ],
)
def test_what_another_record_says_is_not_of_this_operation(record: str) -> None:
    assert HIP.end(f"{MVC}Under general anesthesia {DONE}\n{record}") == "code 27252 RT"


def test_a_title_of_transferred_care_is_explained_by_the_share_that_the_note_states() -> None:
    report = f"OPERATIVE AND TRANSFER OF CARE NOTE\n{MVC}Under general anesthesia {DONE}"

    assert HIP.end(f"{report}I provide the surgical care only.") == "code 27252 54 RT"


def test_an_addendum_in_a_line_of_its_own_corrects_the_side() -> None:
    title = "Procedure: closed reduction right hip. "
    addendum = "\n\nADDENDUM by the same surgeon, 07:05\nThis is an error. The operated side was the LEFT hip."

    assert HIP.end(
        f"{title}MVC, hip dislocation, native. Under general anesthesia {DONE}{addendum}"
    ) == ("code 27252 LT")


def test_both_hips_are_treated_where_each_has_an_act_of_its_own() -> None:
    titles = "Proc: closed reduction R hip\nclosed reduction L hip\n"

    assert (
        HIP.end(
            f"MVC, bilateral hip dislocations, native.\n{titles}General anesthesia. R: Allis, clunk."
        )
        == "code 27252 50"
    )


@pytest.mark.parametrize(
    "words",
    [
        "Patient withdrew to repeated painful stimulus only.",
        "Neuro exam repeated, no change.",
        "I had warned that open reduction could follow; we didn't need to do that.",
    ],
)
def test_words_of_another_ending_that_tell_of_none_leave_the_code(words: str) -> None:
    assert HIP.end(f"{MVC}Under general anesthesia {DONE}{words}") == "code 27252 RT"


def test_fentanyl_alone_is_no_sedation_where_all_is_denied() -> None:
    note = f"{MVC}No sedation, no anesthesia of any kind. {DONE}Fentanyl dose verified."

    assert HIP.end(note) == "code 27250 RT"


THA = "81F, right THA dislocated getting out of a car.\n"
CLOSED = "Procedure: closed reduction, right hip.\n"


@pytest.mark.parametrize(
    "anesthesia",
    [
        "Anesthesia: combined... no, correction, spinal only.",
        "12 mg isobaric bupivacaine by the anesthesiologist, T10 level.",
    ],
)
def test_a_spinal_is_read_as_it_is_dictated(anesthesia: str) -> None:
    assert HIP.end(f"{THA}{anesthesia}\n{DONE}") == "code 27266 RT"


def test_a_head_that_engages_its_cup_outdoes_what_another_tried_without_effect() -> None:
    tried = "The emergency physician pulled once, without effect, and called me.\n\n"
    done = "I applied traction and rotation. The head engaged the liner with an audible and palpable clunk."

    assert HIP.end(f"{THA}{CLOSED}{tried}OPERATION. Spinal anesthesia was given. {done}") == (
        "code 27266 RT"
    )


def test_the_foot_looked_at_behind_a_reduction_is_no_other_matter() -> None:
    title = f"{MVC}Procedure: closed reduction right hip.\nAnesthesia: Spinal.\n\n"
    done = "Allis-type closed reduction with in-line traction. Left foot DP palpable."

    assert HIP.end(f"{title}What was done: patient supine. {done}") == "code 27252 RT"


def test_a_label_in_capitals_before_a_gap_begins_a_line_of_its_own() -> None:
    note = (
        "PMH   HTN, hypothyroid, mild sleep apnea w/o CPAP, gout in remission\n"
        f"PSH   R THA 2012\nR THA dislocated. Spinal anesthesia. {DONE}"
    )

    assert HIP.end(note) == "code 27266 RT"


def test_another_hip_that_is_not_painful_leaves_the_side() -> None:
    note = f"{CHILD}The left hip is not painful. Closed reduction of the right hip, spica."

    assert HIP.end(note) == "code 27257 RT"


def test_an_open_reduction_ends_with_the_hip_in_place() -> None:
    note = f"{CHILD}{OPENED}No shortening of the femur. Radiograph: right head centred."

    assert HIP.end(note) == "code 27258 RT"


def test_a_limb_let_fall_apart_is_no_injury() -> None:
    note = "Spina bifida. Right hip dislocated, glides in when the thigh is let fall out into abduction."

    assert read(HIP.lexicon, note).proposals["etiology"].value == "pathological"


def test_hands_and_fingers_that_move_a_hip_are_no_other_part() -> None:
    lever = "Whistler method: arm under the left knee, hand on the right knee. Went in at once."
    pulled = (
        "Held apart by a finger pull; because of that, shortening of the femur was not necessary."
    )

    assert (
        HIP.end(f"{THA}Spinal anesthesia.\nPROCEDURE - REDUCTION OF RIGHT PROSTHETIC HIP. {lever}")
        == "code 27266 RT"
    )
    assert HIP.end(f"{CHILD}{OPENED}{pulled}") == "code 27258 RT"


def test_an_anesthetic_continued_from_another_operation_is_of_this_one_too() -> None:
    anesthesia = "\nAnesthesia: General endotracheal, continued from the splenectomy.\n\n"

    assert HIP.end(f"{MVC}{anesthesia}{DONE}") == "code 27252 RT"


def test_injuries_as_known_are_of_today() -> None:
    note = f"51F, hit by a van. Injuries as known: right hip posterior dislocation. GA. {DONE}"

    assert HIP.end(note) == "code 27252 RT"
