"""What history and registers give to services changes behind them: nobody is left to find out by chance."""

from datetime import date

import pytest
from django.utils import timezone

from coding.actions import registers
from coding.actions.errors import Conflict
from coding.actions.registers import Affiliation, Terms
from coding.decision import known
from coding.intake.records import ServiceLineRecord
from coding.models import (
    AuditEvent,
    EncounterState,
    JobChunk,
    Patient,
    Payer,
    PayerKind,
    Provider,
    ScheduledRun,
    ServiceState,
)
from coding.rules import rulebook, suggesting
from coding.work import leases, scheduled
from reviews.actions import answers, cases, changed_facts, decisions, second_codings, voiding
from reviews.actions.decisions import Judgement
from reviews.actions.opening import add_reason
from reviews.actions.second_codings import BlindCode
from reviews.models import (
    OPEN_STATES,
    Choice,
    CodingDecision,
    FinalCode,
    ReviewCase,
    RouteReason,
    RulingKind,
)
from tests import factories, said_rules, small_rules
from tests.races import at_once
from tests.reviews.test_order_of_locks import check

BEFORE = date(2025, 9, 1)
DAY = date(2026, 5, 4)
SINCE = date(2020, 1, 1)
LOOSE = {"held": {"in": [False]}}
SEEN = {"established_patient": {"in": [True]}}
GLUED = {"glue": {"in": [True]}}
OF_MEDICARE = {"payer_kind": {"in": ["medicare"]}}
GLOBAL = {
    "key": "within_global_days",
    "kind": "yes_no",
    "label": "Within global days",
    "source": "history",
}
PAYER_KIND = {
    "key": "payer_kind",
    "kind": "choice",
    "label": "Kind of payer",
    "source": "record",
    "choices": [{"value": "medicare", "label": "Medicare"}],
}
ACCEPT = Judgement(Choice.ACCEPT)
# How many services are looked at, and how many of them hold other facts by that.
NOTHING = ("0 services to look at", 0)
UNCHANGED = ("1 services to look at", 0)
ONE_CHANGED = ("1 services to look at", 1)


FACTS = (small_rules.HELD, said_rules.SEEN, said_rules.GLUE, PAYER_KIND, GLOBAL)
RULES = [
    said_rules.rule("LOOSE", [LOOSE], "supervisor_review"),
    said_rules.rule("SEEN", [SEEN], code="27257"),
    said_rules.rule("MEDICARE", [OF_MEDICARE], code="27257"),
    said_rules.rule("NEW", [{}], code="27256"),
]
FURTHER = {"code": "99070", "rows": [GLUED], "units": 1}


def standing(people):
    """New patients are 27256, with a further line where the payer wants it; those seen before and Medicare's 27257."""
    return said_rules.published(people, facts=FACTS, rules=RULES, lines=[FURTHER])


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


def belongs(people, name="Dr. Falk", group="Hill Clinic", since=SINCE):
    provider = Provider.objects.get(name=name)
    affiliation = Affiliation(since, group, "Orthopedics")
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


def origin_of(service, fact):
    return rulebook.current_answers(service)[fact].origin


def run_ended(moment):
    """The last run began at a moment, as far as can be told: it may have taken as long as any run may."""
    ended = moment + scheduled.LOST_AFTER
    ScheduledRun.objects.update_or_create(key=changed_facts.KEY, defaults={"succeeded_at": ended})


def looked_again():
    renewed = AuditEvent.objects.filter(event="answer.renewed")
    before = renewed.count()
    concerned = changed_facts.look_again()
    leases.pump()
    return concerned, renewed.count() - before


def test_a_visit_that_arrives_late_has_a_person_look_again(people, decided):
    visit(people, BEFORE)
    assert looked_again() == ONE_CHANGED

    now = factories.service_of(decided)
    assert cases_of(now) == [("queued", [RouteReason.FACTS_CHANGED])]
    assert (now.state, now.suggestion.code) == (ServiceState.IN_REVIEW, "27257")
    assert origin_of(now, "established_patient") == "history: seen 2025-09-01 by Dr. Falk"
    # What was decided stands until somebody rules.
    assert FinalCode.objects.current().get(service=now).code == "27256"
    event = AuditEvent.objects.get(event="answer.renewed")
    assert (event.actor, event.after) == (None, {"Seen before": "yes"})


def test_it_is_shown_once(people, decided):
    visit(people, BEFORE)
    looked_again()
    assert looked_again() == UNCHANGED
    assert len(cases_of(decided)) == 1


def test_the_ruling_makes_the_code_of_the_rules_final(people, decided):
    visit(people, BEFORE)
    looked_again()
    factories.rule(people["supervisor"], factories.case_of(decided), RulingKind.RULES_UPHELD)
    assert FinalCode.objects.current().get(service=decided).code == "27257"


