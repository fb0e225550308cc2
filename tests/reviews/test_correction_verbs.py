"""What a correction does to each service of a visit: which are looked at again, which are left, and what is noted."""

from dataclasses import replace
from datetime import date

import pytest

from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Service, ServiceState
from reviews.actions import cases, decisions
from reviews.actions.decisions import Judgement
from reviews.models import (
    CaseState,
    Choice,
    CodingDecision,
    CodingRound,
    FinalCode,
    ProviderQuery,
    QueryState,
    ReviewCase,
    RoundReason,
    RulingKind,
)
from tests import factories, said_rules

HIP_LINE, OFFICE_LINE = ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203")
KEEP = Judgement(Choice.KEEP)
SILENT = {**factories.PAVLIK, "anesthesia": ""}


def standing(people, hip):
    """A final visit of a family's line and of one that no rule set codes."""
    factories.fees()
    found = factories.visit(people, HIP_LINE, OFFICE_LINE)
    factories.decide(people["coder"], found, factories.PAVLIK)
    decisions.decide(people["coder"], factories.service_for(found, "99203"), KEEP)
    return found


@pytest.fixture
def visit(standing):
    return standing


@pytest.fixture
def query(people, hip):
    service = factories.service(people, hip)
    case = factories.case_of(factories.decide(people["coder"], service, SILENT))
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return ProviderQuery.objects.select_related("service__encounter").get()


def states(visit):
    return dict(visit.services.order_by("number").values_list("number", "state"))


def reviewed(visit):
    """The numbers of the services that are looked at again."""
    return [number for number, state in states(visit).items() if state == ServiceState.IN_REVIEW]


