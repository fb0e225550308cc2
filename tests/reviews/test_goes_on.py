"""Where a family has no code and its rules name another one, the form goes on there by one button."""

import pytest
from django.urls import reverse

from coding.models import Service, ServiceState
from tests import factories, said_rules, small_rules

ELSEWHERE = said_rules.rule(
    "ELSEWHERE", [{"held": {"in": [False]}}], "no_family_code", see=["other", "nowhere"]
)
WITH_LINE = said_rules.rule("CODE", [{}], code="27256")


@pytest.fixture
def service(people):
    small_rules.published(people, rules=small_rules.another())
    rules = small_rules.table(
        rules=[ELSEWHERE, WITH_LINE], lines=[{"code": "27275", "rows": [{}], "units": 2}]
    )
    return factories.service(people, small_rules.published(people, rules=rules))


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def page(coder, people, service, held):
    factories.answer(people["coder"], service, {"held": held})
    return coder.get(reverse("code", args=[service.public_id]))


def test_one_button_moves_the_service_to_the_rule_set_that_is_named(coder, people, service):
    shown = page(coder, people, service, "no")
    [(other, key)] = shown.context["goes_on"]
    assert "Go on with Other" in shown.content.decode()
    sent = {"to": other.pk, "reason": "ELSEWHERE names Other", "idempotency_key": key}
    for _ in range(2):
        response = coder.post(reverse("move-service", args=[service.public_id]), sent)
    moved = Service.objects.get(rule_set=other)
    assert response.url == moved.get_absolute_url()
    assert factories.service_of(service).state == ServiceState.WITHDRAWN


def test_where_a_code_follows_nothing_goes_on_and_its_further_lines_are_named(
    coder, people, service
):
    shown = page(coder, people, service, "yes")
    assert shown.context["goes_on"] == []
    assert "27275 × 2" in shown.content.decode()
