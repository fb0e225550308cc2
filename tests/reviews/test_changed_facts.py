"""What history and registers give to decided services changes behind them: nobody is left to find out by chance."""

from datetime import date

import pytest
from django.utils import timezone

from coding.actions import registers
from coding.actions.registers import Affiliation, Terms
from coding.decision import known
from coding.intake.records import ServiceLineRecord
from coding.models import (
    AuditEvent,
    Patient,
    Payer,
    PayerKind,
    Provider,
    ScheduledRun,
    ServiceState,
)
from coding.rules import rulebook
from coding.work import scheduled
from reviews.actions import cases, changed_facts, decisions
from reviews.actions.decisions import Judgement
from reviews.models import Choice, FinalCode, ReviewCase, RouteReason, RulingKind
from tests import factories, said_rules, small_rules

BEFORE = date(2025, 9, 1)
DAY = date(2026, 5, 4)
SINCE = date(2020, 1, 1)
SEEN = {"established_patient": {"in": [True]}}
GLUED = {"glue": {"in": [True]}}
NOTHING = "0 services looked at, 0 with other facts"
ONE_CHANGED = "1 services looked at, 1 with other facts"


def standing(people):
    """New patients are 27256, those seen before and those of a payer who wants it 27257."""
    rules = [
        said_rules.rule("SEEN", [SEEN], code="27257"),
        said_rules.rule("GLUED", [GLUED], code="27257"),
        said_rules.rule("NEW", [{}], code="27256"),
    ]
    facts = (small_rules.HELD, said_rules.SEEN, said_rules.GLUE)
    return said_rules.published(people, facts=facts, rules=rules)


@pytest.fixture(autouse=True)
def family(standing):
    return standing


def visit(people, day, reference="P-1", provider="Dr. Falk", **values):
    return factories.visit(
        people,
        ServiceLineRecord("27256"),
        date_of_service=day,
        patient_reference=reference,
        provider=provider,
        **values,
    )


def belongs(people, name="Dr. Falk", group="Hill Clinic"):
    provider = Provider.objects.get(name=name)
    affiliation = Affiliation(SINCE, group, "Orthopedics")
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )


@pytest.fixture
def decided(people):
    """A new patient's visit, decided as the rules say."""
    service = factories.service_of(visit(people, DAY, payer="Northern"))
    belongs(people)
    factories.decide(people["coder"], service, {"held": "yes"})
    return factories.service_of(service)


def cases_of(service):
    found_cases = ReviewCase.objects.filter(service=service)
    return [(case.state, [row.reason for row in case.routes.all()]) for case in found_cases]


def run_ended(moment):
    """The last run began at a moment, as far as can be told: it may have taken as long as any run may."""
    ended = moment + scheduled.LOST_AFTER
    ScheduledRun.objects.update_or_create(key=changed_facts.KEY, defaults={"succeeded_at": ended})


def test_a_visit_that_arrives_late_has_a_person_look_again(people, decided):
    visit(people, BEFORE)
    assert changed_facts.look_again() == ONE_CHANGED

    now = factories.service_of(decided)
    assert cases_of(now) == [("queued", [RouteReason.FACTS_CHANGED])]
    assert (now.state, now.suggestion.code) == (ServiceState.IN_REVIEW, "27257")
    answer = rulebook.current_answers(now)["established_patient"]
    assert answer.origin == "history: seen 2025-09-01 by Dr. Falk"
    # What was decided stands until somebody rules.
    assert FinalCode.objects.current().get(service=now).code == "27256"
    event = AuditEvent.objects.get(event="answer.renewed")
    assert (event.actor, event.after) == (None, {"Seen before": "yes"})


def test_it_is_shown_once(people, decided):
    visit(people, BEFORE)
    changed_facts.look_again()
    assert changed_facts.look_again() == "1 services looked at, 0 with other facts"
    assert len(cases_of(decided)) == 1


def test_the_ruling_makes_the_code_of_the_rules_final(people, decided):
    visit(people, BEFORE)
    changed_facts.look_again()
    factories.rule(people["supervisor"], factories.case_of(decided), RulingKind.RULES_UPHELD)
    assert FinalCode.objects.current().get(service=decided).code == "27257"


