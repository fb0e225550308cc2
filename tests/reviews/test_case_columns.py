"""What a row of the queue, or of one's own cases, says of a case: each column in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from coding.models import Encounter, RuleSet, Service, ServiceLine, Suggestion, User
from reviews.judging.blind import HIDDEN_CODE, HIDDEN_NAME, Sight
from reviews.lists.case_columns import OWN_COLUMNS, queue_columns
from reviews.models import (
    CaseRoute,
    CaseState,
    CodingDecision,
    Level,
    Priority,
    ReviewCase,
    RouteReason,
    Ruling,
    RulingKind,
)

CODER = User(pk=1, first_name="Carla", last_name="Bishop")
SUPERVISOR = User(pk=2, first_name="Sue", last_name="Warden")
BLIND = Sight(is_blind=True)


def service(*lines, **values):
    visit = Encounter(
        external_id="V-1", source="his", provider="Dr. Falk", note="Held.", **values.pop("of", {})
    )
    row = Service(pk=1, encounter=visit, number=1, day=date(2026, 5, 4), **values)
    row._prefetched_objects_cache = {"lines": list(lines)}
    return row


def case(reasons=(), **values):
    decided = CodingDecision(pk=3, outcome="code", code="12345", modifiers=["LT"])
    usual = {"service": service(), "coder": CODER, "decision": decided, "opened_at": timezone.now()}
    row = ReviewCase(pk=1, **{**usual, **values})
    row._prefetched_objects_cache = {"routes": [CaseRoute(reason=reason) for reason in reasons]}
    # As the list reads a case without a ruling.
    row._state.fields_cache["ruling"] = None
    return row


def ruled(**values):
    row = case(state=CaseState.RESOLVED, **values)
    row.ruling = Ruling(
        kind=RulingKind.OTHER_CODE,
        outcome="code",
        code="54321",
        reason="The report says so.",
        ruled_at=datetime(2026, 6, 1, 12, tzinfo=UTC),
    )
    return row


def queue(row, key, sight=None):
    return words_of(queue_columns(sight or Sight()), row, key)


def own(row, key):
    return words_of(OWN_COLUMNS, row, key)


def words_of(columns, row, key):
    [column] = [column for column in columns if column.key == key]
    return list(column.words(row))


def test_every_reason_why_a_case_is_here_is_told():
    row = case([RouteReason.OTHER_CODE, RouteReason.AGAINST_NOTE])
    told = [RouteReason.OTHER_CODE.label, RouteReason.AGAINST_NOTE.label]
    assert queue(row, "why") == own(row, "why") == told


def test_an_objection_says_that_it_is_one_beside_its_encounter():
    assert queue(case(), "encounter") == ["V-1"]
    assert queue(case(level=Level.REBUTTAL), "encounter") == ["V-1 · rebuttal"]


def test_how_urgent_a_case_is_stands_before_its_day_and_that_the_day_is_over():
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    assert queue(case(), "due") == ["Normal"]
    assert queue(case(priority=Priority.HIGH, due_on=today), "due") == ["High", today.isoformat()]
    late = case(due_on=yesterday)
    assert queue(late, "due") == ["Normal", yesterday.isoformat(), "overdue"]
    ended = case(due_on=yesterday, state=CaseState.RESOLVED)
    assert queue(ended, "due") == ["Normal", yesterday.isoformat()]


def test_what_the_source_took_back_is_not_among_the_submitted_lines():
    stands, gone = ServiceLine(code="12345", modifiers=["LT"]), ServiceLine(code="54321", gone_in=2)
    assert queue(case(service=service(stands, gone)), "submitted") == [str(stands)]


def test_where_no_rule_set_judges_the_columns_of_the_rules_say_so():
    row = case(suggestion=None)
    assert queue(row, "suggested") == queue(row, "family") == ["no rule set"]
    of_rules = case(
        service=service(rule_set=RuleSet(name="Hip")),
        suggestion=Suggestion(outcome="provider_query"),
    )
    assert queue(of_rules, "suggested") == ["Provider query"]
    assert queue(of_rules, "family") == ["Hip"]
    of_rules.suggestion = None
    assert queue(of_rules, "suggested") == ["a question is open again"]


def test_a_code_is_written_with_its_modifiers_as_claims_have_them():
    assert queue(case(), "decided") == own(case(), "decided") == ["12345-LT"]


def test_whoever_holds_a_case_is_named_and_else_nobody():
    assert queue(case(), "holder") == ["nobody"]
    assert queue(case(holder=SUPERVISOR), "holder") == ["Sue Warden"]


def test_a_ruling_is_told_with_its_day_and_reason_and_before_it_how_long_a_case_waits():
    assert own(ruled(), "ruling") == ["Other code: 54321"]
    assert own(ruled(), "ruled") == ["2026-06-01"]
    assert own(ruled(), "reason") == ["The report says so."]

    waiting = case(opened_at=timezone.now() - timedelta(days=3, minutes=1))
    assert own(waiting, "ruling") == ["waiting for 3\xa0days"]
    assert own(waiting, "ruled") == own(waiting, "reason") == []


@pytest.mark.parametrize("state", [CaseState.TAKEN_BACK, CaseState.RETURNED, CaseState.CLOSED])
def test_a_case_that_ended_otherwise_has_no_ruling_and_waits_for_none(state):
    assert own(case(state=state), "ruling") == ["none"]


def test_a_reader_who_is_kept_blind_reads_no_name_and_no_code_of_a_case_that_waits():
    row = case(suggestion=Suggestion(outcome="code", code="54321"))
    assert queue(row, "coder", BLIND) == [HIDDEN_NAME]
    assert queue(row, "suggested", BLIND) == queue(row, "decided", BLIND) == [HIDDEN_CODE]
    assert queue(ruled(), "decided", BLIND) == ["12345-LT"]
    assert queue(ruled(), "coder", BLIND) == ["Carla Bishop"]


def test_who_coded_blind_before_the_ruling_reads_the_codes():
    having_coded = Sight(is_blind=True, coded=frozenset([3]))
    assert queue(case(), "decided", having_coded) == ["12345-LT"]


def test_a_payer_that_nobody_told_leaves_its_column_empty():
    assert queue(case(), "payer") == []
    assert queue(case(service=service(payer="Northern")), "payer") == ["Northern"]


def test_one_s_own_cases_name_no_coder():
    assert "coder" not in {column.key for column in OWN_COLUMNS}
    assert "coder" in {column.key for column in queue_columns(Sight())}
