"""A provider query as a page: what is asked, what came back, and how it is closed."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.actions import kept_texts
from coding.models import AuditEvent, KeptText
from reviews.actions import queries
from reviews.models import ProviderQuery, QueryState, RulingKind
from tests import factories

SILENT = {**factories.PAVLIK, "anesthesia": ""}


def standing(people, hip):
    service = factories.service(people, hip, provider="Dr. Weiss")
    case = factories.case_of(factories.decide(people["coder"], service, SILENT))
    factories.rule(
        people["supervisor"], case, RulingKind.RULES_UPHELD, question="Which anesthesia was it?"
    )
    return ProviderQuery.objects.select_related("service__encounter").get()


@pytest.fixture
def query(standing):
    return standing


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, query):
    return client.get(query.get_absolute_url()).content.decode()


def sent(**data):
    today = timezone.localdate().isoformat()
    answer = {"answer": "None was given.", "provider": "Dr. Falk", "answered_on": today}
    return {"idempotency_key": uuid.uuid4(), **answer, **data}


def close(client, query, **data):
    address = reverse("close-query", args=[query.public_id])
    return client.post(
        address, {"idempotency_key": uuid.uuid4(), "reason": "He left.", **data}, follow=True
    )


def test_the_page_says_whom_it_asks_what_and_which_questions_the_answer_opens(
    people, supervisor, query
):
    page = text_of(supervisor, query)
    assert "Query to Dr. Weiss" in page
    assert "Which anesthesia was it?" in page
    assert "Which anesthesia or sedation was given for this service?" in page
    assert f"Asked by {people['supervisor'].name}" in page


def test_opening_it_is_noted_as_opening_its_encounter(people, supervisor, query):
    text_of(supervisor, query)
    event = AuditEvent.objects.get(event="encounter.viewed")
    assert (event.encounter, event.actor) == (
        query.service.encounter.public_id,
        people["supervisor"],
    )


def test_the_provider_of_the_encounter_is_proposed_as_who_answered(supervisor, query):
    form = supervisor.get(query.get_absolute_url()).context["form"]
    assert form.initial["provider"] == "Dr. Weiss"


def test_a_query_about_documented_facts_opens_no_question(people, hip, supervisor):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    page = text_of(supervisor, ProviderQuery.objects.get())
    assert "opens these questions again" not in page


def test_what_came_back_is_shown_with_who_took_it_down(people, supervisor, query):
    response = supervisor.post(query.get_absolute_url(), sent(), follow=True)
    assert (
        "The answer is taken down. What it concerns is to be coded again."
        in response.content.decode()
    )
    page = text_of(supervisor, query)
    assert "None was given." in page
    assert f"Taken down by {people['supervisor'].name}" in page
    assert "Take the answer down" not in page


def test_a_closed_query_is_shown_with_its_reason(people, supervisor, query):
    page = close(supervisor, query).content.decode()
    assert "The query is closed. The service is to be coded on what the note says." in page
    assert f"Closed without an answer by {people['supervisor'].name}: He left." in text_of(
        supervisor, query
    )


def test_a_query_is_closed_once_and_then_told_to_be_over(supervisor, query):
    key = uuid.uuid4()
    for _ in range(2):
        assert close(supervisor, query, idempotency_key=key).status_code == 200
    assert close(supervisor, query).status_code == 409
    assert AuditEvent.objects.filter(event="query.closed").count() == 1


@pytest.mark.parametrize("role", ["coder", "auditor"])
def test_whoever_may_not_answer_is_offered_neither_form_nor_button(people, client, query, role):
    client.force_login(people[role])
    page = text_of(client, query)
    assert "Take the answer down" not in page
    assert reverse("close-query", args=[query.public_id]) not in page
    assert client.post(query.get_absolute_url(), sent()).status_code == 403
    query.refresh_from_db()
    assert query.state == QueryState.OPEN


def test_an_answer_of_a_day_before_the_question_comes_back_with_what_was_typed(supervisor, query):
    response = supervisor.post(query.get_absolute_url(), sent(answered_on="2020-01-01"))
    assert response.status_code == 422
    assert "after this day" in response.context["form"].errors["answered_on"][0]
    assert "None was given." in response.content.decode()


def test_what_was_typed_of_an_answer_is_there_again_until_it_is_taken(people, supervisor, query):
    name = supervisor.get(query.get_absolute_url()).context["kept"]
    kept_texts.keep(people["supervisor"], name, {"answer": "Half an answer"})
    assert "Half an answer" in text_of(supervisor, query)
    author = kept_texts.author_token(people["supervisor"], name)
    supervisor.post(query.get_absolute_url(), sent(author=author))
    assert not KeptText.objects.exists()


def test_the_case_that_asked_leads_to_the_query_and_says_where_it_stands(people, supervisor, query):
    case = query.ruling.case
    assert "The query to the provider: open" in text_of(supervisor, case)
    queries.close(people["supervisor"], query, "He left.")
    assert "The query to the provider: closed without an answer" in text_of(supervisor, case)
