"""A new version asks more of record, set-up and history: planning a run looks it up for services decided before."""

from datetime import date

import pytest

from coding.actions import registers
from coding.actions.registers import Affiliation, Terms
from coding.intake.records import ServiceLineRecord
from coding.models import Answer, AuditEvent, Payer, PayerKind, Provider, ServiceState
from coding.rules import rulebook
from coding.work import leases
from reviews.actions import changed_facts, decisions, runs, services
from reviews.actions.asked_anew import give
from reviews.actions.decisions import Judgement
from reviews.actions.runs import Scope
from reviews.models import Choice, CodingDecision, Ending, FinalCode, ReviewCase
from reviews.reevaluation import planning
from tests import factories, said_rules, small_rules
from tests.factories import service_of
from tests.races import at_once
from tests.reviews.whole_records import problem, tell_accounts

DAY = date(2026, 5, 4)
BEFORE = date(2025, 9, 1)
SINCE = date(2020, 1, 1)
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


def standing(people):
    """A version that asks one question and nothing else; a draft that tells patients who were seen before, and payers
    who want glue, from others."""
    family = said_rules.published(people, facts=(small_rules.HELD,), rules=OLD)
    facts = (small_rules.HELD, said_rules.SEEN, said_rules.GLUE)
    return family, small_rules.draft(people, said_rules.table(facts=facts, rules=NEW))


@pytest.fixture(autouse=True)
def family(standing):
    return standing[0]


@pytest.fixture
def asking_more(standing):
    return standing[1]


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


def tell_the_group(people):
    """Of the one provider that there is."""
    provider = Provider.objects.get()
    affiliation = Affiliation(SINCE, "Hill Clinic", "Orthopedics")
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )


def wants_glue(people, name):
    """A payer that does."""
    payer = Payer.objects.get(name=name)
    terms = Terms(SINCE, PayerKind.NOT_KNOWN, {"glue": "yes"})
    registers.complete_payer(people["administrator"], payer, payer.edition, terms)


def endings(run):
    return sorted(run.cells.values_list("old", "new", "ending", "services"))


def test_every_service_is_decided_and_none_left_as_unanswered(people, asking_more):
    visit(people, BEFORE)
    for reference in ("P-1", "P-2", "P-3"):
        factories.decide(people["coder"], service_of(visit(people, DAY, reference)), HELD)
    tell_the_group(people)

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


def test_what_its_coder_took_back_and_did_not_change_yet_is_looked_up_too(
    people, asking_more, decided
):
    decisions.take_back(people["coder"], decided)
    run = factories.finished(people, asking_more)
    assert endings(run) == [("27256", "27256", Ending.SAME, 1)]


def test_what_an_older_version_asked_of_coders_and_nobody_answered_is_looked_up(people):
    asked = {**said_rules.SEEN, "source": "coder", "question": "Seen before?"}
    old = said_rules.table(facts=(small_rules.HELD, asked), rules=[OLD[0], NEW[0], OLD[1]])
    small_rules.published(people, date(2026, 2, 1), old)
    factories.decide(people["coder"], service_of(visit(people, DAY)), HELD)

    new = said_rules.table(facts=(small_rules.HELD, said_rules.SEEN), rules=[NEW[0], *OLD])
    run = factories.finished(people, small_rules.draft(people, new))
    assert endings(run) == [("27256", "27256", Ending.SAME, 1)]


def test_a_service_of_which_nothing_was_asked_at_all_is_looked_up(people, asking_more):
    silent = said_rules.table(facts=(small_rules.HELD,), rules=OLD[1:])
    small_rules.published(people, date(2026, 2, 1), silent)
    service = service_of(visit(people, DAY))
    decisions.decide(
        people["coder"], service, Judgement(Choice.ACCEPT), factories.form_of(service).seen
    )

    factories.planned(people, asking_more)
    answers = rulebook.current_answers(service)
    assert {answer.answered_by for answer in answers.values()} == {people["coder"]}
    assert answers.keys() == {"established_patient", "glue"}


def test_after_a_correction_the_next_run_looks_again(people, asking_more, decided):
    factories.finished(people, asking_more)
    factories.send_again(people, decided.encounter, payer="Union")
    wants_glue(people, "Union")
    run = factories.finished(people, asking_more)
    assert endings(run) == [("27256", "27257", Ending.OTHER, 1)]


def test_after_a_visit_that_arrives_late_the_next_run_looks_again(people, asking_more, decided):
    tell_the_group(people)
    factories.finished(people, asking_more)
    visit(people, BEFORE)
    assert changed_facts.look_again() == "1 services to look at"
    leases.pump()
    run = factories.finished(people, asking_more)
    assert endings(run) == [("27256", "27257", Ending.OTHER, 1)]


def test_a_service_that_is_withdrawn_meanwhile_is_given_nothing(people, family, asking_more):
    added = services.add(people["coder"], factories.visit(people), family.rule_set)
    factories.answer(people["coder"], added, HELD)
    run = runs.plan(people["supervisor"], asking_more, Scope())
    read = service_of(added)
    services.withdraw(people["coder"], read, "Not there.")
    give(read, run, [])
    leases.pump()
    assert not AuditEvent.objects.filter(event="answer.filled_in").exists()


def test_a_run_that_is_stopped_looks_nothing_up_any_more(people, asking_more, decided, monkeypatch):
    factories.decide(people["coder"], service_of(visit(people, DAY)), HELD)
    run = runs.plan(people["supervisor"], asking_more, Scope())

    def give_and_stop(*values):
        give(*values)
        runs.cancel(people["supervisor"], run)

    monkeypatch.setattr(planning, "give", give_and_stop)
    leases.pump()
    assert AuditEvent.objects.filter(event="answer.filled_in").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_that_are_planned_at_once_one_looks_up(people, asking_more):
    for _ in range(3):
        factories.decide(people["coder"], service_of(visit(people, DAY)), HELD)
    for _ in range(2):
        runs.plan(people["supervisor"], asking_more, Scope())
    at_once(2, lambda _: leases.pump())
    assert AuditEvent.objects.filter(event="answer.filled_in").count() == 3
    assert Answer.objects.filter(fact="glue").count() == 3
