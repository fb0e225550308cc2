"""Blind review: names are hidden until the ruling, codes until the reader coded the case, and nothing from others."""

import pytest

from coding.models import User
from reviews.judging.blind import HIDDEN_NAME, Sight
from reviews.models import OPEN_STATES, CaseState, ReviewCase

CODER = User(pk=1, first_name="Carla", last_name="Bishop")
DECISION = 7
ENDED = [state for state in CaseState if state not in OPEN_STATES]

SEEING = Sight()
BLIND = Sight(is_blind=True)
HAVING_CODED = Sight(is_blind=True, coded=frozenset([DECISION]))
HAVING_CODED_ANOTHER = Sight(is_blind=True, coded=frozenset([DECISION + 1]))


def case(state):
    return ReviewCase(state=state, coder=CODER, decision_id=DECISION)


@pytest.mark.parametrize("state", CaseState)
def test_from_whoever_is_not_kept_blind_nothing_is_hidden(state):
    assert not SEEING.hides_names(case(state))
    assert not SEEING.hides_codes(case(state))
    assert SEEING.coder_of(case(state)) == "Carla Bishop"


@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_case_that_waits_hides_its_coder_and_what_was_decided(state):
    assert BLIND.hides_names(case(state))
    assert BLIND.hides_codes(case(state))
    assert BLIND.coder_of(case(state)) == HIDDEN_NAME


@pytest.mark.parametrize("state", OPEN_STATES)
def test_whoever_coded_the_case_sees_the_codes_and_still_no_name(state):
    assert not HAVING_CODED.hides_codes(case(state))
    assert HAVING_CODED.coder_of(case(state)) == HIDDEN_NAME


def test_having_coded_one_case_shows_nothing_of_another():
    assert HAVING_CODED_ANOTHER.hides_codes(case(CaseState.CLAIMED))


@pytest.mark.parametrize("state", ENDED)
def test_once_a_case_has_ended_all_of_it_is_there_to_be_read(state):
    assert not BLIND.hides_codes(case(state))
    assert BLIND.coder_of(case(state)) == "Carla Bishop"
