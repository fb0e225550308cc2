"""What a coder answers to the checks of a claim: proposals go into the report, overridden findings to a supervisor."""

import pytest

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.models import EncounterState, ServiceState
from reviews.actions import cases, claim_answers, decisions, reports
from reviews.actions.claims import judges_of
from reviews.actions.decisions import Judgement
from reviews.lists.queues import free_for
from reviews.models import (
    CaseState,
    Choice,
    FinalCode,
    FindingOverride,
    ProposalAnswer,
    Recipient,
    Report,
    ReviewCase,
    RouteReason,
    RoutingRule,
    RulingKind,
)
from tests import factories
from tests.reviews import claims

standing = claims.final_visit


@pytest.fixture
def visit(standing):
    return standing


def proposal(visit):
    [shown] = claims.checked(visit).proposals
    return shown


def error(visit):
    [shown] = claims.checked(visit).open_errors
    return shown


def latest(visit):
    return Report.objects.filter(encounter=visit).first()


def codes_of(report):
    return [line["code"] for line in report.content["lines"]]


def test_an_order_that_is_taken_over_makes_a_new_report(people, visit):
    assert codes_of(latest(visit)) == ["11111", "22222"]
    claim_answers.answer_proposal(people["coder"], visit, proposal(visit).named.key, taken=True)
    assert codes_of(latest(visit)) == ["22222", "11111"]
    assert latest(visit).number == 2


def test_both_sides_become_one_line_of_the_report_and_both_services_stay(people, hip):
    claims.load_tables()
    visit = claims.kept(people, claims.BOTH_SIDES)
    [both] = [shown for shown in claims.checked(visit).proposals if shown.proposal.joins]
    claim_answers.answer_proposal(people["coder"], visit, both.named.key, taken=True)
    [line] = latest(visit).content["lines"]
    assert (line["code"], line["modifiers"], line["units"], line["service"]) == (
        "33333",
        ["50"],
        1,
        1,
    )
    assert claims.checked(visit).open_errors == []
    assert FinalCode.objects.current().filter(service__encounter=visit).count() == 2

    claim_answers.answer_proposal(people["coder"], visit, both.named.key, taken=False)
    assert [line["modifiers"] for line in latest(visit).content["lines"]] == [["LT"], ["RT"]]


def test_what_was_taken_over_can_be_left_again(people, visit):
    key = proposal(visit).named.key
    for taken in (True, True, False):
        claim_answers.answer_proposal(people["coder"], visit, key, taken=taken)
    assert ProposalAnswer.objects.count() == 2
    assert codes_of(latest(visit)) == ["11111", "22222"]
    assert proposal(visit).answer.taken is False
    assert claims.checked(visit).open_proposals == []


def test_a_line_that_changes_asks_again(people, visit):
    claim_answers.answer_proposal(people["coder"], visit, proposal(visit).named.key, taken=True)
    service = factories.service_for(visit, "22222")
    decisions.take_back(people["coder"], service)
    decisions.decide(people["coder"], service, factories.insists("22222", "76"))
    assert proposal(visit).answer is None


def test_an_answer_to_what_is_not_proposed_any_more_is_refused(people, visit):
    with pytest.raises(Conflict, match="changed meanwhile"):
        claim_answers.answer_proposal(people["coder"], visit, "of-last-week", taken=True)
    assert not ProposalAnswer.objects.exists()


def test_a_report_with_an_error_is_not_exported(people, visit):
    with pytest.raises(Conflict) as refusal:
        reports.export(people["supervisor"], visit)
    said = error(visit).finding.message
    assert str(refusal.value) == (
        f"The claim checks speak against the report. N01, 22222, 11111: {said} "
        "The coder mends the lines, or overrides the check with a reason."
    )
    assert not latest(visit).exports.exists()


def test_where_a_scrubber_holds_claims_back_a_report_with_an_error_goes_out(
    people, visit, settings
):
    settings.CLAIM_ERRORS_HOLD_EXPORT = False
    assert reports.export(people["supervisor"], visit).report == latest(visit)


