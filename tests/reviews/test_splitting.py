"""Splitting a service into two, and joining two: lines, answers, what is noted, and what is refused."""

import pytest

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import known
from coding.intake.records import ServiceLineRecord
from coding.models import (
    Answer,
    AnswerSource,
    AuditEvent,
    Encounter,
    Service,
    ServiceCode,
    ServiceOrigin,
    ServiceState,
)
from coding.rules.shared_answers import offered_answers
from reviews.actions import answers, decisions, services, splitting
from reviews.actions.answers import Support
from reviews.coding_form.guided import table_of
from reviews.coding_form.services_there import perhaps_one
from reviews.models import CodingRound, RoundEnd
from tests import factories, small_rules
from tests.reviews.proposals import rules, rules_of

WHY = "Two sides, two answers."
LEFT, RIGHT = ServiceLineRecord("20610", ("LT",)), ServiceLineRecord("20610", ("RT",))


def standing(people):
    return small_rules.published(people, rules=rules())


@pytest.fixture
def knee(standing):
    return standing


@pytest.fixture
def visit(people, knee):
    return factories.visit(people, LEFT, RIGHT)


def only(visit):
    return factories.service_of(Service.objects.standing().get(encounter=visit))


def lines_of(service):
    return [str(line) for line in service.lines.standing()]


def keys(service, *modifiers):
    return [line.pk for line in service.lines.standing() if line.modifiers == list(modifiers)]


def split(people, visit):
    first = only(visit)
    return first, factories.service_of(
        splitting.split(people["coder"], first, keys(first, "RT"), WHY)
    )


def offers(service, version):
    """What other services answer, by fact, in words."""
    return {
        fact: offer.words for fact, offer in offered_answers(service, table_of(version)).items()
    }


def test_a_service_is_split_into_two_with_a_line_each(people, visit):
    first, second = split(people, visit)
    assert (lines_of(first), lines_of(second)) == (["20610-LT"], ["20610-RT"])
    assert (second.origin, second.from_service, second.rule_set) == (
        ServiceOrigin.SPLIT,
        first,
        first.rule_set,
    )
    [event] = AuditEvent.objects.filter(event="service.split")
    assert event.before == {"service": 1, "lines": ["20610-LT", "20610-RT"]}
    assert event.after == {"service": 2, "lines": ["20610-RT"]}
    assert event.reason == WHY


def test_one_line_may_stand_for_two_services(people, knee):
    visit = factories.visit(people, ServiceLineRecord("20610", ("50",)))
    first = only(visit)
    second = splitting.split(people["coder"], first, [], WHY)
    assert (lines_of(first), lines_of(second)) == (["20610-50"], [])


def test_a_service_keeps_a_line_and_gives_only_its_own(people, visit, knee):
    first = only(visit)
    with pytest.raises(Conflict, match="Leave one line"):
        splitting.split(people["coder"], first, keys(first, "LT") + keys(first, "RT"), WHY)
    with pytest.raises(Conflict, match="not with this service any more"):
        splitting.split(people["coder"], first, [0], WHY)
    services.move(people["coder"], first, None, WHY)
    with pytest.raises(Conflict, match="service of its own already"):
        splitting.split(people["coder"], only(visit), [], WHY)


def test_the_second_service_is_offered_the_answers_of_the_first_and_takes_none_in_silence(
    people, visit, knee
):
    coder = people["coder"]
    answers.answer(coder, only(visit), "side", known("left"))
    answers.answer(coder, only(visit), "held", known(True))
    _, second = split(people, visit)
    assert offers(second, knee) == {"side": "Left", "held": "yes"}
    assert not Answer.objects.filter(service=second).exists()
    answers.answer(coder, second, "held", known(True), Support(carried=True))
    answers.answer(
        coder, factories.service_of(second), "side", known("right"), Support(carried=True)
    )
    sources = dict(Answer.objects.filter(service=second).values_list("fact", "source"))
    assert sources == {"held": AnswerSource.CARRIED, "side": AnswerSource.CODER}
    event = AuditEvent.objects.filter(event="answer.given").order_by("pk")[2]
    assert event.after == {"Held": "yes", "from service": 1}


def test_another_family_is_offered_what_means_the_same_and_nothing_else(people, knee):
    elbow = rules_of("elbow", "10010", claims=["73525"], meanings={"side": "side"})
    other = small_rules.published(people, rules=elbow)
    visit = factories.visit(people, LEFT, ServiceLineRecord("73525"))
    first, second = (
        factories.service_of(s) for s in Service.objects.filter(encounter=visit).order_by("number")
    )
    answers.answer(people["coder"], first, "side", known("both"))
    answers.answer(people["coder"], factories.service_of(first), "held", known(True))
    assert second.rule_set == other.rule_set
    assert offers(second, other) == {"side": "Both"}
    answers.answer(people["coder"], factories.service_of(first), "side", None)
    assert offers(second, other) == {}


def test_both_sides_with_equal_answers_are_perhaps_one_service_and_joined(people, visit, knee):
    coder = people["coder"]
    first, second = split(people, visit)
    for service, side in ((first, "left"), (second, "right")):
        factories.answer(coder, service, {"side": side, "held": "yes"})
    first, second = factories.service_of(first), factories.service_of(second)
    assert perhaps_one([first, second]) == [(first, second)]
    splitting.join(coder, second, first, WHY)
    assert lines_of(first) == ["20610-LT", "20610-RT"]
    assert only(visit) == first
    second.refresh_from_db()
    assert second.state == ServiceState.WITHDRAWN
    assert CodingRound.objects.get(service=second).ended == RoundEnd.OVERTAKEN
    assert not ServiceCode.objects.filter(service=second).exists()
    [event] = AuditEvent.objects.filter(event="service.joined")
    assert (event.before, event.after) == ({"service": 2, "lines": ["20610-RT"]}, {"service": 1})


def test_with_different_answers_they_are_two(people, visit, knee):
    first, second = split(people, visit)
    factories.answer(people["coder"], first, {"side": "left", "held": "yes"})
    factories.answer(people["coder"], second, {"side": "right", "held": "no"})
    assert perhaps_one([factories.service_of(first), factories.service_of(second)]) == []


def test_only_services_of_one_rule_set_and_one_encounter_are_joined(people, visit, knee):
    coder, first = people["coder"], only(visit)
    elsewhere = only(factories.visit(people, LEFT))
    with pytest.raises(Conflict, match="of two encounters"):
        splitting.join(coder, first, elsewhere, WHY)
    with pytest.raises(Conflict, match="of one rule set"):
        splitting.join(coder, first, first, WHY)


def test_what_was_decided_is_not_joined_away(people, visit, knee):
    first, second = split(people, visit)
    factories.decide(people["coder"], second, {"side": "right", "held": "yes"})
    with pytest.raises(Conflict, match="final by now"):
        splitting.join(people["coder"], factories.service_of(second), first, WHY)
    decisions.take_back(people["coder"], factories.service_of(second))
    with pytest.raises(Conflict, match="decided before"):
        splitting.join(people["coder"], factories.service_of(second), first, WHY)


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_splits_and_joins(people, visit, role):
    with pytest.raises(NotAllowed, match="may not split services"):
        splitting.split(people[role], only(visit), [], WHY)
    with pytest.raises(NotAllowed, match="may not join services"):
        splitting.join(people[role], only(visit), only(visit), WHY)


def test_an_encounter_is_to_code_while_one_of_the_two_is(people, visit, knee):
    factories.decide(people["coder"], split(people, visit)[0], {"side": "left", "held": "yes"})
    assert Encounter.objects.get(pk=visit.pk).state == "to_code"
