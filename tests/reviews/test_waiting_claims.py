"""The list of reports that wait to be exported, by what the claim checks said of them last."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coding.models import TablePart
from reviews.actions import claim_answers, reports
from reviews.claims.waiting import check_waiting
from reviews.models import CheckedReport
from tests import factories
from tests.reviews import claims

standing = claims.final_visit


@pytest.fixture
def visit(standing):
    return standing


def listed(client, person, **asked):
    client.force_login(person)
    page = client.get(reverse("claims"), asked).context["page"]
    return [checked.report.encounter for checked in page]


def test_a_report_that_cannot_go_out_is_listed_once_it_was_checked(people, visit, client):
    assert listed(client, people["coder"]) == []
    assert listed(client, people["coder"], standing="all") == [visit]
    assert check_waiting() == "1 claims checked"
    for asked in ({}, {"standing": "proposals"}, {"whose": "mine"}):
        assert listed(client, people["coder"], **asked) == [visit]
    assert listed(client, people["coder", 2], whose="mine") == []


def test_what_is_answered_for_is_listed_no_longer(people, visit, client):
    check_waiting()
    [error] = claims.checked(visit).open_errors
    case = claim_answers.override(people["coder"], visit, error.named.key, "Two operations.")
    factories.rule(people["supervisor"], case)
    check_waiting()
    assert listed(client, people["supervisor"]) == []

    reports.export(people["supervisor"], visit)
    assert listed(client, people["supervisor"], standing="all") == []


def test_a_table_that_is_loaded_has_the_claims_checked_again(people, visit):
    check_waiting()
    assert check_waiting() == "0 claims checked"
    CheckedReport.objects.update(checked_at=timezone.now() - timedelta(days=1))
    assert TablePart.objects.exists()
    assert check_waiting() == "1 claims checked"


def test_the_number_of_queries_does_not_grow_with_claims(people, visit, client):
    client.force_login(people["supervisor"])
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("claims"), {"standing": "all"}).status_code == 200
        counts.append(len(queries))
        claims.kept(people)
        claims.kept(people)
    assert counts[0] == counts[1]
