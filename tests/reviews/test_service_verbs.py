"""Adding, moving and withdrawing services: who may, what goes along, what is noted, and what is refused."""

from datetime import date

import pytest

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import (
    AuditEvent,
    EncounterState,
    Service,
    ServiceCode,
    ServiceOrigin,
    ServiceState,
)
from reviews.actions import decisions, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice, CodingDecision, CodingRound, RoundEnd
from tests import factories
from tests.races import at_once

HIP_LINE, OFFICE_LINE = ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203")
WHY = " As the note says. "


@pytest.fixture
def visit(people, hip):
    factories.fees()
    return factories.visit(people, HIP_LINE, OFFICE_LINE, payer="Northern")


@pytest.fixture
def knee(people, hip):
    """A second family, which claims no line by itself."""
    return factories.published_knee(people).rule_set


def state_of(encounter):
    encounter.refresh_from_db()
    return encounter.state


def noted(name):
    return AuditEvent.objects.filter(event=name)


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_changes_what_services_there_are(people, hip, visit, role):
    actor, service = people[role], factories.service_of(visit)
    empty = factories.visit(people)
    with pytest.raises(NotAllowed, match="may not add services"):
        services.add(actor, visit, hip.rule_set)
    with pytest.raises(NotAllowed, match="may not withdraw services"):
        services.withdraw(actor, service, WHY)
    with pytest.raises(NotAllowed, match="may not move services"):
        services.move(actor, service, None, WHY)
    with pytest.raises(NotAllowed, match="may not make coding decisions"):
        services.report_nothing(actor, empty, WHY)
    assert Service.objects.count() == 2


# --- Adding.


def test_an_added_service_takes_the_visits_day_and_payer_the_next_number_and_its_coder(
    people, hip, visit
):
    added = services.add(people["coder"], visit, hip.rule_set)
    assert (added.number, added.origin, added.assigned_to) == (
        3,
        ServiceOrigin.CODER,
        people["coder"],
    )
    assert (added.day, added.payer) == (date(2026, 5, 4), "Northern")
    event = noted("service.added").get()
    assert (event.after, event.encounter) == (
        {"service": 3, "rule set": hip.rule_set.name},
        visit.public_id,
    )


def test_nothing_is_added_to_what_somebody_else_codes(people, hip, visit):
    encounters.assign(people["coder", 2], visit, people["coder", 2])
    with pytest.raises(Conflict, match=people["coder", 2].name):
        services.add(people["coder"], visit, hip.rule_set)
    assert visit.services.count() == 2
    assert not noted("service.added").exists()


def test_a_number_is_never_given_twice(people, hip, visit):
    first = services.add(people["coder"], visit, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(first), WHY)
    assert services.add(people["coder"], visit, hip.rule_set).number == 4


@pytest.mark.django_db(transaction=True)
def test_of_four_services_added_at_once_each_has_its_own_number(people, hip):
    encounter = factories.visit(people)
    coder, rule_set = people["coder"], hip.rule_set
    results = at_once(4, lambda _: services.add(coder, encounter, rule_set))
    assert sorted(service.number for service in results) == [1, 2, 3, 4]


# --- Withdrawing.


def test_a_withdrawal_ends_its_round_and_is_noted_with_its_reason(people, hip, visit):
    added = services.add(people["coder"], visit, hip.rule_set)
    factories.answer(people["coder"], added, factories.PAVLIK)
    services.withdraw(people["coder"], factories.service_of(added), WHY)
    assert CodingRound.objects.get(service=added).ended == RoundEnd.OVERTAKEN
    event = noted("service.withdrawn").get()
    assert event.before == {"service": 3, "rule set": hip.rule_set.name}
    assert event.reason == WHY.strip()


