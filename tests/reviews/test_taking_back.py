"""Taking a decision back: until when, by whom, and never over what a supervisor ruled."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.actions.errors import Conflict
from coding.models import AuditEvent, ServiceState
from reviews.actions import cases, decisions, queries, reports, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.models import (
    CaseState,
    Choice,
    CodingRound,
    FinalCode,
    ProviderQuery,
    RoundReason,
    RulingKind,
)
from tests import factories

INSISTS = factories.insists()


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip, diagnoses=("Q65.02",))


def test_taking_back_is_noted_with_what_was_decided_and_opens_a_round(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK, INSISTS)
    decisions.take_back(people["coder"], factories.service_of(service))
    event = AuditEvent.objects.get(event="decision.taken_back")
    assert event.before == {"service": 1, "round": 1, "code": "27257-LT"}
    begun = CodingRound.objects.get(service=service, closed_at=None)
    assert (begun.number, begun.reason) == (2, RoundReason.TAKEN_BACK)


def test_the_round_that_is_open_then_begins_with_the_version_in_force(people, hip, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    draft = factories.draft_without_harness(people, hip)
    newer = factories.publish(people, draft, date(2026, 2, 1))
    decisions.take_back(people["coder"], factories.service_of(service))
    assert factories.form_of(service).version == newer


def test_there_is_nothing_to_take_back_before_a_decision_and_after_it_was_taken_back(
    people, service
):
    with pytest.raises(Conflict, match="no decision to take back"):
        decisions.take_back(people["coder"], service)
    factories.decide(people["coder"], service, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(service))
    with pytest.raises(Conflict, match="no decision to take back"):
        decisions.take_back(people["coder"], factories.service_of(service))
    assert AuditEvent.objects.filter(event="decision.taken_back").count() == 1


def test_a_decision_whose_case_is_held_or_ruled_on_is_not_taken_back(people, service):
    case = factories.case_of(factories.decide(people["coder"], service, factories.PAVLIK, INSISTS))
    cases.claim(people["supervisor"], case)
    with pytest.raises(Conflict, match=f"{people['supervisor'].name} has it"):
        decisions.take_back(people["coder"], factories.service_of(service))
    factories.rule(people["supervisor"], factories.fresh_case(case))
    with pytest.raises(Conflict, match="it is resolved"):
        decisions.take_back(people["coder"], factories.service_of(service))
    assert FinalCode.objects.current().count() == 1


@pytest.mark.parametrize("how", ["corrected", "reopened", "objected to"])
def test_what_a_supervisor_ruled_on_is_not_taken_back_when_it_is_looked_at_again(
    people, service, how
):
    case = factories.case_of(factories.decide(people["coder"], service, factories.PAVLIK, INSISTS))
    ruling = factories.rule(people["supervisor"], case)
    if how == "corrected":
        factories.send_again(people, service.encounter, payer="Union")
    elif how == "reopened":
        second_looks.reopen(people["supervisor"], ruling, "Wrong.")
    else:
        second_looks.rebut(people["coder"], factories.fresh_case(case), "No.")
    with pytest.raises(Conflict, match="A supervisor has ruled on this decision"):
        decisions.take_back(people["coder"], factories.service_of(service))
    assert factories.case_of(service).state == CaseState.QUEUED
    assert FinalCode.objects.current().get().ruling == ruling


def test_a_decision_after_a_query_is_taken_back_though_an_earlier_one_was_ruled_on(people, service):
    asks = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
    case = factories.case_of(factories.decide(people["coder"], service, factories.PAVLIK, asks))
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    queries.close(people["supervisor"], ProviderQuery.objects.get(), "He left.")
    factories.decide(people["coder"], service, factories.PAVLIK, INSISTS)
    decisions.take_back(people["coder"], factories.service_of(service))
    assert factories.service_of(service).round == 3


def test_a_disagreement_is_taken_back_on_a_later_day_too_while_nobody_has_it(
    people, service, monkeypatch
):
    factories.decide(people["coder"], service, factories.PAVLIK, INSISTS)
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    decisions.take_back(people["coder"], factories.service_of(service))
    assert factories.service_of(service).state == ServiceState.TO_CODE


@pytest.fixture
def three_days_later(monkeypatch):
    later = timezone.now() + timedelta(days=3)
    return lambda: monkeypatch.setattr(timezone, "now", lambda: later)


def offers_to_take_back(client, coder, service):
    client.force_login(coder)
    page = client.get(service.encounter.get_absolute_url())
    return b"Take back" in page.content


@pytest.mark.parametrize("how", ["exported", "its day is over"])
@pytest.mark.parametrize("again", ["corrected", "not looked at again"])
def test_what_was_final_is_bound_once_exported_or_old_in_whatever_case_it_is_looked_at_again(
    people, client, service, three_days_later, how, again
):
    decision = factories.decide(people["coder"], service, factories.PAVLIK)
    assert offers_to_take_back(client, people["coder"], service)
    if how == "exported":
        reports.export(people["supervisor"], service.encounter)
    if again == "corrected":
        factories.send_again(people, service.encounter, payer="Union")
    if how == "its day is over":
        three_days_later()
    assert not offers_to_take_back(client, people["coder"], service)
    with pytest.raises(Conflict, match="It was exported, or its day is over"):
        decisions.take_back(people["coder"], factories.service_of(service))
    assert FinalCode.objects.current().get().decision == decision


def test_what_was_corrected_on_its_day_and_not_exported_is_taken_back_with_its_case(
    people, client, service
):
    factories.decide(people["coder"], service, factories.PAVLIK)
    factories.send_again(people, service.encounter, payer="Union")
    assert offers_to_take_back(client, people["coder"], service)
    decisions.take_back(people["coder"], factories.service_of(service))
    assert factories.case_of(service).state == CaseState.TAKEN_BACK


def test_an_export_of_what_was_reported_before_does_not_bind_a_later_decision(people, hip, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    reports.export(people["supervisor"], service.encounter)
    added = services.add(people["coder"], service.encounter, hip.rule_set)
    factories.decide(people["coder"], added, factories.REDUCED)
    decisions.take_back(people["coder"], factories.service_of(added))
    assert factories.service_of(added).state == ServiceState.TO_CODE
    assert factories.service_of(service).state == ServiceState.FINAL
