"""A provider query: asked by a ruling, answered a week later, and one question is open again."""

from datetime import date

import pytest

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import Known
from coding.models import Answer, EncounterState, ServiceState
from reviews.actions import answers, queries
from reviews.actions.decisions import Judgement
from reviews.models import (
    Choice,
    CodingRound,
    FinalCode,
    ProviderQuery,
    QueryState,
    RoundReason,
    RulingKind,
)
from tests import factories

SILENT = {**factories.PAVLIK, "anesthesia": ""}
ANSWER = "No anesthesia was given."


def standing(people, hip):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], service, SILENT, Judgement(Choice.ACCEPT))
    )
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return ProviderQuery.objects.select_related("service__encounter").get()


@pytest.fixture
def query(standing):
    return standing


def answer(people, query, on=None):
    queries.answer(people["supervisor"], query, ANSWER, "Dr. Falk", on or date.today())


def test_the_answer_opens_a_round_in_which_only_the_fact_concerned_is_open(people, query):
    answer(people, query)
    service = factories.service_of(query.service)
    assert (service.state, service.encounter.state) == (
        ServiceState.TO_CODE,
        EncounterState.TO_CODE,
    )
    assert (
        CodingRound.objects.get(service=service, closed_at=None).reason
        == RoundReason.QUERY_ANSWERED
    )
    assert service.suggestion is None
    taken_back = Answer.objects.get(service=service, value__isnull=True)
    assert (taken_back.fact, taken_back.round) == ("anesthesia", 2)
    guided = factories.form_of(service)
    assert guided.guidance.next_question.key == "anesthesia"
    answers.answer(people["coder"], service, "anesthesia", Known("none"))
    decision = factories.decide(people["coder"], service, factories.PAVLIK)
    assert (decision.round, decision.reported) == (2, "27256-LT")
    assert FinalCode.objects.current().get().reported == "27256-LT"


def test_the_answer_is_kept_with_who_gave_it_and_when(people, query):
    answer(people, query)
    query.refresh_from_db()
    assert (query.state, query.answer, query.provider) == (QueryState.ANSWERED, ANSWER, "Dr. Falk")
    assert (query.answered_on, query.closed_by) == (date.today(), people["supervisor"])


def test_a_query_is_answered_once(people, query):
    answer(people, query)
    with pytest.raises(Conflict, match="answered or closed already"):
        answer(people, query)


def test_a_query_closed_without_an_answer_opens_a_round_with_all_answers(people, query):
    queries.close(people["supervisor"], query, "The provider has left.")
    service = factories.service_of(query.service)
    assert service.state == ServiceState.TO_CODE
    assert factories.form_of(service).suggestion.outcome == "provider_query"


def test_a_coder_types_no_providers_answer(people, query):
    with pytest.raises(NotAllowed, match="may not type a provider's answer"):
        queries.answer(people["coder"], query, ANSWER, "Dr. Falk", date.today())


def test_the_page_shows_the_question_and_takes_the_answer(people, query, client):
    client.force_login(people["supervisor"])
    page = client.get(query.get_absolute_url())
    assert (
        "What anesthesia" in page.content.decode() or "anesthesia" in page.content.decode().lower()
    )
    form = page.context["form"]
    sent = {
        "idempotency_key": form["idempotency_key"].value(),
        "answer": ANSWER,
        "provider": "Dr. Falk",
        "answered_on": date.today().isoformat(),
    }
    response = client.post(query.get_absolute_url(), sent)
    assert response.url == query.service.encounter.get_absolute_url()
    query.refresh_from_db()
    assert query.state == QueryState.ANSWERED


def test_a_refused_answer_stands_in_the_form_again(people, query, client):
    client.force_login(people["supervisor"])
    page = client.get(query.get_absolute_url())
    sent = {
        "idempotency_key": page.context["form"]["idempotency_key"].value(),
        "answer": ANSWER,
        "provider": "Dr. F",
    }
    response = client.post(query.get_absolute_url(), {**sent, "answered_on": "2999-01-01"})
    assert response.status_code == 422
    assert ANSWER in response.content.decode()
