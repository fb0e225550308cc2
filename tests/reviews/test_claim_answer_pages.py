"""How a coder answers to the claim checks on pages, and what others see of it."""

import uuid

import pytest
from django.urls import reverse

from reviews.actions import claim_answers
from reviews.models import FindingOverride, ProposalAnswer
from tests import factories
from tests.reviews import claims
from tests.reviews.whole_pages import whole_page
from tests.signing import signed

standing = claims.final_visit


@pytest.fixture
def visit(standing):
    return standing


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def override_address(visit):
    [error] = claims.checked(visit).open_errors
    return reverse("override-check", args=[visit.public_id], query={"key": error.named.key})


def test_a_proposal_is_taken_over_and_left_by_its_buttons(coder, visit):
    [shown] = claims.checked(visit).proposals
    address = reverse("answer-proposal", args=[visit.public_id])
    data = {"key": shown.named.key, "page": "report"}

    answered = coder.post(address, {**data, "taken": "yes"}, follow=True)
    assert answered.redirect_chain[-1][0] == reverse("report", args=[visit.public_id]) + "#findings"
    assert "Taken over." in answered.text
    assert "Left." in coder.post(address, {**data, "taken": "no"}, follow=True).text
    assert [answer.taken for answer in ProposalAnswer.objects.order_by("pk")] == [True, False]


def test_a_finding_leads_to_the_services_whose_lines_it_names(coder, visit):
    page = coder.get(reverse("report", args=[visit.public_id])).text
    assert [page.count(f'{visit.get_absolute_url()}#service-{number}"') for number in (1, 2)] == [
        1,
        1,
    ]
    assert f'id="service-{2}"' in coder.get(visit.get_absolute_url()).text


def test_an_override_asks_why_and_for_the_password(coder, visit, settings):
    settings.SIGN_AGAIN = True
    address = override_address(visit)
    assert "22222 is part of 11111" in coder.get(address).text

    form = {"idempotency_key": uuid.uuid4(), "reason": "Two operations."}
    assert coder.post(address, form).status_code == 422
    assert coder.post(address, {**form, "reason": "", **signed({})}).status_code == 422
    assert not FindingOverride.objects.exists()
    sent = [coder.post(address, signed(form)) for _ in range(2)]
    assert {answer.headers.get("Location") for answer in sent} == {sent[0].url}
    assert FindingOverride.objects.count() == 1
    page = whole_page(coder, visit)
    assert "Overridden by" in page
    assert "Two operations." in page


def test_what_is_found_no_longer_leads_back_to_the_encounter(coder, people, visit):
    address = override_address(visit)
    [error] = claims.checked(visit).open_errors
    claim_answers.override(people["coder"], visit, error.named.key, "Two operations.")
    refused = coder.get(address)
    assert refused.status_code == 409
    assert visit.get_absolute_url() in refused.text


def test_the_supervisor_reads_the_check_the_reason_and_the_signature(people, client, visit):
    [error] = claims.checked(visit).open_errors
    case = claim_answers.override(
        people["coder"], visit, error.named.key, "Two operations on two days."
    )
    client.force_login(people["supervisor"])
    page = client.get(case.get_absolute_url()).text
    assert "Overridden claim check N01" in page
    assert "Two operations on two days." in page
    assert "override of a claim check" in page


def test_beside_a_suggestion_stands_what_the_checks_will_say(people, coder, hip):
    claims.load_tables()
    visit = factories.visit(people, *claims.LINES, diagnoses=("Q65.02",))
    service = factories.service_for(visit, "27256")
    address = reverse("claim-ahead", args=[service.public_id])
    assert "Nothing is suggested yet" in coder.get(address).text

    factories.answer(people["coder"], service, factories.PAVLIK)
    page = coder.get(address).text
    assert "It needs the modifier for separate work (25)" in page
    assert "Override it" not in page
    assert address in coder.get(service.get_absolute_url()).text


def test_only_who_codes_is_offered_an_answer(people, client, visit):
    client.force_login(people["supervisor"])
    page = client.get(reverse("report", args=[visit.public_id])).text
    assert "22222 is part of 11111" in page
    assert "Override it" not in page
    assert "Take it over" not in page
