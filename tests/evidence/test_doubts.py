"""What a note says beside its statements keeps a code from following, unless it is explained."""

import pytest

from coding.evidence import doubts, read
from coding.evidence.doubts import uncertain_facts
from tests.evidence.families import Family

HIP = Family("hip-dislocation")
DONE = "The left hip prosthesis was dislocated. Under general anesthesia I reduced the left hip closed with traction."
CODE = "code 27266 LT"


def unexplained(note: str) -> list[str]:
    return [note[span.start : span.end] for span in doubts(HIP.lexicon, read(HIP.lexicon, note))]


def test_a_report_without_anything_more_is_a_code() -> None:
    assert (unexplained(DONE), HIP.end(DONE)) == ([], CODE)


@pytest.mark.parametrize(
    "words",
    [
        "DNP.",
        "Aborted.",
        "Rescheduled.",
        "You had your hip put back.",
        "Please disregard.",
        "Simulation, performed on a mannequin.",
        "PACU handoff.",
        "Study note, subject 14, randomised.",
        "Medico-legal opinion on the claimant.",
        "This is the wrong side.",
        "Later the right hip was painful.",
        "The right hip was marked and draped.",
        "Traction was applied to the right leg.",
        "On arrival the right hip was held in flexion with shortening.",
    ],
)
def test_no_code_follows_where_more_is_told_than_was_understood(words: str) -> None:
    note = f"{DONE} {words}"
    assert unexplained(note)
    assert not HIP.end(note).startswith("code")


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("Two attempts without relaxation failed, the hip was irreducible.", ""),
        ("", "The right hip is normal."),
        ("", "Right hip replacement in 2012."),
        ("", "He could not extend his left wrist."),
        ("", "If this fails, open reduction is to be considered."),
        ("HISTORY: An earlier operation was cancelled.\n\n", ""),
        ("", "Sedation was refused."),
        ("", "ORIF was not needed."),
        ("Two tries at the referring hospital did not work.", ""),
        ("", "Right hip: native, a little stiff."),
        ("", "It dropped in and could not be dislodged."),
        ("", "A tendon transfer was not performed."),
        ("", "Scrubbed: Dr. R. Example. Both counts right."),
    ],
)
def test_what_a_later_act_outdid_or_a_statement_tells_or_is_of_another_matter_is_explained(
    before: str, behind: str
) -> None:
    note = f"{before} {DONE} {behind}"
    assert (unexplained(note), HIP.end(note)) == ([], CODE)


def test_an_open_reduction_that_failed_is_no_code() -> None:
    note = (
        "Left hip dislocation from a crash, no fracture. Open reduction under GA via Kocher, no hardware, "
        "could not reduce the head, closed and sent to the trauma center."
    )
    assert "could not" in unexplained(note)
    assert not HIP.end(note).startswith("code")


def test_the_days_of_a_stay_are_no_other_day_of_the_operation() -> None:
    note = f"{DONE} This was on 3/12. Discharged home on 3/16."
    assert unexplained(note) == []


def test_what_blocked_a_closed_reduction_is_explained_by_the_open_one_that_a_title_names_behind_it() -> (
    None
):
    note = (
        "Diagnosis: irreducible traumatic dislocation, left hip.\n"
        "Procedure: open reduction left hip, posterior approach.\n"
        "General anesthesia. Capsule opened and repaired."
    )
    assert unexplained(note) == []


@pytest.mark.parametrize(
    "note",
    [
        "Ward: left hip prosthesis dislocation, closed reduction, general anesthesia. Comfortable. Mobilise.",
        "Tuesday: closed reduction left hip prosthesis dislocation GA. Next: hernia.",
        "12/3 left hip prosthesis dislocated, closed reduction under GA. 12/5 discharged. Seen 12/19: hip stable.",
    ],
)
def test_an_act_that_is_only_named_or_of_another_day_is_no_code(note: str) -> None:
    assert read(HIP.lexicon, note).proposals["manipulation"].value == "performed"
    assert not HIP.end(note).startswith("code")


