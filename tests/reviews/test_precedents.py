"""Precedents: a ruling kept as a worked case of its rule set, which a version has to reverse by name."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Precedent
from coding.rules import precedents as of_rules
from coding.rules import rulebook
from reviews.actions import precedents, second_looks
from reviews.models import RulingKind
from tests import factories
from tests.races import at_once


def ruled(people, hip, kind=RulingKind.CODER_UPHELD, **values):
    decision = factories.decide(
        people["coder"],
        factories.service(people, hip, **values),
        factories.PAVLIK,
        factories.insists(),
    )
    return factories.rule(people["supervisor"], factories.case_of(decision), kind)


def record(
    people,
    ruling,
    deciding=("treatment",),
    title="A harness is a reduction.",
    basis="The policy of 2026.",
):
    return precedents.record(people["supervisor"], ruling, deciding, title, basis)


def test_a_precedent_keeps_what_was_found_by_which_answers_and_under_which_version(people, hip):
    ruling = ruled(people, hip)
    precedent = record(people, ruling, ["treatment"])
    assert (precedent.name, precedent.words, precedent.version) == ("P1", "27257-LT", hip)
    assert precedent.deciding["treatment"] == facts(ruling)["treatment"]
    assert precedent.profile == ruling.case.suggestion.profile
    assert precedent.ruled_case == ruling.case.public_id
    event = AuditEvent.objects.get(event="precedent.recorded")
    assert event.after == {"precedent": "P1", "finds": "27257-LT", "by": ["treatment"]}
    assert (event.actor, event.encounter) == (
        people["supervisor"],
        ruling.case.service.encounter.public_id,
    )


def facts(ruling):
    return ruling.case.suggestion.profile.facts


def test_a_service_holds_a_precedent_if_it_holds_the_answers_that_decided(people, hip):
    ruling = ruled(people, hip)
    precedent = record(people, ruling)
    standing = of_rules.in_force(hip.rule_set_id)
    assert of_rules.held(standing, {**facts(ruling), "further": {"is": "yes"}}) == [precedent]
    assert of_rules.held(standing, {"treatment": None}) == []


def test_a_table_that_decides_the_answers_otherwise_reverses_the_precedent(people, hip):
    upheld = record(people, ruled(people, hip, RulingKind.RULES_UPHELD))
    assert of_rules.reversals(hip.rule_set_id, rulebook.table_of(hip.document)) == []
    draft = factories.draft_without_harness(people, hip)
    [reversal] = of_rules.reversals(hip.rule_set_id, rulebook.table_from_rows(draft))
    assert (reversal.precedent, reversal.instead) == (upheld, "Supervisor review")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deciding": ()}, "deciding"),
        ({"deciding": ("weather",)}, "deciding"),
        ({"title": f"About {factories.CANARY}"}, "title"),
        ({"basis": "They write: left hip dislocated; pavlik harness fitted at once."}, "basis"),
    ],
)
def test_a_precedent_holds_answers_of_the_case_and_no_text_of_the_patient(
    people, hip, changes, field
):
    ruling = ruled(people, hip)
    with pytest.raises(ValidationError) as refusal:
        record(people, ruling, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert not Precedent.objects.exists()


def test_what_contradicts_a_precedent_that_stands_is_refused_and_so_is_a_second_one_of_a_case(
    people, hip
):
    first = ruled(people, hip)
    record(people, first)
    with pytest.raises(Conflict, match="a precedent already"):
        record(people, first)
    with pytest.raises(Conflict, match="P1 found 27257-LT"):
        record(people, ruled(people, hip, RulingKind.RULES_UPHELD))


def test_only_the_last_word_on_a_service_becomes_a_precedent_and_only_by_a_supervisor(people, hip):
    ruling = ruled(people, hip)
    with pytest.raises(NotAllowed, match="may not make rulings precedents"):
        precedents.record(people["coder"], ruling, ["treatment"], "T", "B")
    second_looks.reopen(people["supervisor"], ruling, "The film came in.")
    with pytest.raises(Conflict, match="newer case"):
        record(people, ruling)


@pytest.mark.django_db(transaction=True)
def test_two_rulings_kept_at_once_get_two_numbers(people, hip):
    rulings = [ruled(people, hip), ruled(people, hip)]
    kept = at_once(2, lambda number: record(people, rulings[number]))
    assert sorted(precedent.number for precedent in kept) == [1, 2]


def test_a_supervisor_makes_a_ruling_a_precedent_and_later_cases_name_it(client, people, hip):
    ruling = ruled(people, hip)
    client.force_login(people["supervisor"])
    address = f"{ruling.case.get_absolute_url()}precedent/"
    form = client.get(address).context["form"]
    assert "treatment" in form["deciding"].value()
    data = {
        "idempotency_key": form["idempotency_key"].value(),
        "title": "A harness is a reduction.",
        "basis": "Policy.",
    }
    assert client.post(address, data).status_code == 422
    sent = [client.post(address, {**data, "deciding": ["treatment"]}) for _ in range(2)]
    assert {answer.headers.get("Location") for answer in sent} == {sent[0].url}
    assert Precedent.objects.count() == 1
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    later = factories.case_of(decision)
    page = client.get(later.get_absolute_url()).content.decode()
    assert "Precedent P1 holds: <strong>27257-LT</strong>" in page
    client.force_login(people["coder"])
    assert "Precedent P1" not in client.get(later.get_absolute_url()).content.decode()


def test_a_ruling_that_asks_the_provider_settles_nothing_to_be_kept(people, hip):
    asks = ruled(people, hip, RulingKind.PROVIDER_QUERY)
    with pytest.raises(Conflict, match="settles no answers"):
        record(people, asks)


def test_what_the_verb_refuses_is_said_on_the_page_at_its_field(people, hip, client):
    case = ruled(people, hip).case
    client.force_login(people["supervisor"])
    address = reverse("make-precedent", args=[case.public_id])
    form = client.get(address).context["form"]
    data = {
        "idempotency_key": form["idempotency_key"].value(),
        "deciding": ["treatment"],
        "title": f"About {factories.CANARY}",
        "basis": "The policy of 2026.",
    }
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"title"}
    assert client.post(address, data | {"title": "A harness is a reduction."}).status_code == 302
    assert Precedent.objects.get().title == "A harness is a reduction."
