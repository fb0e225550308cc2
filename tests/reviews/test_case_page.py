"""The page of a review case: both sides, what follows from its state, and which rulings it takes."""

import uuid

import pytest
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.urls import reverse

from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent
from reviews.actions import cases, decisions, second_looks
from reviews.actions.decisions import Judgement
from reviews.models import CaseState, Choice, FinalCode, ProviderQuery, Ruling, RulingKind
from tests import factories

standing = factories.disputed


@pytest.fixture
def case(standing):
    return standing


@pytest.fixture
def held(people, case):
    cases.claim(people["supervisor"], case)
    return factories.fresh_case(case)


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def text_of(client, case):
    return client.get(case.get_absolute_url()).content.decode()


def ruling(case, **data):
    own = {
        "idempotency_key": uuid.uuid4(),
        "revision": 1,
        "suggestion": case.suggestion_id or "",
        "units": 1,
    }
    return {**own, "kind": "coder_upheld", "reason": "As it was coded.", **data}


def send(client, case, **data):
    return client.post(case.get_absolute_url(), ruling(case, **data))


def test_opening_a_case_is_noted_as_opening_its_encounter(people, supervisor, case):
    text_of(supervisor, case)
    event = AuditEvent.objects.get(event="encounter.viewed")
    assert (event.encounter, event.actor) == (
        case.service.encounter.public_id,
        people["supervisor"],
    )


def test_rules_and_coder_stand_side_by_side_with_their_reasons(people, supervisor, case):
    page = text_of(supervisor, case)
    for words in (
        "27257 would need",
        "The note calls it a reduction.",
        "differs",
        people["coder"].name,
        "R32",
    ):
        assert words in page


def test_by_fact_the_page_says_what_was_answered_and_what_the_coders_code_would_need(
    supervisor, case
):
    comparison = supervisor.get(case.get_absolute_url()).context["comparison"]
    assert [row.label for row in comparison.explains] == ["Manipulation", "Anesthesia"][
        : len(comparison.explains)
    ]
    rows = {row.label: row for row in (*comparison.rows, *comparison.agreed)}
    manipulation = rows["Manipulation"]
    assert manipulation.decides
    assert manipulation.needed.needed == "Manipulated"
    assert rows["Side"].needed is None
    assert "Tenotomy" not in rows


def test_a_case_about_a_line_without_rules_shows_one_side_only(people, hip, supervisor):
    factories.fees()
    visit = factories.visit(people, ServiceLineRecord("99203"))
    removed = Judgement(Choice.NOTHING, reason="Bundled.")
    decision = decisions.decide(people["coder"], factories.service_for(visit, "99203"), removed)
    page = supervisor.get(factories.case_of(decision).get_absolute_url())
    assert "no rule set codes this" in page.content.decode()
    assert "comparison" not in page.context


def test_only_the_holder_has_the_form_of_the_ruling(people, client, held):
    for who, has_form in (
        (("supervisor", 2), False),
        ("auditor", False),
        ("coder", False),
        ("supervisor", True),
    ):
        client.force_login(people[who])
        assert ("Your ruling" in text_of(client, held)) is has_form, who


def test_a_case_is_released_from_its_page_and_is_in_the_queue_again(supervisor, held):
    response = supervisor.post(
        reverse("claim", args=[held.public_id]), {"release": "yes"}, follow=True
    )
    assert response.redirect_chain == [(reverse("queue"), 302)]
    assert "The case is back in the queue." in response.content.decode()
    assert (factories.fresh_case(held).state, factories.fresh_case(held).holder) == (
        CaseState.QUEUED,
        None,
    )


def test_the_message_says_what_is_final(supervisor, held):
    page = supervisor.post(held.get_absolute_url(), ruling(held), follow=True).content.decode()
    assert "Coder upheld. Final: 27257-LT." in page


def test_the_message_says_that_the_provider_is_asked_and_the_page_leads_to_the_query(
    supervisor, held
):
    data = ruling(held, kind="provider_query", question="Which anesthesia was given?")
    page = supervisor.post(held.get_absolute_url(), data, follow=True).content.decode()
    assert "Provider query. The provider is asked." in page
    query = ProviderQuery.objects.get()
    assert query.text == "Which anesthesia was given?"
    assert query.get_absolute_url() in page


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"kind": ""}, "kind", "Choose a ruling."),
        ({"reason": "  "}, "reason", "required"),
        ({"kind": "other_code"}, "code", "Where nothing is reported, choose “Neither”"),
        ({"severity": "minor"}, "cause", "a severity and a cause"),
        ({"kind": "rule_defect"}, "code", "or tick that nothing is reported"),
        ({"kind": "other_code", "code": "2725"}, "code", "five characters"),
        ({"kind": "other_code", "code": "27256", "modifiers": "L"}, "modifiers", "two characters"),
        (
            {"kind": "other_code", "code": "27256", "modifiers": "XX"},
            "modifiers",
            "XX is no modifier",
        ),
        (
            {"kind": "other_code", "code": "27256", "units": "0"},
            "units",
            "greater than or equal to 1",
        ),
        (
            {"kind": "other_code", "code": "27256", "units": "1000"},
            "units",
            "less than or equal to 999",
        ),
        ({"kind": "other_code", "code": "27093"}, "confirmed", "No code list is loaded"),
        ({"kind": "rule_defect", "code": "27256", "no_code": "on"}, "no_code", "Take the code out"),
    ],
)
def test_a_ruling_that_lacks_something_comes_back_with_what_was_typed(
    supervisor, held, data, field, words
):
    response = send(supervisor, held, **{"reason": "The note is clear.", **data})
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert data.get("reason", "The note is clear.") in response.content.decode()
    assert not Ruling.objects.exists()


