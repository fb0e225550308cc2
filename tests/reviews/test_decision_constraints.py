"""What the database itself holds of rounds, decisions, final codes, reports and what runs and shadows found."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from coding.trail import guards
from reviews.actions import reports, shadows
from reviews.models import (
    Choice,
    CodingDecision,
    CodingRound,
    Ending,
    FinalCode,
    ReplayDifference,
    ReplayProof,
    Report,
    ReportExport,
    ReportKind,
    RoundEnd,
    RoundReason,
    RunAgreement,
    RunCell,
    RunChange,
    RunPart,
    ShadowResult,
    ShadowWatch,
)
from tests import factories

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip, diagnoses=("Q65.02",))


def standing(people, hip):
    """A decision that made a code final."""
    service = factories.service(people, hip, diagnoses=("Q65.02",))
    return factories.decide(people["coder"], service, factories.PAVLIK)


@pytest.fixture
def decision(standing):
    return standing


def refused(write, *args, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **values)


def change(row, **values):
    """Write past every verb, as somebody with a database shell could."""
    type(row).objects.filter(pk=row.pk).update(**values)


def again(row, **values):
    """The same row written once more, with other values."""
    type(row).objects.create(**copied(row), **values)


def copied(row, *without):
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in names if name not in without}


# --- Rounds.


def test_a_service_has_one_round_of_a_number_and_one_that_is_open(people, service):
    factories.answer(people["coder"], service, factories.PAVLIK)
    refused(CodingRound.objects.create, service=service, number=2, reason=RoundReason.INITIAL)
    closed = {"closed_at": timezone.now(), "ended": RoundEnd.DECIDED}
    refused(
        CodingRound.objects.create, service=service, number=1, reason=RoundReason.INITIAL, **closed
    )


def test_a_round_that_is_closed_says_how_it_ended_and_an_open_one_does_not(people, service):
    factories.answer(people["coder"], service, factories.PAVLIK)
    begun = CodingRound.objects.get(service=service)
    refused(change, begun, closed_at=timezone.now())
    refused(change, begun, ended=RoundEnd.DECIDED)


@pytest.mark.parametrize(
    "reason", [RoundReason.QUERY_ANSWERED, RoundReason.QUERY_CLOSED, RoundReason.RETURNED]
)
def test_a_round_after_a_query_or_a_return_names_what_opened_it(service, reason):
    refused(CodingRound.objects.create, service=service, number=1, reason=reason)


# --- Decisions.


def test_a_round_has_one_decision(decision):
    refused(again, decision)


@pytest.fixture
def second(decision):
    """What names the second round of the decision's service."""
    begun = CodingRound.objects.create(
        service=decision.service, number=2, reason=RoundReason.TAKEN_BACK
    )
    return {"round": 2, "coding_round": begun}


def test_a_decision_that_departs_has_a_reason(decision, second):
    own = copied(decision, *second, "choice", "reason")
    for choice in (
        Choice.OTHER_CODE,
        Choice.NOTHING,
        Choice.PROVIDER_QUERY,
        Choice.SUPERVISOR_REVIEW,
    ):
        refused(CodingDecision.objects.create, **own, **second, choice=choice, reason="")
    CodingDecision.objects.create(**own, **second, choice=Choice.ACCEPT, reason="")


@pytest.mark.parametrize("missing", ["suggestion", "version", "agrees"])
def test_suggestion_version_and_agreement_are_there_or_not_together(decision, second, missing):
    own = copied(decision, *second, missing)
    refused(CodingDecision.objects.create, **own, **second)


def test_a_decision_stands_in_a_round_of_its_service_under_the_number_of_that_round(
    people, hip, decision, second
):
    elsewhere = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    own = copied(decision, *second)
    refused(CodingDecision.objects.create, **own, round=2, coding_round=decision.coding_round)
    refused(CodingDecision.objects.create, **own, round=3, coding_round=second["coding_round"])
    refused(CodingDecision.objects.create, **own, round=1, coding_round=elsewhere.coding_round)
    refused(CodingDecision.objects.create, **own, round=2)
    CodingDecision.objects.create(**own, **second)


