"""Pages that ask why: returning, reopening and objecting, and what becomes of a question to the provider."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from coding.actions import kept_texts
from coding.models import AuditEvent, KeptText, ServiceState
from reviews.actions import cases
from reviews.models import CaseState, Level, ProviderQuery, QueryState, ReviewCase, RulingKind
from tests import factories

WHY = "The operative report says otherwise."


standing = factories.disputed


@pytest.fixture
def case(standing):
    return standing


@pytest.fixture
def ruled(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return factories.fresh_case(case)


@pytest.fixture
def query(people, case):
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.get()


@pytest.fixture
def signed_in(people, client):
    def act(*who):
        client.force_login(people[who if len(who) > 1 else who[0]])
        return client

    return act


def address(name, target):
    return reverse(name, args=[target.public_id])


def why(**data):
    return {"idempotency_key": uuid.uuid4(), "reason": WHY, **data}


@pytest.mark.parametrize(
    ("name", "role"),
    [("return-case", "supervisor"), ("reopen-case", "supervisor"), ("rebut", "coder")],
)
def test_each_of_them_asks_why(signed_in, ruled, name, role):
    client = signed_in(role)
    assert client.get(address(name, ruled)).status_code == 200
    response = client.post(address(name, ruled), why(reason="  "))
    assert response.status_code == 422
    assert response.context["form"].errors["reason"]


def test_a_case_is_returned_by_whoever_holds_it_once(people, signed_in, case):
    cases.claim(people["supervisor"], case)
    data = why()
    for _ in range(3):
        assert (
            signed_in("supervisor").post(address("return-case", case), data).url
            == case.get_absolute_url()
        )
    assert factories.fresh_case(case).state == CaseState.RETURNED
    assert factories.service_of(case.service).state == ServiceState.TO_CODE
    assert AuditEvent.objects.get(event="case.returned").reason == WHY


def test_a_case_that_one_does_not_hold_is_not_returned(people, signed_in, case):
    cases.claim(people["supervisor"], case)
    assert signed_in("supervisor", 2).post(address("return-case", case), why()).status_code == 409
    assert factories.fresh_case(case).state == CaseState.CLAIMED


def test_an_objection_goes_to_another_supervisor_and_is_read_there(people, signed_in, ruled):
    data = why()
    for _ in range(3):
        response = signed_in("coder").post(address("rebut", ruled), data)
    assert response.url == ruled.service.encounter.get_absolute_url()
    rebuttal = ReviewCase.objects.get(level=Level.REBUTTAL)
    assert signed_in("supervisor").post(address("claim", rebuttal)).status_code in (403, 409)
    client = signed_in("supervisor", 2)
    assert client.post(address("claim", rebuttal)).url == rebuttal.get_absolute_url()
    assert WHY in client.get(rebuttal.get_absolute_url()).content.decode()


def test_what_is_not_ruled_yet_is_neither_objected_to_nor_reopened(signed_in, case):
    for role, name in (("coder", "rebut"), ("supervisor", "reopen-case")):
        response = signed_in(role).post(address(name, case), why())
        assert response.status_code == 409
        assert "There is no ruling yet" in response.content.decode()


def test_another_coder_does_not_object(signed_in, ruled):
    assert signed_in("coder", 2).post(address("rebut", ruled), why()).status_code == 404


def test_a_reopened_ruling_is_in_the_queue_with_the_reason_and_stands_meanwhile(
    people, signed_in, ruled
):
    client = signed_in("supervisor")
    data = why()
    addresses = {client.post(address("reopen-case", ruled), data).url for _ in range(3)}
    again = ReviewCase.objects.get(reopens=ruled.ruling)
    assert addresses == {again.get_absolute_url()}
    assert WHY in client.get(again.get_absolute_url()).content.decode()
    assert ruled.service.final_codes.get(superseded=False).reported == "27256-LT"
    assert client.post(address("reopen-case", ruled), why()).status_code == 409


def test_the_buttons_stand_where_the_verbs_are_allowed_and_nowhere_else(signed_in, case, people):
    def offered(*who):
        page = signed_in(*who).get(case.get_absolute_url()).content.decode()
        return {
            name
            for name in ("return-case", "reopen-case", "rebut", "claim")
            if address(name, case) in page
        }

    assert offered("coder") == offered("auditor") == set()
    assert offered("supervisor") == {"claim"}
    cases.claim(people["supervisor"], case)
    assert "return-case" in offered("supervisor")
    assert offered("supervisor", 2) == set()


def test_after_a_ruling_the_coder_may_object_and_a_supervisor_reopen(signed_in, ruled):
    assert (
        address("rebut", ruled) in signed_in("coder").get(ruled.get_absolute_url()).content.decode()
    )
    page = signed_in("supervisor").get(ruled.get_absolute_url()).content.decode()
    assert address("reopen-case", ruled) in page
    assert address("rebut", ruled) not in page


def test_a_reason_that_was_typed_and_not_sent_is_there_again_and_gone_when_it_is_taken(
    people, signed_in, ruled
):
    name = signed_in("coder").get(address("rebut", ruled)).context["kept"]
    kept_texts.keep(people["coder"], name, {"reason": WHY})
    assert WHY in signed_in("coder").get(address("rebut", ruled)).content.decode()
    author = kept_texts.author_token(people["coder"], name)
    signed_in("coder").post(address("rebut", ruled), {**why(), "author": author})
    assert not KeptText.objects.exists()


# --- The provider's answer.


def provider_answer(**data):
    return {
        "idempotency_key": uuid.uuid4(),
        "answer": "No anesthesia.",
        "provider": "Dr. Falk",
        "answered_on": date.today().isoformat(),
        **data,
    }


def test_an_answer_is_taken_down_once_and_the_visit_is_to_code_again(signed_in, query):
    client, data = signed_in("supervisor"), provider_answer()
    for _ in range(3):
        assert (
            client.post(query.get_absolute_url(), data).url
            == query.service.encounter.get_absolute_url()
        )
    query.refresh_from_db()
    assert (query.state, query.answer) == (QueryState.ANSWERED, "No anesthesia.")
    page = signed_in("coder").get(query.service.get_absolute_url()).content.decode()
    assert "No anesthesia." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answer", " "),
        ("provider", ""),
        ("answered_on", "05/06/2026"),
        ("answered_on", "2000-01-01"),
    ],
)
def test_an_answer_that_lacks_something_is_refused_at_its_field(signed_in, query, field, value):
    response = signed_in("supervisor").post(
        query.get_absolute_url(), provider_answer(**{field: value})
    )
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    query.refresh_from_db()
    assert query.state == QueryState.OPEN


def test_a_coder_and_an_auditor_read_the_question_without_a_form(signed_in, query):
    for role in ("coder", "auditor"):
        response = signed_in(role).get(query.get_absolute_url())
        assert response.context["form"] is None
        assert query.text in response.content.decode()


def test_a_query_is_closed_with_a_reason_and_then_takes_no_answer(signed_in, query):
    client = signed_in("supervisor")
    assert client.post(address("close-query", query), why(reason="")).status_code == 422
    assert (
        client.post(address("close-query", query), why()).url
        == query.service.encounter.get_absolute_url()
    )
    query.refresh_from_db()
    assert query.state == QueryState.CLOSED
    assert client.post(query.get_absolute_url(), provider_answer()).status_code == 409
    assert client.get(query.get_absolute_url()).context["form"] is None
