"""Applying a run: one review case for each contradicted final code, however often and by whomever it is applied."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from coding import trail
from coding.actions import jobs as steer
from coding.actions.errors import Conflict
from coding.importing.write_encounters import correct, record_of
from coding.models import AuditEvent, Encounter, EncounterState, JobState
from coding.work import leases
from reviews.actions import cases, corrections, decisions, runs, second_looks
from reviews.models import CaseCluster, CaseState, FinalCode, ReviewCase, RouteReason, RunMode
from tests import factories
from tests.races import at_once


@pytest.fixture
def draft(people, hip):
    for facts in (factories.PAVLIK, factories.PAVLIK, factories.REDUCED):
        factories.decide(people["coder"], factories.encounter(people, hip), facts)
    return factories.draft_without_harness(people, hip)


@pytest.fixture
def published(people, draft):
    return factories.publish(people, draft, date(2026, 2, 1))


def finals():
    return list(FinalCode.objects.order_by("pk").values_list("reported", "superseded"))


def test_a_draft_is_not_applied(people, draft):
    run = factories.finished(people, draft)
    with pytest.raises(Conflict, match="Publish the version"):
        runs.apply(people["supervisor"], run)
    with pytest.raises(Conflict, match="Publish the version"):
        factories.planned(people, draft, mode=RunMode.APPLY)


def test_a_run_that_is_not_done_is_not_applied(people, published):
    with pytest.raises(Conflict, match="not done"):
        runs.apply(people["supervisor"], factories.planned(people, published))


def test_applying_opens_one_case_for_each_contradicted_final_code_and_rewrites_none(
    people, published
):
    run = factories.finished(people, published)
    before = finals()
    for _ in range(2):
        runs.apply(people["supervisor"], factories.fresh(run))
        leases.pump()
    assert ReviewCase.objects.filter(routes__run=run).count() == 2
    assert finals() == before
    assert Encounter.objects.filter(state=EncounterState.IN_REVIEW).count() == 2
    assert AuditEvent.objects.filter(event="case.opened").count() == 2
    assert factories.fresh(run).applied_at is not None


def test_a_run_that_was_asked_to_apply_does_so_when_it_has_ended(people, published):
    run = factories.finished(people, published, mode=RunMode.APPLY)
    assert run.apply_job.state == JobState.DONE
    assert ReviewCase.objects.filter(routes__run=run).count() == 2


def test_cases_that_are_alike_come_as_one_cluster(people, hip, published):
    run = factories.finished(people, published, mode=RunMode.APPLY)
    [cluster] = CaseCluster.objects.filter(run=run)
    assert (cluster.old, cluster.new, cluster.final) == (
        "27256-LT",
        "supervisor_review",
        "27256-LT",
    )
    assert cluster.routes.count() == 2


def test_a_case_that_is_open_already_gets_the_run_as_one_more_reason(people, hip, published):
    first = factories.finished(people, published, mode=RunMode.APPLY)
    second = factories.finished(people, published, mode=RunMode.APPLY)
    assert ReviewCase.objects.count() == 2
    for case in ReviewCase.objects.all():
        assert set(case.routes.values_list("run", flat=True)) == {first.pk, second.pk}


@pytest.mark.parametrize("is_held", [False, True])
def test_a_case_that_is_open_for_another_reason_hears_of_the_new_version(people, hip, is_held):
    final = factories.service(people, hip)
    factories.decide(people["coder"], final, factories.PAVLIK)
    case = corrected(people, final)
    if is_held:
        cases.claim(people["supervisor", 2], case)
    draft = factories.draft_without_harness(people, hip)
    run = factories.finished(
        people, factories.publish(people, draft, date(2026, 2, 1)), mode=RunMode.APPLY
    )
    now = factories.fresh_case(case)
    assert set(now.routes.values_list("reason", "run")) == {
        (RouteReason.CORRECTED, None),
        (RouteReason.RULE_CHANGE, run.pk),
    }
    assert now.suggestion.reported == "supervisor_review"
    assert now.holder == (people["supervisor", 2] if is_held else None)
    assert ReviewCase.objects.count() == 1
    event = AuditEvent.objects.get(event="case.routed")
    assert (event.encounter, event.actor) == (final.encounter.public_id, people["supervisor"])


def corrected(people, service):
    """The case about a final service whose source corrected what was given."""
    with transaction.atomic():
        encounter = Encounter.objects.get(pk=service.encounter_id)
        record = replace(record_of(encounter), payer="Another")
        correction = correct(people["coder"], encounter, record, record.content_hash)
        trail.record_all(people["coder"], corrections.review(people["coder"], [correction]))
    return factories.case_of(service)


def test_a_case_that_was_ruled_on_meanwhile_is_followed_by_another(people, hip, published):
    run = factories.finished(people, published, mode=RunMode.APPLY)
    first = ReviewCase.objects.first()
    factories.rule(people["supervisor"], first)
    again = factories.finished(people, published, mode=RunMode.APPLY)
    assert [case.state for case in first.service.review_cases.order_by("pk")] == [
        CaseState.RESOLVED,
        CaseState.QUEUED,
    ]
    assert run.routes.count() == again.routes.count() == 2


def test_a_service_that_its_coder_took_back_meanwhile_gets_no_case(people, hip, published):
    run = factories.finished(people, published)
    back = FinalCode.objects.current().filter(reported="27256-LT").first().service
    decisions.take_back(people["coder"], factories.service_of(back))
    runs.apply(people["supervisor"], run)
    leases.pump()
    assert not ReviewCase.objects.filter(service=back).exists()
    assert ReviewCase.objects.count() == 1


def test_a_service_that_went_back_to_its_coder_gets_no_case_though_its_final_code_stands(
    people, hip, published
):
    back = FinalCode.objects.filter(reported="27256-LT").first().service
    case = corrected(people, back)
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(people["supervisor"], factories.fresh_case(case), "Read it.")
    run = factories.finished(people, published, mode=RunMode.APPLY)
    assert run.apply_job.state == JobState.DONE
    assert run.routes.count() == 1
    assert back.review_cases.get().state == CaseState.RETURNED


def test_what_half_of_an_application_left_out_is_opened_by_the_next(people, published):
    run = factories.finished(people, published)
    runs.apply(people["supervisor"], run)
    steer.cancel(people["supervisor"], factories.fresh(run).apply_job)
    assert not ReviewCase.objects.exists()
    runs.apply(people["supervisor"], factories.fresh(run))
    leases.pump()
    assert ReviewCase.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_browsers_that_apply_at_once_open_each_case_once(people, published):
    run = factories.finished(people, published)
    supervisor = people["supervisor"]
    at_once(8, lambda _: runs.apply(supervisor, run))
    at_once(4, lambda _: leases.pump())
    leases.pump()
    assert ReviewCase.objects.count() == 2
    assert AuditEvent.objects.filter(event="case.opened").count() == 2
