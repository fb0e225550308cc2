"""An encounter is voided with a reason: nothing of it is coded, reported or counted any more, and nothing is lost."""

import pytest

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import (
    AuditEvent,
    Encounter,
    EncounterState,
    EncounterVoid,
    Service,
    ServiceState,
)
from reviews.actions import cases, reports, services, voiding
from reviews.models import (
    CaseState,
    CodingRound,
    FinalCode,
    ProviderQuery,
    QueryState,
    Report,
    ReportKind,
    RulingKind,
)
from tests import factories
from tests.races import at_once

WHY = "Registered for the wrong patient."
HIP_LINE = ServiceLineRecord("27256", ("LT",))
VISIT_LINE = ServiceLineRecord("99203")


@pytest.fixture
def supervisor(people):
    return people["supervisor"]


@pytest.fixture
def visit(people, hip):
    return factories.visit(people, HIP_LINE, VISIT_LINE)


@pytest.fixture
def final(people, hip):
    encounter = factories.encounter(people, hip, diagnoses=("Q65.02",))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    return encounter


def now(encounter):
    return Encounter.objects.get(pk=encounter.pk)


def events(encounter):
    return list(AuditEvent.objects.filter(encounter=encounter.public_id).order_by("sequence"))


def states(encounter):
    return set(encounter.services.values_list("state", flat=True))


def test_a_void_encounter_says_why_and_by_whom_and_its_services_are_withdrawn(supervisor, visit):
    voiding.void(supervisor, visit, f"  {WHY} ")
    void = EncounterVoid.objects.get(encounter=visit)
    assert (void.reason, void.voided_by) == (WHY, supervisor)
    assert now(visit).state == EncounterState.VOID
    assert states(visit) == {ServiceState.WITHDRAWN}


def test_nothing_of_it_is_deleted(supervisor, visit):
    lines = list(visit.service_lines.values())
    voiding.void(supervisor, visit, WHY)
    assert list(visit.service_lines.values()) == lines
    assert now(visit).note == visit.note


def test_the_trail_tells_why_and_each_service_that_was_withdrawn(supervisor, visit):
    voiding.void(supervisor, visit, WHY)
    voided, *settled = events(visit)[1:]
    assert (voided.event, voided.reason, voided.actor) == ("encounter.voided", WHY, supervisor)
    assert (voided.before, voided.after) == ({"state": "To code"}, {"state": "Void"})
    assert [event.event for event in settled] == ["service.settled", "service.settled"]
    assert {event.after["state"] for event in settled} == {"Withdrawn"}


def test_an_encounter_without_a_service_is_voided_too(people, supervisor, hip):
    encounter = factories.visit(people)
    voiding.void(supervisor, encounter, WHY)
    assert now(encounter).state == EncounterState.VOID


def test_an_open_round_ends_and_a_queued_case_is_closed_with_the_reason(people, supervisor, visit):
    hip_service = factories.service_for(visit, "27256")
    case = factories.case_of(
        factories.decide(people["coder"], hip_service, factories.PAVLIK, factories.insists())
    )
    voiding.void(supervisor, visit, WHY)
    assert factories.fresh_case(case).state == CaseState.CLOSED
    assert not CodingRound.objects.filter(service__encounter=visit, closed_at=None).exists()
    assert AuditEvent.objects.get(event="case.closed").reason == WHY


def test_a_case_that_a_supervisor_holds_is_closed_too_and_not_ruled_on(people, supervisor, hip):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    cases.claim(people["supervisor", 2], case)
    voiding.void(supervisor, service.encounter, WHY)
    with pytest.raises(Conflict, match="closed without a ruling"):
        cases.release(people["supervisor", 2], factories.fresh_case(case))


def test_a_query_that_is_out_is_closed_with_the_reason(people, supervisor, hip):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY, question="Which hip?")
    voiding.void(supervisor, service.encounter, WHY)
    query = ProviderQuery.objects.get()
    assert (query.state, query.reason) == (QueryState.CLOSED, WHY)


