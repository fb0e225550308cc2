"""Verbs and workers lock encounters, services, cases and queries in this order: none waits in a ring.

The trail's head comes last: after it the database is asked for nothing but the trail.
"""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coding.actions import uploads
from coding.decision import Known
from coding.models import JobChunk
from reviews.actions import (
    answers,
    cases,
    claims,
    comments,
    decisions,
    holds,
    precedents,
    queries,
    reports,
    rulings,
    runs,
    second_codings,
    second_looks,
    services,
    splitting,
    voiding,
)
from reviews.actions.adjudications import Adjudication
from reviews.actions.decisions import Judgement
from reviews.actions.second_codings import BlindCode
from reviews.job_kinds import JOB_KINDS
from reviews.models import Choice, FavouriteReason, ProviderQuery, ReasonUse, RulingKind
from tests import factories
from tests.incoming import checked, imported, now, row

# SQLite has one lock, and no name for it.
pytestmark = pytest.mark.servers

ENCOUNTER, SERVICE = "coding_encounter", "coding_service"
ORDER = [ENCOUNTER, SERVICE, "reviews_reviewcase", "reviews_providerquery"]
HEAD, EVENTS = "coding_audithead", "coding_auditevent"
LOCKED = re.compile(r'FROM "(\w+)".* FOR (NO KEY )?UPDATE')
ASKED = re.compile(r'(?:FROM|INTO|UPDATE) "(\w+)"')
UPHELD = Adjudication(RulingKind.CODER_UPHELD, "As it was coded.")
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")


def standing(people, hip):
    """A disputed service, and one that is answered."""
    case = factories.disputed(people, hip)
    answered = factories.service(people, hip, diagnoses=("Q65.02",))
    factories.answer(people["coder"], answered, factories.PAVLIK)
    return case, answered


@pytest.fixture
def case(standing):
    return standing[0]


@pytest.fixture
def answered(standing):
    return standing[1]


def check(verb, *arguments, **named):
    """Do it, and look at what the database was asked."""
    with CaptureQueriesContext(connection) as captured:
        done = verb(*arguments, **named)
    texts = [query["sql"] for query in captured]
    _check_locks(verb, texts)
    _check_after_the_head(verb, texts)
    return done


def _check_locks(verb, texts):
    """What a verb locks once more it holds already: the first time counts."""
    tables = []
    for text in texts:
        for table, no_key in LOCKED.findall(text):
            assert no_key or table == HEAD, f"{verb.__name__} locks {table} with its key"
            tables.append(table)
    first_times = [table for table in dict.fromkeys(tables) if table in ORDER]
    assert first_times == sorted(first_times, key=ORDER.index), verb.__name__
    if SERVICE in first_times:
        # Of two services settled at once each would count the encounter without the other.
        assert ENCOUNTER in first_times, f"{verb.__name__} locks a service without its encounter"


def _check_after_the_head(verb, texts):
    tables = [set(ASKED.findall(text)) for text in texts]
    at_head = next(place for place, own in enumerate(tables) if HEAD in own)
    later = set().union(*tables[at_head:])
    assert later <= {HEAD, EVENTS}, f"{verb.__name__} asks after the trail's head: {later}"


def seen(service):
    return factories.form_of(service).seen


def test_of_a_coder(people, hip, answered):
    coder = people["coder"]
    check(decisions.decide, coder, answered, Judgement(Choice.ACCEPT), seen(answered))
    check(decisions.take_back, coder, factories.service_of(answered))
    check(holds.hold, coder, factories.service_of(answered), "Unsigned.")
    check(holds.release, coder, factories.service_of(answered))
    added = check(services.add, coder, answered.encounter, hip.rule_set)
    added = factories.service_of(added)
    check(answers.answer, coder, added, "laterality", Known("left"))
    check(services.withdraw, coder, factories.service_of(added), "Not there.")


