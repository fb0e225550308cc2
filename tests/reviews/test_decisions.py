"""Coding decisions: agreement finalises, disagreement goes to the queue, and two submissions make one decision."""

import pytest

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.decision import Known
from coding.models import AuditEvent, Encounter, EncounterStatus
from reviews.actions import decisions
from reviews.actions.decisions import Judgement
from reviews.models import Choice, CodingDecision, FinalCode, ReviewCase, RouteReason
from tests import factories
from tests.races import at_once


def test_agreement_on_a_code_makes_it_final(people, hip):
    encounter = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], encounter, factories.PAVLIK)
    encounter.refresh_from_db()
    assert (decision.reported, decision.agrees) == ("27256-LT", True)
    assert FinalCode.objects.current().get(encounter=encounter).reported == "27256-LT"
    assert encounter.status == EncounterStatus.FINAL
    assert not ReviewCase.objects.exists()


@pytest.mark.parametrize(
    ("facts", "judgement", "reasons"),
    [
        (factories.PAVLIK, factories.insists(), {RouteReason.OTHER_CODE}),
        (factories.PAVLIK, factories.insists("27256", "RT"), {RouteReason.OTHER_CODE}),
        (factories.GAP_A, Judgement(Choice.ACCEPT), {RouteReason.RULES_ASK_SUPERVISOR}),
        (factories.GAP_A, factories.insists(), {RouteReason.OTHER_CODE, RouteReason.RULES_ASK_SUPERVISOR}),
        (
            factories.PAVLIK,
            Judgement(Choice.PROVIDER_QUERY, reason="Which side?"),
            {RouteReason.CODER_ASKS_PROVIDER},
        ),
        (
            factories.PAVLIK,
            Judgement(Choice.SUPERVISOR_REVIEW, reason="Unsure."),
            {RouteReason.CODER_ASKS_SUPERVISOR},
        ),
        ({**factories.PAVLIK, "anesthesia": ""}, Judgement(Choice.ACCEPT), {RouteReason.RULES_ASK_PROVIDER}),
        ({**factories.PAVLIK, "joint_state": "dysplasia_only"}, Judgement(Choice.ACCEPT), {RouteReason.NO_FAMILY_CODE}),
    ],
)
def test_everything_else_opens_a_case_that_says_why(people, hip, facts, judgement, reasons):
    encounter = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], encounter, facts, judgement)
    case = ReviewCase.objects.get(decision=decision)
    assert {route.reason for route in case.routes.all()} == reasons
    encounter.refresh_from_db()
    assert encounter.status == EncounterStatus.IN_REVIEW
    assert not FinalCode.objects.exists()


def test_a_decision_needs_all_answers_that_decide(people, hip):
    encounter = factories.encounter(people, hip)
    with pytest.raises(Conflict, match="no suggestion yet"):
        decisions.decide(people["coder"], encounter, hip, Judgement(Choice.ACCEPT), seen=0)


def test_a_decision_on_another_suggestion_than_the_one_seen_is_refused(people, hip):
    encounter = factories.encounter(people, hip)
    seen = factories.answer(people["coder"], encounter, factories.PAVLIK).suggestion
    encounters.answer(people["coder"], encounter, hip, "laterality", Known("right"))
    with pytest.raises(Conflict, match="not the one that you saw"):
        decisions.decide(people["coder"], encounter, hip, Judgement(Choice.ACCEPT), seen.pk)


def test_a_second_decision_is_told_that_there_is_one(people, hip):
    encounter = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], encounter, factories.PAVLIK)
    with pytest.raises(Conflict, match="decided already"):
        decisions.decide(people["coder"], encounter, hip, Judgement(Choice.ACCEPT), decision.suggestion_id)


def test_another_coder_is_told_who_codes_the_encounter(people, hip):
    encounter = factories.encounter(people, hip)
    suggestion = factories.answer(people["coder"], encounter, factories.PAVLIK).suggestion
    with pytest.raises(Conflict, match=people["coder"].name):
        decisions.decide(people["coder", 2], encounter, hip, Judgement(Choice.ACCEPT), suggestion.pk)


def test_a_supervisor_makes_no_coding_decision(people, hip):
    encounter = factories.encounter(people, hip)
    suggestion = factories.answer(people["coder"], encounter, factories.PAVLIK).suggestion
    with pytest.raises(NotAllowed):
        decisions.decide(people["supervisor"], encounter, hip, Judgement(Choice.ACCEPT), suggestion.pk)


@pytest.mark.django_db(transaction=True)
def test_of_eight_decisions_at_once_one_counts_and_the_others_are_told(people, hip):
    encounter = factories.encounter(people, hip)
    coder = people["coder"]
    suggestion = factories.answer(coder, encounter, factories.PAVLIK).suggestion
    results = at_once(8, lambda _: decisions.decide(coder, encounter, hip, Judgement(Choice.ACCEPT), suggestion.pk))
    assert CodingDecision.objects.count() == FinalCode.objects.count() == 1
    assert [type(result) for result in results].count(Conflict) == 7


def test_the_decision_stands_in_the_audit_trail_with_what_was_suggested(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    event = AuditEvent.objects.get(event="decision.made")
    assert event.encounter == Encounter.objects.get(pk=encounter.pk).public_id
    assert event.after["suggested"] == "27256-LT"
    assert event.after["code"] == "27257-LT"
    assert event.reason == "The note calls it a reduction."
