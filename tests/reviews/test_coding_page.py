"""A service's coding page: what it shows around the question, and where the form of the decision leads."""

import uuid

import pytest
from django.urls import reverse

from coding.actions import encounters, rule_sets
from coding.decision import Known
from coding.intake.records import ServiceLineRecord
from coding.models import Answer, AuditEvent, ServiceState
from reviews.actions import answers, cases, queries, second_looks
from reviews.models import CodingDecision, ProviderQuery, RulingKind
from tests import factories


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def answered(people, service):
    """A service whose questions are answered."""
    factories.answer(people["coder"], service, factories.PAVLIK)
    return factories.service_of(service)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def text_of(client, service):
    return client.get(service.get_absolute_url()).content.decode()


def send(client, service, **data):
    form = client.get(service.get_absolute_url()).context["decision_form"]
    hidden = {name: form.initial[name] for name in ("seen", "revision", "idempotency_key")}
    return client.post(
        service.get_absolute_url(), {**hidden, "choice": "accept", "units": 1, **data}
    )


def test_opening_the_page_is_noted_and_answers_nothing(people, coder, service):
    text_of(coder, service)
    event = AuditEvent.objects.get(event="encounter.viewed")
    assert (event.encounter, event.actor) == (service.encounter.public_id, people["coder"])
    assert factories.service_of(service).round == 0


def test_the_ledger_beside_the_form_says_at_once_what_the_answers_come_to(coder, service, people):
    page = text_of(coder, service)
    assert "Record of the encounter, and its ledger" in page
    assert 'id="_suggested_now" ><span class="quiet">not yet' in page
    factories.answer(people["coder"], service, factories.PAVLIK)
    part = coder.get(service.get_absolute_url(), headers={"HX-Request": "true"}).text
    _, suggested = part.split('id="_suggested_now" hx-swap-oob="true">')
    assert "27256" in suggested
    assert "not yet" not in suggested


def test_before_the_first_answer_the_page_says_that_only_what_decides_is_asked(coder, service):
    page = text_of(coder, service)
    assert "None yet. Only what still decides is asked." in page
    assert "in force on 2026-05-04" in page
    assert "Your decision" not in page


def test_a_question_may_be_asked_for_while_it_still_matters(coder, service):
    address = service.get_absolute_url()
    first = coder.get(address).context["question"].definition.key
    chosen = coder.get(address, {"ask": "laterality"}).context["question"].definition.key
    unknown = coder.get(address, {"ask": "weather"}).context["question"].definition.key
    assert (chosen, unknown) == ("laterality", first)
    assert first != "laterality"


def test_a_version_that_was_retired_is_said_to_be_kept_for_the_round(people, hip, coder, answered):
    rule_sets.retire(people["rule approver"], hip)
    assert "retired since this round began, and kept for it" in text_of(coder, answered)


def test_the_other_lines_of_a_visit_stand_above_the_question(people, hip, coder):
    visit = factories.visit(people, ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
    page = text_of(coder, factories.service_for(visit, "27256"))
    assert "2 lines" in page
    assert "99203" in page


def test_a_service_that_is_coded_again_says_why(people, coder, service):
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], case, "Read it again.")
    assert "Round 2: a supervisor returned it. Answers that still hold were kept." in text_of(
        coder, service
    )


def test_a_query_that_was_closed_stands_there_with_its_reason(people, coder, service):
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY, question="Which hip?")
    queries.close(people["supervisor"], ProviderQuery.objects.get(), "The provider has left.")
    page = text_of(coder, service)
    assert "Which hip?" in page
    assert "Closed without an answer: The provider has left." in page


# --- Answers.


def test_an_answer_for_a_question_that_the_rules_do_not_know_leads_back_to_the_page(coder, service):
    response = coder.post(
        service.get_absolute_url(), {"fact": "weather", "value": "wet", "revision": 1}
    )
    assert response.status_code == 409
    assert "do not ask this any more" in response.content.decode()
    assert not Answer.objects.exists()


def test_an_answer_without_its_revision_is_refused_and_kept_in_the_form(coder, service):
    response = coder.post(service.get_absolute_url(), {"fact": "treatment", "value": "open"})
    assert response.status_code == 422
    assert response.context["question"].errors["revision"]
    assert response.context["question"]["value"].value() == "open"