def test_a_decision_is_neither_changed_nor_deleted(decision):
    refused(change, decision, code="27257")
    refused(CodingDecision.objects.filter(pk=decision.pk).delete)


# --- Final codes.


def test_a_service_has_one_final_code_that_counts(decision):
    refused(again, FinalCode.objects.get())


def test_a_final_code_rests_on_a_decision_or_on_a_ruling(decision):
    refused(change, FinalCode.objects.get(), decision=None)


@pytest.mark.parametrize("outcome", ["provider_query", "supervisor_review"])
def test_what_asks_somebody_is_never_final(decision, outcome):
    """What was final before there were queries is superseded; guards aside, the table itself refuses any other."""
    guards.lift(connection)
    refused(change, FinalCode.objects.get(), outcome=outcome, code="")
    change(FinalCode.objects.get(), outcome=outcome, code="", superseded=True)


def test_a_code_is_never_decided_ruled_or_final_without_being_named(people, hip, decision):
    disputed = factories.decide(
        people["coder"],
        factories.service(people, hip),
        factories.PAVLIK,
        factories.insists("27257"),
    )
    ruling = factories.rule(people["supervisor"], factories.case_of(disputed))
    guards.lift(connection)
    for row in (decision, ruling, FinalCode.objects.get(decision=decision)):
        refused(change, row, code="")
        refused(change, row, outcome="no_family_code")
        change(row, outcome="no_family_code", code="")


# --- Reports.


def test_an_encounter_has_one_report_of_a_number(decision):
    refused(again, Report.objects.get())


def test_the_original_replaces_nothing_and_every_other_report_one(decision):
    first = Report.objects.get()
    own = copied(first, "number", "kind", "replaces")
    refused(Report.objects.create, **own, number=2, kind=ReportKind.ORIGINAL, replaces=first)
    for kind in (ReportKind.REPLACEMENT, ReportKind.VOID):
        refused(Report.objects.create, **own, number=2, kind=kind, replaces=None)
    Report.objects.create(**own, number=2, kind=ReportKind.REPLACEMENT, replaces=first)
    refused(Report.objects.create, **own, number=3, kind=ReportKind.REPLACEMENT, replaces=first)


def test_a_report_and_that_it_was_exported_are_kept_as_they_are(people, decision):
    report = reports.export(people["supervisor"], decision.service.encounter).report
    refused(change, report, content={})
    refused(change, report.exports.get(), exported_by=people["coder"])
    refused(ReportExport.objects.all().delete)


# --- Runs, shadows, proofs.


def test_what_a_run_found_is_there_once_and_kept(people, hip, decision):
    run = factories.finished(people, factories.draft_without_harness(people, hip))
    for model in (RunChange, RunPart, RunCell, RunAgreement):
        row = model.objects.get(run=run)
        refused(again, row)
        refused(change, row, run=run)
        refused(model.objects.filter(pk=row.pk).delete)


def test_the_same_outcomes_may_end_in_two_ways_in_one_run(people, hip, decision):
    run = factories.finished(people, hip)
    cell = run.cells.get()
    RunCell.objects.create(**copied(cell, "ending"), ending=Ending.ERROR)
    assert run.cells.count() == 2


def test_a_version_is_watched_once_at_a_time_and_a_decision_found_once(people, hip, service):
    watch = shadows.start(people["rule author"], factories.draft_without_harness(people, hip))
    refused(ShadowWatch.objects.create, **copied(watch, "public_id"))
    factories.decide(people["coder"], service, factories.PAVLIK)
    found = ShadowResult.objects.get()
    refused(again, found)
    refused(change, found, differs=False)


def test_a_day_has_one_proof_and_a_suggestion_one_difference_in_it(people, hip, decision):
    job = factories.planned(people, hip).job
    proof = ReplayProof.objects.create(day=timezone.localdate(), job=job, suggestions=1)
    other = factories.planned(people, hip).job
    refused(ReplayProof.objects.create, day=proof.day, job=other, suggestions=1)
    own = {"proof": proof, "suggestion": decision.suggestion, "problem": "Another outcome."}
    difference = ReplayDifference.objects.create(**own)
    refused(ReplayDifference.objects.create, **own)
    refused(change, difference, problem="None.")
