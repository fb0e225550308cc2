"""The hip lexicon on notes: of those it knows none is decided wrongly, and few are withheld."""

from collections import Counter
from pathlib import Path

import pytest

from coding import rulesets
from coding.decision import NOT_DOCUMENTED, Known
from coding.evidence import extract, propose, read
from coding.rules.from_note import Standing, end_of_note, standing
from coding.rules.worked_cases import Case, read_cases

HIP = rulesets.shipped("hip-dislocation")
LEXICON = rulesets.shipped_lexicon("hip-dislocation")
OWN = Path(__file__).with_name("notes.csv")
WHOLE = Path(__file__).with_name("whole_notes.csv")
# Batches of forty notes, each written without regard to the lexicon and read once before any term was changed.
BATCHES = Path(__file__).with_name("batches.csv")


def cases(path: Path) -> list[Case]:
    with path.open(newline="", encoding="utf-8") as file:
        return [case for case in read_cases(file, HIP) if isinstance(case, Case)]


@pytest.mark.parametrize(
    "case", [*cases(OWN), *cases(BATCHES), *cases(WHOLE)], ids=lambda case: case.id
)
def test_a_note_is_decided_as_expected_or_withheld(case: Case) -> None:
    assert standing(case, end_of_note(HIP, LEXICON, case.note)) is not Standing.WRONG


@pytest.mark.parametrize(
    ("path", "share"),
    [(OWN, 0.9), (BATCHES, 0.8), (WHOLE, 0.9), (rulesets.cases_file("hip-dislocation"), 0.9)],
    ids=["own", "batches", "whole", "shipped"],
)
def test_few_notes_are_withheld(path: Path, share: float) -> None:
    counts = Counter(standing(case, end_of_note(HIP, LEXICON, case.note)) for case in cases(path))
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= share * counts.total()


@pytest.mark.parametrize(
    "aside",
    [
        "Mother delivered under spinal anesthesia.",
        "In 2015 he had a knee arthroscopy under spinal anesthesia.",
        "We discussed closed reduction under general anesthesia as an alternative.",
        "If it dislocates again, open reduction under general anesthesia will be considered.",
        "An open reduction with femoral shortening had been the original plan.",
        "The family had read about open reduction and spica casts.",
        "Risks including fracture of the femoral head and posterior wall were explained.",
        "The wound of the scalp was closed under local anesthesia.",
        "Sedation was offered and refused.",
        "The radial fracture was reduced and casted.",
        "The other hip was reduced in a different session under general anesthesia.",
        "Old hip x-rays showed acetabular dysplasia.",
        "The spinal x-ray is normal, spinal precautions lifted.",
        "The swelling is reduced. Pain was reduced with ice.",
        "The records mention a fall in childhood.",
        "He was not intubated.",
        "Ultrasound of the left kidney is normal.",
        "Open wounds: none. Closed fractures: none.",
        "Skin traction is contraindicated because of fragile skin.",
        "Shunt revision under general anesthesia last Thursday.",
        "A Pavlik harness is no longer used at this age.",
    ],
)
def test_what_is_said_beside_the_matter_makes_no_note_wrong(aside: str) -> None:
    right = [
        case
        for case in cases(BATCHES)[::4]
        if standing(case, end_of_note(HIP, LEXICON, case.note)) is Standing.RIGHT
    ]
    with_aside = {
        case.id: standing(case, end_of_note(HIP, LEXICON, f"{case.note} {aside}")) for case in right
    }
    assert Standing.WRONG not in with_aside.values()


