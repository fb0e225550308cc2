"""Re-evaluation: what a version would change, in a dry run that rewrites nothing."""

from datetime import date

import pytest

from coding import jobs
from coding.actions import rule_sets
from coding.errors import Conflict
from coding.models import Encounter, EncounterStatus, Job, JobChunk, JobState, Rule, Suggestion
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import FinalCode, ReevaluationResult, ReviewCase
from reviews.reevaluation import contradictions, flips, matrix
from tests import factories


@pytest.fixture
def stored(people, hip):
    """Three decided encounters: two in a harness, one reduced under anesthesia."""
    for number, facts in enumerate((factories.PAVLIK, factories.PAVLIK, factories.REDUCED)):
        encounter = factories.encounter(people, hip, date_of_service=date(2026, 5, 4 + number))
        factories.decide(people["coder"], encounter, hip, facts)


def draft_without_harness(people, hip):
    """A draft that sends a Pavlik harness to the supervisor."""
    draft = rule_sets.draft_from(people["rule author"], hip)
    for rule_id, old, new in (("R32", ", pavlik", ""), ("R34", "skeletal_traction", "skeletal_traction, pavlik")):
        rule = Rule.objects.get(version=draft, rule_id=rule_id)
        assert old in rule.conditions
        rule.conditions = rule.conditions.replace(old, new)
        rule.save()
    assert rule_sets.save(people["rule author"], draft) == ""
    draft.refresh_from_db()
    return draft


@pytest.fixture
def draft(people, hip, stored):
    return draft_without_harness(people, hip)


def test_a_dry_run_lists_the_flips_and_changes_nothing(people, draft):
    before = list(FinalCode.objects.values_list("reported", "superseded"))
    run = runs.start(people["supervisor"], draft, Scope())
    jobs.pump()
    run.job.refresh_from_db()
    assert run.job.state == JobState.DONE
    assert (run.encounters, run.profiles) == (3, 2)
    assert list(matrix(run)) == [{"old": "27256-LT", "new": "supervisor_review", "encounters": 2}]
    assert {flip.new_rule for flip in flips(run)} == {"R34"}
    assert contradictions(run).count() == 2
    assert list(FinalCode.objects.values_list("reported", "superseded")) == before
    assert not ReviewCase.objects.exists()


def test_a_run_of_the_version_that_decided_flips_nothing(people, hip, stored):
    run = runs.start(people["supervisor"], hip, Scope())
    jobs.pump()
    assert not flips(run).exists()


@pytest.mark.parametrize(
    ("scope", "encounters"),
    [
        (Scope(served_from=date(2026, 5, 5)), 2),
        (Scope(served_until=date(2026, 5, 4)), 1),
        (Scope(payer="Nobody"), 0),
    ],
)
def test_a_filter_narrows_what_a_run_looks_at(people, draft, scope, encounters):
    assert runs.start(people["supervisor"], draft, scope).encounters == encounters


def test_a_decision_made_after_the_start_is_not_in_the_run(people, hip, draft):
    run = runs.start(people["supervisor"], draft, Scope())
    factories.decide(people["coder"], factories.encounter(people, hip), hip, factories.PAVLIK)
    jobs.pump()
    assert flips(run).count() == 2


def test_an_edit_of_the_draft_does_not_change_a_run_that_has_begun(people, draft):
    run = runs.start(people["supervisor"], draft, Scope())
    Rule.objects.filter(version=draft, rule_id="R34").update(title="Another title")
    rule_sets.save(people["rule author"], draft)
    jobs.pump()
    draft.refresh_from_db()
    assert run.document_id != draft.document_id
    assert flips(run).count() == 2


def test_a_cancelled_run_writes_nothing_more(people, draft):
    run = runs.start(people["supervisor"], draft, Scope())
    runs.cancel(people["supervisor"], run)
    jobs.pump()
    assert not ReevaluationResult.objects.exists()
    assert Job.objects.get(pk=run.job_id).state == JobState.CANCELLED
    with pytest.raises(Conflict):
        runs.cancel(people["supervisor"], run)


def test_a_draft_is_not_applied(people, draft):
    run = runs.start(people["supervisor"], draft, Scope())
    jobs.pump()
    with pytest.raises(Conflict, match="Publish the version"):
        runs.apply(people["supervisor"], run)


def test_applying_opens_one_case_for_each_contradicted_final_code_and_rewrites_none(people, draft):
    version = factories.publish(people, draft, date(2026, 2, 1))
    run = runs.start(people["supervisor"], version, Scope())
    jobs.pump()
    finals = list(FinalCode.objects.order_by("pk").values_list("reported", "superseded"))
    assert runs.apply(people["supervisor"], run) == 2
    assert runs.apply(people["supervisor"], run) == 0
    assert ReviewCase.objects.filter(run=run).count() == 2
    assert list(FinalCode.objects.order_by("pk").values_list("reported", "superseded")) == finals
    assert Encounter.objects.filter(status=EncounterStatus.IN_REVIEW).count() == 2


def test_a_chunk_that_two_workers_computed_is_written_once(people, draft):
    run = runs.start(people["supervisor"], draft, Scope())
    slow = jobs.claim()
    JobChunk.objects.filter(pk=slow.pk).update(lease_until="2026-01-01T00:00:00Z")
    quick = jobs.claim()
    assert jobs.work_on(quick) is True
    assert jobs.work_on(slow) is False
    assert ReevaluationResult.objects.filter(run=run).count() == run.profiles


def test_each_combination_of_facts_is_decided_once_per_version(people, draft):
    for _ in range(2):
        runs.start(people["supervisor"], draft, Scope())
    jobs.pump()
    assert Suggestion.objects.filter(document=draft.document).count() == 2


def test_a_profile_that_lacks_answers_of_the_version_is_told_apart(people, hip, stored):
    draft = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=draft, rule_id="R32").update(conditions="tenotomy: no\netiology: developmental")
    Rule.objects.filter(version=draft, rule_id="R01").update(conditions="treatment: none")
    rule_sets.save(people["rule author"], draft)
    draft.refresh_from_db()
    run = runs.start(people["supervisor"], draft, Scope())
    jobs.pump()
    assert set(run.results.values_list("state", "problem")) >= {("skipped", "Not answered: tenotomy")}