@pytest.fixture
def disputed(people):
    """The open case of a new patient's visit, of which the coder says otherwise than the rules."""
    service = factories.service_of(visit(people, DAY))
    belongs(people)
    insists = Judgement(Choice.OTHER_CODE, code="27257", reason="Because.")
    return factories.case_of(factories.decide(people["coder"], service, {"held": "yes"}, insists))


def test_a_case_that_is_open_hears_of_it_and_of_what_is_undone_again(people, disputed):
    cases.claim(people["supervisor"], disputed)
    earlier = visit(people, BEFORE)
    looked_again()
    now = factories.fresh_case(disputed)
    assert RouteReason.FACTS_CHANGED in [row.reason for row in now.routes.all()]
    assert (now.holder, now.suggestion.code) == (people["supervisor"], "27257")

    voiding.void(people["supervisor", 2], earlier, "Of another patient.")
    looked_again()
    assert factories.fresh_case(disputed).suggestion.code == "27256"
    told = AuditEvent.objects.filter(event="case.routed").order_by("sequence")
    assert [event.after["rules"] for event in told] == ["27257", "27256"]


def test_a_case_that_newer_rules_opened_hears_what_these_make_of_it(people, disputed, client):
    rules = [said_rules.rule("ASK", [SEEN], "supervisor_review"), *RULES]
    newer = small_rules.draft(people, said_rules.table(facts=FACTS, rules=rules))
    by_newer = suggesting.suggest(disputed.suggestion.profile, newer.document)
    disputed.service = factories.service_of(disputed.service)
    add_reason(disputed, RouteReason.RULE_CHANGE, by_newer)

    visit(people, BEFORE)
    looked_again()
    now = factories.fresh_case(disputed)
    assert (now.suggestion.document, now.suggestion.rule_id) == (newer.document, "ASK")
    assert factories.service_of(now.service).suggestion.code == "27257"
    client.force_login(people["supervisor"])
    assert client.get(now.get_absolute_url()).context["cited"] == newer


@pytest.mark.parametrize(
    "another", [{"reference": "P-2"}, {"provider": "Dr. Osei"}], ids=["patient", "provider"]
)
def test_a_visit_of_another_changes_nothing(people, decided, another):
    visit(people, BEFORE, **another)
    looked_again()
    assert cases_of(decided) == []


def test_a_later_visit_has_no_earlier_one_looked_at(people, decided):
    run_ended(timezone.now())
    visit(people, date(2026, 6, 1))
    assert looked_again() == NOTHING


def test_what_nobody_began_to_code_is_left_to_its_form(people):
    service = factories.service_of(visit(people, DAY))
    visit(people, BEFORE)
    assert looked_again() == NOTHING
    assert cases_of(service) == []


def test_what_is_being_coded_goes_on_with_what_is_given_now(people):
    service = factories.service_of(visit(people, DAY))
    belongs(people)
    seen = factories.answer(people["coder"], service, {"held": "yes"}).seen
    visit(people, BEFORE)
    assert looked_again() == ONE_CHANGED

    now = factories.service_of(service)
    assert (now.state, now.suggestion.code) == (ServiceState.TO_CODE, "27257")
    assert factories.form_of(service).suggestion == now.suggestion
    assert cases_of(service) == []
    with pytest.raises(Conflict, match="not the one that you saw"):
        decisions.decide(people["coder"], now, ACCEPT, seen)


def test_what_is_not_answered_yet_stays_without_a_suggestion(people):
    visit(people, BEFORE, "P-9")
    service = factories.service_of(visit(people, DAY, payer="Northern"))
    belongs(people)
    form = factories.form_of(service)
    answers.answer(people["coder"], service, form.guidance.next_question.key, known(True))
    answers.answer(people["coder"], factories.service_of(service), "held", None)
    merged(people, "P-9")
    assert looked_again() == ONE_CHANGED
    assert factories.service_of(service).suggestion is None


def merged(people, number, into="P-1"):
    rows = {row.identifier: row for row in Patient.objects.all()}
    registers.merge(people["administrator"], [rows[number]], rows[into], "The same.")
    return Patient.objects.get(identifier=number)


@pytest.mark.parametrize(("number", "into"), [("P-9", "P-1"), ("P-1", "P-9")])
def test_two_rows_that_are_merged_have_one_history_until_they_are_taken_apart(
    people, decided, number, into
):
    visit(people, BEFORE, "P-9")
    looked_again()
    assert cases_of(decided) == []

    row = merged(people, number, into)
    looked_again()
    assert cases_of(decided) == [("queued", [RouteReason.FACTS_CHANGED])]

    run_ended(timezone.now())
    registers.take_apart(people["administrator"], [row], "Two people.")
    looked_again()
    assert factories.case_of(decided).suggestion.code == "27256"


