"""On a case stand the open cases that are alike, and what was ruled before on the same answers."""

import uuid

import pytest
from django.urls import reverse

from reviews.actions.decisions import Judgement
from reviews.alike import precedents
from reviews.models import Choice, RulingKind
from tests import factories


def disputed(people, hip, judgement=None, facts=factories.PAVLIK):
    service = factories.service(people, hip)
    return factories.case_of(factories.decide(people["coder"], service, facts, judgement or factories.insists()))


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, case):
    return client.get(case.get_absolute_url()).content.decode()


def test_open_cases_with_the_same_answers_and_decision_are_counted_and_listed(people, hip, supervisor):
    case, same = disputed(people, hip), disputed(people, hip)
    disputed(people, hip, Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm."))
    disputed(people, hip, facts={**factories.PAVLIK, "laterality": "right"})
    page = supervisor.get(case.get_absolute_url())
    assert page.context["alike"] == 1
    listed = supervisor.get(reverse("queue"), {"alike": case.public_id, "state": "queued"})
    assert list(listed.context["page"]) == [same]


def test_a_case_that_stands_alone_says_nothing(people, hip, supervisor):
    case = disputed(people, hip)
    assert "same answers" not in text_of(supervisor, case)
    assert list(supervisor.get(reverse("queue"), {"alike": case.public_id}).context["page"]) == []
    assert list(supervisor.get(reverse("queue"), {"alike": uuid.uuid4()}).context["page"]) == []


def test_earlier_rulings_on_the_same_answers_stand_with_how_often(people, hip, supervisor):
    for kind in (RulingKind.CODER_UPHELD, RulingKind.CODER_UPHELD, RulingKind.RULES_UPHELD, RulingKind.PROVIDER_QUERY):
        factories.rule(people["supervisor"], disputed(people, hip), kind)
    case = disputed(people, hip)
    assert [(found.words, found.times) for found in precedents(case)] == [("27257", 2), ("27256", 1)]
    assert "Ruled before on the same answers: 27257 (2×), 27256 (1×)." in text_of(supervisor, case)


def test_a_coder_is_not_told_how_others_were_ruled_on(people, hip, client):
    factories.rule(people["supervisor"], disputed(people, hip))
    case = disputed(people, hip)
    client.force_login(people["coder"])
    assert "Ruled before" not in text_of(client, case)
