"""Coding decisions: agreement finalises, disagreement goes to the queue, and two submissions make one decision."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import Known
from coding.models import EncounterState, ServiceState
from reviews.actions import answers, cases, decisions, reports
from reviews.actions.decisions import Judgement
from reviews.models import (
    Choice,
    CodingDecision,
    CodingRound,
    FinalCode,
    ReviewCase,
    RoundEnd,
    RouteReason,
)
from tests import factories
from tests.races import at_once

ACCEPT = Judgement(Choice.ACCEPT)


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip, diagnoses=("Q65.02",))


def test_agreement_on_a_code_makes_it_final(people, service):
    decision = factories.decide(people["coder"], service, factories.PAVLIK)
    now = factories.service_of(service)
    assert (decision.reported, decision.agrees) == ("27256-LT", True)
    assert FinalCode.objects.current().get(service=service).reported == "27256-LT"
    assert (now.state, now.encounter.state) == (ServiceState.FINAL, EncounterState.FINAL)
    assert not ReviewCase.objects.exists()


def test_a_decision_ends_its_round(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    coding_round = CodingRound.objects.get(service=service)
    assert (coding_round.number, coding_round.ended) == (1, RoundEnd.DECIDED)


@pytest.mark.parametrize(
    ("facts", "judgement", "reasons"),
    [
        (factories.PAVLIK, factories.insists(), {RouteReason.OTHER_CODE}),
        (factories.PAVLIK, factories.insists("27256", "RT"), {RouteReason.OTHER_CODE}),
        (factories.GAP_A, ACCEPT, {RouteReason.RULES_ASK_SUPERVISOR}),
        (
            factories.GAP_A,
            factories.insists(),
            {RouteReason.OTHER_CODE, RouteReason.RULES_ASK_SUPERVISOR},
        ),
        (
            factories.PAVLIK,
            Judgement(Choice.NOTHING, reason="Billed before."),
            {RouteReason.NOTHING_REPORTED},
        ),
        (
            factories.PAVLIK,
            Judgement(Choice.PROVIDER_QUERY, reason="Which?"),
            {RouteReason.CODER_ASKS_PROVIDER},
        ),
        (
            factories.PAVLIK,
            Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm."),
            {RouteReason.CODER_ASKS_SUPERVISOR},
        ),
        ({**factories.PAVLIK, "anesthesia": ""}, ACCEPT, {RouteReason.RULES_ASK_PROVIDER}),
        (
            {**factories.PAVLIK, "joint_state": "dysplasia_only"},
            ACCEPT,
            {RouteReason.NO_FAMILY_CODE},
        ),
    ],
)
def test_everything_else_opens_a_case_that_says_why(people, service, facts, judgement, reasons):
    decision = factories.decide(people["coder"], service, facts, judgement)
    case = ReviewCase.objects.get(decision=decision)
    assert {route.reason for route in case.routes.all()} == reasons
    assert factories.service_of(service).encounter.state == EncounterState.IN_REVIEW
    assert not FinalCode.objects.exists()


def test_a_decision_needs_all_answers_that_decide(people, service):
    guided = factories.form_of(service)
    with pytest.raises(Conflict, match="no suggestion yet"):
        decisions.decide(people["coder"], service, ACCEPT, guided.seen)


def test_a_decision_on_another_suggestion_than_the_one_seen_is_refused(people, service):
    seen = factories.answer(people["coder"], service, factories.PAVLIK).seen
    answers.answer(people["coder"], factories.service_of(service), "laterality", Known("right"))
    with pytest.raises(Conflict, match="not the one that you saw"):
        decisions.decide(people["coder"], factories.service_of(service), ACCEPT, seen)


def test_a_second_decision_is_told_that_there_is_one(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    with pytest.raises(Conflict, match="is final by now"):
        decisions.decide(people["coder"], factories.service_of(service), ACCEPT, "")


def test_another_coder_is_told_who_codes_the_encounter(people, service):
    seen = factories.answer(people["coder"], service, factories.PAVLIK).seen
    with pytest.raises(Conflict, match=people["coder"].name):
        decisions.decide(people["coder", 2], factories.service_of(service), ACCEPT, seen)


def test_a_supervisor_makes_no_coding_decision(people, service):
    seen = factories.answer(people["coder"], service, factories.PAVLIK).seen
    with pytest.raises(NotAllowed, match="may not make coding decisions"):
        decisions.decide(people["supervisor"], factories.service_of(service), ACCEPT, seen)


@pytest.mark.django_db(transaction=True)
def test_of_eight_decisions_at_once_one_counts_and_the_others_are_told(people, service):
    seen = factories.answer(people["coder"], service, factories.PAVLIK).seen
    now = factories.service_of(service)
    results = at_once(8, lambda _: decisions.decide(people["coder"], now, ACCEPT, seen))
    assert CodingDecision.objects.count() == FinalCode.objects.count() == 1
    assert [type(result) for result in results].count(Conflict) == 7


# --- Only real codes and modifiers.


def test_a_code_that_the_list_of_the_day_lacks_is_refused(people, service):
    factories.fees()
    with pytest.raises(ValidationError, match="99999 is not in the code list"):
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists("99999"))
    assert not CodingDecision.objects.exists()


def test_a_code_of_the_list_is_taken(people, service):
    factories.fees()
    decision = factories.decide(
        people["coder"], service, factories.PAVLIK, factories.insists("27093")
    )
    assert decision.reported == "27093-LT"


def test_without_a_list_for_the_day_a_code_is_confirmed_and_a_supervisor_sees_that(people, service):
    insists = factories.insists("27093")
    with pytest.raises(ValidationError, match="No code list is loaded"):
        factories.decide(people["coder"], service, factories.PAVLIK, insists)
    confirmed = Judgement(Choice.OTHER_CODE, "27093", ("LT",), "Arthrogram only.", confirmed=True)
    decision = factories.decide(people["coder"], service, factories.PAVLIK, confirmed)
    reasons = {route.reason for route in factories.case_of(decision).routes.all()}
    assert reasons == {RouteReason.OTHER_CODE, RouteReason.UNLISTED_CODE}


@pytest.mark.parametrize("modifiers", [("XX",), ("LT", "LT"), ("LT", "22", "59", "78", "76")])
def test_modifiers_that_cannot_be_reported_are_refused(people, service, modifiers):
    with pytest.raises(ValidationError):
        factories.decide(
            people["coder"], service, factories.PAVLIK, factories.insists("27257", *modifiers)
        )


def test_modifiers_stand_in_the_order_of_the_claim_whatever_was_typed(people, service):
    decision = factories.decide(
        people["coder"], service, factories.PAVLIK, factories.insists("27257", "LT", "53")
    )
    assert str(decision) == "27257-53-LT"


# --- Taking back.


def test_a_coder_takes_a_decision_back_while_its_case_is_queued(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    decisions.take_back(people["coder"], factories.service_of(service))
    now = factories.service_of(service)
    assert (now.state, now.encounter.state) == (ServiceState.TO_CODE, EncounterState.TO_CODE)
    assert factories.case_of(service).state == "taken_back"
    assert factories.form_of(service).suggestion.reported == "27256-LT"  # its answers were kept


def test_an_agreeing_decision_is_taken_back_on_its_day_and_its_final_code_with_it(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(service))
    assert not FinalCode.objects.current().exists()
    again = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    assert (again.round, factories.service_of(service).state) == (2, ServiceState.IN_REVIEW)
    ends = (
        CodingRound.objects.filter(service=service)
        .order_by("number")
        .values_list("ended", flat=True)
    )
    assert list(ends) == [RoundEnd.TAKEN_BACK, RoundEnd.DECIDED]


@pytest.mark.parametrize(
    ("zone", "later", "is_over"),
    [
        ("UTC", datetime(2026, 3, 2, 23, 59, tzinfo=UTC), False),
        ("UTC", datetime(2026, 3, 3, 0, 30, tzinfo=UTC), True),
        ("America/Chicago", datetime(2026, 3, 3, 0, 30, tzinfo=UTC), False),
        ("America/Chicago", datetime(2026, 3, 3, 6, 30, tzinfo=UTC), True),
    ],
)
def test_the_day_until_whose_end_a_decision_is_taken_back_is_the_department_s(
    people, service, settings, monkeypatch, zone, later, is_over
):
    settings.TIME_ZONE = zone
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    factories.decide(people["coder"], service, factories.PAVLIK)
    monkeypatch.setattr(timezone, "now", lambda: later)
    refusal = pytest.raises(Conflict, match="its day is over") if is_over else nullcontext()
    with refusal:
        decisions.take_back(people["coder"], factories.service_of(service))
    assert (factories.service_of(service).state == ServiceState.FINAL) is is_over


def test_nobody_takes_back_what_another_decided(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    with pytest.raises(NotAllowed, match="Only the coder who decided takes a decision back"):
        decisions.take_back(people["coder", 2], factories.service_of(service))


def test_a_decision_is_not_taken_back_once_it_was_exported(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    reports.export(people["supervisor"], service.encounter)
    with pytest.raises(Conflict, match="exported"):
        decisions.take_back(people["coder"], factories.service_of(service))


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_claiming_at_once_one_wins(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case, now = factories.case_of(service), factories.service_of(service)
    coder, supervisor = people["coder"], people["supervisor"]
    acts = [lambda: decisions.take_back(coder, now), lambda: cases.claim(supervisor, case)]
    results = at_once(2, lambda number: acts[number]())
    assert sum(isinstance(result, Conflict) for result in results) == 1
    taken_back = results[0] is None
    assert factories.case_of(service).state == ("taken_back" if taken_back else "claimed")
    assert factories.service_of(service).state == ("to_code" if taken_back else "in_review")