def test_an_answer_to_a_service_that_was_decided_meanwhile_is_told(people, coder, answered):
    factories.decide(people["coder"], answered, factories.PAVLIK)
    response = coder.post(
        answered.get_absolute_url(), {"fact": "laterality", "value": "right", "revision": 1}
    )
    assert response.status_code == 409
    assert "This service is final by now" in response.content.decode()


# --- The decision.


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"choice": ""}, "choice", "Choose what to do."),
        ({"choice": "keep"}, "choice", "not one of the available choices"),
        ({"choice": "nothing"}, "reason", "Say why"),
        ({"choice": "provider_query", "reason": "  "}, "reason", "Say why"),
        ({"choice": "other_code", "reason": "Why."}, "code", "Write the code"),
        ({"choice": "other_code", "code": "2725!", "reason": "Why."}, "code", "five characters"),
        (
            {"choice": "other_code", "code": "27257", "units": "0", "reason": "Why."},
            "units",
            "greater than or equal",
        ),
        (
            {"choice": "other_code", "code": "27257", "modifiers": "XX", "reason": "Why."},
            "modifiers",
            "no modifier",
        ),
    ],
)
def test_a_decision_that_lacks_something_comes_back_with_what_was_typed(
    coder, answered, data, field, words
):
    response = send(coder, answered, **data)
    form = response.context["decision_form"]
    assert response.status_code == 422
    assert words in " ".join(form.errors[field])
    assert form["reason"].value() == data.get("reason")
    assert not CodingDecision.objects.exists()


def test_the_same_code_with_other_modifiers_is_another_code(coder, answered):
    response = send(
        coder, answered, choice="other_code", code="27256", modifiers="rt", reason="The right one."
    )
    assert response.status_code == 302
    assert CodingDecision.objects.get().reported == "27256-RT"


def test_the_message_says_that_a_disagreement_went_to_the_queue(coder, answered):
    address = send(
        coder, answered, choice="other_code", code="27257", modifiers="lt", reason="A reduction."
    ).url
    page = coder.get(address).content.decode()
    assert f"{answered.encounter.external_id}: your decision went to the supervisor queue." in page


def test_a_decision_on_a_suggestion_that_changed_in_another_window_is_refused(
    people, coder, answered
):
    shown = coder.get(answered.get_absolute_url()).context["decision_form"].initial
    answers.answer(people["coder"], answered, "laterality", Known("right"))
    response = coder.post(answered.get_absolute_url(), {**shown, "choice": "accept", "units": 1})
    assert response.status_code == 409
    assert "not the one that you saw" in response.content.decode()
    assert not CodingDecision.objects.exists()


def test_a_form_that_another_coder_sent_is_not_taken_for_ones_own(people, coder, client, answered):
    key = uuid.uuid4()
    send(coder, answered, idempotency_key=key)
    client.force_login(people["coder", 2])
    other = factories.service(people, answered.version)
    factories.answer(people["coder", 2], other, factories.PAVLIK)
    response = send(client, other, idempotency_key=key)
    assert response.status_code == 409
    assert "sent by somebody else" in response.content.decode()
    assert factories.service_of(other).state == ServiceState.TO_CODE


def test_the_next_one_is_the_oldest_that_is_nobody_elses(people, hip, coder, answered):
    day = answered.day
    theirs = factories.encounter(people, hip, date_of_service=day.replace(day=1))
    encounters.assign(people["coder", 2], theirs, people["coder", 2])
    factories.encounter(people, hip, date_of_service=day.replace(day=3))
    oldest = factories.service(people, hip, date_of_service=day.replace(day=2))
    assert send(coder, answered, then="next").url == reverse("reading", args=[oldest.public_id])


def test_where_nothing_is_left_to_code_the_next_one_is_the_visit_itself(coder, answered):
    assert send(coder, answered, then="next").url == answered.encounter.get_absolute_url()


def test_a_service_leads_to_its_place_on_the_visits_page(client, people, service):
    client.force_login(people["auditor"])
    response = client.get(reverse("service", args=[service.public_id]))
    assert response.url == f"{service.encounter.get_absolute_url()}#service-1"
