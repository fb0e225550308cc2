"""Objecting, reopening and returning: from where, by whom, what is noted, and what stands meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, ServiceState
from reviews.actions import cases, decisions, second_looks
from reviews.actions.decisions import Judgement
from reviews.judging import rebuttals
from reviews.models import (
    CaseState,
    Choice,
    CodingRound,
    FinalCode,
    Level,
    ReviewCase,
    RouteReason,
    RulingKind,
)
from tests import factories
from tests.races import at_once
from tests.signing import but_for_the_signature

WHY = " The operative report says otherwise. "


standing = factories.disputed


@pytest.fixture
def case(standing):
    return standing


@pytest.fixture
def ruled(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return factories.fresh_case(case)


@pytest.fixture
def asking(people, case):
    """A case whose ruling asks the provider."""
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    return factories.fresh_case(case)


def event(name):
    return AuditEvent.objects.get(event=name)


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_reopens(people, ruled, role):
    with pytest.raises(NotAllowed, match="may not reopen rulings"):
        second_looks.reopen(people[role], ruled.ruling, WHY)
    assert ReviewCase.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_objects(people, ruled, role):
    with pytest.raises(NotAllowed, match="may not object to rulings"):
        second_looks.rebut(people[role], ruled, WHY)
    assert ReviewCase.objects.count() == 1


# --- Objections.


def test_an_objection_is_noted_with_the_ruling_that_it_is_against(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, WHY)
    noted = event("case.rebutted")
    assert noted.before == {"ruling": "Rules upheld", "found": "27256-LT"}
    assert (noted.after, noted.reason) == ({"service": 1, "level": 2}, WHY.strip())
    assert (noted.subject_id, noted.encounter) == (
        str(rebuttal.public_id),
        ruled.service.encounter.public_id,
    )


def test_an_objection_keeps_what_was_decided_and_suggested_and_who_ruled(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, WHY)
    assert (rebuttal.decision, rebuttal.suggestion) == (ruled.decision, ruled.suggestion)
    assert (rebuttal.first_supervisor, rebuttal.objection) == (people["supervisor"], WHY.strip())
    assert [route.reason for route in rebuttal.routes.all()] == [RouteReason.REBUTTED]


@pytest.mark.parametrize("is_read", [False, True])
def test_whoever_objects_has_read_the_ruling(people, ruled, is_read):
    if is_read:
        cases.acknowledge(people["coder"], ruled)
    second_looks.rebut(people["coder"], factories.fresh_case(ruled), WHY)
    assert factories.fresh_case(ruled).state == CaseState.ACKNOWLEDGED


def test_there_is_nothing_to_object_to_while_the_provider_is_asked(people, asking):
    with pytest.raises(Conflict, match="awaiting provider by now"):
        second_looks.rebut(people["coder"], asking, WHY)
    now = factories.fresh_case(asking)
    assert (now.state, now.service.state) == (CaseState.RESOLVED, ServiceState.AWAITING_PROVIDER)
    assert ReviewCase.objects.count() == 1


def test_a_coder_does_not_object_to_a_ruling_of_a_round_that_is_over(people, ruled):
    again = second_looks.reopen(people["supervisor"], ruled.ruling, WHY)
    cases.claim(people["supervisor"], again)
    second_looks.return_to_coder(people["supervisor"], factories.fresh_case(again), WHY)
    with pytest.raises(Conflict, match="newer case"):
        second_looks.rebut(people["coder"], ruled, WHY)


# --- Reopening.


def test_a_reopening_is_noted_with_what_was_found_before(people, ruled):
    again = second_looks.reopen(people["supervisor"], ruled.ruling, WHY)
    noted = event("case.reopened")
    assert noted.before == {"ruling": "Rules upheld", "found": "27256-LT"}
    assert (but_for_the_signature(noted.after), noted.reason) == (
        {"service": 1, "level": 1},
        WHY.strip(),
    )
    assert (again.reopens, again.level, again.first_supervisor) == (ruled.ruling, Level.FIRST, None)


def test_another_supervisor_reopens_a_ruling_too(people, ruled):
    again = second_looks.reopen(people["supervisor", 2], ruled.ruling, WHY)
    assert again.state == CaseState.QUEUED
    assert FinalCode.objects.current().get().ruling == ruled.ruling


def test_whoever_coded_the_service_reopens_no_ruling_on_it_even_as_a_superuser(people, ruled):
    coder = people["coder"]
    coder.is_superuser = True
    coder.save()
    with pytest.raises(NotAllowed, match="You coded this case"):
        second_looks.reopen(coder, ruled.ruling, WHY)


def test_a_ruling_that_asks_the_provider_is_not_reopened(people, asking):
    with pytest.raises(Conflict, match="awaiting provider by now"):
        second_looks.reopen(people["supervisor"], asking.ruling, WHY)
    assert ReviewCase.objects.count() == 1


def test_a_reopened_case_may_be_objected_to_once_it_is_ruled_on(people, ruled):
    again = second_looks.reopen(people["supervisor"], ruled.ruling, WHY)
    factories.rule(people["supervisor"], again, RulingKind.RULES_UPHELD)
    rebuttal = second_looks.rebut(people["coder"], factories.fresh_case(again), WHY)
    assert rebuttal.objects_to == factories.fresh_case(again).ruling


@pytest.mark.django_db(transaction=True)
def test_of_objecting_and_reopening_at_once_one_opens_a_case(people, ruled):
    coder, supervisor, ruling = people["coder"], people["supervisor"], ruled.ruling
    acts = [
        lambda: second_looks.rebut(coder, ruled, WHY),
        lambda: second_looks.reopen(supervisor, ruling, WHY),
    ]
    results = at_once(2, lambda place: acts[place]())
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "ReviewCase"]
    assert ReviewCase.objects.filter(state=CaseState.QUEUED).count() == 1


# --- Returning.


def test_a_returned_case_keeps_who_returned_it_and_why_is_noted(people, case):
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, WHY)
    now = factories.fresh_case(case)
    assert (now.state, now.holder) == (CaseState.RETURNED, people["supervisor"])
    noted = event("case.returned")
    assert (noted.after, noted.reason, noted.actor) == (
        {"service": 1},
        WHY.strip(),
        people["supervisor"],
    )


def test_a_returned_service_stays_with_its_coder(people, case):
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, WHY)
    service = factories.service_of(case.service)
    assert (service.round, service.assigned_to, service.state) == (
        2,
        people["coder"],
        ServiceState.TO_CODE,
    )
    with pytest.raises(Conflict, match=people["coder"].name):
        factories.decide(people["coder", 2], service, factories.PAVLIK)


def test_what_comes_back_from_its_coder_is_a_new_case(people, case):
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, WHY)
    factories.decide(people["coder"], case.service, factories.PAVLIK, factories.insists())
    newer = factories.case_of(case.service)
    assert (newer.decision.round, newer.state) == (2, CaseState.QUEUED)
    assert newer != case


def test_a_decision_that_was_returned_cannot_be_taken_back_any_more(people, case):
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, WHY)
    with pytest.raises(Conflict, match="no decision to take back"):
        decisions.take_back(people["coder"], factories.service_of(case.service))
    assert CodingRound.objects.filter(service=case.service, closed_at=None).count() == 1


def test_a_case_that_asks_for_a_supervisor_is_returned_with_its_answers(people, hip):
    service = factories.service(people, hip)
    asks = Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm.")
    case = factories.case_of(factories.decide(people["coder"], service, factories.PAVLIK, asks))
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, WHY)
    assert factories.form_of(service).facts.keys() == factories.PAVLIK.keys()


def test_a_coder_objects_within_the_window_and_is_told_afterwards_what_is_left(
    people, hip, settings, monkeypatch
):
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    ruling = factories.rule(
        people["supervisor"], factories.case_of(decision), RulingKind.RULES_UPHELD
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    with monkeypatch.context() as later:
        later.setattr(rebuttals, "last_day", lambda ruling: yesterday)
        with pytest.raises(Conflict, match="in a comment on the case, to reopen it"):
            second_looks.rebut(
                people["coder"], factories.fresh_case(ruling.case), "It was a reduction."
            )
    settings.REBUTTAL_WORKING_DAYS = 0
    rebuttal = second_looks.rebut(
        people["coder"], factories.fresh_case(ruling.case), "It was a reduction."
    )
    assert rebuttal.decision == decision
