"""Which words a precedent may not hold: the note's own, and the patient's reference. Text alone, no database."""

import pytest
from django.core.exceptions import ValidationError

from coding.models import Encounter
from reviews.actions.precedents import _check_words as check_words
from reviews.actions.precedents import may_become_one
from reviews.models import ReviewCase, Ruling

NOTE = "The left knee was held for one hour; no drug was given to her at all."
QUOTED = "Words of the note stand here. Say it in your own: a precedent quotes none."
NAMED = "The patient's reference stands here. A precedent names no patient."


def refusal_of(title="A harness counts.", basis="Policy 7.", reference="P-7719", note=NOTE):
    encounter = Encounter(note=note, patient_reference=reference)
    try:
        check_words(encounter, title=title, basis=basis)
    except ValidationError as refusal:
        return refusal.message_dict
    return {}


def test_words_of_one_s_own_may_stand_there():
    assert refusal_of() == {}


@pytest.mark.parametrize(
    "text",
    [
        "the left knee was held for",
        "As it says: THE LEFT, KNEE WAS — held for",
        "They gave, as written, no drug was given to her, and so on.",
    ],
    ids=["the first six", "whatever stands between them", "in the middle"],
)
def test_six_words_in_a_row_are_the_note_s_own(text):
    assert refusal_of(title=text) == {"title": [QUOTED]}
    assert refusal_of(basis=text) == {"basis": [QUOTED]}


@pytest.mark.parametrize(
    "text", ["the left knee was held", "given to her at all", "held for the left knee was one"]
)
def test_five_words_are_chance_and_so_are_six_in_another_order(text):
    assert refusal_of(title=text) == {}


def test_a_short_note_is_not_quoted_by_a_short_title():
    assert refusal_of(title="Knee held.", note="Knee held.") == {}


def test_the_patient_s_reference_stands_nowhere():
    assert refusal_of(title="About P-7719.") == {"title": [NAMED]}
    assert refusal_of(basis="As of P-7719") == {"basis": [NAMED]}
    assert refusal_of(title="About P-7719.", reference="") == {}


@pytest.mark.parametrize(
    ("outcome", "suggestion", "may"),
    [
        ("code", 1, True),
        ("no_family_code", 1, True),
        ("provider_query", 1, False),
        ("supervisor_review", 1, False),
        ("code", None, False),
    ],
)
def test_a_ruling_becomes_one_where_it_settled_what_rules_decide(outcome, suggestion, may):
    ruling = Ruling(case=ReviewCase(pk=1, suggestion_id=suggestion), outcome=outcome)
    assert may_become_one(ruling) is may
