"""The verb that confirms several answers at once: what stands already stays as it is."""

import pytest

from coding.actions.errors import Conflict
from coding.decision import Known
from coding.models import Answer, AuditEvent
from reviews.actions.confirming import AllContradicted, Confirmed, confirm
from tests import factories

NOTE = "Left hip dislocated since birth. A Pavlik harness was fitted. No anesthesia was given."
LEFT = {"laterality": Known("left")}


standing = factories.reading_hip


@pytest.fixture
def service(people, standing):
    return factories.service(people, standing, note=NOTE)


def given(people, service, values):
    return confirm(people["coder"], service, Confirmed(values, reasons={}))


def events():
    return AuditEvent.objects.filter(event="answers.confirmed")


def test_what_is_confirmed_again_is_answered_once_and_the_form_is_as_it_stands(people, service):
    first = given(people, service, LEFT)
    again = given(people, service, LEFT)
    assert again.facts == first.facts
    assert Answer.objects.filter(service=service, fact="laterality").count() == 1
    assert events().count() == 1


def test_beside_what_stands_only_what_is_new_is_stored_and_told(people, service):
    given(people, service, LEFT)
    given(people, service, {**LEFT, "anesthesia": Known("none")})
    assert Answer.objects.filter(service=service, fact="laterality").count() == 1
    latest = events().latest("sequence")
    assert set(latest.after) == {"Anesthesia"}


def test_a_fact_that_nobody_asks_is_not_confirmed_and_nothing_else_is(people, service):
    with pytest.raises(Conflict, match="do not ask this any more"):
        given(people, service, {**LEFT, "weather": Known("fair")})
    assert not Answer.objects.exists()


def test_all_answers_against_the_note_are_named_at_once_and_none_of_the_others_is_given(
    people, service
):
    values = {
        "laterality": Known("right"),
        "anesthesia": Known("general"),
        "treatment": Known("closed"),
    }
    reasons = {"laterality": "The report names the right side."}
    with pytest.raises(AllContradicted) as refusal:
        confirm(people["coder"], service, Confirmed(values, reasons))
    words = "The note says something else. Say why you keep the answer, or change it."
    assert str(refusal.value) == words
    assert set(refusal.value.passages) == {"anesthesia"}
    assert not Answer.objects.exists()
    assert factories.service_of(service).round == 0


def test_what_somebody_else_codes_is_not_confirmed(people, service):
    given(people, service, LEFT)
    with pytest.raises(Conflict, match=f"{people['coder'].name} is coding this encounter"):
        confirm(people["coder", 2], service, Confirmed({"anesthesia": Known("none")}, {}))
    assert Answer.objects.count() == 1


def test_an_answer_that_changed_is_told_with_what_it_was(people, service):
    given(people, service, {"encounter": Known("initial")})
    given(people, service, {"encounter": Known("subsequent")})
    latest = events().latest("sequence")
    [(label, before)] = latest.before.items()
    assert before != latest.after[label]
    assert factories.form_of(service).facts["encounter"] == Known("subsequent")