def test_that_nothing_is_reported_is_a_ruling_without_a_code(supervisor, held):
    assert send(supervisor, held, kind="neither", reason="Not done.").status_code == 302
    assert FinalCode.objects.current().get().outcome == "no_family_code"


def test_a_ruling_on_a_page_that_was_open_before_a_correction_is_refused(people, supervisor, held):
    factories.send_again(people, held.service.encounter, note="Another note.")
    response = send(supervisor, held)
    assert response.status_code == 409
    assert "Read it again before you rule" in response.content.decode()
    assert not Ruling.objects.exists()


def test_a_ruling_on_what_the_rules_said_before_is_refused(supervisor, held):
    response = send(supervisor, held, suggestion=held.suggestion_id + 1)
    assert response.status_code == 409
    assert "The rules say something else by now" in response.content.decode()


def test_a_ruling_that_the_case_does_not_allow_is_not_offered(people, hip, supervisor):
    service = factories.service(people, hip)
    gap = factories.case_of(factories.decide(people["coder"], service, factories.GAP_A))
    cases.claim(people["supervisor"], gap)
    assert send(supervisor, gap, kind="rules_upheld").status_code == 422
    assert not Ruling.objects.exists()


def test_a_coder_marks_the_ruling_as_read_once(people, client, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    client.force_login(people["coder"])
    address = reverse("acknowledge", args=[case.public_id])
    assert address in text_of(client, case)
    response = client.post(address, follow=True)
    assert response.redirect_chain == [(reverse("my-cases"), 302)]
    assert "The ruling is marked as read." in response.content.decode()
    assert address not in text_of(client, case)
    assert client.post(address).status_code == 409


def test_a_rebuttal_shows_the_objection_and_the_ruling_that_it_is_against(people, client, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    rebuttal = second_looks.rebut(
        people["coder"], factories.fresh_case(case), "The note says reduction."
    )
    client.force_login(people["supervisor", 2])
    page = text_of(client, rebuttal)
    for words in (
        "Rebuttal",
        "The coder's objection",
        "The note says reduction.",
        "Against: Rules upheld: 27256-LT",
    ):
        assert words in page


def test_a_reopened_case_shows_why(people, supervisor, case):
    ruled = factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    again = second_looks.reopen(people["supervisor"], ruled, "I clicked the wrong one.")
    page = text_of(supervisor, again)
    assert "Why the ruling was reopened" in page
    assert "I clicked the wrong one." in page


def test_a_code_that_no_list_could_check_is_warned_of_before_and_after_it_is_upheld(
    people, hip, supervisor
):
    service = factories.service(people, hip)
    confirmed = Judgement(Choice.OTHER_CODE, "27093", ("LT",), "An arthrogram.", confirmed=True)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, confirmed)
    )
    assert "Look it up before you uphold it." in text_of(supervisor, case)
    factories.rule(people["supervisor"], case, RulingKind.CODER_UPHELD)
    assert "the code was looked up by people only" in text_of(supervisor, case)


def test_a_case_is_read_in_few_queries_waiting_held_and_ruled_on(
    people, supervisor, case, django_assert_max_num_queries
):
    verbs = (
        lambda: None,
        lambda: cases.claim(people["supervisor"], case),
        lambda: factories.rule(
            people["supervisor"], factories.fresh_case(case), RulingKind.CODER_UPHELD
        ),
    )
    for verb in verbs:
        verb()
        # What a process reads once is read.
        text_of(supervisor, case)
        with django_assert_max_num_queries(30):
            text_of(supervisor, case)


def test_what_a_page_tells_of_a_defect_and_of_an_objection_was_read_before_it_is_written(
    people, client, case, monkeypatch
):
    defect = RulingKind.RULE_DEFECT
    factories.rule(people["supervisor"], case, defect, code="27257", modifiers=("LT",))
    rebuttal = second_looks.rebut(
        people["coder"], factories.fresh_case(case), "The note says reduction."
    )
    second = factories.rule(people["supervisor", 2], rebuttal)
    again = second_looks.reopen(people["supervisor", 2], second, "I clicked the wrong one.")
    read_late = []
    read = ForwardManyToOneDescriptor.get_object

    def noted(relation, row):
        read_late.append(str(relation.field))
        return read(relation, row)

    client.force_login(people["supervisor", 2])
    monkeypatch.setattr(ForwardManyToOneDescriptor, "get_object", noted)
    assert "Rule defect: " in text_of(client, case)
    page = text_of(client, again)
    assert "Why the ruling was reopened" in page
    assert "Against: Rule defect: 27257-LT" in page
    assert read_late == []
