"""What stands around a question: the one that is asked, the next one, the latest answer, a newer version."""

from datetime import date

import pytest

from coding.decision import Known
from reviews.actions import answers
from reviews.coding_form.around import (
    goes_on,
    latest_fact,
    newer_version,
    next_open,
    question_form,
    second_service,
)
from tests import factories

SIDE = "laterality"
NOTHING_OFFERED = {}


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def begun(people, service):
    """The side is answered; other questions are open."""
    return answers.answer(people["coder"], service, SIDE, Known("left"))


def test_the_next_question_is_asked_unless_another_open_one_is_asked_for(begun):
    _, other, *_ = [definition.key for definition in begun.questions]
    assert question_form(begun, other, NOTHING_OFFERED).definition.key == other
    for not_open in (SIDE, "no-such-fact", ""):
        asked = question_form(begun, not_open, NOTHING_OFFERED)
        assert asked.definition == begun.guidance.next_question


def test_what_is_postponed_comes_round_again(begun):
    questions = [definition.key for definition in begun.questions]
    following = [next_open(begun, fact) for fact in questions]
    assert following == [*questions[1:], questions[0]]
    assert next_open(begun, SIDE) == ""


def test_back_leads_to_the_latest_answer(people, service, begun):
    assert latest_fact(factories.form_of(service)) == SIDE
    assert latest_fact(begun) == SIDE


def test_before_the_first_answer_there_is_none_to_go_back_to(service):
    assert latest_fact(factories.form_of(service)) == ""


def test_a_round_that_keeps_its_version_tells_of_a_newer_one(people, service, begun):
    kept = factories.service_of(service)
    assert newer_version(kept) is None
    newer = factories.published_hip(people, effective_from=date(2026, 2, 1))
    assert newer_version(kept) == newer


def test_a_service_without_an_answer_keeps_no_version(people, service):
    factories.published_hip(people, effective_from=date(2026, 2, 1))
    assert newer_version(factories.service_of(service)) is None


def test_one_treatment_is_one_service_and_an_open_question_leads_nowhere_else(begun):
    assert second_service(begun) == {}
    assert goes_on(begun) == []
