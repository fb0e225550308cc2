"""Who coded an encounter does not void away the dispute about it, whatever else they may do."""

import pytest
from django.contrib.auth.models import Group

from coding.actions.errors import Conflict
from coding.models import Encounter, EncounterState, User
from reviews.actions import voiding
from tests import factories

WHY = "Registered for the wrong patient."


@pytest.fixture
def both(people):
    """A coder who is a supervisor too."""
    people["supervisor"]
    coder = people["coder"]
    coder.groups.add(Group.objects.get(name="supervisor"))
    return User.objects.get(pk=coder.pk)


@pytest.fixture
def disputed(people, both, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(both, encounter, factories.PAVLIK, factories.insists())
    return Encounter.objects.get(pk=encounter.pk)


def state(encounter):
    return Encounter.objects.get(pk=encounter.pk).state


def test_a_case_about_ones_own_decision_is_not_voided_away(both, disputed):
    assert not voiding.may_void(both, disputed)
    with pytest.raises(Conflict, match="about your own decision is open"):
        voiding.void(both, disputed, WHY)
    assert state(disputed) == EncounterState.IN_REVIEW


def test_another_supervisor_voids_it(people, disputed):
    assert voiding.may_void(people["supervisor"], disputed)
    voiding.void(people["supervisor"], disputed, WHY)
    assert state(disputed) == EncounterState.VOID


def test_when_another_one_has_ruled_the_dispute_is_over(people, both, disputed):
    factories.rule(people["supervisor"], factories.case_of(disputed))
    voiding.void(both, disputed, WHY)
    assert state(disputed) == EncounterState.VOID