@pytest.mark.parametrize(
    ("passage", "fact", "value"),
    [
        (
            "Hernia repair on the third day of life under general anesthesia; today he needed none.",
            "anesthesia",
            "general",
        ),
        ("Today is the second of the prearranged steps.", "encounter", "silence"),
        (
            "The set was draped for a femoral shortening, yet this step was dropped.",
            "femoral_shortening",
            "yes",
        ),
        ("Implants are neither listed nor denied.", "internal_fixation", "yes"),
        (
            "The report passes from positioning the table to the cast.",
            "manipulation",
            "positioning_only",
        ),
        ("It settled, so I never had to manipulate it.", "manipulation", "performed"),
        (
            "I tried a closed reduction with traction, but it perched on the rim and I stopped.",
            "manipulation",
            "performed",
        ),
        (
            "Femoral shortening, although discussed with the parents, proved superfluous.",
            "femoral_shortening",
            "yes",
        ),
        (
            "Closed reduction was done, yet the head was still riding high.",
            "manipulation",
            "performed",
        ),
        (
            "At eight I had put the hip back. By two it was out and I reduced it.",
            "encounter",
            "silence",
        ),
        (
            "Second dislocation of the day: Allis by the same physician, hip reduced.",
            "encounter",
            "silence",
        ),
        (
            "Closed reduction of the hip, whose first reduction was lost in plaster.",
            "encounter",
            "silence",
        ),
        ("The consent covered femoral shortening.", "femoral_shortening", "yes"),
        ("A caudal was used with the infant awake.", "anesthesia", "none"),
        (
            "Closed reduction of the hip. At no point was the hip manipulated.",
            "manipulation",
            "performed",
        ),
    ],
)
def test_what_is_doubted_dropped_or_meant_for_something_else_proves_nothing(
    passage: str, fact: str, value: str
) -> None:
    proposal = propose(LEXICON, extract(LEXICON, passage)).get(fact)
    assert (proposal.text() if proposal else "silence") != value


def test_facts_on_which_a_note_is_silent_are_not_documented() -> None:
    facts = end_of_note(HIP, LEXICON, "Left hip dislocation.").facts
    assert facts["laterality"] == Known("left")
    assert facts["joint_state"] == Known("dislocated")
    assert facts["anesthesia"] is NOT_DOCUMENTED
    assert facts.keys() == HIP.fact_by_key.keys()


def test_a_query_where_more_was_expected_is_withheld_and_another_outcome_is_wrong() -> None:
    [left, *_] = [case for case in cases(OWN) if case.code == "27256"]
    assert standing(left, end_of_note(HIP, LEXICON, "Left hip dislocation.")) is Standing.WITHHELD
    assert (
        standing(left, end_of_note(HIP, LEXICON, "DDH. The left hip is located.")) is Standing.WRONG
    )


@pytest.mark.parametrize(
    "words", ["No one has manipulated the hip.", "Nobody here had reduced the hip."]
)
def test_what_nobody_has_done_was_not_done(words: str) -> None:
    assert [
        statement.asserts
        for statement in extract(LEXICON, words)
        if statement.fact == "manipulation"
    ] == ["not_performed"]


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [
        ("Follow-up care will be provided by another provider.", "split", "treatment"),
        ("Dr. Smith will assume the postoperative care.", "split", "treatment"),
        ("Only the follow-up care was taken over.", "split", "follow_up"),
        ("Follow up with orthopedics in one week.", "split", None),
        ("Follow-up care was not transferred to another provider.", "split", None),
        (
            "Unplanned return to the operating room during the global period.",
            "encounter",
            "return_or",
        ),
        (
            "She was taken back to the OR within the global period of her arthroplasty.",
            "encounter",
            "return_or",
        ),
    ],
)
def test_who_follows_and_an_unplanned_return_are_read(
    words: str, fact: str, value: str | None
) -> None:
    note = f"The left hip was dislocated. Under general anesthesia I reduced the left hip. {words}"
    proposal = read(LEXICON, note).proposals.get(fact)
    assert (proposal.value if proposal else None) == value


@pytest.mark.parametrize(
    "words",
    [
        "US-guided injection right hip joint. 40 mg triamcinolone with ropivacaine went in without resistance.",
        "Right hip resection arthroplasty. Hip dislocated and components removed. Spacer placed and reduced.",
        "ACDF. Hips padded. Facet dislocation reduced with traction under fluoroscopy.",
    ],
)
def test_what_goes_in_or_out_elsewhere_opens_no_hip(words: str) -> None:
    assert not read(LEXICON, words).opens


def test_a_failed_reduction_keeps_the_circumstances_of_its_attempts() -> None:
    note = "Right THA out. Two attempts at closed reduction under moderate sedation. It remains dislocated."
    proposals = read(LEXICON, note).proposals
    assert (proposals["anesthesia"].value, proposals["manipulation"].value) == (
        "moderate_sedation",
        "attempted_failed",
    )


FORM = (
    "Joint: [x] Hip [ ] Shoulder\nSide: [x] Left [ ] Right\nType: [ ] Native [x] Prosthetic (THA)\n"
    "Dislocated on x-ray: [x] Yes [ ] No\nSedation: [x] Moderate sedation [ ] General\nTechnique: [x] Allis\n"
)
STORY = "41M, MVC, left posterior hip dislocation, native. General anesthesia. "