def test_the_last_open_service_withdrawn_makes_the_visit_final(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    added = services.add(people["coder"], encounter, hip.rule_set)
    assert state_of(encounter) == EncounterState.TO_CODE
    services.withdraw(people["coder"], factories.service_of(added), WHY)
    assert state_of(encounter) == EncounterState.FINAL


def test_a_visit_whose_services_are_all_withdrawn_is_to_code_until_nothing_is_reported(people, hip):
    encounter = factories.visit(people)
    added = services.add(people["coder"], encounter, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(added), WHY)
    assert state_of(encounter) == EncounterState.TO_CODE
    services.report_nothing(people["coder"], encounter, WHY)
    assert state_of(encounter) == EncounterState.FINAL
    assert CodingDecision.objects.get().service.number == 2


def test_a_withdrawn_service_takes_no_answer_and_no_second_withdrawal(people, hip, visit):
    added = services.add(people["coder"], visit, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(added), WHY)
    gone = factories.service_of(added)
    with pytest.raises(Conflict, match="This service is withdrawn by now"):
        services.withdraw(people["coder"], gone, WHY)
    with pytest.raises(Conflict, match="This service is withdrawn by now"):
        factories.answer(people["coder"], gone, factories.PAVLIK)
    assert noted("service.withdrawn").count() == 1


def test_the_lines_that_a_service_answers_for_are_named(people, visit):
    with pytest.raises(Conflict, match="It answers for 27256-LT"):
        services.withdraw(people["coder"], factories.service_of(visit), WHY)


def test_what_was_decided_once_is_decided_again_and_never_withdrawn(people, hip, visit):
    added = services.add(people["coder"], visit, hip.rule_set)
    factories.decide(people["coder"], added, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(added))
    with pytest.raises(Conflict) as refusal:
        services.withdraw(people["coder"], factories.service_of(added), WHY)
    assert str(refusal.value) == "The service was decided before. Decide on it again instead."
    assert factories.service_of(added).state == ServiceState.TO_CODE


def test_a_withdrawn_service_is_looked_up_no_more_by_what_was_suggested_for_it(people, hip):
    encounter = factories.visit(people)
    added = services.add(people["coder"], encounter, hip.rule_set)
    factories.answer(people["coder"], added, factories.PAVLIK)
    assert ServiceCode.objects.filter(service=added, code="27256").exists()
    services.withdraw(people["coder"], factories.service_of(added), WHY)
    assert not ServiceCode.objects.filter(service=added).exists()


# --- Moving.


def test_a_moved_line_keeps_the_visits_day_and_payer_and_both_ends_are_noted(
    people, hip, visit, knee
):
    old = factories.service_of(visit)
    moved = services.move(people["coder"], old, knee, WHY)
    assert (moved.number, moved.origin, moved.from_service) == (3, ServiceOrigin.MOVED, old)
    assert (moved.day, moved.payer, moved.rule_set) == (old.day, "Northern", knee)
    event = noted("service.moved").get()
    assert event.before == {"service": 1, "rule set": hip.rule_set.name}
    assert event.after == {"service": 3, "rule set": "Knee"}
    assert event.reason == WHY.strip()
    assert noted("service.withdrawn").get().reason == WHY.strip()


def test_a_line_moved_out_rests_on_the_coders_word(people, visit):
    moved = services.move(people["coder"], factories.service_of(visit), None, WHY)
    decision = decisions.decide(
        people["coder"], factories.service_of(moved), Judgement(Choice.KEEP)
    )
    assert (decision.reported, decision.suggestion) == ("27256-LT", None)
    assert noted("service.moved").get().after == {"service": 3, "rule set": None}


def test_what_was_decided_once_is_not_moved(people, visit, knee):
    service = factories.service_of(visit)
    factories.decide(people["coder"], service, factories.PAVLIK)
    decisions.take_back(people["coder"], factories.service_of(service))
    with pytest.raises(Conflict, match="decided before"):
        services.move(people["coder"], factories.service_of(service), knee, WHY)


def test_answers_stay_with_the_service_that_they_were_given_for(people, visit, knee):
    old = factories.service_of(visit)
    factories.answer(people["coder"], old, factories.PAVLIK)
    moved = services.move(people["coder"], factories.service_of(old), knee, WHY)
    assert factories.form_of(moved).facts == {}
    assert factories.service_of(old).suggestion.reported == "27256-LT"


def test_a_service_is_not_moved_to_where_it_is(people, hip, visit):
    for code, rule_set in (("27256", hip.rule_set), ("99203", None)):
        with pytest.raises(
            Conflict, match=r"The service is there already\. Choose another rule set\."
        ):
            services.move(people["coder"], factories.service_for(visit, code), rule_set, WHY)
    assert visit.services.count() == 2


def test_what_somebody_else_codes_is_not_moved(people, visit, knee):
    encounters.assign(people["coder", 2], visit, people["coder", 2])
    with pytest.raises(Conflict, match=people["coder", 2].name):
        services.move(people["coder"], factories.service_of(visit), knee, WHY)


# --- Nothing to report.


def test_nothing_to_report_is_a_decision_with_its_reason(people):
    encounter = factories.visit(people)
    decision = services.report_nothing(people["coder"], encounter, WHY)
    assert (decision.choice, decision.reason, decision.coder) == (
        Choice.NOTHING,
        WHY.strip(),
        people["coder"],
    )
    assert factories.service_of(decision.service).state == ServiceState.FINAL
    with pytest.raises(Conflict, match=r"This encounter has services\. Decide on each of them\."):
        services.report_nothing(people["coder"], encounter, WHY)
    assert CodingDecision.objects.count() == 1
