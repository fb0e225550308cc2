"""A provider answers by a one-time link: one screen, no account, once; and who has no link gets nowhere."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, ServiceState
from reviews.actions import queries, query_links
from reviews.actions.decisions import Judgement
from reviews.coding_form.asked import asked_facts, drafted
from reviews.models import Choice, CodingRound, ProviderQuery, QueryLink, QueryState, RulingKind
from reviews.views import provider
from tests import factories
from tests.races import at_once

SILENT = {**factories.PAVLIK, "anesthesia": ""}


@pytest.fixture(autouse=True)
def _no_guesses(db):
    cache.clear()


def asked(people, hip, question=""):
    """A query that waits, about the anesthesia; without a question the draft is asked."""
    service = factories.service(people, hip)
    decision = factories.decide(
        people["coder"], service, SILENT, Judgement(Choice.PROVIDER_QUERY, reason="Which?")
    )
    case = factories.case_of(decision)
    factories.rule(
        people["supervisor"], case, RulingKind.PROVIDER_QUERY, question=question or drafted(case)
    )
    return ProviderQuery.objects.select_related("service__encounter").get(service=service)


def standing(people, hip):
    return asked(people, hip, "Which anesthesia was given?")


@pytest.fixture
def query(standing):
    return standing


@pytest.fixture
def token(people, query):
    return query_links.make_link(people["supervisor"], query)[0]


def address(token):
    return f"{reverse('answer-by-link')}?t={token}"


def chosen(**values):
    return {"fact-anesthesia": "Other", "words": "A nerve block.", "provider": "Dr. Falk", **values}


def test_the_page_needs_no_account_and_shows_the_question_and_its_options_alone(
    client, query, token
):
    answer = client.get(address(token))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    for words in ("Cannot be determined", "Other", query.text):
        assert words in page
    encounter = query.service.encounter
    for private in (encounter.note, encounter.patient_reference, encounter.external_id):
        assert private not in page


def test_a_drafted_question_stands_on_the_page_once(people, hip, client):
    query = asked(people, hip)
    token, _ = query_links.make_link(people["supervisor"], query)
    [fact] = asked_facts(query)
    assert fact.question in query.text
    assert client.get(address(token)).content.decode().count(fact.question) == 1


def test_the_answer_is_kept_with_its_day_and_author_and_opens_the_round_with_that_question(
    client, query, token
):
    page = client.post(address(token), chosen())
    assert "Thank you" in page.content.decode()
    query.refresh_from_db()
    assert (query.state, query.provider, query.answered_on) == (
        QueryState.ANSWERED,
        "Dr. Falk",
        timezone.localdate(),
    )
    assert query.answer.endswith("A nerve block.")
    assert query.closed_by is None
    assert factories.service_of(query.service).state == ServiceState.TO_CODE
    assert factories.form_of(query.service).guidance.next_question.key == "anesthesia"
    event = AuditEvent.objects.get(event="query.answered")
    assert (event.actor, event.after["how"], event.after["client"]) == (
        None,
        "by one-time link",
        "127.0.0.1",
    )


def test_that_a_link_was_opened_is_noted_once_an_hour_for_a_client(client, query, token):
    for _ in range(3):
        client.get(address(token))
    client.get(address(token), REMOTE_ADDR="10.0.0.9")
    opened = AuditEvent.objects.filter(
        event="query.link_opened", encounter=query.service.encounter.public_id
    )
    assert [event.after["client"] for event in opened] == ["127.0.0.1", "10.0.0.9"]


def test_who_is_signed_in_answers_no_question_as_its_provider(people, client, query, token):
    client.force_login(people["supervisor"])
    answer = client.post(address(token), chosen(), follow=True)
    assert answer.redirect_chain == [(query.get_absolute_url(), 302)]
    assert "a link is for the provider" in answer.content.decode()
    assert ProviderQuery.objects.get().state == QueryState.OPEN


@pytest.mark.parametrize("field", ["fact-anesthesia", "words", "provider"])
def test_what_is_missing_is_named_and_nothing_is_kept(client, query, token, field):
    page = client.post(address(token), chosen(**{field: ""}))
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert ProviderQuery.objects.get().state == QueryState.OPEN


def test_an_answer_sent_twice_counts_once(client, token):
    client.post(address(token), chosen())
    assert client.post(address(token), chosen(words="Another.")).status_code == 404
    assert CodingRound.objects.filter(query__isnull=False).count() == 1


def test_a_link_ends_with_its_time_a_newer_link_and_the_query(people, client, query):
    old, _ = query_links.make_link(people["supervisor"], query)
    new, _ = query_links.make_link(people["supervisor"], query)
    assert client.get(address(old)).status_code == 404
    assert client.get(address(new)).status_code == 200
    queries.close(people["supervisor"], query, "He left.")
    assert client.get(address(new)).status_code == 404


def test_a_link_whose_time_is_over_is_none(people, client, query, settings):
    settings.QUERY_LINK_DAYS = 0
    late, link = query_links.make_link(people["supervisor"], query)
    assert link.good_until <= timezone.now() + timedelta(seconds=1)
    assert client.get(address(late)).status_code == 404


def test_the_token_has_128_bits_and_is_kept_nowhere(token):
    assert len(token) >= 22
    link = QueryLink.objects.get()
    assert (
        token not in f"{link.token_hash}{list(AuditEvent.objects.values_list('after', 'records'))}"
    )


def test_guessing_gets_nowhere_and_is_noted(client, token):
    for number in range(provider.MOST_GUESSES):
        assert client.get(address(f"guess{number}")).status_code == 404
    assert client.get(address("guess")).status_code == 429
    # A hospital behind one address: the dead links of some shut nobody out who has a good one.
    assert client.get(address(token)).status_code == 200
    assert AuditEvent.objects.filter(event="query.link_refused").count() == 1


def test_only_who_may_answer_queries_makes_a_link_and_to_open_ones_alone(people, query):
    with pytest.raises(NotAllowed, match="may not send provider queries"):
        query_links.make_link(people["coder"], query)
    queries.close(people["supervisor"], query, "He left.")
    with pytest.raises(
        Conflict, match=r"This query was answered or closed already\. Reload it to see how"
    ):
        query_links.make_link(people["supervisor"], query)


def test_the_link_is_shown_once_or_mailed_without_a_patients_data(people, client, query, settings):
    client.force_login(people["supervisor"])
    send = reverse("query-link", args=[query.public_id])
    assert re.search(r"/answer/\?t=[\w-]{22}", client.post(send).content.decode())
    settings.EMAIL_IS_SET_UP = True
    client.post(send, {"email": "falk@example.org"})
    [letter] = mail.outbox
    text = letter.subject + letter.body
    assert "/answer/?t=" in text
    encounter = query.service.encounter
    for private in (
        encounter.external_id,
        encounter.patient_reference,
        query.text,
        encounter.provider,
    ):
        assert private not in text


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(query, token):
    answers = ["None.", "A nerve block."]
    results = at_once(
        2, lambda place: query_links.answer_by_link(token, answers[place], "Dr. Falk")
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    assert CodingRound.objects.filter(query=query).count() == 1


def test_half_an_address_mails_nothing_and_makes_no_link(people, client, query):
    client.force_login(people["supervisor"])
    send = reverse("query-link", args=[query.public_id])
    page = client.post(send, {"email": "falk@"}, follow=True)
    assert "Write a whole e-mail address, or none." in page.content.decode()
    assert not QueryLink.objects.exists()


def test_an_answer_to_a_link_that_ended_meanwhile_is_not_taken(people, query, token):
    queries.close(people["supervisor"], query, "The provider has left.")
    with pytest.raises(Conflict, match="not good any more"):
        query_links.answer_by_link(token, "A nerve block.", "Dr. Falk")
