"""The guided form, the decision and the ruling as pages that work without JavaScript."""

import json
import uuid
from datetime import date

import pytest
from django.urls import reverse

from coding.decision import RuleTable
from coding.models import Answer, AuditEvent
from reviews.models import CodingDecision, FinalCode, ReviewCase, Ruling
from tests import factories


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def url(name, target):
    return reverse(name, args=[target.public_id])


def answer_all(client, service, facts):
    for _ in facts:
        question = client.get(url("code", service)).context["question"]
        if question is None:
            break
        key = question.definition.key
        assert (
            client.post(
                url("code", service), {"fact": key, "value": facts[key], "revision": 1}
            ).status_code
            == 302
        )


def decision_data(client, service, **data):
    form = client.get(url("code", service)).context["decision_form"]
    hidden = {name: form.initial[name] for name in ("seen", "revision", "idempotency_key")}
    return {**hidden, "choice": "accept", "units": 1, **data}


def test_a_coder_answers_question_by_question_and_accepts(coder, service):
    first = coder.get(url("code", service))
    assert "27256" in first.content.decode()
    answer_all(coder, service, factories.PAVLIK)
    page = coder.get(url("code", service)).content.decode()
    assert "R32" in page
    assert "and no earlier rule applies" in page
    assert "<strong>27257</strong>" in page
    response = coder.post(url("code", service), decision_data(coder, service), follow=True)
    assert "27256-LT is final" in response.content.decode()


def test_the_possible_codes_shrink_with_each_answer(coder, service):
    def possible():
        return set(coder.get(url("code", service)).context["guided"].possible_codes)

    every = possible()
    coder.post(url("code", service), {"fact": "treatment", "value": "closed", "revision": 1})
    closed = possible()
    assert closed < every
    assert "27258" not in closed


def test_a_question_that_no_longer_decides_is_not_asked(coder, service):
    coder.post(url("code", service), {"fact": "treatment", "value": "none", "revision": 1})
    page = coder.get(url("code", service))
    assert page.context["question"] is None
    assert page.context["guided"].suggestion.outcome == "no_family_code"
    assert "no earlier rule" not in page.content.decode()


def test_going_back_takes_the_answer_back_and_asks_again(coder, service):
    answer_all(coder, service, factories.PAVLIK)
    response = coder.post(
        url("code", service), {"fact": "laterality", "change": "yes"}, follow=True
    )
    assert response.context["question"].definition.key == "laterality"
    assert "laterality" not in response.context["guided"].facts
    assert Answer.objects.filter(fact="laterality").count() == 2


def test_htmx_gets_the_part_alone_and_caches_are_told(coder, service):
    response = coder.post(
        url("code", service),
        {"fact": "treatment", "value": "open", "revision": 1},
        headers={"HX-Request": "true"},
    )
    text = response.content.decode()
    assert '<div id="_guide"' in text
    assert "<html" not in text
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("value", ["", "sideways", "\0", "x" * 5000])
def test_an_answer_that_is_none_is_told_and_changes_nothing(coder, service, value):
    response = coder.post(
        url("code", service), {"fact": "treatment", "value": value, "revision": 1}
    )
    assert response.status_code == 422
    assert response.context["question"].errors["value"]
    assert not Answer.objects.exists()


def test_a_departing_decision_needs_its_code_and_its_reason(coder, service):
    answer_all(coder, service, factories.PAVLIK)
    response = coder.post(url("code", service), decision_data(coder, service, choice="other_code"))
    assert response.status_code == 422
    assert set(response.context["decision_form"].errors) == {"code", "reason"}
    same = decision_data(
        coder, service, choice="other_code", code="27256", modifiers="lt", reason="Same."
    )
    response = coder.post(url("code", service), same)
    assert "Accept the suggestion" in response.content.decode()


def test_the_same_form_sent_eight_times_makes_one_decision_and_leads_to_one_place(coder, service):
    answer_all(coder, service, factories.PAVLIK)
    data = decision_data(coder, service)
    addresses = {coder.post(url("code", service), data).url for _ in range(8)}
    assert addresses == {service.encounter.get_absolute_url()}
    assert CodingDecision.objects.count() == FinalCode.objects.count() == 1


