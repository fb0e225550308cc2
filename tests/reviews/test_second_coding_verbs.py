"""Asking for a second coding, and coding blind: what the trail tells, and what a second code changes and leaves."""

import pytest
from django.core.exceptions import ValidationError

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, ServiceState
from reviews.actions import cases, decisions, second_codings
from reviews.actions.second_codings import BlindCode
from reviews.models import FinalCode, ReviewCase, SecondCoding
from tests import factories

SAME = BlindCode("27256", ("LT",))
OTHER = BlindCode("27257", ("LT",), reason=" A reduction. ")


standing = factories.agreed


@pytest.fixture
def decision(standing):
    return standing


@pytest.fixture
def second(people, decision):
    return second_codings.ask(people["supervisor"], decision, people["coder", 2])


def code(people, second, blind):
    second_codings.code_blind(people["coder", 2], second, blind)
    second.refresh_from_db()
    return second


def noted(name):
    return AuditEvent.objects.get(event=name)


# --- Asking.


def test_who_is_asked_is_told_to_the_trail_and_nothing_of_the_service_changes(
    people, decision, second
):
    event = noted("second_coding.asked")
    assert event.after == {"service": 1, "second coder": people["coder", 2].name}
    assert (event.actor, event.encounter) == (
        people["supervisor"],
        decision.service.encounter.public_id,
    )
    assert factories.service_of(decision.service).state == ServiceState.FINAL
    assert (second.outcome, second.agrees, second.done_at) == ("", None, None)


def test_whoever_decided_in_any_round_is_not_asked(people, decision):
    coder, other = people["coder"], people["coder", 2]
    decisions.take_back(coder, decision.service)
    decision.service.encounter.services.update(assigned_to=None)
    again = factories.decide(other, decision.service, factories.PAVLIK)
    for person in (coder, other, people["auditor"]):
        with pytest.raises(ValidationError) as refusal:
            second_codings.ask(people["supervisor"], again, person)
        assert refusal.value.message_dict == {
            "coder": [
                f"{person.name} cannot code this blind. Choose a coder who has not read the decision."
            ]
        }
    assert not SecondCoding.objects.exists()


def test_whoever_holds_a_case_of_it_is_not_asked(people, hip):
    case, both = factories.disputed(people, hip), people["coder", 2]
    both.groups.add(*people["supervisor"].groups.all())
    assert both in second_codings.second_coders(case.decision)
    cases.claim(both, case)
    assert both not in second_codings.second_coders(case.decision)


def test_whoever_left_is_not_among_those_who_can_be_asked(people, decision):
    here, gone = people["coder", 2], people["coder", 3]
    gone.is_active = False
    gone.save()
    assert list(second_codings.second_coders(decision)) == [here]


def test_the_decision_of_a_round_that_is_over_has_no_second_coder(people, decision):
    decisions.take_back(people["coder"], decision.service)
    factories.decide(people["coder"], decision.service, factories.PAVLIK)
    with pytest.raises(Conflict) as refusal:
        second_codings.ask(people["supervisor"], decision, people["coder", 2])
    assert str(refusal.value) == (
        "The service is to be coded again: there is no decision to compare a second one with."
    )


def test_a_decision_that_waits_for_its_supervisor_is_coded_blind_too(people, hip):
    case = factories.disputed(people, hip)
    second = second_codings.ask(people["supervisor"], case.decision, people["coder", 2])
    assert second.decision == case.decision


# --- Coding.


def test_what_was_coded_blind_is_told_with_whether_it_agrees_and_why(people, second):
    code(people, second, OTHER)
    event = noted("second_coding.done")
    assert event.after == {"service": 1, "code": "27257-LT", "agrees": False}
    assert (event.actor, event.reason) == (people["coder", 2], "A reduction.")


@pytest.mark.parametrize(
    ("blind", "agrees"),
    [
        (SAME, True),
        (BlindCode("27256", ("LT",), units=3), True),
        (BlindCode("27256", ("RT",)), False),
        (BlindCode("27256"), False),
        (BlindCode(), False),
    ],
    ids=["the same", "other units", "another side", "no modifier", "nothing"],
)
def test_codes_agree_by_code_and_modifiers(people, second, blind, agrees):
    assert code(people, second, blind).agrees is agrees
    assert ReviewCase.objects.exists() is not agrees


def test_a_code_is_taken_down_with_its_units_and_its_modifiers_in_the_order_of_the_claim(
    people, second
):
    code(people, second, BlindCode("27257", ("LT", "53"), units=2))
    assert (second.words, second.units, second.modifiers) == ("27257-53-LT × 2", 2, ["53", "LT"])


def test_a_second_code_changes_neither_the_decision_nor_the_final_code(people, decision, second):
    code(people, second, OTHER)
    decision.refresh_from_db()
    now = factories.service_of(decision.service)
    assert (decision.reported, decision.agrees) == ("27256-LT", True)
    assert FinalCode.objects.current().get().decision == decision
    assert (now.round, now.suggestion, now.assigned_to) == (
        decision.round,
        decision.suggestion,
        people["coder"],
    )


def test_it_is_coded_once(people, second):
    code(people, second, SAME)
    with pytest.raises(Conflict, match="You have coded this already"):
        code(people, second, OTHER)
    assert (second.words, ReviewCase.objects.exists()) == ("27256-LT", False)


def test_what_its_coder_took_back_meanwhile_is_compared_with_nothing(people, decision, second):
    decisions.take_back(people["coder"], decision.service)
    code(people, second, OTHER)
    assert second.agrees is False
    assert not ReviewCase.objects.exists()
    assert factories.service_of(decision.service).state == ServiceState.TO_CODE


def test_a_later_round_is_left_alone_by_what_was_asked_about_an_earlier_one(
    people, decision, second
):
    decisions.take_back(people["coder"], decision.service)
    factories.decide(people["coder"], decision.service, factories.PAVLIK)
    code(people, second, OTHER)
    assert not ReviewCase.objects.exists()
    assert factories.service_of(decision.service).state == ServiceState.FINAL


# --- A supervisor who codes before the ruling.


def test_a_supervisor_s_own_code_is_noted_once_and_opens_nothing(people, hip):
    case = factories.disputed(people, hip)
    supervisor = people["supervisor"]
    cases.claim(supervisor, case)
    looked = second_codings.look(supervisor, case, SAME)
    assert (looked.is_supervisor, looked.agrees) == (True, False)
    with pytest.raises(Conflict, match="You have coded this case already"):
        second_codings.look(supervisor, case, OTHER)
    assert noted("second_coding.done").after == {"service": 1, "code": "27256-LT", "agrees": False}
    assert ReviewCase.objects.get() == case


def test_a_supervisor_s_own_code_keeps_nobody_from_judging(people, hip):
    case = factories.disputed(people, hip)
    supervisor = people["supervisor"]
    second_codings.look(supervisor, case, SAME)
    cases.claim(supervisor, case)
    assert factories.fresh_case(case).holder == supervisor


def test_each_supervisor_codes_it_for_themselves(people, hip):
    case = factories.disputed(people, hip)
    for person in (people["supervisor"], people["supervisor", 2]):
        second_codings.look(person, case, SAME)
    assert SecondCoding.objects.filter(is_supervisor=True).count() == 2


def test_whoever_was_asked_codes_it_and_nobody_else(people, second):
    with pytest.raises(NotAllowed, match="Somebody else was asked for this second coding"):
        second_codings.code_blind(people["coder", 3], second, SAME)
