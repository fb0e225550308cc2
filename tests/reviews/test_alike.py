"""On a case stand the open cases that are alike, and what was ruled before on the same answers."""

import uuid

import pytest
from django.urls import reverse

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Signature
from reviews.actions import cases
from reviews.actions.adjudications import Adjudication
from reviews.actions.decisions import Judgement
from reviews.actions.rulings import rule_alike
from reviews.coding_form.difference import differing_facts
from reviews.judging.alike import alike, ruled_on_same_answers
from reviews.models import Choice, Ruling, RulingKind
from tests import factories
from tests.races import at_once

UPHELD = Adjudication(RulingKind.CODER_UPHELD, "It is a reduction.")


def disputed(people, hip, judgement=None, facts=factories.PAVLIK):
    service = factories.service(people, hip)
    return factories.case_of(
        factories.decide(people["coder"], service, facts, judgement or factories.insists())
    )


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, case):
    return client.get(case.get_absolute_url()).content.decode()


def test_open_cases_with_the_same_answers_and_decision_are_counted_and_listed(
    people, hip, supervisor
):
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
    for kind in (
        RulingKind.CODER_UPHELD,
        RulingKind.CODER_UPHELD,
        RulingKind.RULES_UPHELD,
        RulingKind.PROVIDER_QUERY,
    ):
        factories.rule(people["supervisor"], disputed(people, hip), kind)
    case = disputed(people, hip)
    assert [(found.words, found.times) for found in ruled_on_same_answers(case)] == [
        ("27257", 2),
        ("27256", 1),
    ]
    assert "Ruled before on the same answers: 27257 (2×), 27256 (1×)." in text_of(supervisor, case)


def test_a_coder_is_not_told_how_others_were_ruled_on(people, hip, client):
    factories.rule(people["supervisor"], disputed(people, hip))
    case = disputed(people, hip)
    client.force_login(people["coder"])
    assert "Ruled before" not in text_of(client, case)


def test_cases_of_other_answers_that_differ_in_the_same_ones_are_alike_too(people, hip):
    case = disputed(people, hip)
    further = disputed(people, hip, facts={**factories.PAVLIK, "service_context": "follow_up"})
    same_end = further.suggestion.reported == case.suggestion.reported
    assert (further in alike(case)) == (
        same_end and differing_facts(case) == differing_facts(further)
    )


def held(people, case):
    cases.claim(people["supervisor"], case)
    return factories.fresh_case(case)


def test_one_ruling_for_all_that_are_alike_gives_each_its_own_record_under_one_signature(
    people, hip, supervisor
):
    case, first, second = [disputed(people, hip) for _ in range(3)]
    held(people, case)
    page = supervisor.get(reverse("alike-cases", args=[case.public_id]))
    form = page.context["form"]
    data = {name: form[name].value() for name in ("idempotency_key", "revision", "suggestion")}
    data |= {
        "kind": "coder_upheld",
        "reason": "It is a reduction.",
        "others": [first.pk],
        "password": factories.PASSWORD,
    }
    sent = [supervisor.post(page.request["PATH_INFO"], data) for _ in range(2)]
    assert [response.status_code for response in sent] == [302, 302]
    assert {ruling.case for ruling in Ruling.objects.all()} == {case, first}
    assert Signature.objects.filter(meaning="ruling").count() == 1
    assert factories.fresh_case(second).is_open
    ruled = AuditEvent.objects.filter(event="case.ruled")
    assert {event.after["how"] for event in ruled} == {"with alike cases"}


def test_what_others_claimed_meanwhile_and_what_is_not_alike_is_left(people, hip):
    case, claimed, waiting = [disputed(people, hip) for _ in range(3)]
    other = disputed(people, hip, facts={**factories.PAVLIK, "laterality": "right"})
    cases.claim(people["supervisor", 2], claimed)
    ruled = rule_alike(
        people["supervisor"], held(people, case), [claimed.pk, waiting.pk, other.pk], UPHELD
    )
    assert (ruled.cases, ruled.left) == (2, 2)
    assert {ruling.case for ruling in Ruling.objects.all()} == {case, waiting}


def test_whoever_does_not_hold_the_case_rules_on_none(people, hip):
    case, waiting = disputed(people, hip), disputed(people, hip)
    with pytest.raises(Conflict, match="You do not hold this case"):
        rule_alike(people["supervisor"], case, [waiting.pk], UPHELD)
    with pytest.raises(NotAllowed, match="may not rule on review cases"):
        rule_alike(people["coder", 2], case, [waiting.pk], UPHELD)
    query = Adjudication(RulingKind.PROVIDER_QUERY, "Which?")
    with pytest.raises(Conflict, match="asks about one patient"):
        rule_alike(people["supervisor"], held(people, case), [waiting.pk], query)
    assert not Ruling.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_supervisors_who_rule_on_the_same_cases_at_once_each_case_has_one_ruling(
    people, hip
):
    own = [disputed(people, hip) for _ in range(2)]
    shared = [disputed(people, hip) for _ in range(2)]
    supervisors = [people["supervisor"], people["supervisor", 2]]
    for place, case in enumerate(own):
        cases.claim(supervisors[place], case)
    keys = [case.pk for case in shared]
    results = at_once(
        2, lambda n: rule_alike(supervisors[n], factories.fresh_case(own[n]), keys, UPHELD)
    )
    assert sorted(result.cases for result in results) == [1, 3]
    assert Ruling.objects.count() == 4


def test_a_ruling_that_names_no_real_code_is_refused_at_its_field_for_all(people, hip, supervisor):
    case, same = disputed(people, hip), disputed(people, hip)
    cases.claim(people["supervisor"], case)
    address = reverse("alike-cases", args=[case.public_id])
    form = supervisor.get(address).context["form"]
    hidden = {name: form[name].value() for name in ("idempotency_key", "revision", "suggestion")}
    data = hidden | {"others": [same.pk], "kind": RulingKind.OTHER_CODE, "reason": "A reduction."}
    refused = supervisor.post(address, data | {"code": "27257", "modifiers": "LT, LT", "units": 1})
    assert refused.status_code == 422
    assert "modifiers" in refused.context["form"].errors
    assert not Ruling.objects.exists()
