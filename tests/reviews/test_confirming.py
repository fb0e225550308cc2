"""The verb that confirms several answers at once: what stands already stays as it is."""

import pytest

from coding.actions.errors import Conflict
from coding.decision import Known
from coding.models import Answer, AuditEvent
from reviews.actions.confirming import Confirmed, confirm
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
