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
