"""The pages of services that may be there, of splitting and joining, and of the answers that another service offers."""

import uuid

import pytest
from django.urls import reverse

from coding.intake.records import ServiceLineRecord
from coding.models import Answer, AnswerSource, Service
from reviews.models import DismissedService
from tests import factories, small_rules
from tests.reviews.proposals import gated, rules
from tests.reviews.whole_pages import whole_page

LEFT, RIGHT = ServiceLineRecord("20610", ("LT",)), ServiceLineRecord("20610", ("RT",))
HELD = "The left knee was held."


def standing(people):
    return small_rules.published(people, rules=rules(), lexicon=gated())


@pytest.fixture
def knee(standing):
    return standing


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def noted(people, knee):
    """A visit without a line, whose note and diagnosis speak for the family."""
    return factories.visit(people, note=HELD, diagnoses=("M17.0",))


@pytest.fixture
def two_lines(people, knee):
    return factories.visit(people, LEFT, RIGHT, note="Seen.")


def send(client, name, target, **data):
    address = reverse(name, args=[target.public_id])
    return client.post(
        address,
        {"idempotency_key": uuid.uuid4(), "reason": "As the note says.", **data},
        follow=True,
    )


def services(encounter):
    standing = Service.objects.standing().filter(encounter=encounter).order_by("number")
    return [factories.service_of(service) for service in standing]


def test_the_page_says_what_speaks_for_a_service_and_a_coder_opens_it(coder, noted, knee):
    shown = whole_page(coder, noted)
    for words in ("Services that may be there", "Diagnosis M17.0", "<q>held</q>", "Open it"):
        assert words in shown
    response = send(coder, "settle-proposal", noted, rule_set=knee.rule_set_id, verb="confirm")
    [service] = services(noted)
    assert response.redirect_chain[-1][0] == service.get_absolute_url()
    assert "Services that may be there" not in whole_page(coder, noted)


def test_the_same_form_sent_twice_opens_one_service(coder, noted, knee):
    once = {"idempotency_key": uuid.uuid4(), "rule_set": knee.rule_set_id, "verb": "confirm"}
    for _ in range(2):
        assert send(coder, "settle-proposal", noted, **once).status_code == 200
    assert len(services(noted)) == 1


def test_a_dismissed_service_is_told_apart_with_who_dismissed_it_and_why(
    people, coder, noted, knee
):
    send(
        coder,
        "settle-proposal",
        noted,
        rule_set=knee.rule_set_id,
        verb="dismiss",
        reason="An exam only.",
    )
    shown = whole_page(coder, noted)
    assert "Services that may be there" not in shown
    for words in (
        "Dismissed services: 1",
        people["coder"].name,
        "An exam only.",
        "Open it after all",
    ):
        assert words in shown


def test_what_was_dismissed_is_proposed_again_once_something_else_speaks_for_it(
    people, coder, noted, knee
):
    send(coder, "settle-proposal", noted, rule_set=knee.rule_set_id, verb="dismiss")
    factories.send_again(people, noted, diagnoses=("M17.0", "M17.11"))
    shown = whole_page(coder, noted)
    assert "Services that may be there" in shown
    assert "Diagnosis M17.11" in shown


@pytest.mark.parametrize(
    "data", [{}, {"rule_set": "0", "verb": "confirm"}, {"rule_set": "1", "verb": "delete"}]
)
def test_a_form_that_names_nothing_does_nothing_and_says_so(coder, noted, data):
    assert "Nothing was done" in send(coder, "settle-proposal", noted, **data).content.decode()
    assert not services(noted)
    assert not DismissedService.objects.exists()


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_others_read_what_is_proposed_and_have_no_buttons(people, client, noted, role):
    client.force_login(people[role])
    shown = whole_page(client, noted)
    assert "Services that may be there" in shown
    assert "Dismiss it" not in shown


def test_a_service_is_split_on_its_page_and_its_form_offers_the_answers(people, coder, two_lines):
    [first] = services(two_lines)
    factories.answer(people["coder"], first, {"side": "left", "held": "yes"})
    assert reverse("split-service", args=[first.public_id]) in whole_page(coder, two_lines)
    going = first.lines.get(modifiers=["RT"]).pk
    send(coder, "split-service", first, lines=[going])
    _, second = services(two_lines)
    shown = coder.get(f"{second.get_absolute_url()}?ask=held")
    assert "Service 1 (Knee) answers this with <strong>yes</strong>" in shown.content.decode()
    assert shown.context["question"].initial["value"] == "yes"
    # The side is what they most often differ in.
    shown = coder.get(f"{second.get_absolute_url()}?ask=side")
    assert "Service 1 (Knee) answers this with <strong>Left</strong>" in shown.content.decode()
    assert shown.context["question"].initial["value"] is None
    answer = {"fact": "side", "value": "left", "revision": 1, "carried": "on"}
    coder.post(second.get_absolute_url(), answer)
    assert Answer.objects.get(service=second).source == AnswerSource.CARRIED


def test_no_line_is_offered_where_there_is_one_and_all_of_them_are_refused(
    people, coder, two_lines, knee
):
    [first] = services(two_lines)
    everything = [line.pk for line in first.lines.standing()]
    assert send(coder, "split-service", first, lines=everything).status_code == 409
    [single] = services(factories.visit(people, LEFT))
    assert (
        "lines"
        not in coder.get(reverse("split-service", args=[single.public_id])).context["form"].fields
    )


def test_two_services_that_are_answered_as_one_are_joined_from_the_encounter_s_page(
    people, coder, two_lines
):
    [first] = services(two_lines)
    send(coder, "split-service", first, lines=[first.lines.get(modifiers=["RT"]).pk])
    first, second = services(two_lines)
    for service, side in ((first, "left"), (second, "right")):
        factories.answer(people["coder"], service, {"side": side, "held": "yes"})
    shown = whole_page(coder, two_lines)
    assert "Services 1 and 2 are answered as Knee answers one service." in shown
    address = reverse("join-service", args=[second.public_id])
    assert f"{address}?into=1" in shown
    assert "checked" in coder.get(f"{address}?into=1").content.decode()
    send(coder, "join-service", second, into="1")
    assert services(two_lines) == [first]


def test_a_service_alone_of_its_family_has_nothing_to_be_joined_to(coder, two_lines):
    [first] = services(two_lines)
    assert reverse("join-service", args=[first.public_id]) not in whole_page(coder, two_lines)
    assert (
        "Nothing to join it to"
        in coder.get(reverse("join-service", args=[first.public_id])).content.decode()
    )
    assert send(coder, "join-service", first, into="7").status_code == 409