def test_a_case_that_is_open_hears_of_it(people):
    service = factories.service_of(visit(people, DAY))
    belongs(people)
    insists = Judgement(Choice.OTHER_CODE, code="27257", reason="Because.")
    case = factories.case_of(factories.decide(people["coder"], service, {"held": "yes"}, insists))
    cases.claim(people["supervisor"], case)
    visit(people, BEFORE)
    changed_facts.look_again()
    now = factories.fresh_case(case)
    assert RouteReason.FACTS_CHANGED in [row.reason for row in now.routes.all()]
    assert (now.holder, now.suggestion.code) == (people["supervisor"], "27257")


@pytest.mark.parametrize(
    "another", [{"reference": "P-2"}, {"provider": "Dr. Osei"}], ids=["patient", "provider"]
)
def test_a_visit_of_another_changes_nothing(people, decided, another):
    visit(people, BEFORE, **another)
    changed_facts.look_again()
    assert cases_of(decided) == []


def test_a_later_visit_has_no_earlier_one_looked_at(people, decided):
    run_ended(timezone.now())
    visit(people, date(2026, 6, 1))
    assert changed_facts.look_again() == NOTHING


def test_what_is_still_to_be_coded_is_left_to_its_form(people):
    service = factories.service_of(visit(people, DAY))
    visit(people, BEFORE)
    assert changed_facts.look_again() == NOTHING
    assert cases_of(service) == []


def test_two_rows_of_one_patient_that_are_merged_have_one_history(people, decided):
    visit(people, BEFORE, "P-9")
    changed_facts.look_again()
    assert cases_of(decided) == []

    rows = {row.identifier: row for row in Patient.objects.all()}
    registers.merge(people["administrator"], [rows["P-9"]], rows["P-1"], "The same.")
    changed_facts.look_again()
    assert cases_of(decided) == [("queued", [RouteReason.FACTS_CHANGED])]


def test_a_provider_whose_group_becomes_known_later_counts_from_then_on(people):
    visit(people, BEFORE, provider="Dr. Osei")
    belongs(people, "Dr. Osei")
    service = factories.service_of(visit(people, DAY))
    factories.decide(people["coder"], service, {"held": "yes"})
    assert factories.service_of(service).suggestion.code == "27256"

    belongs(people)
    changed_facts.look_again()
    assert factories.service_of(service).suggestion.code == "27257"


def test_an_option_of_a_payer_that_is_put_right_counts_for_what_is_decided(people, decided):
    payer = Payer.objects.get(name="Northern")
    terms = Terms(SINCE, PayerKind.MEDICARE, {"glue": "yes"})
    registers.complete_payer(people["administrator"], payer, payer.edition, terms)
    changed_facts.look_again()
    assert cases_of(decided) == [("queued", [RouteReason.FACTS_CHANGED])]


def test_another_fact_that_changes_no_code_is_kept_without_a_case(people, decided):
    decisions.take_back(people["coder"], decided)
    payer = Payer.objects.get(name="Northern")
    yes = Terms(SINCE, PayerKind.MEDICARE, {"glue": "yes"})
    registers.complete_payer(people["administrator"], payer, payer.edition, yes)
    factories.decide(people["coder"], decided, {"held": "yes"})

    visit(people, BEFORE)
    assert changed_facts.look_again() == ONE_CHANGED
    now = factories.service_of(decided)
    assert (now.state, cases_of(now)) == (ServiceState.FINAL, [])
    facts = rulebook.facts_of(
        rulebook.current_answers(now), rulebook.table_of(now.version.document)
    )
    assert facts["established_patient"] == known(True)


def test_nothing_is_looked_at_that_did_not_change_since_the_last_run(people, decided):
    visit(people, BEFORE)
    scheduled.run_due()
    assert len(cases_of(decided)) == 1
    assert ScheduledRun.objects.get(key=changed_facts.KEY).result == ONE_CHANGED
    run_ended(timezone.now())
    assert changed_facts.look_again() == NOTHING
