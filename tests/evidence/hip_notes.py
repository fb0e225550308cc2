"""Whole notes of a hip: how they begin, the act that most of them tell, and where one ends by the shipped rules."""

from tests.evidence.families import Family

HIP = Family("hip-dislocation")

MVC = "41M, MVC, left posterior hip dislocation on film, no fracture. "
GA = "Under general anesthesia I reduced the left hip with traction, one attempt, with a clunk. "


def end(note: str) -> str:
    """Where a note ends, as files of notes write it."""
    return HIP.end(note)
