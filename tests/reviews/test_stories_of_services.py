"""Stories that services and rounds must hold, each from its beginning to its end: what broke in the first model."""

from dataclasses import replace

import pytest
from django.utils import timezone

from coding.actions.errors import NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import EncounterState, ServiceState
from reviews.actions import cases, decisions, queries, second_codings, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.actions.reports import Content
from reviews.actions.second_codings import BlindCode
from reviews.models import (
    CaseState,
    Choice,
    CodingRound,
    FinalCode,
    Level,
    ProviderQuery,
    Report,
    RouteReason,
    RulingKind,
)
from tests import factories

HIP_LINE = ServiceLineRecord("27256", ("LT",), 1, (1,))
OFFICE_LINE = ServiceLineRecord("99203", ("25",))
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")


def standing(people, hip):
    factories.fees()
    return factories.visit(people, HIP_LINE, OFFICE_LINE, diagnoses=("Q65.02",))


@pytest.fixture
def visit(standing):
    return standing


def state_of(visit):
    visit.refresh_from_db()
    return visit.state


def reasons_of(case):
    return {route.reason for route in factories.fresh_case(case).routes.all()}


def test_a_visit_that_comes_in_has_its_services_and_no_round_before_somebody_answers(people, visit):
    assert [service.round for service in visit.services.all()] == [0, 0]
    assert not CodingRound.objects.exists()
    factories.answer(people["coder"], visit, factories.PAVLIK)
    assert CodingRound.objects.get().service == factories.service_of(visit)


def test_nothing_to_report_of_a_visit_is_a_service_without_a_rule_set_and_without_a_line(people):
    empty = factories.visit(people)
    decision = services.report_nothing(people["coder"], empty, "A call only.")
    service = decision.service
    assert (service.rule_set, list(service.lines.all())) == (None, [])
    assert (decision.suggestion, decision.version, decision.agrees) == (None, None, None)
    assert state_of(empty) == EncounterState.FINAL


def test_a_diagnosis_that_a_correction_inserts_shifts_no_pointer_of_what_is_reported(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), Judgement(Choice.KEEP))
    moved = replace(HIP_LINE, diagnosis_pointers=(2,))
    factories.send_again(
        people, visit, diagnoses=("M00.1", "Q65.02"), service_lines=(moved, OFFICE_LINE)
    )
    for case in (factories.case_of(service) for service in visit.services.all()):
        factories.rule(people["supervisor"], case)
    said = Content.from_data(Report.objects.filter(encounter=visit).latest("number").content)
    hip_line, _ = said.lines
    assert said.diagnoses == ["M00.1", "Q65.02"]
    assert [said.diagnoses[pointer - 1] for pointer in hip_line.diagnosis_pointers] == ["Q65.02"]


def test_each_cause_that_meets_an_open_case_becomes_one_more_reason_of_it(people, visit):
    decision = factories.decide(
        people["coder"], visit, factories.PAVLIK, factories.insists("27250", "LT")
    )
    case = factories.case_of(decision)
    second = second_codings.ask(people["supervisor"], decision, people["coder", 2])
    cases.claim(people["supervisor"], case)

    factories.send_again(people, visit, payer="Union")
    second_codings.code_blind(people["coder", 2], second, BlindCode("27257", reason="So."))
    factories.send_again(people, visit, payer="Northern")

    assert reasons_of(case) == {
        RouteReason.OTHER_CODE,
        RouteReason.CORRECTED,
        RouteReason.SECOND_CODER,
    }
    revisions = case.routes.filter(reason=RouteReason.CORRECTED).values_list("revision", flat=True)
    assert sorted(revisions) == [2, 3]
    now = factories.fresh_case(case)
    assert (now.state, now.holder) == (CaseState.CLAIMED, people["supervisor"])


def test_any_supervisor_takes_down_the_answer_to_another_one_s_question(people, visit):
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    query = ProviderQuery.objects.get()
    other = people["supervisor", 2]
    queries.answer(other, query, "The left.", "Dr. Falk", timezone.localdate())
    query.refresh_from_db()
    assert (query.asked_by, query.closed_by) == (people["supervisor"], other)
    assert factories.service_of(visit).state == ServiceState.TO_CODE


def test_a_provider_s_answer_makes_nothing_final_by_itself_and_the_next_decision_does(
    people, visit
):
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    assert not FinalCode.objects.exists()
    queries.answer(
        people["supervisor"], ProviderQuery.objects.get(), "So.", "Dr. Falk", timezone.localdate()
    )
    assert not FinalCode.objects.exists()
    factories.decide(people["coder"], visit, factories.PAVLIK)
    assert FinalCode.objects.get().decision.round == 2


def test_an_objection_that_is_reopened_again_and_again_never_comes_to_whose_ruling_it_is_against(
    people, visit
):
    first, second = people["supervisor"], people["supervisor", 2]
    decision = factories.decide(people["coder"], visit, factories.PAVLIK, factories.insists())
    case = factories.case_of(decision)
    factories.rule(first, case, RulingKind.RULES_UPHELD)
    latest = second_looks.rebut(people["coder"], factories.fresh_case(case), "No.")
    for _ in range(2):
        ruling = factories.rule(second, latest, RulingKind.RULES_UPHELD)
        latest = second_looks.reopen(second, ruling, "Read it again.")
        assert latest.level == Level.REBUTTAL
        with pytest.raises(NotAllowed, match="The objection is to your ruling"):
            cases.claim(first, latest)


def test_nobody_who_coded_a_service_in_an_earlier_round_judges_it_in_a_later_one(people, visit):
    coder, both = people["coder"], people["coder", 2]
    both.groups.add(*people["supervisor"].groups.all())
    service = factories.service_of(visit)
    factories.decide(both, service, factories.PAVLIK)
    decisions.take_back(both, factories.service_of(service))
    visit.services.update(assigned_to=None)
    again = factories.decide(coder, service, factories.PAVLIK, factories.insists())
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.claim(both, factories.case_of(again))


def test_what_is_decided_after_a_decision_was_taken_back_stands_in_a_round_of_its_own(
    people, visit
):
    service = factories.service_of(visit)
    first = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    decisions.take_back(people["coder"], factories.service_of(service))
    second = factories.decide(people["coder"], service, factories.PAVLIK)
    assert (first.round, second.round) == (1, 2)
    ended = CodingRound.objects.filter(service=service).order_by("number")
    assert [coding_round.ended for coding_round in ended] == ["taken_back", "decided"]
    assert FinalCode.objects.get().decision == second


def test_a_line_is_settled_by_the_service_that_it_went_to_and_never_left_out(people, visit):
    moved = services.move(people["coder"], factories.service_of(visit), None, "Not of this family.")
    lines = list(visit.service_lines.standing().order_by("number"))
    assert [line.service for line in lines] == [moved, factories.service_for(visit, "99203")]
    for line in lines:
        decisions.decide(
            people["coder"], factories.service_of(line.service), Judgement(Choice.KEEP)
        )
    factories.rule(people["supervisor"], factories.case_of(visit), RulingKind.CODER_UPHELD)
    assert state_of(visit) == EncounterState.FINAL
    said = Content.from_data(Report.objects.get(encounter=visit).content)
    assert sorted(line.code for line in said.lines) == ["27256", "99203"]
