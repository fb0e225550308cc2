"""Routing rules: how urgent a new case is, until when it is due, and whose it becomes; and who is away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from coding.actions.errors import NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Team
from reviews.actions import claims, decisions, routing, sampling
from reviews.actions.decisions import Judgement
from reviews.models import (
    Absence,
    CaseState,
    Choice,
    Priority,
    Recipient,
    ReviewCase,
    RouteReason,
    RoutingRule,
    SamplingRate,
)
from tests import factories
from tests.races import at_once

TODAY = timezone.localdate()
WEEK = timedelta(days=7)


def rule(people, **values):
    last = RoutingRule.objects.aggregate(last=Max("position"))["last"] or 0
    row = RoutingRule(name=f"Rule {last + 1}", position=last + 1, **values)
    routing.save_rule(people["administrator"], row)
    return row


def disputed(people, hip, coder="coder", **values):
    service = factories.service(people, hip, **values)
    decision = factories.decide(people[coder], service, factories.PAVLIK, factories.insists())
    return factories.case_of(decision)


def away(people, person, **values):
    return routing.enter_absence(people["supervisor"], person, TODAY, TODAY + WEEK, **values)


def test_without_rules_a_case_waits_for_anybody_as_any_other(people, hip):
    case = disputed(people, hip)
    assert (case.priority, case.due_on, case.holder) == (Priority.NORMAL, None, None)


def test_the_first_rule_that_fits_says_how_urgent_a_case_is_and_until_when(people, hip):
    rule(people, reason=RouteReason.CODER_ASKS_PROVIDER, priority=Priority.LOW)
    fits = rule(people, reason=RouteReason.OTHER_CODE, priority=Priority.URGENT, due_in_days=3)
    rule(people, priority=Priority.HIGH)
    case = disputed(people, hip)
    assert (case.priority, case.due_on, case.routed_by) == (
        Priority.URGENT,
        TODAY + timedelta(days=3),
        fits,
    )
    assert case.state == CaseState.QUEUED


@pytest.mark.parametrize(
    "when",
    [
        lambda people, case: {"rule_set": case.service.rule_set},
        lambda people, case: {"coder": people["coder"]},
        lambda people, case: {"code": "27257"},
        lambda people, case: {"payer": case.service.encounter.registered_payer},
    ],
)
def test_a_rule_fits_by_rule_set_coder_code_and_payer(people, hip, when):
    rule(
        people,
        priority=Priority.HIGH,
        **when(people, disputed(people, hip, payer="Northern Health")),
    )
    assert disputed(people, hip, payer="Northern Health").priority == Priority.HIGH


def test_a_rule_for_others_and_one_that_is_off_do_not_fit(people, hip):
    rule(people, coder=people["coder", 2], priority=Priority.HIGH)
    rule(people, code="12345", priority=Priority.HIGH)
    rule(people, is_on=False, priority=Priority.URGENT)
    assert disputed(people, hip).routed_by is None


def test_a_rule_gives_a_case_to_a_person_with_a_line_in_the_time_line(people, hip):
    rule(people, to=Recipient.PERSON, person=people["supervisor"])
    case = disputed(people, hip)
    assert (case.state, case.holder) == (CaseState.CLAIMED, people["supervisor"])
    event = AuditEvent.objects.get(event="case.handed_over")
    assert (event.actor, event.after) == (
        people["coder"],
        {"service": 1, "held by": people["supervisor"].name, "by rule": "Rule 1"},
    )


def test_by_load_whoever_holds_the_fewest_gets_it_and_a_team_keeps_among_its_own(people, hip):
    busy, idle, outside = people["supervisor"], people["supervisor", 2], people["supervisor", 3]
    team = Team.objects.create(name="Hips")
    team.members.set([busy, idle])
    away(people, outside)
    rule(people, to=Recipient.BY_LOAD)
    assert [disputed(people, hip).holder for _ in range(2)] == [busy, idle]
    RoutingRule.objects.update(to=Recipient.TEAM, team=team)
    assert {disputed(people, hip).holder for _ in range(2)} == {busy, idle}


def test_who_is_away_is_given_nothing_and_their_substitute_stands_in(people, hip):
    rule(people, to=Recipient.PERSON, person=people["supervisor", 2])
    absence = away(people, people["supervisor", 2])
    assert disputed(people, hip).holder is None
    routing.end_absence(people["supervisor"], absence)
    away(people, people["supervisor", 2], substitute=people["supervisor", 3])
    assert disputed(people, hip).holder == people["supervisor", 3]


def test_who_may_not_judge_a_case_is_not_given_it(people, hip):
    rule(people, to=Recipient.PERSON, person=people["supervisor"])
    people["supervisor"].is_active = False
    people["supervisor"].save()
    assert disputed(people, hip).state == CaseState.QUEUED


def test_what_a_person_holds_goes_back_once_they_are_away(people, hip):
    case = disputed(people, hip)
    claims.hand_over(people["supervisor"], case, people["supervisor", 2], "She knows hips.")
    away(people, people["supervisor", 2])
    assert claims.lapse_claims() == "1 claims lapsed"
    assert factories.fresh_case(case).state == CaseState.QUEUED


def test_a_rule_names_its_recipient_and_nobody_beside(people):
    with pytest.raises(ValidationError, match="Name the person"):
        rule(people, to=Recipient.PERSON)
    with pytest.raises(ValidationError, match="none otherwise"):
        rule(people, team=Team.objects.create(name="Hips"))
    with pytest.raises(NotAllowed, match="may not set routing rules"):
        routing.save_rule(people["supervisor"], RoutingRule(name="Mine"))
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(TODAY, TODAY - WEEK, "last_day"), (TODAY - WEEK, TODAY - WEEK, "last_day")],
)
def test_an_absence_has_days_that_can_be(people, first, last, field):
    with pytest.raises(ValidationError) as refusal:
        routing.enter_absence(people["supervisor"], people["supervisor"], first, last)
    assert list(refusal.value.message_dict) == [field]
    assert not Absence.objects.exists()


def test_the_most_urgent_case_is_the_next_one(client, people, hip):
    disputed(people, hip)
    rule(people, priority=Priority.URGENT, due_in_days=0)
    urgent = disputed(people, hip)
    ReviewCase.objects.filter(pk=urgent.pk).update(due_on=TODAY - WEEK)
    client.force_login(people["supervisor"])
    page = client.get("/queue/").content.decode()
    assert page.index(urgent.service.encounter.external_id) < page.index(
        ReviewCase.objects.earliest("pk").service.encounter.external_id
    )
    assert "Urgent" in page
    assert "Overdue" in page
    assert [case.pk for case in client.get("/queue/", {"due": "overdue"}).context["page"]] == [
        urgent.pk
    ]
    assert client.get("/queue/", {"order": "due_on"}).context["page"][0] == urgent


@pytest.mark.django_db(transaction=True)
def test_two_cases_that_come_at_once_are_both_given_to_somebody(people, hip):
    people["supervisor"], people["supervisor", 2]
    rule(people, to=Recipient.BY_LOAD)
    services = [factories.service(people, hip) for _ in range(2)]
    coders = [people["coder"], people["coder", 2]]
    forms = [
        factories.answer(coder, service, factories.PAVLIK)
        for coder, service in zip(coders, services, strict=True)
    ]

    def decide(number):
        service = factories.service_of(services[number])
        return decisions.decide(coders[number], service, factories.insists(), forms[number].seen)

    at_once(2, decide)
    assert ReviewCase.objects.filter(state=CaseState.CLAIMED, holder__isnull=False).count() == 2


def test_a_coders_agreed_decisions_are_drawn_at_their_own_rate_or_at_that_of_all_others(
    people, hip, settings
):
    administrator = people["administrator"]
    sampling.save_rate(administrator, SamplingRate(percent=100, reason="New here."))
    sampling.save_rate(
        administrator, SamplingRate(coder=people["coder", 2], percent=0, reason="Long here.")
    )
    drawn = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    passed = factories.decide(people["coder", 2], factories.service(people, hip), factories.PAVLIK)
    assert [row.reason for row in factories.case_of(drawn).routes.all()] == [RouteReason.SAMPLED]
    assert not passed.review_cases.exists()


def test_about_as_many_are_drawn_as_the_rate_says_and_always_the_same(people, hip):
    decision = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    drawn = 0
    for number in range(2000):
        decision.round = number
        drawn += sampling.is_drawn(decision, 10)
        assert not sampling.is_drawn(decision, 0)
        assert sampling.is_drawn(decision, 100)
    assert 120 < drawn < 280


def test_the_first_decisions_of_a_version_are_looked_at(people, hip, settings):
    settings.REVIEW_FIRST_OF_VERSION = 1
    first = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    second = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    assert [row.reason for row in factories.case_of(first).routes.all()] == [
        RouteReason.NEW_VERSION
    ]
    assert not second.review_cases.exists()


def test_a_decision_that_differs_has_its_own_reasons_and_is_not_drawn_beside(people, hip, settings):
    settings.REVIEW_FIRST_OF_VERSION = 9
    judgement = Judgement(Choice.NOTHING, reason="Bundled.")
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, judgement
    )
    assert [row.reason for row in factories.case_of(decision).routes.all()] == [
        RouteReason.NOTHING_REPORTED
    ]


def test_an_administrator_sets_rules_and_rates_by_forms_and_the_trail_tells(client, people):
    client.force_login(people["administrator"])
    rule = {
        "name": "Gaps",
        "position": 1,
        "is_on": "on",
        "reason": "rules_ask_supervisor",
        "priority": 2,
        "to": "queue",
    }
    assert client.post("/admin/reviews/routingrule/add/", rule).status_code == 302
    assert (
        client.post(
            "/admin/reviews/routingrule/add/", {**rule, "name": "B", "to": "person"}
        ).status_code
        == 200
    )
    mistyped = {**rule, "name": "B", "reason": "othr_code"}
    assert client.post("/admin/reviews/routingrule/add/", mistyped).status_code == 200
    assert (
        RouteReason.OTHER_CODE.label
        in client.get("/admin/reviews/routingrule/add/").content.decode()
    )
    rate = {"percent": 5, "reason": "To begin with."}
    assert client.post("/admin/reviews/samplingrate/add/", rate).status_code == 302
    assert client.post("/admin/reviews/samplingrate/add/", rate).status_code == 200
    assert RoutingRule.objects.get().priority == Priority.HIGH
    assert (
        AuditEvent.objects.filter(event__in=["routing_rule.saved", "sampling_rate.saved"]).count()
        == 2
    )


def test_a_rule_for_a_code_fits_what_was_submitted_decided_or_suggested(people, hip):
    fits = [rule(people, code=code) for code in ("27257", "27256")]
    assert disputed(people, hip).routed_by == fits[0]
    RoutingRule.objects.filter(pk=fits[0].pk).update(code="27258")
    assert disputed(people, hip).routed_by == fits[1]
    RoutingRule.objects.filter(pk=fits[1].pk).update(is_on=False)
    line = ServiceLineRecord("27258", ("LT",))
    assert disputed(people, hip, service_lines=(line,)).routed_by == fits[0]
    assert disputed(people, hip).routed_by is None
