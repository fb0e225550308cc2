"""The life of a review case: each verb acts where, and for whom, its table says, and is noted with its service."""

import pytest
from django.db import connection

from coding.actions.errors import Conflict, NotAllowed
from coding.actions.transitions import of
from coding.models import AuditEvent
from coding.trail import guards
from reviews.actions import cases, second_looks
from reviews.models import CaseState, ReviewCase
from reviews.transitions import CASE
from tests import factories
from tests.transitions import begins, names, outsiders, refused

VERBS = {
    "claim": cases.claim,
    "release": cases.release,
    "return": lambda actor, case: second_looks.return_to_coder(actor, case, "Read the note again."),
    "acknowledge": cases.acknowledge,
}
OWN = [of(CASE, verb) for verb in VERBS]


@pytest.fixture
def case(people, hip):
    service = factories.service(people, hip)
    return factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )


def put(people, case, state):
    """Bring a case to a state, held by the supervisor where that is held by somebody."""
    holder = None if state in (CaseState.QUEUED, CaseState.TAKEN_BACK) else people["supervisor"]
    guards.lift(connection)
    ReviewCase.objects.filter(pk=case.pk).update(state=state, holder=holder)
    return factories.fresh_case(case)


def actor_of(people, transition):
    """Whoever may: the coder reads a ruling, a supervisor does the rest."""
    return people["supervisor"] if transition.permission else people["coder"]


def noted():
    return list(AuditEvent.objects.values_list("sequence", flat=True))


@pytest.mark.parametrize(("transition", "state"), begins(OWN), ids=names)
def test_a_verb_leads_where_its_table_says_and_is_noted(people, case, transition, state):
    VERBS[transition.verb](actor_of(people, transition), put(people, case, state))
    assert (factories.fresh_case(case).state,) == transition.end
    event = AuditEvent.objects.get(event=transition.event)
    assert event.after["service"] == case.service.number
    assert event.actor == actor_of(people, transition)


@pytest.mark.parametrize(("transition", "state"), refused(OWN, CaseState), ids=names)
def test_elsewhere_it_is_refused_and_changes_nothing(people, case, transition, state):
    other = put(people, case, state)
    before = noted()
    # Claiming what one holds already, as a double click does, is no refusal, and changes nothing either.
    if (transition.verb, state) == ("claim", CaseState.CLAIMED):
        cases.claim(people["supervisor"], other)
    else:
        with pytest.raises(Conflict, match="Reload it"):
            VERBS[transition.verb](actor_of(people, transition), other)
    now = factories.fresh_case(case)
    assert (now.state, now.holder) == (state, other.holder)
    assert noted() == before


@pytest.mark.parametrize(("transition", "role"), outsiders(OWN), ids=names)
def test_whoever_lacks_the_permission_of_the_table_is_refused(people, case, transition, role):
    state = transition.start[0]
    other = put(people, case, state)
    before = noted()
    with pytest.raises(NotAllowed):
        VERBS[transition.verb](people[role, 2], other)
    assert factories.fresh_case(case).state == state
    assert noted() == before


@pytest.mark.parametrize("verb", ["release", "return"])
def test_a_case_that_another_supervisor_holds_is_left_and_they_are_named(people, case, verb):
    held = put(people, case, CaseState.CLAIMED)
    with pytest.raises(Conflict) as refusal:
        VERBS[verb](people["supervisor", 2], held)
    where = f"{people['supervisor'].name} has it. Reload it to see where it is."
    assert str(refusal.value) in (
        f"You cannot {verb} this case any more: {where}",
        f"You do not hold this case: {where}",
    )
    assert factories.fresh_case(case).holder == people["supervisor"]
