"""What a decision reports for a service: units, diagnoses, lines; who may decide and take back, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, ServiceState
from reviews.actions import decisions, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice, CodingDecision, CodingRound, FinalCode, ReviewCase, RouteReason
from tests import factories

ACCEPT, KEEP = Judgement(Choice.ACCEPT), Judgement(Choice.KEEP)
INSISTS = factories.insists()


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def line(people, hip):
    """The service of a line that no rule set codes."""
    factories.fees()
    visit = factories.visit(
        people, ServiceLineRecord("99203", ("25",), 2, (2,)), diagnoses=("Q65.89", "Q65.02")
    )
    return factories.service_for(visit, "99203")


def reasons(decision):
    return {route.reason for route in factories.case_of(decision).routes.all()}


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_decides_and_takes_back(people, line, role):
    with pytest.raises(NotAllowed, match="may not make coding decisions"):
        decisions.decide(people[role], line, KEEP)
    decisions.decide(people["coder"], line, KEEP)
    with pytest.raises(NotAllowed, match="may not take decisions back"):
        decisions.take_back(people[role], factories.service_of(line))
    assert factories.service_of(line).state == ServiceState.FINAL


# --- What is reported.


def test_a_code_is_reported_for_the_diagnoses_of_its_line(people, hip):
    submitted = ServiceLineRecord("27256", ("LT",), 1, (3, 1))
    visit = factories.visit(people, submitted, diagnoses=("Q65.89", "Q65.02", "M24.4"))
    decision = factories.decide(people["coder"], visit, factories.PAVLIK)
    assert decision.diagnosis_codes == ["M24.4", "Q65.89"]


def test_units_are_the_coders_for_a_code_and_the_lines_where_it_is_kept(people, service, line):
    more = Judgement(Choice.OTHER_CODE, "27257", ("LT",), "Twice.", units=3)
    assert factories.decide(people["coder"], service, factories.PAVLIK, more).units == 3
    assert decisions.decide(people["coder"], line, Judgement(Choice.KEEP, units=7)).units == 2


@pytest.mark.parametrize(
    "choice", [Choice.NOTHING, Choice.PROVIDER_QUERY, Choice.SUPERVISOR_REVIEW]
)
def test_a_code_that_was_typed_beside_another_choice_is_not_reported(people, service, choice):
    judgement = Judgement(choice, "27257", ("LT",), "For the test.")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, judgement)
    assert (decision.code, decision.modifiers, decision.agrees) == ("", [], False)


def test_the_suggested_code_typed_as_another_one_agrees_and_is_final(people, service):
    same = Judgement(Choice.OTHER_CODE, "27256", ("LT",), "As the note says.")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, same)
    assert decision.agrees
    assert FinalCode.objects.current().get().decision == decision


def test_other_units_of_the_suggested_code_are_looked_at(people, service):
    twice = Judgement(Choice.OTHER_CODE, "27256", ("LT",), "Done twice.", units=2)
    decision = factories.decide(people["coder"], service, factories.PAVLIK, twice)
    reasons = factories.case_of(decision).routes.values_list("reason", flat=True)
    assert (decision.agrees, list(reasons)) == (True, [RouteReason.OTHER_CODE])
    assert not FinalCode.objects.exists()


def test_whoever_decides_what_nobody_took_has_it_from_then_on(people, line):
    decisions.decide(people["coder", 2], line, KEEP)
    assert factories.service_of(line).assigned_to == people["coder", 2]


def test_a_decision_is_noted_with_its_service_round_choice_code_and_what_was_suggested(
    people, service, line
):
    decisions.decide(people["coder"], line, KEEP)
    factories.decide(people["coder"], service, factories.PAVLIK, INSISTS)
    kept, differs = AuditEvent.objects.filter(event="decision.made").order_by("sequence")
    assert kept.after == {
        "service": 1,
        "round": 1,
        "choice": Choice.KEEP.label,
        "code": "99203-25",
        "suggested": None,
    }
    assert differs.after == {
        "service": 1,
        "round": 1,
        "choice": Choice.OTHER_CODE.label,
        "code": "27257-LT",
        "suggested": "27256-LT",
    }
    assert (differs.reason, differs.encounter) == (
        INSISTS.reason,
        service.encounter.public_id,
    )


def test_a_reason_is_kept_without_the_space_around_it(people, service):
    judgement = Judgement(Choice.NOTHING, reason="  Billed before.\n")
    decision = factories.decide(people["coder"], service, factories.PAVLIK, judgement)
    assert (
        decision.reason == AuditEvent.objects.get(event="decision.made").reason == "Billed before."
    )


# --- A line that no rule set codes.


def test_there_is_no_suggestion_to_accept_where_no_rule_set_codes(people, line):
    with pytest.raises(Conflict, match="no suggestion to accept"):
        decisions.decide(people["coder"], line, ACCEPT)
    assert not CodingDecision.objects.exists()
    assert factories.service_of(line).round == 0


def test_there_is_no_line_to_keep_where_the_rules_suggest(people, service):
    with pytest.raises(Conflict, match="no single submitted line to keep"):
        factories.decide(people["coder"], service, factories.PAVLIK, KEEP)


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (Choice.PROVIDER_QUERY, RouteReason.CODER_ASKS_PROVIDER),
        (Choice.SUPERVISOR_REVIEW, RouteReason.CODER_ASKS_SUPERVISOR),
        (Choice.NOTHING, RouteReason.LINE_CHANGED),
    ],
)
def test_everything_but_keeping_a_line_goes_to_a_supervisor(people, line, choice, reason):
    decision = decisions.decide(people["coder"], line, Judgement(choice, reason="Hm."))
    assert reasons(decision) == {reason}


def test_by_setting_a_changed_line_needs_no_supervisor_but_a_question_does(people, line, settings):
    settings.REVIEW_CHANGED_LINES = False
    decision = decisions.decide(
        people["coder"], line, Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm.")
    )
    assert reasons(decision) == {RouteReason.CODER_ASKS_SUPERVISOR}


def test_a_line_that_its_coder_took_out_of_its_rules_and_keeps_goes_to_a_supervisor(
    people, hip, settings
):
    for is_reviewed in (True, False):
        settings.REVIEW_CHANGED_LINES = is_reviewed
        visit = factories.visit(people, ServiceLineRecord("27256", ("LT",)))
        moved = services.move(people["coder"], factories.service_of(visit), None, "Not of it.")
        decisions.decide(people["coder"], factories.service_of(moved), KEEP)
        assert ReviewCase.objects.filter(service=moved).exists() == is_reviewed
    assert reasons(CodingDecision.objects.earliest("pk")) == {RouteReason.MOVED_OUT}


def test_what_nobody_submitted_is_reported_as_nothing_without_a_supervisor(people, hip):
    visit = factories.visit(people)
    added = services.add(people["coder"], visit, hip.rule_set)
    moved = services.move(people["coder"], added, None, "Not a hip.")
    decisions.decide(
        people["coder"],
        factories.service_of(moved),
        Judgement(Choice.NOTHING, reason="A phone call."),
    )
    assert not ReviewCase.objects.exists()


@pytest.mark.parametrize("written", ["", "     "])
def test_another_code_that_is_not_written_is_refused_and_nothing_is_decided(people, line, written):
    with pytest.raises(ValidationError, match="Write the code that is reported"):
        decisions.decide(
            people["coder"], line, Judgement(Choice.OTHER_CODE, written, reason="Slipped.")
        )
    assert not CodingDecision.objects.exists()


def test_a_refused_code_leaves_no_round_and_no_coder_behind(people, line):
    made_up = Judgement(Choice.OTHER_CODE, "11111", reason="Made up.")
    with pytest.raises(ValidationError, match="11111 is not in the code list"):
        decisions.decide(people["coder"], line, made_up)
    now = factories.service_of(line)
    assert (now.round, now.assigned_to, now.state) == (0, None, ServiceState.TO_CODE)
    assert not CodingRound.objects.exists()