@pytest.mark.parametrize(
    "note",
    [
        f"{FORM}Outcome: [ ] Successful closed reduction [x] Unsuccessful",
        f"{FORM}Post-reduction film: [ ] Located [x] Not located",
        f"{FORM}Reduction achieved? No",
        f"{FORM}Result: failed",
        f"{FORM}Successful: no",
        f"{STORY}Allis maneuver x3 without relocation of the hip.",
        f"{STORY}Closed reduction maneuvers performed, unable to achieve concentric reduction.",
        f"{STORY}Closed reduction of the left hip was performed but could not be maintained.",
        f"{STORY}Multiple maneuvers, including Allis and Captain Morgan, proved fruitless.",
        f"{STORY}Left hip closed reduction, incomplete; CT shows an incarcerated fragment.",
        f"{STORY}Closed reduction left hip was tried. It failed.",
    ],
)
def test_a_reduction_that_did_not_succeed_however_told_is_no_code(note: str) -> None:
    assert end_of_note(HIP, LEXICON, note).text() in ("supervisor_review", "provider_query")


@pytest.mark.parametrize(
    ("note", "end"),
    [
        (
            "85F, left hip prosthesis dislocated. Orthopedics performed a closed reduction under general anesthesia.",
            "no_family_code",
        ),
        (
            "90F, dislocated R hip prosthesis. They decline sedation and reduction. Hip was not reduced.",
            "no_family_code",
        ),
        (
            "MVC, right hip dislocation. Open reduction. No fracture on CT or under direct vision. No hardware.",
            "code 27253 RT",
        ),
        (
            "Recurrent dislocation of the right hip, no injury, no prosthesis. General. Closed reduction.",
            "supervisor_review",
        ),
    ],
)
def test_whose_it_was_and_what_a_denial_reaches(note: str, end: str) -> None:
    assert end_of_note(HIP, LEXICON, note).text() == end


@pytest.mark.parametrize(
    "note",
    [
        "Left hip prosthesis dislocated. The orthopaedic surgeon performed closed reduction under general anesthesia.",
        "Anesthesia record. R THA dislocation. General anesthesia, LMA. Surgeon performed closed reduction.",
        "I assisted Dr. Gray with closed reduction of a left hip prosthesis dislocation under spinal.",
        "Closed reduction right hip prosthesis dislocation under general anesthesia: CANCELLED.",
        "The closed reduction, right THA dislocation, general anesthesia, was entered on the wrong patient.",
        "MVC, left hip dislocation. Closed reduction under general anesthesia is the treatment of choice.",
    ],
)
def test_what_another_did_or_nobody_did_today_is_no_code(note: str) -> None:
    assert not end_of_note(HIP, LEXICON, note).text().startswith("code")


@pytest.mark.parametrize(
    "note",
    [
        f"{FORM}Outcome: [x] Successful closed reduction [ ] Unsuccessful",
        f"{FORM}First attempt unsuccessful. Second attempt: the left hip was reduced.",
        f"{FORM}IV attempt unsuccessful, second line placed. The left hip was reduced.",
    ],
)
def test_what_succeeded_in_the_end_is_a_code(note: str) -> None:
    assert end_of_note(HIP, LEXICON, note).text() == "code 27265 LT"


@pytest.mark.parametrize(
    ("note", "end"),
    [
        (
            (
                "[Copied from ED note: left hip reduction under sedation unsuccessful.]\n"
                "MVC. Left hip dislocation. Under general anesthesia the left hip was closed reduced by me."
            ),
            "code 27252 LT",
        ),
        (
            (
                "Both prosthetic hips dislocated. Under general anesthesia the right and left total hips were "
                "each reduced by closed manipulation."
            ),
            "code 27266 50",
        ),
        (
            (
                "The right hip hemiarthroplasty was noted to be dislocated. Under general anesthesia the right hip was "
                "closed reduced."
            ),
            "code 27266 RT",
        ),
        (
            (
                "Prosthetic joint: yes. Hip: right. Dislocated: yes. General anesthesia: yes. Moderate sedation: no. "
                "Closed reduction performed: yes. Open reduction: no."
            ),
            "code 27266 RT",
        ),
    ],
)
def test_a_copy_ends_at_its_bracket_and_sides_told_together_and_facts_in_words_are_read(
    note: str, end: str
) -> None:
    assert end_of_note(HIP, LEXICON, note).text() == end
