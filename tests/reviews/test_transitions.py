"""The tables of transitions: every verb has its event and a permission that some role holds; no state is a dead end."""

import pytest

from coding.actions.transitions import JOB, REGISTER, VERSION, of
from coding.models import JobState, ServiceState, VersionState
from coding.models.services import SERVICE_MOVES
from coding.trail.events import EVENTS
from reviews.models import CaseState, DefectState, QueryState
from reviews.models.cases import CASE_MOVES
from reviews.roles import ROLES
from reviews.transitions import CASE, DEFECT, QUERY, SERVICE

TABLES = [SERVICE, CASE, QUERY, DEFECT, VERSION, JOB, REGISTER]
EVERY = [transition for table in TABLES for transition in table]
# Where a life ends; what is final may still be objected to, reopened or corrected.
ENDS = {
    ServiceState.WITHDRAWN,
    CaseState.ACKNOWLEDGED,
    CaseState.RETURNED,
    CaseState.CLOSED,
    CaseState.TAKEN_BACK,
    QueryState.ANSWERED,
    QueryState.CLOSED,
    DefectState.CLOSED,
    VersionState.DISCARDED,
    VersionState.RETIRED,
    JobState.CANCELLED,
}


@pytest.mark.parametrize(
    "transition", EVERY, ids=lambda transition: f"{transition.start[0]} {transition.verb}"
)
def test_a_verb_has_an_event_with_words_and_a_permission_that_some_role_holds(transition):
    assert transition.event in EVENTS
    granted = {name for names in ROLES.values() for name in names}
    assert not transition.permission or transition.permission in granted


@pytest.mark.parametrize("table", TABLES)
def test_two_verbs_of_a_table_never_share_an_event(table):
    said = {(transition.verb, transition.event) for transition in table}
    assert len({event for _, event in said}) == len(said)


@pytest.mark.parametrize("table", TABLES)
def test_every_state_but_an_end_is_left_by_some_verb(table):
    states = {state for transition in table for state in (*transition.start, *transition.end)}
    left = {state for transition in table for state in transition.start}
    assert states - left <= ENDS


def test_a_verb_that_no_table_names_is_an_error():
    with pytest.raises(LookupError):
        of(SERVICE, "forget")


@pytest.mark.parametrize(("table", "moves"), [(SERVICE, SERVICE_MOVES), (CASE, CASE_MOVES)])
def test_the_database_lets_a_state_move_as_the_verbs_do_and_nowhere_else(table, moves):
    assert moves == {(start, end) for verb in table for start in verb.start for end in verb.end}