def test_an_overridden_error_goes_to_a_supervisor_and_then_out(people, visit):
    coder, supervisor = people["coder"], people["supervisor"]
    case = claim_answers.override(
        coder, visit, error(visit).named.key, "Two operations on two days."
    )
    assert [route.reason for route in case.routes.all()] == [RouteReason.CHECK_OVERRIDDEN]
    assert case.service == factories.service_for(visit, "22222")
    assert case.service.state == ServiceState.IN_REVIEW

    factories.rule(supervisor, case)
    visit.refresh_from_db()
    assert visit.state == EncounterState.FINAL
    assert reports.export(supervisor, visit).report == latest(visit)


def test_a_finding_is_overridden_once(people, visit):
    key = error(visit).named.key
    claim_answers.override(people["coder"], visit, key, "Two operations.")
    with pytest.raises(Conflict, match="changed meanwhile"):
        claim_answers.override(people["coder"], visit, key, "Two operations.")
    assert FindingOverride.objects.count() == 1


def test_an_override_holds_only_for_the_lines_as_they_were(people, visit):
    case = claim_answers.override(people["coder"], visit, error(visit).named.key, "Two operations.")
    factories.rule(
        people["supervisor"], case, RulingKind.OTHER_CODE, code="22222", modifiers=("76",)
    )
    visit.refresh_from_db()
    with pytest.raises(Conflict, match="N01"):
        reports.export(people["supervisor"], visit)


def test_an_open_case_gets_one_more_reason(people, visit):
    service = factories.service_for(visit, "22222")
    decisions.take_back(people["coder"], service)
    decisions.decide(people["coder"], service, factories.insists("22222", "76"))
    case = claim_answers.override(people["coder"], visit, error(visit).named.key, "Two operations.")
    assert {route.reason for route in case.routes.all()} > {RouteReason.CHECK_OVERRIDDEN}


def test_what_nobody_coded_yet_is_changed_and_not_argued_about(people, hip):
    claims.load_tables()
    visit = factories.visit(people, *claims.KEPT, diagnoses=("Q65.02",))
    shown = claims.checked(visit).open_errors[0]
    assert not shown.can_be_overridden
    with pytest.raises(Conflict, match="Code them first"):
        claim_answers.override(people["coder"], visit, shown.named.key, "I know.")


def test_who_coded_a_line_that_the_check_names_does_not_judge_it(people, visit):
    first = factories.service_for(visit, "11111")
    decisions.take_back(people["coder"], first)
    # The person who coded that line may rule on others.
    both = people["supervisor"]
    both.groups.add(*people["coder"].groups.all())
    encounters.assign(people["coder"], visit, None)
    decisions.decide(both, first, Judgement(Choice.KEEP))
    case = claim_answers.override(people["coder"], visit, error(visit).named.key, "Two operations.")

    with pytest.raises(NotAllowed, match="a line that it names"):
        cases.claim(both, case)
    assert both not in judges_of(case)
    assert not free_for(both, ReviewCase.objects.all()).exists()
    assert free_for(people["supervisor", 2], ReviewCase.objects.all()).get() == case


@pytest.mark.parametrize("is_open", [False, True])
def test_nobody_who_coded_a_named_line_is_given_the_case_or_keeps_it(people, visit, is_open):
    first, second = (factories.service_for(visit, code) for code in ("11111", "22222"))
    both = people["supervisor"]
    both.groups.add(*people["coder"].groups.all())
    decisions.take_back(people["coder"], first)
    encounters.assign(people["coder"], visit, None)
    decisions.decide(both, first, Judgement(Choice.KEEP))
    if is_open:
        decisions.take_back(people["coder"], second)
        decisions.decide(people["coder"], second, factories.insists("22222", "76"))
        cases.claim(both, ReviewCase.objects.get())
    RoutingRule.objects.create(name="To her", position=1, to=Recipient.PERSON, person=both)
    claim_answers.override(people["coder"], visit, error(visit).named.key, "Two operations.")
    case = ReviewCase.objects.get()
    assert (case.state, case.holder) == (CaseState.QUEUED, None)


def test_only_coders_answer(people, visit):
    shown = claims.checked(visit)
    with pytest.raises(NotAllowed, match="may not answer what is proposed for a claim"):
        claim_answers.answer_proposal(
            people["supervisor"], visit, shown.proposals[0].named.key, taken=True
        )
    with pytest.raises(NotAllowed, match="may not override claim checks"):
        claim_answers.override(people["auditor"], visit, shown.open_errors[0].named.key, "No.")
