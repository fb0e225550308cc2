"""Re-evaluation: what a version would change, in a dry run that rewrites nothing."""

from datetime import date

import pytest

from coding.actions import encounters, rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.decision import known
from coding.intake.records import ServiceLineRecord
from coding.models import (
    Answer,
    FactProfile,
    JobChunk,
    JobState,
    Rule,
    RuleSet,
    Service,
    Suggestion,
)
from coding.rules import profiles
from coding.work import leases
from reviews.actions import answers, decisions, queries, runs, services
from reviews.actions.decisions import Judgement
from reviews.actions.runs import Scope
from reviews.models import (
    Choice,
    CodingDecision,
    Ending,
    FinalCode,
    ProviderQuery,
    ReviewCase,
    RulingKind,
    RunChange,
    RunMode,
    RunPart,
)
from reviews.reevaluation.report import Report, estimated_seconds
from reviews.reevaluation.scope import changed, contradictions, flips
from tests import factories
from tests.decision import tables as make


def standing(people, hip):
    """Three decided encounters, two in a harness and one reduced under anesthesia; and a draft without the harness."""
    for number, facts in enumerate((factories.PAVLIK, factories.PAVLIK, factories.REDUCED)):
        encounter = factories.encounter(people, hip, date_of_service=date(2026, 5, 4 + number))
        factories.decide(people["coder"], encounter, facts)
    return factories.draft_without_harness(people, hip)


@pytest.fixture
def draft(standing):
    return standing


def cells(run):
    return sorted(run.cells.values_list("old", "new", "ending", "profiles", "services"))


def test_the_plan_counts_before_anything_is_decided(people, draft):
    run = factories.planned(people, draft)
    assert (run.services, run.profiles, run.job.state) == (3, 2, JobState.PLANNED)
    assert leases.pump() == 0
    assert not RunPart.objects.exists()


def test_a_dry_run_gives_the_matrix_and_changes_nothing(people, draft):
    before = list(FinalCode.objects.values_list("reported", "superseded"))
    run = factories.finished(people, draft)
    assert run.job.state == JobState.DONE
    assert cells(run) == [
        ("27256-LT", "supervisor_review", Ending.OTHER, 1, 2),
        ("27257-LT", "27257-LT", Ending.SAME, 1, 1),
    ]
    assert {(flip.old_rule, flip.new_rule) for flip in flips(run)} == {("R32", "R34")}
    assert (run.contradicted, run.overturned) == (2, 0)
    assert list(FinalCode.objects.values_list("reported", "superseded")) == before
    assert not ReviewCase.objects.exists()


def test_every_planned_profile_has_its_ending_and_the_sums_are_the_plan(people, draft):
    run = factories.finished(people, draft)
    [part] = run.parts.all()
    assert len(part.endings) == run.profiles * profiles.NUMBER_BYTES
    endings = Report(run).endings
    assert sum(count for _, count, _ in endings) == run.profiles
    assert sum(count for _, _, count in endings) == run.services


def test_a_run_whose_parts_are_not_all_there_is_not_called_done(people, draft):
    run = factories.planned(people, draft)
    runs.launch(people["supervisor"], run)
    JobChunk.objects.filter(job=run.job).update(state="done")
    leases.close_finished()
    assert factories.fresh(run).job.state == JobState.RUNNING


def test_a_run_of_the_version_that_decided_flips_nothing(people, hip, standing):
    run = factories.finished(people, hip)
    assert not changed(run).exists()
    assert {cell.ending for cell in run.cells.all()} == {Ending.SAME}


@pytest.mark.parametrize(
    ("scope", "services"),
    [
        (Scope(served_from=date(2026, 5, 5)), 2),
        (Scope(served_until=date(2026, 5, 4)), 1),
        (Scope(payer="Nobody"), 0),
        (Scope(code="27256"), 2),
        (Scope(code="27257"), 1),
        (Scope(state="final"), 3),
        (Scope(state="to_code"), 0),
    ],
)
def test_a_filter_narrows_what_a_run_looks_at(people, draft, scope, services):
    run = factories.finished(people, draft, scope)
    assert run.services == services
    assert run.job.state == JobState.DONE


def test_a_coders_encounters_can_be_looked_at_alone(people, draft):
    assert factories.planned(people, draft, Scope(coder=people["coder"])).services == 3
    assert factories.planned(people, draft, Scope(coder=people["coder", 2])).services == 0


def test_an_encounter_that_came_in_after_the_plan_is_not_in_the_run(people, hip, draft):
    run = factories.planned(people, draft)
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    runs.launch(people["supervisor"], run)
    leases.pump()
    assert flips(run).count() == 2


