"""A new version asks more of record, set-up and history: planning a run looks it up for services decided before."""

from datetime import date

import pytest

from coding.actions import registers
from coding.actions.registers import Affiliation
from coding.intake.records import ServiceLineRecord
from coding.models import Answer, AuditEvent, Provider, ServiceState
from coding.rules import rulebook
from reviews.actions.runs import Scope
from reviews.models import CodingDecision, Ending, FinalCode, ReviewCase
from tests import factories, said_rules, small_rules
from tests.factories import service_of
from tests.reviews.whole_records import problem, tell_accounts

DAY = date(2026, 5, 4)
BEFORE = date(2025, 9, 1)
SEEN = {"established_patient": {"in": [True]}}
HELD = {"held": "yes"}
GLUED = {"glue": {"in": [True]}}
OLD = [
    said_rules.rule("HELD", [{"held": {"in": [True]}}], code="27256"),
    said_rules.rule("REST", [{}], "supervisor_review"),
]
NEW = [
    said_rules.rule("SEEN", [SEEN], code="27257"),
    said_rules.rule("GLUED", [GLUED], code="27257"),
    said_rules.rule("NEW", [{"held": {"in": [True]}}], code="27256"),
    said_rules.rule("REST", [{}], "supervisor_review"),
]


@pytest.fixture(autouse=True)
def family(people):
    """A version that asks one question and nothing else."""
    return said_rules.published(people, facts=(small_rules.HELD,), rules=OLD)


@pytest.fixture
def asking_more(people, family):
    """A draft that tells patients who were seen before, and payers who want glue, from others."""
    facts = (small_rules.HELD, said_rules.SEEN, said_rules.GLUE)
    return small_rules.draft(people, said_rules.table(facts=facts, rules=NEW))


def visit(people, day, reference="P-1"):
    return factories.visit(
        people, ServiceLineRecord("27256"), date_of_service=day, patient_reference=reference
    )


@pytest.fixture
def decided(people, family):
    """A service that the first version decided."""
    service = service_of(visit(people, DAY))
    factories.decide(people["coder"], service, HELD)
    return service_of(service)


def endings(run):
    return sorted(run.cells.values_list("old", "new", "ending", "services"))


def test_every_service_is_decided_and_none_left_as_unanswered(people, asking_more):
    visit(people, BEFORE)
    for reference in ("P-1", "P-2", "P-3"):
        factories.decide(people["coder"], service_of(visit(people, DAY, reference)), HELD)
    provider = Provider.objects.get()
    affiliation = Affiliation(date(2020, 1, 1), "Hill Clinic", "Orthopedics")
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )

    run = factories.finished(people, asking_more)
    assert endings(run) == [
        ("27256", "27256", Ending.SAME, 2),
        ("27256", "27257", Ending.OTHER, 1),
    ]


def test_what_was_looked_up_is_kept_with_where_it_comes_from(people, asking_more, decided):
    factories.planned(people, asking_more)

    answers = rulebook.current_answers(decided)
    assert answers["established_patient"].value is False
    assert answers["established_patient"].origin.startswith("history: not seen")
    assert answers["glue"].origin == "payer register: the payer has no option “glue”"
    assert answers["glue"].answered_by == people["coder"]
    [event] = AuditEvent.objects.filter(event="answer.filled_in")
    assert (event.actor, event.reason) == (None, f"Asked by {asking_more}.")
    assert event.after.keys() >= {"Seen before", "Glue is G0168"}


def test_what_was_decided_stands(people, asking_more, decided):
    before = CodingDecision.objects.get()
    factories.finished(people, asking_more)

    now = service_of(decided)
    assert (now.state, now.version, now.suggestion.code) == (
        ServiceState.FINAL,
        decided.version,
        "27256",
    )
    assert CodingDecision.objects.get().suggestion == before.suggestion
    assert FinalCode.objects.get().code == "27256"
    assert not ReviewCase.objects.exists()
    tell_accounts()
    assert problem() == ""


def test_a_second_run_looks_nothing_up_again(people, asking_more, decided):
    factories.finished(people, asking_more)
    rows = Answer.objects.count()
    run = factories.finished(people, asking_more)
    assert not run.plan_job.chunks.exists()
    assert Answer.objects.count() == rows


def test_a_version_that_asks_nothing_new_prepares_nothing(people, family, decided):
    run = factories.finished(people, family)
    assert not run.plan_job.chunks.exists()


def test_services_that_the_run_does_not_look_at_are_left_alone(people, asking_more, decided):
    factories.finished(people, asking_more, Scope(served_until=BEFORE))
    assert "glue" not in rulebook.current_answers(decided)


def test_a_service_that_is_still_open_goes_on_as_it_was(people, asking_more):
    service = service_of(visit(people, DAY))
    factories.answer(people["coder"], service, HELD)
    factories.finished(people, asking_more)

    now = service_of(service)
    assert now.state == ServiceState.TO_CODE
    factories.decide(people["coder"], now, {})
    assert FinalCode.objects.get().code == "27256"
    tell_accounts()
    assert problem() == ""