def test_a_visit_that_turns_out_to_be_another_patient_s_tells_of_the_first_no_more(people):
    earlier = visit(people, BEFORE)
    service = factories.service_of(visit(people, DAY))
    belongs(people)
    factories.decide(people["coder"], service, {"held": "yes"})
    run_ended(timezone.now())

    factories.send_again(people, earlier, patient_reference="P-2")
    assert looked_again() == ONE_CHANGED
    assert factories.case_of(service).suggestion.code == "27256"


def test_a_provider_whose_group_becomes_known_later_counts_from_then_on(people):
    visit(people, BEFORE, provider="Dr. Osei")
    belongs(people, "Dr. Osei")
    service = factories.service_of(visit(people, DAY))
    factories.decide(people["coder"], service, {"held": "yes"})
    assert factories.service_of(service).suggestion.code == "27256"

    run_ended(timezone.now())
    belongs(people, since=DAY)
    looked_again()
    assert factories.service_of(service).suggestion.code == "27257"


def pays(people, kind, since=DAY, **options):
    payer = Payer.objects.get(name="Northern")
    registers.complete_payer(
        people["administrator"], payer, payer.edition, Terms(since, kind, options)
    )


@pytest.mark.parametrize(
    ("kind", "options", "rules"),
    [(PayerKind.NOT_KNOWN, {"glue": "yes"}, "27256 + 99070"), (PayerKind.MEDICARE, {}, "27257")],
    ids=["an option", "its kind"],
)
def test_what_is_put_right_of_a_payer_counts_for_what_is_decided(
    people, decided, kind, options, rules
):
    pays(people, kind, **options)
    looked_again()
    assert cases_of(decided) == [("queued", [RouteReason.FACTS_CHANGED])]
    assert str(factories.case_of(decided).suggestion) == rules


def test_a_fee_schedule_that_is_loaded_late_tells_of_global_days(people, decided):
    factories.decide(people["coder"], visit(people, date(2026, 5, 3)), {"held": "yes"})
    looked_again()
    assert "global days are not known" in origin_of(decided, "within_global_days")

    run_ended(timezone.now())
    factories.fees()
    assert looked_again() == ("2 services to look at", 1)
    assert "27256 of 2026-05-03 has" in origin_of(decided, "within_global_days")


def test_what_counts_from_a_later_day_on_concerns_no_earlier_service(people, decided):
    run_ended(timezone.now())
    later = date(2026, 5, 5)
    belongs(people, since=later)
    pays(people, PayerKind.MEDICARE, later)
    registers.accept(people["administrator"], [*Patient.objects.all(), *Provider.objects.all()])
    assert looked_again() == NOTHING


def test_another_fact_that_changes_no_code_is_kept_without_a_case(people, decided):
    decisions.take_back(people["coder"], decided)
    pays(people, PayerKind.MEDICARE)
    factories.decide(people["coder"], decided, {"held": "yes"})

    visit(people, BEFORE)
    assert looked_again() == ONE_CHANGED
    now = factories.service_of(decided)
    assert (now.state, cases_of(now)) == (ServiceState.FINAL, [])
    # A case that something else opens says what the rules make of it now.
    decision = CodingDecision.objects.filter(service=now).latest("round")
    second = second_codings.ask(people["supervisor"], decision, people["coder", 2])
    second_codings.code_blind(people["coder", 2], second, BlindCode("27256", reason="So."))
    assert factories.case_of(now).suggestion == now.suggestion != decision.suggestion
    facts = rulebook.facts_of(
        rulebook.current_answers(now), rulebook.table_of(now.version.document)
    )
    assert facts["established_patient"] == known(True)


def test_nothing_is_looked_at_that_did_not_change_since_the_last_run(people, decided):
    visit(people, BEFORE)
    scheduled.run_due()
    leases.pump()
    assert len(cases_of(decided)) == 1
    assert ScheduledRun.objects.get(key=changed_facts.KEY).result == "1 services to look at"
    run_ended(timezone.now())
    assert looked_again() == NOTHING


def test_looking_at_a_service_locks_as_everybody_does(people, decided):
    visit(people, BEFORE)
    changed_facts.look_again()
    check(changed_facts.LookAgain().compute, JobChunk.objects.get())


@pytest.mark.django_db(transaction=True)
def test_of_a_look_and_a_coder_who_takes_back_at_once_neither_leaves_a_case_behind(people, decided):
    visit(people, BEFORE)
    changed_facts.look_again()
    acts = [leases.pump, lambda: decisions.take_back(people["coder"], decided)]
    results = at_once(2, lambda number: acts[number]())
    assert results == [1, None]
    now = factories.service_of(decided)
    assert (now.state, now.encounter.state) == (ServiceState.TO_CODE, EncounterState.TO_CODE)
    assert not ReviewCase.objects.filter(service=now, state__in=OPEN_STATES).exists()
