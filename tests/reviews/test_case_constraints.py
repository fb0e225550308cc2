"""What the database itself holds of cases, rulings and queries, whatever a program tries to write."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.actions import cases, second_looks
from reviews.models import (
    CaseCluster,
    CaseRoute,
    CaseState,
    Level,
    ProviderQuery,
    QueryState,
    ReviewCase,
    RouteReason,
    Ruling,
    RulingKind,
)
from tests import factories

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both


standing = factories.disputed


@pytest.fixture
def case(standing):
    return standing


@pytest.fixture
def ruled(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return factories.fresh_case(case)


@pytest.fixture
def query(people, case):
    factories.rule(people["supervisor"], case, RulingKind.PROVIDER_QUERY)
    return ProviderQuery.objects.get()


def refused(write, *args, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **values)


def change(row, **values):
    """Write past every verb, as somebody with a database shell could."""
    type(row).objects.filter(pk=row.pk).update(**values)


def test_a_claimed_case_has_a_holder(case):
    refused(change, case, state=CaseState.CLAIMED, holder=None)


def test_a_rebuttal_names_the_ruling_and_who_made_it(people, ruled):
    own = {
        "service": ruled.service,
        "decision": ruled.decision,
        "coder": ruled.coder,
        "level": Level.REBUTTAL,
    }
    refused(ReviewCase.objects.create, **own)
    refused(ReviewCase.objects.create, **own, objects_to=ruled.ruling)
    refused(ReviewCase.objects.create, **own, first_supervisor=people["supervisor"])
    refused(change, ruled, level=Level.FIRST, objects_to=ruled.ruling)


def test_a_ruling_is_objected_to_once(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, "No.")
    factories.rule(people["supervisor", 2], rebuttal, RulingKind.RULES_UPHELD)
    refused(
        ReviewCase.objects.create,
        service=ruled.service,
        decision=ruled.decision,
        coder=ruled.coder,
        level=Level.REBUTTAL,
        objects_to=ruled.ruling,
        first_supervisor=people["supervisor"],
    )


def test_a_ruling_is_reopened_once(people, ruled):
    again = second_looks.reopen(people["supervisor"], ruled.ruling, "Wrong.")
    factories.rule(people["supervisor"], again, RulingKind.RULES_UPHELD)
    refused(
        ReviewCase.objects.create,
        service=ruled.service,
        decision=ruled.decision,
        coder=ruled.coder,
        reopens=ruled.ruling,
    )


def test_a_case_has_a_reason_once_and_a_correction_once_for_each_revision(case):
    refused(CaseRoute.objects.create, case=case, reason=RouteReason.OTHER_CODE)
    CaseRoute.objects.create(case=case, reason=RouteReason.CORRECTED, revision=2)
    CaseRoute.objects.create(case=case, reason=RouteReason.CORRECTED, revision=3)
    refused(CaseRoute.objects.create, case=case, reason=RouteReason.CORRECTED, revision=3)


def test_a_run_is_a_reason_of_a_case_once_and_has_one_cluster_for_a_change(people, hip, case):
    run = factories.planned(people, hip)
    change_of_outcome = {"run": run, "old": "27256-LT", "new": "27257-LT", "final": "27256-LT"}
    CaseCluster.objects.create(**change_of_outcome)
    refused(CaseCluster.objects.create, **change_of_outcome)
    CaseRoute.objects.create(case=case, reason=RouteReason.RULE_CHANGE, run=run)
    refused(CaseRoute.objects.create, case=case, reason=RouteReason.RULE_CHANGE, run=run)


# --- Rulings.


def test_a_ruling_has_a_reason_and_a_case_one_ruling(people, ruled, case):
    own = {
        "case": ruled,
        "supervisor": people["supervisor"],
        "coder": ruled.coder,
        "outcome": "code",
        "code": "27257",
    }
    refused(Ruling.objects.create, **own, kind=RulingKind.CODER_UPHELD, reason="A second one.")
    again = second_looks.reopen(people["supervisor"], factories.fresh_case(ruled).ruling, "Wrong.")
    refused(
        Ruling.objects.create, **{**own, "case": again}, kind=RulingKind.CODER_UPHELD, reason=""
    )


def test_a_ruling_is_neither_changed_nor_deleted(ruled):
    ruling = ruled.ruling
    refused(change, ruling, reason="Something else.")
    refused(Ruling.objects.filter(pk=ruling.pk).delete)
    with pytest.raises(TypeError, match="never deleted"):
        ruling.delete()
    ruling.refresh_from_db()
    assert ruling.reason == "The note says so."


def test_a_reason_of_a_case_is_neither_changed_nor_deleted(case):
    route = case.routes.get()
    refused(change, route, reason=RouteReason.REOPENED)
    refused(CaseRoute.objects.filter(pk=route.pk).delete)


# --- Queries.


def test_a_service_waits_for_one_answer_at_a_time(people, query):
    own = {"service": query.service, "round": 1, "text": "?", "asked_by": people["supervisor"]}
    refused(ProviderQuery.objects.create, **own, asked_at=timezone.now())


@pytest.mark.parametrize("missing", [{"answer": ""}, {"provider": ""}, {"answered_on": None}])
def test_an_answered_query_says_what_who_and_when(query, missing):
    now = timezone.now()
    whole = {"answer": "No.", "provider": "Dr. Falk", "answered_on": now.date(), "closed_at": now}
    refused(change, query, state=QueryState.ANSWERED, **{**whole, **missing})
    change(query, state=QueryState.ANSWERED, **whole)


@pytest.mark.parametrize("state", [QueryState.ANSWERED, QueryState.CLOSED])
def test_a_query_that_ended_says_when(query, state):
    told = {"answer": "No.", "provider": "Dr. Falk", "answered_on": timezone.localdate()}
    refused(change, query, state=state, closed_at=None, **told)


def test_a_ruling_asks_one_query(people, hip, query):
    other = factories.service(people, hip)
    own = {
        "service": other,
        "round": 1,
        "text": "?",
        "asked_by": people["supervisor"],
        "ruling": query.ruling,
    }
    refused(ProviderQuery.objects.create, **own, asked_at=timezone.now())


def test_a_case_that_somebody_held_keeps_that_name_when_it_is_resolved(people, case):
    cases.claim(people["supervisor"], case)
    change(case, state=CaseState.RESOLVED)
    assert factories.fresh_case(case).holder == people["supervisor"]
