"""Worked cases beside a version: what they cover, proposals for the rest, and cases of real services."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import rule_sets
from coding.models import WorkedCase
from tests import factories, small_rules

AWAKE, ASLEEP = {"held": "yes", "drug": "none"}, {"held": "yes", "drug": "sleep"}


def address(page, version):
    return reverse(f"admin:coding_rulesetversion_{page}", args=[version.pk])


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def coded(people, version, facts, judgement=None):
    service = factories.service(people, version)
    factories.decide(people["coder"], service, facts, judgement)
    return service


def take(client, version, **what):
    """Press the button of a row, as it stands on the page."""
    page = client.get(address("services" if "suggestion" in what else "cases", version))
    rows = page.context["rows" if "suggestion" in what else "uncovered"]
    response = client.post(
        address("take-case", version), {"idempotency_key": rows[0][-1], **what}, follow=True
    )
    return [str(message) for message in response.context["messages"]]


def test_rules_that_no_case_fires_are_proposed_and_taken_in_one_click(people, author):
    draft = small_rules.draft(people)
    WorkedCase.objects.create(
        version=draft,
        case_id="V1",
        answers="held: yes\ndrug: none",
        outcome="code",
        code="27256",
        modifiers="LT",
    )
    page = author.get(address("cases", draft))
    assert (page.context["covered"], page.context["rules"]) == (1, 3)
    assert [(rule.rule_id, rule.proposed.code) for rule, _, _ in page.context["uncovered"]] == [
        ("R2", "27257"),
        ("R3", ""),
    ]
    assert take(author, draft, rule="R2") == ["Taken. Case C-R2 passes."]
    assert draft.worked_cases.get(case_id="C-R2").answers == "held: yes\ndrug: sleep"
    assert author.get(address("cases", draft)).context["covered"] == 2


def test_cases_are_run_as_far_as_a_draft_with_errors_goes(people, author):
    draft = small_rules.draft(people)
    draft.rules.filter(rule_id="R2").update(conditions="colour: red")
    rule_sets.save(people["rule author"], draft)
    page = author.get(address("cases", draft))
    assert (page.context["covered"], page.context["rules"]) == (0, 2)
    assert "The draft has errors; what cannot be read is left out here." in page.content.decode()
    assert author.get(address("services", draft)).status_code == 200


def test_a_case_that_fails_is_shown_with_what_became_of_each_rule(people, author):
    draft = small_rules.draft(people)
    WorkedCase.objects.create(
        version=draft, case_id="V1", answers="held: no", outcome="code", code="27256"
    )
    page = author.get(address("cases", draft))
    assert "Case V1 fails: it expects 27256." in page.text
    assert "R3 decides" in page.text


def test_a_real_service_becomes_a_case_with_its_final_code_and_nothing_of_whose_it_was(
    people, author
):
    version = small_rules.published(people)
    service = coded(people, version, AWAKE)
    draft = small_rules.draft(people)
    page = author.get(address("services", draft))
    [(combination, answers, _)] = page.context["rows"]
    assert (combination.services, answers) == (1, "held: yes; drug: None")
    for identity in (
        factories.CANARY,
        service.encounter.external_id,
        "Dr. Falk",
        str(service.public_id),
    ):
        assert identity not in page.text
    assert take(author, draft, suggestion=combination.suggestion.pk) == ["Taken. Case S-1 passes."]
    case = draft.worked_cases.get()
    assert (case.answers, case.outcome, case.code, case.modifiers) == (
        "held: yes\ndrug: none",
        "code",
        "27256",
        "LT",
    )


def test_where_people_ended_otherwise_their_end_is_what_the_case_expects(people, author):
    version = small_rules.published(people)
    service = coded(people, version, AWAKE, factories.insists("27257"))
    factories.rule(people["supervisor"], factories.case_of(service))
    draft = small_rules.draft(people)
    [(combination, _, _)] = author.get(address("services", draft)).context["rows"]
    [message] = take(author, draft, suggestion=combination.suggestion.pk)
    assert message == "Taken. Case S-1 fails: it expects 27257-LT. It comes out as 27256-LT."


def test_the_list_of_real_services_takes_the_same_queries_however_many_there_are_and_is_narrowed_to_a_rule(
    people, author
):
    version = small_rules.published(people)
    draft = small_rules.draft(people)
    counts = []
    for facts in (AWAKE, ASLEEP):
        coded(people, version, facts)
        with CaptureQueriesContext(connection) as queries:
            author.get(address("services", draft))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    page = author.get(address("services", draft), {"rule": "R2"})
    assert [combination.suggestion.rule_id for combination, _, _ in page.context["rows"]] == ["R2"]


def test_who_edits_no_rules_reads_and_takes_nothing(people, client):
    draft = small_rules.draft(people)
    client.force_login(people["rule approver"])
    assert not client.get(address("cases", draft)).context["can_take"]
    assert client.post(address("take-case", draft), {"rule": "R2"}).status_code == 403
    assert not draft.worked_cases.exists()
