"""Words that tell of something else than they name, each of a kind that many notes have."""

import pytest

from tests.evidence.families import Family

HIP = Family("hip-dislocation")
TRAUMA = "MVC, posterior dislocation of the left native hip, no fracture. "
PROSTHESIS = "Left THA dislocated in the bathroom. "
REDUCED = "I reduced the left hip closed with traction, film concentric. "
NEWBORN = "DDH, left hip dislocated, Ortolani positive. No anesthesia, no manipulation. "
OPENED = "Developmental dislocation of the left hip. General anesthesia. Open reduction of the left hip, spica. "


@pytest.mark.parametrize(
    ("note", "end"),
    [
        (f"{TRAUMA}Procedural sedation, achieved depth: moderate. {REDUCED}", "code 27250 LT"),
        (f"{TRAUMA}Procedural sedation was recorded as moderate. {REDUCED}", "code 27250 LT"),
        (f"{TRAUMA}Diclofenac 75 mg IM, no anesthesia. {REDUCED}", "code 27250 LT"),
        (
            f"Left THA (2015, posterior approach) dislocated. Spinal anesthesia given. {REDUCED}",
            "code 27266 LT",
        ),
        (
            f"{TRAUMA}Later hip replacement was mentioned. General anesthesia. {REDUCED}",
            "code 27252 LT",
        ),
        (f"{OPENED}Taking a segment of femur proved unnecessary.", "code 27258 LT"),
        (
            f"MVC, left native hip dislocated, nil #. Nil sedation, nil anaesthetic. {REDUCED}",
            "code 27250 LT",
        ),
        (f"{PROSTHESIS}Last two done under general. Moderate sedation. {REDUCED}", "code 27265 LT"),
        (f"{PROSTHESIS}He could not get up. General anesthesia. {REDUCED}", "code 27266 LT"),
        (
            f"Pertinent history.\nAn earlier reduction failed.\n\n{PROSTHESIS}Under GA {REDUCED}",
            "code 27266 LT",
        ),
        (f"{TRAUMA}IV morphine for pain, no sedation, no anesthesia. {REDUCED}", "code 27250 LT"),
        (f"{PROSTHESIS}Epidural for rib pain. General anesthesia. {REDUCED}", "code 27266 LT"),
        (f"{PROSTHESIS}General anesthesia. {REDUCED}Right hip NAD.", "code 27266 LT"),
        (
            f"{PROSTHESIS}General anesthesia. {REDUCED}Right THA dislocated once in 2009.",
            "code 27266 LT",
        ),
        (
            f"{PROSTHESIS}General anesthesia. {REDUCED}Open reduction was on the consent.",
            "code 27266 LT",
        ),
        (
            f"{PROSTHESIS}Moderate sedation, reduced w/ traction. Film: a normal right hip.",
            "code 27265 LT",
        ),
        ("DDH left hip. GA. Gentle closed manipulation, left hip reduced, spica.", "code 27257 LT"),
        (
            f"{PROSTHESIS}FIB for pain. Ortho resident did closed reduction of the left hip. Film ok.",
            "provider_query",
        ),
        ("Left hip prosthesis dislocated. Reduction not wanted by the patient.", "no_family_code"),
        ("Left hip prosthesis dislocated. He died; the hip was never addressed.", "no_family_code"),
        (
            f"Pinned at noon between two trucks, left hip dislocation. General anesthesia. {REDUCED}",
            "code 27252 LT",
        ),
        (
            f"{OPENED}The head sat under two fingers of tension, so no shortening was done.",
            "code 27258 LT",
        ),
        (f"{OPENED}Femoral shaft not osteotomized.", "code 27258 LT"),
        (
            f"{PROSTHESIS}He felt pain and shortening. General anesthesia. {REDUCED}",
            "code 27266 LT",
        ),
        (f"{PROSTHESIS}Moderate sedation. {REDUCED}Heel sore stage 1, dressed.", "code 27265 LT"),
        (f"{PROSTHESIS}Third event for this hip. General anesthesia. {REDUCED}", "code 27266 LT"),
        (f"{NEWBORN}Right hip normal. Pavlik applied. Return: harness check.", "code 27256 LT"),
        (
            (
                "DDH. US: left hip dislocated, right hip nl. Pavlik applied by me, awake, no anesthesia, "
                "no manipulation."
            ),
            "code 27256 LT",
        ),
        (f"{NEWBORN}Plan: abduction pillow (Frejka) fitted today.", "code 27256 LT"),
        (
            (
                f"{TRAUMA}The standard consent was used, which also lists open reduction and a plate. "
                f"General anesthesia. {REDUCED}"
            ),
            "code 27252 LT",
        ),
        (
            f"{PROSTHESIS}Failed last night per transfer sheet. General anesthesia. {REDUCED}",
            "code 27266 LT",
        ),
        (
            f"{OPENED}No shortening. The cartilage was worn, but not enough to abandon it.",
            "code 27258 LT",
        ),
        (
            (
                "Op: open reduction left hip, posterior approach. Traumatic dislocation, irreducible "
                "closed. Head: no fracture. Wall: no fracture. No internal fixation. General anesthesia."
            ),
            "code 27253 LT",
        ),
        (
            (
                "Day physician reduced her traumatic left hip dislocation, no sedation. Left hip out "
                "again. I re-reduced it closed as a different physician, no sedation, no anesthesia."
            ),
            "code 27250 77 LT",
        ),
        (
            f"Left hip hemiarthroplasty (for fx 2022) found dislocated. No anesthesia. {REDUCED}",
            "code 27265 LT",
        ),
        (
            (
                f"{TRAUMA}No reduction maneuver. Tibial traction pin placed under local, skeletal "
                "traction as the treatment. No general anesthesia."
            ),
            "supervisor_review",
        ),
        (
            (
                f"Left THA disloc. {REDUCED}Anesthesia: general.\nAddendum: wrong. There was no general "
                "anesthesia. Moderate sedation only. Left hip reduced on film."
            ),
            "code 27265 LT",
        ),
        (
            f"I replaced her left hip in May. Left hip dislocated. General anesthesia. {REDUCED}",
            "code 27266 LT",
        ),
        (
            (
                f"{TRAUMA}Under GA a closed reduction was attempted and failed. Transferred to a trauma "
                "center for open reduction."
            ),
            "supervisor_review",
        ),
        (
            f"Left THA dislocation, planned for closed reduction today. General anesthesia. {REDUCED}",
            "code 27266 LT",
        ),
        (
            (
                "Procedure: reduction of dislocated left hip prosthesis. Sedation: moderate. "
                "Technique: closed, traction. Outcome: successful."
            ),
            "code 27265 LT",
        ),
        (
            (
                "Traumatic left hip dislocation. No reduction attempt, no sedation. Transferred. "
                "Impression: dislocation of the left hip, NOT reduced."
            ),
            "no_family_code",
        ),
        ("Fell in kitchen. Left hip not dislocated. Spinal. Short nail for a fracture.", "none"),
    ],
)
def test_what_stands_beside_an_act_leaves_it_what_it_is(note: str, end: str) -> None:
    assert HIP.end(note) == end


def test_a_denial_ends_before_what_the_writer_did() -> None:
    assert (
        HIP.end(f"{TRAUMA}No drugs of any kind, Allis by me, went in at the first pull.")
        == "code 27250 LT"
    )


def test_an_operation_some_weeks_after_is_not_that_operation() -> None:
    assert (
        HIP.end("F/u 6 wk after closed reduction of the left hip under GA. XR concentric.")
        == "none"
    )


@pytest.mark.parametrize(
    "words",
    [
        "Treatment of the dislocation was begun today.",
        "Device: ____",
        "The hips were flexed and abducted.",
    ],
)
def test_a_treatment_that_is_not_named_is_asked_for_and_not_denied(words: str) -> None:
    assert HIP.end(f"{NEWBORN}{words}") == "provider_query"
