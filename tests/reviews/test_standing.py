"""Where a visit stands by its services, what is final of it meanwhile, and what each settling leaves in the trail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.actions.errors import Conflict
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, EncounterState, Service, ServiceState
from reviews.actions import decisions, standing
from reviews.actions.decisions import Judgement
from reviews.actions.standing import Step, settle
from reviews.models import Choice, FinalCode, RulingKind
from tests import factories

KEEP = Judgement(Choice.KEEP)
LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203", ("25",), 2))
of_standing_services = st.sets(
    st.sampled_from([state for state in ServiceState if state != ServiceState.WITHDRAWN])
)


@pytest.fixture
def visit(people, hip):
    factories.fees()
    return factories.visit(people, *LINES)


def state_of(visit):
    visit.refresh_from_db()
    return visit.state


def settled():
    return list(AuditEvent.objects.filter(event="service.settled").order_by("sequence"))


@given(of_standing_services)
def test_a_visit_is_as_far_as_the_service_that_is_least_far(states):
    state = standing.state_of(states)
    order = [
        EncounterState.TO_CODE,
        EncounterState.IN_REVIEW,
        EncounterState.AWAITING_PROVIDER,
        EncounterState.FINAL,
    ]
    places = [order.index(EncounterState(own)) for own in states]
    assert order.index(state) == min(places, default=0)


def test_a_visit_goes_through_review_to_the_provider_and_is_to_code_again(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    assert state_of(visit) == EncounterState.TO_CODE
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), KEEP)
    assert state_of(visit) == EncounterState.IN_REVIEW
    factories.rule(people["supervisor"], factories.case_of(visit), RulingKind.PROVIDER_QUERY)
    assert state_of(visit) == EncounterState.AWAITING_PROVIDER


def test_a_decision_on_one_service_leaves_the_other_as_it_is(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    other = factories.service_for(visit, "99203")
    assert (other.state, other.round, other.suggestion) == (ServiceState.TO_CODE, 0, None)
    assert [event.after["service"] for event in settled()] == [1]


def test_each_settling_keeps_every_value_in_words(people, visit):
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), KEEP)
    [event] = settled()
    assert event.before == {"final code": None}
    assert event.after == {
        "service": 2,
        "round": 1,
        "state": "Final",
        "final code": "99203-25",
        "units": 2,
        "lines": ["99203-25"],
    }


def test_what_goes_to_review_settles_nothing_and_says_so(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    [event] = settled()
    assert (event.after["state"], event.after["final code"], event.after["units"]) == (
        "In review",
        None,
        None,
    )


def test_a_final_code_taken_back_is_told_as_gone(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_for(visit, "27256"))
    event = settled()[-1]
    assert (event.before["final code"], event.after["final code"]) == ("27256-LT", None)
    assert event.after["state"] == "To code"


def test_a_final_code_in_question_is_told_as_standing(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    factories.send_again(people, visit, payer="Union")
    event = settled()[-1]
    assert (event.before["final code"], event.after["final code"]) == ("27256-LT", "27256-LT")
    assert event.after["state"] == "In review"


def test_a_second_final_code_takes_the_place_of_the_first_which_is_kept(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    factories.send_again(people, visit, payer="Union")
    case = factories.case_of(visit)
    factories.rule(
        people["supervisor"], case, RulingKind.OTHER_CODE, code="27257", modifiers=("LT",)
    )
    finals = FinalCode.objects.order_by("pk").values_list("reported", "superseded")
    assert list(finals) == [("27256-LT", True), ("27257-LT", False)]


def test_a_step_that_no_table_allows_is_refused_in_the_words_of_its_verb(visit):
    service = factories.service_of(visit)
    with pytest.raises(Conflict, match="You cannot rebut this: it is to code by now"):
        settle("rebut", [Step(service, ServiceState.IN_REVIEW)])
    with pytest.raises(Conflict, match="You cannot decide this"):
        settle("decide", [Step(service, ServiceState.AWAITING_PROVIDER)])
    assert state_of(visit) == EncounterState.TO_CODE


def test_a_service_that_moved_on_since_it_was_read_is_settled_nowhere(people, visit):
    read = factories.service_of(visit)
    Service.objects.filter(pk=read.pk).update(state=ServiceState.IN_REVIEW)
    with pytest.raises(Conflict, match="Somebody was faster"):
        settle("decide", [Step(read, ServiceState.FINAL)])
    assert factories.service_of(visit).state == ServiceState.IN_REVIEW