@pytest.mark.parametrize(
    "changes",
    [
        {"diagnoses": ("Q65.02",)},
        {"date_of_service": date(2026, 5, 5)},
        {"birth_date": date(2026, 3, 1)},
        {"patient_reference": "P-2"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_given_concerns_every_service_of_a_visit(people, visit, changes):
    factories.send_again(people, visit, **changes)
    assert reviewed(visit) == [1, 2]
    assert ReviewCase.objects.count() == 2
    assert FinalCode.objects.current().count() == 2


def test_a_note_concerns_no_line_that_nobody_read_it_for(people, visit):
    factories.send_again(people, visit, note="The right hip.")
    assert reviewed(visit) == [1]


def test_a_line_that_changed_concerns_its_own_service_alone(people, visit):
    factories.send_again(people, visit, service_lines=(HIP_LINE, replace(OFFICE_LINE, units=2)))
    assert reviewed(visit) == [2]
    assert states(visit)[1] == ServiceState.FINAL


def test_lines_that_only_changed_their_places_concern_nobody(people, visit):
    factories.send_again(people, visit, service_lines=(OFFICE_LINE, HIP_LINE))
    assert reviewed(visit) == []
    assert not ReviewCase.objects.exists()


def test_the_case_of_a_correction_is_about_the_latest_decision_and_its_coder(people, visit):
    service = factories.service_for(visit, "27256")
    decisions.take_back(people["coder"], service)
    service.encounter.services.update(assigned_to=None)
    factories.decide(people["coder", 2], service, factories.PAVLIK)
    factories.send_again(people, visit, note="The right hip.")
    case = factories.case_of(service)
    assert (case.decision.round, case.coder) == (2, people["coder", 2])


def test_each_case_is_noted_with_its_service(people, visit):
    factories.send_again(people, visit, payer="Union")
    events = AuditEvent.objects.filter(event="case.opened").order_by("sequence")
    assert [event.after["service"] for event in events] == [1, 2]
    assert {tuple(event.after["reasons"]) for event in events} == {
        ("The source corrected the encounter after it was coded",)
    }


def test_a_service_in_review_hears_only_of_what_concerns_it(people, hip):
    factories.fees()
    found = factories.visit(people, HIP_LINE, OFFICE_LINE)
    case = factories.case_of(
        factories.decide(people["coder"], found, factories.PAVLIK, factories.insists())
    )
    factories.send_again(people, found, service_lines=(HIP_LINE, replace(OFFICE_LINE, units=2)))
    assert case.routes.count() == 1
    factories.send_again(people, found, note="The right hip.")
    assert list(case.routes.filter(reason="corrected").values_list("revision", flat=True)) == [3]
    assert AuditEvent.objects.filter(event="case.routed").count() == 1


def test_a_case_that_is_open_hears_what_the_rules_make_of_the_corrected_record(people):
    said_rules.published(
        people,
        facts=(said_rules.AGE,),
        rules=[
            said_rules.rule("CHILD", [said_rules.CHILD], code="27256"),
            said_rules.rule("ADULT", [{}], code="27257"),
        ],
    )
    born = {"birth_date": date(1990, 1, 1)}
    visit = factories.visit(people, ServiceLineRecord("27256"), **born)
    decision = factories.decide(people["coder"], visit, {}, factories.insists("27256"))
    case = factories.case_of(decision)
    assert case.suggestion.code == "27257"

    factories.send_again(people, visit, birth_date=date(2020, 1, 1))
    assert factories.fresh_case(case).suggestion.code == "27256"
    told = AuditEvent.objects.get(event="case.routed")
    assert told.after["rules"] == "27256"


def test_a_case_that_somebody_holds_stays_with_them(people, hip):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    cases.claim(people["supervisor"], case)
    factories.send_again(people, service.encounter, note="The right hip.")
    now = factories.fresh_case(case)
    assert (now.state, now.holder) == (CaseState.CLAIMED, people["supervisor"])


def test_what_a_coder_began_stays_when_its_line_goes_and_what_nobody_touched_goes_with_it(
    people, hip
):
    factories.fees()
    found = factories.visit(people, HIP_LINE, OFFICE_LINE)
    factories.answer(people["coder"], found, factories.PAVLIK)
    factories.send_again(people, found, service_lines=())
    assert states(found) == {1: ServiceState.TO_CODE, 2: ServiceState.WITHDRAWN}
    event = AuditEvent.objects.get(event="service.withdrawn")
    assert (event.before["service"], event.reason) == (2, "Its source no longer submits its lines.")


def test_a_final_service_whose_line_is_gone_is_looked_at_again_and_stands_meanwhile(people, visit):
    factories.send_again(people, visit, service_lines=(OFFICE_LINE,))
    assert reviewed(visit) == [1]
    final = FinalCode.objects.current().get(service__number=1)
    assert final.reported == "27256-LT"


def test_no_decision_is_changed(people, visit):
    before = list(CodingDecision.objects.order_by("pk").values())
    factories.send_again(people, visit, note="The right hip.", payer="Union", service_lines=())
    assert list(CodingDecision.objects.order_by("pk").values()) == before


# --- While a query is out.


def test_the_round_after_a_correction_names_the_query_and_asks_its_facts_again(people, query):
    factories.send_again(people, query.service.encounter, note="No anesthesia was given.")
    begun = CodingRound.objects.get(service=query.service, closed_at=None)
    assert (begun.reason, begun.query, begun.revision) == (RoundReason.SOURCE_CORRECTED, query, 2)
    assert factories.form_of(query.service).guidance.next_question.key == "anesthesia"


def test_a_correction_of_what_nobody_asked_about_leaves_the_question_with_its_provider(
    people, query
):
    factories.send_again(people, query.service.encounter, provider="Dr. Weiss")
    query.refresh_from_db()
    assert query.state == QueryState.OPEN
    assert Service.objects.get(pk=query.service_id).state == ServiceState.AWAITING_PROVIDER


def test_a_query_that_a_correction_closed_says_so_and_the_closing_is_noted(people, query):
    factories.send_again(people, query.service.encounter, note="No anesthesia was given.")
    query.refresh_from_db()
    assert (query.state, query.reason) == (QueryState.CLOSED, "The source corrected the encounter.")
    event = AuditEvent.objects.get(event="query.closed")
    assert (event.after, event.reason) == ({"service": 1}, "The source corrected the encounter.")
    assert event.encounter == query.service.encounter.public_id


def test_a_query_of_another_encounter_stays_out(people, hip, query):
    other = factories.encounter(people, hip)
    factories.decide(people["coder"], other, factories.PAVLIK)
    factories.send_again(people, other, note="The right hip.")
    query.refresh_from_db()
    assert query.state == QueryState.OPEN
