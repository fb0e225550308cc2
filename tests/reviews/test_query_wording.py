"""The form of a question to a provider: a neutral draft, refused words at its field, what leads asked twice."""

import uuid

import pytest

from reviews.actions import cases
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ProviderQuery
from reviews.queries import wording
from tests import factories


@pytest.fixture
def case(people, hip, client):
    silent = {**factories.PAVLIK, "anesthesia": ""}
    judgement = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
    decision = factories.decide(people["coder"], factories.service(people, hip), silent, judgement)
    case = factories.case_of(decision)
    cases.claim(people["supervisor"], case)
    client.force_login(people["supervisor"])
    return factories.fresh_case(case)


def send(client, case, **data):
    own = {
        "idempotency_key": uuid.uuid4(),
        "revision": 1,
        "suggestion": case.suggestion_id,
        "units": 1,
    }
    own |= {"kind": "provider_query", "reason": "The note is silent."}
    return client.post(case.get_absolute_url(), {**own, **data})


def test_the_form_begins_with_a_neutral_draft_from_the_open_question(client, case):
    question = client.get(case.get_absolute_url()).context["form"].initial["question"]
    assert question.endswith("- Other\n- Cannot be determined")
    assert wording.refused(question) == wording.leading(question) == []


def test_a_question_that_names_a_code_is_refused_at_its_field(client, case):
    page = send(client, case, question="Was it 27256?")
    assert page.status_code == 422
    assert "27256" in str(page.context["form"].errors["question"])
    assert not ProviderQuery.objects.exists()


def test_a_question_that_leads_is_asked_only_by_whoever_read_why(client, case):
    leading = "Please document general anesthesia."
    page = send(client, case, question=leading)
    assert page.status_code == 422
    assert "Ask it so" in page.content.decode()
    assert send(client, case, question=leading, ask_so="on").status_code == 302
    assert ProviderQuery.objects.get().text == leading


def test_a_ruling_that_asks_nobody_is_not_held_up_by_the_words_of_a_question(client, case):
    answer = send(
        client,
        case,
        question="Please document 27256.",
        kind="other_code",
        code="27256",
        modifiers="LT",
    )
    assert answer.status_code == 302