def test_an_answered_encounter_that_waits_for_its_coder_is_in_the_run(people, hip, draft):
    factories.answer(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    run = factories.finished(people, draft)
    assert run.services == 4
    assert (flips(run).count(), contradictions(run).count()) == (3, 2)


def test_an_edit_of_the_draft_does_not_change_a_run_that_was_planned(people, draft):
    run = factories.planned(people, draft)
    Rule.objects.filter(version=draft, rule_id="R34").update(title="Another title")
    rule_sets.save(people["rule author"], draft)
    runs.launch(people["supervisor"], run)
    leases.pump()
    draft.refresh_from_db()
    assert run.document_id != draft.document_id
    assert flips(run).count() == 2


def test_retiring_the_version_does_not_change_a_run_that_was_planned(people, draft):
    version = factories.publish(people, draft, date(2026, 2, 1))
    run = factories.planned(people, version)
    rule_sets.retire(people["rule approver"], version)
    runs.launch(people["supervisor"], run)
    leases.pump()
    assert flips(run).count() == 2


def test_a_paused_run_writes_nothing_and_goes_on_when_resumed(people, draft):
    run = factories.planned(people, draft)
    runs.launch(people["supervisor"], run)
    runs.pause(people["supervisor"], factories.fresh(run))
    assert leases.pump() == 0
    runs.resume(people["supervisor"], factories.fresh(run))
    leases.pump()
    assert factories.fresh(run).job.state == JobState.DONE


def test_a_cancelled_run_writes_nothing_more(people, draft):
    run = factories.planned(people, draft)
    runs.launch(people["supervisor"], run)
    runs.cancel(people["supervisor"], factories.fresh(run))
    leases.pump()
    assert not RunPart.objects.exists()
    assert factories.fresh(run).job.state == JobState.CANCELLED
    with pytest.raises(
        Conflict, match=r"It cannot be cancelled: it is cancelled\. Reload the page"
    ):
        runs.cancel(people["supervisor"], factories.fresh(run))


def test_a_chunk_that_two_workers_computed_is_written_once(people, draft):
    run = factories.planned(people, draft)
    runs.launch(people["supervisor"], run)
    slow = leases.claim()
    JobChunk.objects.filter(pk=slow.pk).update(lease_until="2026-01-01T00:00:00Z")
    quick = leases.claim()
    assert leases.work_on(quick) is True
    assert leases.work_on(slow) is False
    assert RunPart.objects.filter(run=run).count() == 1


def test_a_profile_that_lacks_answers_of_the_version_is_told_apart(people, hip, standing):
    draft = rule_sets.draft_from(people["rule author"], hip)
    Rule.objects.filter(version=draft, rule_id="R32").update(
        conditions="tenotomy: no\netiology: developmental"
    )
    Rule.objects.filter(version=draft, rule_id="R01").update(conditions="treatment: none")
    rule_sets.save(people["rule author"], draft)
    draft.refresh_from_db()
    run = factories.finished(people, draft)
    assert ("unanswered", "Not answered: tenotomy") in run.changes.values_list("ending", "problem")


def test_an_answer_that_the_version_does_not_know_is_an_error_of_that_profile_alone(
    people, hip, draft
):
    foreign = FactProfile.objects.create(
        rule_set=hip.rule_set,
        facts={"treatment": "leeches"},
        content_hash="0" * 64,
        answers=profiles.pack(
            [*profiles.number(hip.rule_set, [("treatment", "leeches")]).values()]
        ),
    )
    old = Suggestion.objects.first()
    odd = Suggestion.objects.create(
        profile=foreign,
        document=hip.document,
        outcome=old.outcome,
        code=old.code,
        modifiers=old.modifiers,
        rule_id=old.rule_id,
        message=old.message,
        decision=old.decision,
    )
    Service.objects.filter(pk=Service.objects.first().pk).update(suggestion=odd)
    run = factories.finished(people, draft)
    assert run.job.state == JobState.DONE
    assert [(label, count) for label, count, _ in Report(run).endings if count] == [
        ("Same outcome", 1),
        ("Other outcome", 1),
        ("Error", 1),
    ]
    assert "treatment" in run.changes.get(ending=Ending.ERROR).problem


def test_each_coders_agreement_is_told_before_and_after(people, hip, draft):
    insists = factories.insists("27256", "RT")
    doubts = Judgement(Choice.SUPERVISOR_REVIEW, reason="A harness?")
    for coder, judgement in ((people["coder", 2], insists), (people["coder", 3], doubts)):
        factories.decide(coder, factories.encounter(people, hip), factories.PAVLIK, judgement)
    run = factories.finished(people, draft)
    # What the third coder doubted, the draft doubts too.
    assert agreements(run) == {
        people["coder"]: (3, 3, 1),
        people["coder", 2]: (1, 0, 0),
        people["coder", 3]: (1, 0, 1),
    }


def agreements(run):
    """By coder: decisions, and in how many they agreed before and would agree after."""
    rows = run.agreements.select_related("coder")
    return {row.coder: (row.decisions, row.before, row.after) for row in rows}


def test_a_decision_that_was_taken_back_counts_in_no_agreement(people, hip, draft):
    service = factories.service(people, hip)
    factories.decide(people["coder", 2], service, factories.PAVLIK)
    decisions.take_back(people["coder", 2], factories.service_of(service))
    factories.decide(people["coder", 2], service, factories.PAVLIK)
    run = factories.finished(people, draft)
    assert agreements(run)[people["coder", 2]] == (1, 1, 0)
    assert run.contradicted == 3  # by service, however many rounds it had


def test_a_service_coded_in_two_rounds_is_two_judgements_and_one_final_code(people, hip, draft):
    service = factories.service(people, hip)
    case = factories.case_of(
        factories.decide(people["coder", 2], service, {**factories.PAVLIK, "anesthesia": ""})
    )
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    queries.answer(
        people["supervisor"],
        ProviderQuery.objects.get(),
        "None was given.",
        "Dr. Falk",
        date.today(),
    )
    factories.decide(people["coder", 2], service, factories.PAVLIK)
    run = factories.finished(people, draft)
    assert (run.services, run.contradicted, flips(run).count()) == (4, 3, 3)
    rows = agreements(run)
    # On the answers of the first round the new version asks the provider as well.
    assert rows[people["coder", 2]] == (2, 2, 1)


def test_a_withdrawn_service_is_in_no_run(people, hip, draft):
    added = services.add(people["coder"], factories.encounter(people, hip), hip.rule_set)
    factories.answer(people["coder"], added, factories.PAVLIK)
    assert factories.planned(people, draft).services == 4
    services.withdraw(people["coder"], added, "The note speaks of one hip only.")
    run = factories.finished(people, draft)
    assert run.services == 3
    assert added not in flips(run)


def test_a_service_withdrawn_after_the_plan_is_not_listed(people, hip, draft):
    added = services.add(people["coder"], factories.encounter(people, hip), hip.rule_set)
    factories.answer(people["coder"], added, factories.PAVLIK)
    run = factories.finished(people, draft)
    assert added in flips(run)
    services.withdraw(people["coder"], added, "The note speaks of one hip only.")
    assert added not in flips(run)


def test_a_line_that_no_rule_set_codes_is_in_no_run(people, draft):
    factories.fees()
    visit = encounters.enter(
        people["coder"], factories.record(service_lines=(ServiceLineRecord("99203"),))
    )
    decisions.decide(people["coder", 2], visit.services.get(), Judgement(Choice.KEEP))
    run = factories.finished(people, draft)
    assert (run.services, run.contradicted) == (3, 2)
    assert not run.agreements.filter(coder=people["coder", 2]).exists()


def test_a_ruling_that_the_version_contradicts_is_counted_apart(people, hip, draft):
    ruled = factories.encounter(people, hip)
    factories.decide(people["coder"], ruled, factories.PAVLIK, factories.insists("27256", "RT"))
    factories.rule(people["supervisor"], factories.case_of(ruled))
    run = factories.finished(people, draft)
    assert (run.contradicted, run.overturned) == (3, 1)


def test_a_run_is_estimated_from_the_one_before(people, draft):
    assert estimated_seconds(factories.planned(people, draft)) is None
    factories.finished(people, draft)
    assert estimated_seconds(factories.planned(people, draft)) is not None


def test_authors_start_dry_runs_only(people, draft):
    version = factories.publish(people, draft, date(2026, 2, 1))
    assert runs.plan(people["rule author"], version, Scope())
    with pytest.raises(NotAllowed, match="may not apply re-evaluation runs"):
        runs.plan(people["rule author"], version, Scope(), RunMode.APPLY)


def test_a_new_cut_point_makes_profiles_anew_from_the_encounters_own_answers(people):
    age = make.fact("age", "whole_number", minimum=0, maximum=99)
    first = make.table(
        [age], [make.rule("YOUNG", {"age": {"between": [0, 17]}}), make.rule("LAST", {})]
    )
    rule_set = RuleSet.objects.create(key="ages", name="Ages")
    draft = rule_sets.draft(people["rule author"], rule_set, first)
    old = factories.publish(people, draft, date(2026, 1, 1))
    for years in (3, 9, 40):
        answers.answer(people["coder"], factories.service(people, old), "age", known(years))
    finer = [make.rule("BABY", {"age": {"between": [0, 4]}}), make.rule("LAST", {})]
    new = rule_sets.draft(people["rule author"], rule_set, make.table([age], finer))
    run = factories.finished(people, new)
    assert list(Answer.objects.order_by("pk").values_list("value", flat=True)) == [3, 9, 40]
    assert (run.services, run.profiles) == (3, 3)
    assert not RunChange.objects.filter(ending=Ending.UNANSWERED).exists()
    rules = [
        service.suggestion.rule_id
        for service in Service.objects.order_by("pk").select_related("suggestion")
    ]
    assert rules == ["YOUNG", "YOUNG", "LAST"]
    assert not CodingDecision.objects.exists()


def test_a_page_that_was_read_just_before_its_plan_ended_asks_again(
    people, hip, client, monkeypatch
):
    run = runs.plan(people["supervisor"], hip, runs.Scope())
    stale = factories.fresh(run)
    leases.pump()
    monkeypatch.setattr("reviews.views.runs._run", lambda public_id: stale)
    client.force_login(people["supervisor"])
    assert "hx-get" in client.get(run.get_absolute_url()).content.decode()
