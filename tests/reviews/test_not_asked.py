"""What nobody is asked for: given by record, set-up and history, or derived; shown with its origin, and kept."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import registers
from coding.actions.errors import Conflict
from coding.actions.registers import Terms
from coding.decision import NOT_DOCUMENTED, Known
from coding.models import Answer, AnswerSource, Payer, PayerKind
from coding.rules import rulebook, suggesting
from coding.trail import proof
from reviews.actions import answers, decisions
from reviews.actions.decisions import Judgement
from reviews.coding_form.evidence import facts_to_ask, stale_answers_of
from reviews.models import Choice
from tests import factories, said_rules

BORN = date(1950, 5, 5)


@pytest.fixture
def rules(people):
    return said_rules.published(people)


def with_option(people, *, glue="yes"):
    payer, _ = Payer.objects.get_or_create(name="Northern", defaults={"key": "northern"})
    registers.complete_payer(
        people["administrator"],
        payer,
        payer.edition,
        Terms(date(2020, 1, 1), PayerKind.MEDICARE, {"glue": glue}),
    )


@pytest.fixture
def service(people, rules):
    service = factories.service(people, rules, birth_date=BORN, payer="Northern")
    with_option(people)
    return service


def length(people, service, tenths):
    return answers.answer(people["coder"], factories.service_of(service), "length", Known(tenths))


def decided(people, service, tenths=26):
    seen = length(people, service, tenths).seen
    return decisions.decide(
        people["coder"], factories.service_of(service), Judgement(Choice.ACCEPT), seen
    )


def stored(service):
    answers_now = rulebook.current_answers(service)
    return {
        fact: (answer.value, answer.source, answer.origin) for fact, answer in answers_now.items()
    }


def test_what_is_given_is_filled_before_the_first_question_with_its_origin(service):
    guided = factories.form_of(service)
    assert {given.definition.key: (given.words, given.answer.origin) for given in guided.given} == {
        "age_years": ("75 years", "from the record: born 1950-05-05"),
        "glue": ("yes", "payer register: Northern, from 2020-01-01, glue: yes"),
    }
    assert guided.guidance.next_question.key == "length"
    assert not Answer.objects.exists()


def test_it_is_never_asked_nor_what_is_derived(people, service):
    for fact, why in (
        ("age_years", "the record"),
        ("glue", "set-up"),
        ("size", "follows from other answers"),
    ):
        with pytest.raises(Conflict, match=why):
            answers.answer(people["coder"], service, fact, Known(True))
    assert not Answer.objects.exists()


def test_the_page_asks_only_questions_and_shows_the_rest_with_its_origin(people, service, client):
    client.force_login(people["coder"])
    address = reverse("code", args=[service.public_id])
    page = client.get(address, {"ask": "age_years"})
    assert page.context["question"].definition.key == "length"
    assert "from the record: born 1950-05-05" in page.content.decode()
    sent = client.post(address, {"fact": "size", "value": "small", "revision": 1})
    assert sent.status_code == 409


def test_a_derived_value_is_shown_with_the_line_and_the_answers_behind_it(people, service, client):
    length(people, service, 26)
    client.force_login(people["coder"])
    page = client.get(reverse("code", args=[service.public_id]))
    [size] = page.context["guided"].derived
    assert (size.value, size.line) == ("Large", 2)
    assert "follows by line 2 from Length: 2.6 cm" in page.content.decode()
    assert "size" not in stored(service)


def test_a_decision_keeps_what_was_given_so_that_it_can_be_decided_again(people, service):
    decision = decided(people, service)
    assert decision.code == "27257"
    assert stored(service) == {
        "length": (26, AnswerSource.CODER, ""),
        "age_years": (75, AnswerSource.RECORD, "from the record: born 1950-05-05"),
        "glue": (True, AnswerSource.SETUP, "payer register: Northern, from 2020-01-01, glue: yes"),
    }
    assert set(decision.suggestion.profile.facts) == {"length", "age_years", "glue"}
    assert suggesting.replays(decision.suggestion)


def test_where_nothing_is_asked_the_decision_keeps_it_all_the_same(people):
    rules = said_rules.published(
        people, facts=[said_rules.AGE], rules=[said_rules.rule("REST", [{}], code="27256")]
    )
    service = factories.service(people, rules, birth_date=BORN)
    guided = factories.form_of(service)
    decisions.decide(people["coder"], service, Judgement(Choice.ACCEPT), guided.seen)
    assert stored(service)["age_years"][0] == 75


def test_a_round_takes_it_once(people, service):
    length(people, service, 10)
    length(people, service, 26)
    assert Answer.objects.filter(fact="glue").count() == 1


def test_a_corrected_record_has_it_taken_anew(people, service):
    length(people, service, 10)
    factories.send_again(people, service.encounter, birth_date=date(2020, 5, 4))
    guided = factories.form_of(service)
    assert guided.facts["age_years"] == Known(6)
    assert guided.suggestion.rule_id == "REST"


def test_a_decided_service_is_looked_at_again_by_what_the_corrected_record_gives(people, service):
    decision = decided(people, service)
    factories.send_again(people, service.encounter, birth_date=date(2020, 5, 4))
    case = factories.case_of(service)
    assert (case.decision, case.decision.code) == (decision, "27257")
    assert case.suggestion.rule_id == "REST"
    assert stored(service)["age_years"] == (
        6,
        AnswerSource.RECORD,
        "from the record: born 2020-05-04",
    )
    assert set(factories.service_of(service).profile.facts) == {"length", "age_years", "glue"}
    proof.prove()


def test_what_the_set_up_does_not_tell_goes_to_a_supervisor_and_is_asked_of_no_provider(
    people, rules
):
    service = factories.service(people, rules, birth_date=BORN)
    assert factories.form_of(service).facts["glue"] == NOT_DOCUMENTED
    case = factories.case_of(decided(people, service))
    assert case.suggestion.rule_id == "GLUE"
    assert facts_to_ask(case) == []


def test_a_value_that_the_question_does_not_know_is_not_documented_and_says_so(people, rules):
    service = factories.service(people, rules, birth_date=BORN, payer="Northern")
    with_option(people, glue="sometimes")
    [glue] = [given for given in factories.form_of(service).given if given.definition.key == "glue"]
    assert glue.words == "not documented"
    assert glue.answer.origin.endswith("glue: sometimes, which is no answer to this")


def test_a_fact_that_nothing_here_tells_waits_and_says_so(people, client):
    weight = {**said_rules.AGE, "key": "weight", "label": "Weight"}
    heavy = said_rules.rule("HEAVY", [{"weight": {"between": [100, 120]}}], code="27257")
    rules = said_rules.published(people, facts=[weight], rules=[heavy, said_rules.RULES[-1]])
    service = factories.service(people, rules)
    client.force_login(people["coder"])
    page = client.get(reverse("code", args=[service.public_id]))
    assert page.context["guided"].suggestion is None
    assert "It waits for the record" in page.content.decode()
    assert "<li>Weight</li>" in page.content.decode()


def test_a_note_says_nothing_of_what_the_record_gives(people, service):
    decided(people, service)
    factories.send_again(people, service.encounter, note="Another text.")
    assert set(stale_answers_of(factories.service_of(service))) <= {"length"}


def test_a_case_shows_where_an_answer_comes_from(people, service, client):
    seen = length(people, service, 9).seen
    decision = decisions.decide(
        people["coder"], factories.service_of(service), factories.insists("27257", "LT"), seen
    )
    case = factories.case_of(decision)
    client.force_login(people["supervisor"])
    page = client.get(reverse("case", args=[case.public_id])).content.decode()
    assert "from the record: born 1950-05-05" in page
    assert "follows by line 1 from Length: 0.9 cm" in page


def test_after_the_first_answer_registers_and_history_are_not_asked_again(people, service):
    length(people, service, 10)
    with CaptureQueriesContext(connection) as queries:
        length(people, service, 26)
    assert not [
        query["sql"]
        for query in queries
        if "payer" in query["sql"].partition("FROM")[2].partition("WHERE")[0]
    ]
