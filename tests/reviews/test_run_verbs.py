"""Asking for a re-evaluation, steering it and applying it: who may, with which versions, and what is noted."""

from datetime import date

import pytest

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, JobState, Rule
from coding.work import leases
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun, ReviewCase, RunMode
from tests import factories


def standing(people, hip):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    return factories.draft_without_harness(people, hip)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def published(people, draft):
    return factories.publish(people, draft, date(2026, 2, 1))


@pytest.fixture
def broken(people, hip):
    """A draft that cannot be read as rules."""
    draft = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=draft, rule_id="R32").update(conditions="weather: rainy")
    assert rule_sets.save(people["rule author"], draft)
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize("role", ["coder", "auditor", "rule approver", "administrator"])
def test_only_supervisors_and_authors_ask_for_runs_and_steer_them(people, hip, role):
    run = factories.planned(people, hip)
    with pytest.raises(NotAllowed, match="may not start re-evaluation runs"):
        runs.plan(people[role], hip, Scope())
    for verb in (runs.launch, runs.pause, runs.resume, runs.cancel):
        with pytest.raises(NotAllowed, match="may not start and stop re-evaluation runs"):
            verb(people[role], run)
    assert ReevaluationRun.objects.count() == 1
    assert factories.fresh(run).job.state == JobState.PLANNED


def test_an_author_steers_no_run_that_opens_review_cases(people, published):
    run = factories.planned(people, published, mode=RunMode.APPLY)
    for verb in (runs.launch, runs.pause, runs.resume, runs.cancel):
        with pytest.raises(NotAllowed, match="start and stop runs that open review cases"):
            verb(people["rule author"], run)
    assert factories.fresh(run).job.state == JobState.PLANNED


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_applies(people, published, role):
    run = factories.finished(people, published)
    with pytest.raises(NotAllowed, match="may not apply re-evaluation runs"):
        runs.apply(people[role], run)
    assert factories.fresh(run).apply_job is None


def test_a_version_with_errors_is_not_run(people, broken):
    with pytest.raises(Conflict, match="Mend it before you re-evaluate"):
        runs.plan(people["supervisor"], broken, Scope())
    assert not ReevaluationRun.objects.exists()


def test_a_run_is_noted_when_it_is_asked_for_planned_and_finished(people, draft):
    run = factories.finished(people, draft)
    events = AuditEvent.objects.filter(event__startswith="run.").order_by("sequence")
    assert [event.event for event in events] == ["run.started", "run.planned", "run.finished"]
    started, planned, finished = events
    assert started.after == {"version": str(draft), "mode": "Dry run: show what changes"}
    assert (started.actor, started.subject_id) == (people["supervisor"], str(run.public_id))
    assert planned.after == {"services": 1, "profiles": 1}
    assert finished.after == {"profiles": 1, "other": 1}


def test_a_run_keeps_its_filter_as_it_was_asked_for(people, draft):
    day, coder = date(2026, 5, 4), people["coder"]
    scope = Scope(day, day, "Northern", coder, "27256", "final")
    run = runs.plan(people["supervisor"], draft, scope)
    assert run.scope == (day, day, "Northern", coder.pk, "27256", "final")


def test_nothing_is_launched_while_it_is_still_counted(people, draft):
    run = runs.plan(people["supervisor"], draft, Scope())
    with pytest.raises(Conflict, match=r"It cannot be launched: it is running\. Reload the page"):
        runs.launch(people["supervisor"], run)
    assert factories.fresh(run).job is None


def test_a_run_over_nothing_ends_by_itself(people, draft):
    run = factories.finished(people, draft, Scope(payer="Nobody"))
    assert (run.job.state, run.services, run.contradicted) == (JobState.DONE, 0, 0)


def test_a_run_that_contradicts_nothing_opens_no_case_and_is_applied(people, hip, draft):
    run = factories.finished(people, hip, mode=RunMode.APPLY)
    assert run.apply_job.state == JobState.DONE
    assert run.applied_at is not None
    assert not ReviewCase.objects.exists()


def test_applying_is_noted_with_how_many_and_by_whom(people, published):
    run = factories.finished(people, published)
    runs.apply(people["supervisor", 2], run)
    leases.pump()
    applying = AuditEvent.objects.get(event="run.applying")
    assert (applying.after, applying.actor) == ({"services": 1}, people["supervisor", 2])
    assert AuditEvent.objects.get(event="run.applied").after == {"cases": 1}
    assert AuditEvent.objects.get(event="case.opened").actor == people["supervisor", 2]


def test_what_is_being_applied_is_not_begun_a_second_time(people, published):
    run = factories.finished(people, published)
    for _ in range(2):
        runs.apply(people["supervisor"], factories.fresh(run))
    assert AuditEvent.objects.filter(event="run.applying").count() == 1


def test_a_run_of_a_version_that_was_retired_meanwhile_is_not_applied(people, published):
    run = factories.finished(people, published)
    rule_sets.retire(people["rule approver"], published)
    with pytest.raises(Conflict, match="Only a run of a published version is applied"):
        runs.apply(people["supervisor"], run)


def test_what_was_edited_between_the_run_and_its_publication_is_run_again(people, draft):
    run = factories.finished(people, draft)
    Rule.objects.filter(version=draft, rule_id="R34").update(title="Another title")
    rule_sets.save(people["rule author"], draft)
    draft.refresh_from_db()
    factories.publish(people, draft, date(2026, 2, 1))
    with pytest.raises(Conflict, match="edited after the run"):
        runs.apply(people["supervisor"], run)
    assert not ReviewCase.objects.exists()


def test_a_run_that_was_paused_is_neither_paused_again_nor_applied(people, published):
    run = factories.planned(people, published)
    runs.launch(people["supervisor"], run)
    runs.pause(people["supervisor"], factories.fresh(run))
    with pytest.raises(Conflict, match=r"It cannot be paused: it is paused\. Reload the page"):
        runs.pause(people["supervisor"], factories.fresh(run))
    with pytest.raises(Conflict, match="not done"):
        runs.apply(people["supervisor"], factories.fresh(run))
    assert AuditEvent.objects.filter(event="job.paused").count() == 1
