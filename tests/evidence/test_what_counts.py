"""What counts of the statements of a note: corrections, the attempt that succeeded, the field of a report."""

import pytest

from tests.evidence.lexicons import TERMS, lexicon, proposed

OPERATION = lexicon(
    *TERMS,
    {"phrase": "failed", "fact": "manipulation", "value": "attempted"},
    {"phrase": "sedation", "fact": "anesthesia", "value": "sedation"},
    {"phrase": "drowsy", "fact": "anesthesia", "value": "sedation", "strength": "hint"},
    operative=["anesthesia", "manipulation"],
    idle={"acts": ["manipulation=performed"], "signs": [], "then": ["treated=no"]},
    succeeds={"manipulation": {"performed": ["attempted"]}},
)


def of_anesthesia(note: str) -> str | None:
    return proposed(note, OPERATION).get("anesthesia")


def test_the_circumstances_of_an_attempt_that_another_succeeded_do_not_count() -> None:
    attempt = "Sedation was given, it failed."
    success = "The hip was reduced under general anesthesia."

    assert of_anesthesia(f"{attempt} {success}") == "general"
    assert of_anesthesia(attempt) == "sedation"


def test_circumstances_that_a_success_shares_with_its_attempt_count() -> None:
    assert of_anesthesia("It failed, then the hip was reduced under sedation.") == "sedation"


def test_what_is_told_outside_of_the_attempt_counts() -> None:
    note = "It failed. Under sedation. The hip was reduced under general anesthesia."

    assert of_anesthesia(note) == "conflicting"


def test_what_an_addendum_corrects_stands_alone_and_the_rest_of_the_note_with_it() -> None:
    note = "Under sedation the hip was reduced.\nAddendum: wrong, it was under general anesthesia."

    assert proposed(note, OPERATION) == {"anesthesia": "general", "manipulation": "performed"}


def test_an_addendum_that_denies_corrects_as_well() -> None:
    note = "Under sedation the hip was reduced.\nAddendum: in error; there was no sedation."

    assert of_anesthesia(note) is None


@pytest.mark.parametrize(
    ("note", "anesthesia"),
    [
        ("Once under sedation.\nAnesthesia: epidural", "regional"),
        ("Once under sedation.\nAnesthesia: drowsy", "sedation"),
        ("Anesthesia: epidural\nThen under sedation.", "conflicting"),
        ("Once under sedation.\nAnesthesia: epidural\nDevice: sedation", "conflicting"),
    ],
)
def test_a_field_of_the_report_outweighs_what_stands_before_it(note: str, anesthesia: str) -> None:
    assert of_anesthesia(note) == anesthesia


def test_a_field_that_only_hints_outweighs_nothing() -> None:
    assert of_anesthesia("Under an epidural.\nAnesthesia: drowsy") == "regional"


def test_a_field_of_another_fact_leaves_what_is_told_of_anesthesia() -> None:
    assert of_anesthesia("Under sedation.\nDevice: pavlik") == "sedation"
