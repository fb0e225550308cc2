"""The lexicon for fractures of the distal radius: no note is decided wrongly, and none of another matter opens it."""

from collections import Counter

import pytest

from coding.evidence import read
from coding.rules.from_note import Standing
from coding.rules.worked_cases import Case
from tests.evidence.families import Family, code_of, exchanged, notes

OWN = Family("distal-radius")
WORKED = OWN.worked()
# The second file was written before the lexicon and first read when it was done: 24 of its 30 notes were right then.
RIGHT = {"distal_radius_notes": 28, "distal_radius_held": 27, "distal_radius_fourth": 16}
# Of all notes of other matters these few are of this one as well.
ALSO_OURS = {"wrist hx hip fracture", "tha+wrist"}
OPEN = ("undecided", "provider_query", "none")
ASIDES = [
    "Her mother broke her wrist last year and had it plated.",
    "If the position is lost, percutaneous pinning or a volar plate will be considered.",
    "We discussed ORIF with a volar plate as an alternative.",
    "Risks including loss of reduction and open surgery were explained.",
    "In 2010 the same wrist had been pinned elsewhere.",
    "Old fracture of the left distal radius in 2010, healed.",
    "The right ankle fracture was reduced and splinted too.",
    "Blood pressure was reduced with labetalol.",
    "The swelling is much reduced.",
    "Left knee laceration closed with sutures.",
    "Open wound of the scalp cleaned.",
    "Bilateral breath sounds clear.",
    "The left hand is warm.",
    "The right hand is the dominant one.",
    "No other fracture.",
    "The left shoulder is normal.",
    "Sister had bilateral distal radius fractures.",
    "She left the department walking.",
    "A family member will follow her home.",
    "The elbow was reduced by the orthopedic resident.",
    "Two large fragments of glass were removed from the knee.",
    "The other wrist is normal.",
    "An extra-articular infiltrate was noted in the hip.",
    "Cast care explained.",
    "Follow up with the family doctor for blood pressure.",
]


@pytest.mark.parametrize(
    "note",
    [
        "Both distal radius fractures, right and left, each closed reduced under hematoma block.",
        "Fractures of the left and right distal radius, both reduced closed and splinted.",
        "Right and left Colles fractures, each reduced.",
    ],
)
def test_a_note_of_both_wrists_is_not_read_as_of_one(note: str) -> None:
    assert read(OWN.lexicon, note).proposals["side"].text() == "both"


@pytest.mark.parametrize("name", RIGHT)
def test_no_note_is_decided_wrongly_and_most_are_decided_rightly(name: str) -> None:
    counts = Counter(OWN.standings(name).values())
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= RIGHT[name]


def test_no_worked_case_is_decided_wrongly_from_its_note_alone() -> None:
    counts = Counter(OWN.standings_of_worked().values())
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= 30


@pytest.mark.parametrize(
    "name",
    [
        "foreign_reports",
        "other_joints",
        "short_notes",
        "joint_injection_notes",
        "joint_injection_held",
    ],
)
def test_notes_of_other_matters_open_nothing_and_so_propose_nothing(name: str) -> None:
    assert {note.name for note in notes(name) if OWN.opens(note.note)} <= ALSO_OURS


@pytest.mark.parametrize(
    "key", ["hip-dislocation", "office-visit", "wound-repair", "joint-injection"]
)
def test_worked_cases_of_other_rule_sets_propose_nothing(key: str) -> None:
    assert [case.id for case in Family(key).worked() if OWN.opens(case.note)] == []


def test_the_hip_opens_nothing_of_these_notes() -> None:
    hip = Family("hip-dislocation")
    assert [note.name for name in RIGHT for note in notes(name) if hip.opens(note.note)] == []


STORY = "ED. Fell. Right distal radius fracture, dorsally displaced. Hematoma block. {} Splinted. Orthopedics follows."


@pytest.mark.parametrize(
    "result",
    [
        "Two attempts at closed reduction, unable to obtain acceptable alignment.",
        "Closed reduction attempted without improvement.",
        "Closed reduction was performed but films show persistent dorsal displacement.",
        "Reduced under traction; films: unchanged position.",
    ],
)
def test_a_reduction_that_did_not_succeed_however_told_is_no_code(result: str) -> None:
    assert OWN.end(STORY.format("Closed reduction was performed.")) == "code 25605 54 RT"
    assert OWN.end(STORY.format(result)) in ("supervisor_review", "provider_query")


def test_who_follows_is_told_by_a_plan() -> None:
    note = "Fell. ORIF right distal radius, extra-articular, with volar plate. Complications: none.\nPlan: {}"
    assert OWN.end(note.format("See me in the office in two weeks.")) == "code 25607 RT"
    assert OWN.end(note.format("Ice.")) == "provider_query"


@pytest.mark.parametrize("aside", ASIDES)
def test_an_aside_never_turns_a_code_into_another(aside: str) -> None:
    for case in WORKED[::2]:
        own = OWN.end(case.note)
        for both in (f"{case.note} {aside}", f"{aside}\n{case.note}"):
            assert OWN.end(both) in (own, *OPEN), case.id


@pytest.mark.parametrize("case", WORKED[::2], ids=lambda case: case.id)
def test_capitals_and_line_ends_make_no_other_code(case: Case) -> None:
    own = OWN.end(case.note)
    assert OWN.end(case.note.upper()) in (own, *OPEN)
    assert OWN.end(case.note.replace("\n", "\r\n")) == own


@pytest.mark.parametrize("case", WORKED[::2], ids=lambda case: case.id)
def test_the_other_side_gives_the_same_code(case: Case) -> None:
    turned = OWN.end(exchanged(case.note))
    assert turned in OPEN or code_of(turned) == code_of(OWN.end(case.note))