def test_its_final_codes_stand_no_longer(supervisor, final):
    voiding.void(supervisor, final, WHY)
    assert not FinalCode.objects.current().filter(service__encounter=final).exists()


def test_a_report_that_was_exported_gets_a_void_report_which_is_exported_in_turn(supervisor, final):
    first = reports.export(supervisor, final).report
    voiding.void(supervisor, final, WHY)
    second = Report.objects.get(encounter=final, number=2)
    assert (second.kind, second.replaces, second.content["lines"]) == (ReportKind.VOID, first, [])
    assert reports.export(supervisor, now(final)).report == second


def test_of_what_was_never_exported_there_is_nothing_to_take_back(supervisor, final):
    voiding.void(supervisor, final, WHY)
    assert Report.objects.get(encounter=final).kind == ReportKind.ORIGINAL
    with pytest.raises(Conflict, match="nothing to export"):
        reports.export(supervisor, now(final))


def test_it_is_voided_once(supervisor, visit):
    voiding.void(supervisor, visit, WHY)
    with pytest.raises(Conflict, match="was voided"):
        voiding.void(supervisor, visit, "Again.")
    assert EncounterVoid.objects.get().reason == WHY


def test_nothing_is_coded_added_or_reported_of_it_any_more(people, supervisor, hip, visit):
    service = factories.service_for(visit, "27256")
    voiding.void(supervisor, visit, WHY)
    coder = people["coder"]
    is_gone = "This service is withdrawn by now"
    is_over = "Nothing of this encounter is to be coded any more"
    is_void = "This encounter was voided. Nothing of it is coded or changed any more"
    refused = [
        (is_gone, lambda: factories.answer(coder, service, factories.PAVLIK)),
        (is_over, lambda: encounters.assign(coder, visit, coder)),
        (is_void, lambda: services.add(coder, visit, hip.rule_set)),
        (is_void, lambda: services.report_nothing(coder, visit, WHY)),
    ]
    for words, act in refused:
        with pytest.raises(Conflict, match=words):
            act()
    assert states(visit) == {ServiceState.WITHDRAWN}
    assert now(visit).state == EncounterState.VOID


# Who may.


def test_a_coder_voids_what_was_typed_while_nothing_of_it_is_decided(people, visit):
    voiding.void(people["coder"], visit, "Typed twice.")
    assert now(visit).state == EncounterState.VOID


def test_a_coder_voids_nothing_that_a_file_brought(people, hip):
    encounter = encounters.enter(
        people["coder"], factories.record(service_lines=(HIP_LINE,)), source="his"
    )
    with pytest.raises(NotAllowed, match="Ask a supervisor"):
        voiding.void(people["coder"], encounter, WHY)


def test_a_coder_voids_nothing_that_was_decided_or_that_another_one_codes(people, hip, final):
    with pytest.raises(Conflict, match="was decided"):
        voiding.void(people["coder"], final, WHY)
    other = factories.encounter(people, hip)
    encounters.assign(people["coder", 2], other, people["coder", 2])
    with pytest.raises(Conflict, match="Somebody else is coding it"):
        voiding.void(people["coder"], other, WHY)


@pytest.mark.parametrize("role", ["auditor", "rule author", "rule approver", "administrator"])
def test_nobody_else_voids_an_encounter(people, visit, role):
    with pytest.raises(
        NotAllowed, match=r"You may not void this encounter\. Ask a supervisor to do it"
    ):
        voiding.void(people[role], visit, WHY)
    assert not EncounterVoid.objects.exists()


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_of_a_coder_who_decides_and_a_supervisor_who_voids_the_encounter_ends_void_or_nothing_is_decided(
    people, hip
):
    service = factories.service(people, hip)
    factories.answer(people["coder"], service, factories.PAVLIK)
    acts = [
        lambda: voiding.void(people["supervisor"], service.encounter, WHY),
        lambda: factories.decide(people["coder"], service, factories.PAVLIK),
    ]
    at_once(2, lambda place: acts[place]())
    assert now(service.encounter).state == EncounterState.VOID
    assert Service.objects.get(pk=service.pk).state == ServiceState.WITHDRAWN
    assert not FinalCode.objects.current().exists()