def test_of_a_coder_who_says_what_is_one_service(people, hip, answered):
    coder = people["coder"]
    second = check(splitting.split, coder, answered, [], "Two hips.")
    second = factories.service_of(second)
    check(splitting.join, coder, second, factories.service_of(answered), "One hip.")
    check(services.move, coder, factories.service_of(answered), None, "Not of this family.")


def test_of_a_supervisor_and_of_the_coder_who_objects(people, case):
    supervisor, second = people["supervisor"], people["supervisor", 2]
    check(cases.claim, supervisor, case)
    check(cases.release, supervisor, factories.fresh_case(case))
    check(claims.hand_over, second, factories.fresh_case(case), supervisor, "She knows hips.")
    ruling = check(rulings.rule, supervisor, factories.fresh_case(case), UPHELD)
    rebuttal = check(second_looks.rebut, people["coder"], factories.fresh_case(case), "No.")
    check(cases.claim, second, rebuttal)
    check(comments.comment, second, factories.fresh_case(rebuttal), "Read the addendum.")
    ruling = check(rulings.rule, second, factories.fresh_case(rebuttal), UPHELD)
    check(precedents.record, second, ruling, ["treatment"], "Harness", "Ruled twice.")
    again = check(second_looks.reopen, second, ruling, "Read it again.")
    check(cases.claim, second, again)
    check(second_looks.return_to_coder, second, factories.fresh_case(again), "Look at it.")


def test_of_an_administrator_who_merges_several_reasons(people):
    first, second, third = (
        FavouriteReason.objects.create(text=text, use=ReasonUse.HOLD) for text in "ABC"
    )
    check(holds.merge_reasons, people["administrator"], [first, second], third)
    assert set(third.merged_reasons.all()) == {first, second}


def test_of_a_query_and_its_end(people, answered):
    supervisor = people["supervisor"]
    decision = decisions.decide(people["coder"], answered, ASKS, seen(answered))
    case = factories.case_of(decision)
    cases.claim(supervisor, case)
    asks = Adjudication(RulingKind.PROVIDER_QUERY, "Which?")
    check(rulings.rule, supervisor, factories.fresh_case(case), asks)
    query = ProviderQuery.objects.get()
    check(queries.answer, supervisor, query, "The left.", "Dr. Falk", timezone.localdate())


def test_of_a_second_coder(people, answered):
    supervisor, other = people["supervisor"], people["coder", 2]
    decision = decisions.decide(people["coder"], answered, Judgement(Choice.ACCEPT), seen(answered))
    second = check(second_codings.ask, supervisor, decision, other)
    check(second_codings.code_blind, other, second, BlindCode("27257", ("LT",), reason="So."))


def test_of_whoever_corrects_reports_or_voids(people, case, answered):
    supervisor = people["supervisor"]
    decisions.decide(people["coder"], answered, Judgement(Choice.ACCEPT), seen(answered))
    check(reports.export, supervisor, answered.encounter)
    check(factories.send_again, people, answered.encounter, payer="Union")
    check(factories.send_again, people, case.service.encounter, payer="Union")
    check(voiding.void, supervisor, case.service.encounter, "Entered twice.")


def check_work(job):
    """Let a job's one chunk be written."""
    chunk = JobChunk.objects.get(job=job)
    handler = JOB_KINDS[job.kind]
    check(handler.write, chunk, handler.compute(chunk))


def test_of_the_workers_who_import_a_correction_and_apply_a_run(people, hip):
    visit = row(service_lines="27256-LT")
    encounter = imported(people, visit).rows.get().encounter
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    corrected = checked(people, {**visit, "payer": "Union"})
    uploads.start_import(people["coder"], corrected)
    check_work(now(corrected).import_job)

    draft = factories.draft_without_harness(people, hip)
    run = factories.finished(people, factories.publish(people, draft, date(2026, 2, 1)))
    runs.apply(people["supervisor"], run)
    check_work(factories.fresh(run).apply_job)
