"""Answering what the claim checks propose and find: what the trail tells, what stays, and what is refused."""

import pytest

from coding.actions.errors import Conflict
from coding.models import AuditEvent, ServiceState
from reviews.actions import cases, claim_answers, decisions, voiding
from reviews.models import CheckedReport, FindingOverride, ProposalAnswer, Report
from tests import factories
from tests.reviews import claims
from tests.signing import but_for_the_signature

WHY = " Two operations on two days. "
CHANGED = "The lines, or the tables they are checked by, changed meanwhile. Look at the claim checks again."


standing = claims.final_visit


@pytest.fixture
def visit(standing):
    return standing


@pytest.fixture
def proposed(visit):
    [shown] = claims.checked(visit).proposals
    return shown.named.key


@pytest.fixture
def found(visit):
    [shown] = claims.checked(visit).open_errors
    return shown.named.key


def answer(people, visit, key, *, taken=True):
    claim_answers.answer_proposal(people["coder"], visit, key, taken=taken)


def override(people, visit, key):
    return claim_answers.override(people["coder"], visit, key, WHY)


def noted(name):
    return AuditEvent.objects.filter(event=name)


# --- Proposals.


def test_an_answer_is_noted_with_the_check_what_it_proposes_and_whether_it_was_taken(
    people, visit, proposed
):
    answer(people, visit, proposed)
    answer(people, visit, proposed, taken=False)
    taken, left = noted("claim.proposal_answered").order_by("sequence")
    row = ProposalAnswer.objects.earliest("pk")
    told = {"check": row.check_id, "proposal": row.message}
    assert (taken.after, left.after) == ({**told, "taken": True}, {**told, "taken": False})
    assert (taken.actor, taken.encounter) == (people["coder"], visit.public_id)


def test_the_same_answer_once_more_changes_and_notes_nothing(people, visit, proposed):
    for _ in range(2):
        answer(people, visit, proposed)
    assert noted("claim.proposal_answered").count() == 1
    assert Report.objects.filter(encounter=visit).count() == 2


def test_an_answer_makes_no_final_code_another_one_and_has_the_claim_checked_again(
    people, visit, proposed
):
    CheckedReport.objects.update(checked_at=visit.received_at)
    answer(people, visit, proposed)
    assert factories.service_for(visit, "22222").state == ServiceState.FINAL
    assert set(CheckedReport.objects.values_list("checked_at", flat=True)) == {None}


def test_an_answer_before_all_is_final_makes_no_report(people, visit, proposed):
    decisions.take_back(people["coder"], factories.service_for(visit, "22222"))
    [shown] = claims.checked(visit).proposals
    answer(people, visit, shown.named.key)
    assert Report.objects.filter(encounter=visit).count() == 1


def test_what_is_void_is_answered_no_more(people, visit, proposed, found):
    voiding.void(people["supervisor"], visit, "Entered twice.")
    for act in (
        lambda: answer(people, visit, proposed),
        lambda: override(people, visit, found),
    ):
        with pytest.raises(Conflict, match="This encounter was voided"):
            act()


# --- Findings.


def test_an_override_is_noted_with_the_service_the_finding_and_why(people, visit, found):
    override(people, visit, found)
    event = noted("claim.check_overridden").get()
    row = FindingOverride.objects.get()
    assert but_for_the_signature(event.after) == {
        "service": factories.service_for(visit, "22222").number,
        "check": row.check_id,
        "finding": row.message,
    }
    assert (event.reason, row.reason, row.answered_by) == (
        WHY.strip(),
        WHY.strip(),
        people["coder"],
    )


def test_an_overridden_finding_names_the_services_of_its_lines(people, visit, found):
    override(people, visit, found)
    row = FindingOverride.objects.get()
    named = [one.service.number for one in row.named.order_by("service")]
    assert named == [1, 2]


def test_what_is_found_no_longer_is_refused_in_words(people, visit):
    for act in (
        lambda: answer(people, visit, "of-last-week"),
        lambda: override(people, visit, "of-last-week"),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert str(refusal.value) == CHANGED
    assert not noted("claim.check_overridden").exists()


def test_while_a_line_is_coded_again_nothing_about_it_is_overridden(people, visit):
    decisions.take_back(people["coder"], factories.service_for(visit, "22222"))
    for shown in claims.checked(visit).open_errors:
        with pytest.raises(Conflict) as refusal:
            override(people, visit, shown.named.key)
        assert str(refusal.value) == (
            "Not every line that the check names is coded. Code them first."
        )
    assert not FindingOverride.objects.exists()


def test_whoever_holds_the_case_keeps_it_unless_they_coded_a_named_line(people, visit, found):
    service = factories.service_for(visit, "22222")
    decisions.take_back(people["coder"], service)
    decisions.decide(people["coder"], service, factories.insists("22222", "76"))
    case = factories.case_of(service)
    cases.claim(people["supervisor"], case)
    [shown] = claims.checked(visit).open_errors
    override(people, visit, shown.named.key)
    assert factories.fresh_case(case).holder == people["supervisor"]
    assert not noted("case.lapsed").exists()
    assert noted("case.routed").get().after["reasons"] == ["The coder overrides a claim check"]