@pytest.mark.parametrize(
    "detail", ["Film ok.", "Stable after.", "One pull.", "With a clunk.", "In."]
)
def test_a_detail_tells_that_an_act_was_done(detail: str) -> None:
    note = f"Dislocated left hip prosthesis. General anesthesia. Closed reduction. {detail}"
    assert HIP.end(note) == CODE


@pytest.mark.parametrize(
    "note",
    [
        "Left hip prosthesis, dislocated. General anesthesia. Allis x4.",
        f"{DONE} Clunk, but the film shows the head on the rim.",
        f"{DONE} It came out on waking.",
        "Left hip prosthesis dislocation, GA, pull, crack, fixed with cables, hip prosthesis reduced.",
        "Left hip prosthesis dislocated. GA. Allis. Each time the head slipped out. Skeletal traction pin placed.",
        "Left hip prosthesis dislocated. In theatre under general anesthesia closed reduction impossible. Film ok.",
        "After your dislocation we put your left hip prosthesis back under general anesthesia with traction.",
        "Left hip prosthesis dislocated. Closed reduction under general anesthesia booked. Film reviewed.",
        "Stiff left hip prosthesis. Manipulated under general anesthesia, flexion 95. No dislocation.",
    ],
)
def test_no_code_follows_without_a_result_or_from_one_that_is_taken_back(note: str) -> None:
    assert not HIP.end(note).startswith("code")


def test_both_sides_that_are_out_and_one_that_was_treated_are_no_code() -> None:
    note = "DDH, bilateral hip dislocations. GA. {} closed manipulation, reduced. Spica."
    assert HIP.end(note.format("Both hips:")) == "code 27257 50"
    assert not HIP.end(note.format("Left:")).startswith("code")


TITLES = "PROCEDURE: Closed reduction of the dislocated left hip prosthesis\nANESTHESIA: general\n"


@pytest.mark.parametrize(
    "result", ["The head went in with a clunk.", "Concentric after two pulls.", "He was extubated."]
)
def test_what_titles_name_was_done_where_a_narrative_tells_a_result(result: str) -> None:
    assert HIP.end(f"{TITLES}{result}") == CODE


@pytest.mark.parametrize(
    "words", ["Film confirmed it. Vitals stable.", "Blood and implants in the room.", "No clunk."]
)
def test_what_titles_name_may_be_planned_where_no_result_is_told(words: str) -> None:
    assert not HIP.end(f"{TITLES}{words}").startswith("code")


def test_what_is_left_open_is_no_side() -> None:
    note = "Right hip prosthesis dislocated, reduced closed under GA, stable. The dressing was left open."
    assert HIP.end(note) == "code 27266 RT"


def test_an_addendum_explains_the_error_that_it_corrects() -> None:
    note = f"{DONE}\nADDENDUM: I wrote left in error; it was the right hip."
    assert (unexplained(note), HIP.end(note)) == ([], "code 27266 RT")


def test_a_doubt_leaves_out_what_opens_the_rule_set_and_what_was_done() -> None:
    note = f"{DONE} DNP."
    uncertain = uncertain_facts(HIP.lexicon, read(HIP.lexicon, note))
    assert {"joint_state", "manipulation", "treatment"} <= uncertain


def test_a_note_of_something_else_has_no_doubts() -> None:
    assert unexplained("The shoulder could not be reduced. Called off.") == []


def test_another_operation_beside_a_wound_leaves_its_repair_open() -> None:
    wound = Family("wound-repair")
    repair = "3 cm laceration of the right calf, closed with nylon in one layer."
    assert wound.end(repair) == "code 12002"
    assert not wound.end(f"{repair}\n\nCesarean section. Uterus closed in two layers.").startswith(
        "code"
    )