def test_submit_and_next_leads_to_the_next_encounter(coder, people, hip, service):
    following = factories.service(people, hip)
    answer_all(coder, service, factories.PAVLIK)
    response = coder.post(url("code", service), decision_data(coder, service, then="next"))
    assert response.url == url("reading", following)


def test_somebody_elses_encounter_is_shown_with_their_name_and_not_coded(
    coder, people, hip, service, client
):
    coder.post(url("code", service), {"fact": "treatment", "value": "closed", "revision": 1})
    client.force_login(people["coder", 2])
    assert people["coder"].name in client.get(url("code", service)).content.decode()
    response = client.post(
        url("code", service), {"fact": "definitive", "value": "yes", "revision": 1}
    )
    assert response.status_code == 409
    assert people["coder"].name in response.content.decode()


def test_without_a_version_in_force_the_page_says_so(coder, people, hip):
    early = factories.service(people, hip, date_of_service=date(2025, 1, 1))
    response = coder.get(url("code", early))
    assert response.status_code == 409
    assert "<h1>No rules are in force</h1>" in response.text
    assert "No version of the rules is in force on 2025-01-01" in response.text


def test_a_round_keeps_its_version_says_so_and_offers_the_newer_one(coder, people, hip, service):
    answer_all(coder, service, factories.PAVLIK)
    document = factories.hip_table().to_document()
    [fact] = [fact for fact in document["facts"] if fact["key"] == "stabilization"]
    fact["choices"][0]["value"] = "pavlik_harness"
    renamed = json.loads(json.dumps(document).replace('"pavlik"', '"pavlik_harness"'))
    factories.published_hip(people, date(2026, 2, 1), RuleTable.from_document(renamed))
    kept = coder.get(url("code", service))
    assert (kept.context["guided"].version.number, kept.context["newer"].number) == (1, 2)
    assert "Go on with version 2" in kept.content.decode()
    page = coder.post(url("renew-version", service), follow=True)
    # What the newer version no longer offers is asked again; the rest was kept.
    assert page.context["question"].definition.key == "stabilization"
    assert page.context["guided"].facts.keys() == factories.PAVLIK.keys() - {"stabilization"}


def test_opening_an_encounter_is_noted_in_the_audit_trail(coder, service):
    coder.get(service.encounter.get_absolute_url())
    event = AuditEvent.objects.get(event="encounter.viewed")
    assert event.encounter == service.encounter.public_id


def test_a_supervisor_claims_compares_by_fact_and_rules(people, hip, service, client):
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case = ReviewCase.objects.get(decision=decision)
    client.force_login(people["supervisor"])
    page = client.post(url("claim", case), follow=True)
    needed = {row.label: row.needed.needed for row in page.context["comparison"].explains}
    assert needed["Manipulation"] == "Manipulated"
    data = {
        "idempotency_key": uuid.uuid4(),
        "revision": 1,
        "suggestion": case.suggestion_id,
        "kind": "rules_upheld",
    }
    data |= {"reason": "A harness is no manipulation."}
    for _ in range(3):
        assert client.post(url("case", case), data).status_code == 302
    assert Ruling.objects.get().reported == "27256-LT"
    client.force_login(people["coder"])
    assert "A harness is no manipulation." in client.get(case.get_absolute_url()).content.decode()


def test_another_code_in_a_ruling_needs_the_code(people, hip, service, client):
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case = ReviewCase.objects.get(decision=decision)
    client.force_login(people["supervisor"])
    client.post(url("claim", case))
    data = {
        "idempotency_key": uuid.uuid4(),
        "revision": 1,
        "kind": "other_code",
        "reason": "Neither.",
    }
    response = client.post(url("case", case), data)
    assert response.status_code == 422
    assert "code" in response.context["form"].errors


def test_the_second_supervisor_to_claim_is_told_who_has_the_case(people, hip, service, client):
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case = ReviewCase.objects.get(decision=decision)
    client.force_login(people["supervisor"])
    client.post(url("claim", case))
    client.force_login(people["supervisor", 2])
    response = client.post(url("claim", case))
    assert response.status_code == 409
    assert people["supervisor"].name in response.content.decode()
