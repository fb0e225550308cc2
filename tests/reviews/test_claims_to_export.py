"""Which reports wait to be exported, when their claims are checked anew, and what is counted of each."""

import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from coding.actions import claim_tables, fee_schedules
from coding.actions.claim_tables import TableFile
from coding.models import TableKind
from reviews.actions import claim_answers, decisions, reports, voiding
from reviews.claims import waiting
from reviews.claims.waiting import ClaimFilter, check_waiting, waiting_claims
from reviews.models import CheckedReport, Report
from tests import factories
from tests.reviews import claims

LATER = date(2026, 4, 2)

standing = claims.final_visit


@pytest.fixture
def visit(standing):
    return standing


@pytest.fixture
def exportable(settings):
    """A house where a scrubber behind Concord holds back what is wrong."""
    settings.CLAIM_ERRORS_HOLD_EXPORT = False


def waits(people, person="supervisor"):
    return [checked.report for checked in waiting_claims(people[person])]


def narrowed(person, **asked):
    rows = waiting_claims(person)
    return list(ClaimFilter(asked, queryset=rows, request=SimpleNamespace(user=person)).qs)


def take_over(people, visit):
    [shown] = claims.checked(visit).proposals
    claim_answers.answer_proposal(people["coder"], visit, shown.named.key, taken=True)


# --- Which wait.


def test_the_latest_report_of_a_visit_waits_and_none_that_it_replaced(people, visit):
    take_over(people, visit)
    assert Report.objects.count() == 2
    assert waits(people) == [Report.objects.get(encounter=visit, replaced_by=None)]


def test_what_was_exported_waits_no_longer(people, visit, exportable):
    reports.export(people["supervisor"], visit)
    assert waits(people) == []


def test_what_is_in_question_does_not_wait_meanwhile(people, visit):
    decisions.take_back(people["coder"], factories.service_for(visit, "22222"))
    assert waits(people) == []


def test_a_void_report_is_no_claim_to_be_checked(people, visit, exportable):
    reports.export(people["supervisor"], visit)
    voiding.void(people["supervisor"], visit, "Entered twice.")
    assert Report.objects.filter(kind="void").exists()
    assert waits(people) == []
    assert check_waiting() == "0 claims checked"


def test_a_person_sees_the_claims_of_the_encounters_that_they_may_open(people, visit, settings):
    settings.CODERS_SEE = "own"
    assert len(waits(people, "coder")) == 1
    assert waits(people, ("coder", 2)) == []


# --- When they are checked.


def test_a_claim_is_checked_once_and_its_findings_are_counted(people, visit):
    assert check_waiting() == "1 claims checked"
    said = claims.checked(visit)
    checked = CheckedReport.objects.get()
    assert (checked.errors, checked.warnings, checked.proposals) == (
        len(said.open_errors),
        len(said.open_warnings),
        len(said.open_proposals),
    )
    assert checked.errors == checked.proposals == 1
    assert check_waiting() == "0 claims checked"


def test_what_is_answered_counts_no_more_once_it_is_checked_again(people, visit):
    check_waiting()
    take_over(people, visit)
    assert check_waiting() == "1 claims checked"
    assert CheckedReport.objects.order_by("pk").last().proposals == 0


def load_fees():
    fee_schedules.load(None, claims.FEES.encode(), LATER, "RVU")


def load_pairs():
    pairs = TableFile("pairs.csv", io.BytesIO(claims.PAIRS.encode()))
    claim_tables.load(None, TableKind.PAIRS, [pairs], LATER)


@pytest.mark.parametrize("load", [load_fees, load_pairs])
def test_a_table_of_either_kind_that_came_since_has_all_of_them_checked_again(visit, load):
    check_waiting()
    load()
    assert check_waiting() == "1 claims checked"
    assert check_waiting() == "0 claims checked"


def test_of_too_many_those_that_were_never_checked_come_first(people, visit, monkeypatch):
    check_waiting()
    CheckedReport.objects.update(checked_at=timezone.now() - timedelta(days=1))
    newer = claims.kept(people)
    monkeypatch.setattr(waiting, "MOST_REPORTS", 1)
    assert check_waiting() == "1 claims checked"
    assert CheckedReport.objects.get(report__encounter=newer).checked_at is not None


# --- To what the list is narrowed.


def test_unless_it_is_asked_otherwise_the_list_shows_what_cannot_go_out(people, visit):
    supervisor = people["supervisor"]
    assert narrowed(supervisor) == []
    check_waiting()
    [checked] = narrowed(supervisor)
    assert checked.errors == 1
    assert narrowed(supervisor, standing="warnings") == []
    assert narrowed(supervisor, standing="proposals") == [checked]
    assert narrowed(supervisor, standing="all") == [checked]


def test_mine_are_those_of_which_i_coded_a_service(people, visit):
    assert len(narrowed(people["coder"], standing="all", whose="mine")) == 1
    assert narrowed(people["supervisor"], standing="all", whose="mine") == []
