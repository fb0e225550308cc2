"""Anesthesia as whole notes tell it: in fields and addenda, or only weighed."""

import pytest

from tests.evidence.hip_notes import MVC, end


def test_what_an_addendum_names_stands_above_what_it_only_hints_at() -> None:
    left_blank = (
        f"{MVC}Closed reduction left hip by Allis technique, clunk. Anesthesia: ***\n\n"
        "ADDENDUM: The anesthesia line was left blank in error. "
    )
    named = "The case was done under monitored anesthesia care (propofol infusion)."
    assert end(f"{left_blank}{named}") == "code 27252 LT"
    assert not end(f"{left_blank}Propofol was given.").startswith("code")


AWAKE = (
    "Left hip dislocated after a fall. {} "
    "I reduced the left hip with traction, a clunk was felt. No sedation, no block and no anesthetic was given."
)


@pytest.mark.parametrize(
    "choices",
    [
        "The options were reviewed with her, including sedation here and spinal anesthesia in the operating room.",
        "A nerve block was considered.",
        "Sedation was offered.",
        "The anesthesiologist preferred a general anesthetic.",
    ],
)
def test_what_was_only_weighed_makes_what_was_done_no_less_certain(choices: str) -> None:
    assert end(AWAKE.format(choices)) == "code 27250 LT"


@pytest.mark.parametrize(
    "before",
    [
        "The last time it was reduced in the operating room and done with a spinal.",
        "Alternatives incl. general anesthesia in the OR; she chose to try here.",
        "Eight days ago the hip was held in traction, without anesthesia.",
    ],
)
def test_a_field_of_the_report_outweighs_what_stories_before_it_say_of_anesthesia(
    before: str,
) -> None:
    report = "Anesthesia: moderate sedation\nRight hip reduced closed by traction, with a clunk."
    story = "Right total hip arthroplasty dislocated when she bent over."
    assert end(f"{story} {before}\n{report}") == "code 27265 RT"


def test_what_is_told_behind_the_field_may_be_how_it_went_on() -> None:
    note = (
        "Right total hip arthroplasty dislocated when she bent over.\nAnesthesia: moderate sedation\n"
        "It was not enough, and under general anesthesia the right hip was reduced closed, with a clunk."
    )
    assert not end(note).startswith("code 27265")
