"""What the queue is narrowed to and in which order it stands; asked of the filters, not of the page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from reviews.actions import cases
from reviews.lists.queues import QueryFilter, QueueFilter, by_urgency, may_see, next_for, visible_to
from reviews.models import Priority, ProviderQuery, ReviewCase, RulingKind
from tests import factories

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def standing(people, hip):
    """Two cases that are alike."""
    return factories.disputed(people, hip), factories.disputed(people, hip)


@pytest.fixture
def older(standing):
    return standing[0]


@pytest.fixture
def newer(standing):
    return standing[1]


def listed(person, **asked):
    rows = ReviewCase.objects.order_by("pk")
    return list(QueueFilter(asked, queryset=rows, request=SimpleNamespace(user=person)).qs)


def change(case, **values):
    ReviewCase.objects.filter(pk=case.pk).update(**values)


# --- In which order.


def test_what_is_more_urgent_stands_first_and_of_those_the_oldest(older, newer):
    assert list(by_urgency(ReviewCase.objects.all())) == [older, newer]
    change(newer, priority=Priority.HIGH)
    assert list(by_urgency(ReviewCase.objects.all())) == [newer, older]


def test_whoever_sorts_by_the_due_day_sees_those_that_have_one(people, older, newer):
    assert listed(people["supervisor"], order="due_on") == []
    change(newer, due_on=TODAY)
    assert listed(people["supervisor"], order="due_on") == [newer]
    change(older, due_on=TODAY + DAY)
    assert listed(people["supervisor"], order="due_on") == [newer, older]
    assert listed(people["supervisor"], order="-due_on") == [older, newer]


# --- Until when they are due.


@pytest.mark.parametrize(
    ("days", "found_by"),
    [
        (-1, ["overdue", "today", "week"]),
        (0, ["today", "week"]),
        (1, ["week"]),
        (7, ["week"]),
        (8, []),
    ],
    ids=["yesterday", "today", "tomorrow", "in a week", "in eight days"],
)
def test_a_case_is_found_from_the_day_on_that_its_own_is_within(people, older, days, found_by):
    change(older, due_on=TODAY + days * DAY)
    asked = ("overdue", "today", "week")
    assert [due for due in asked if listed(people["supervisor"], due=due) == [older]] == found_by


def test_a_case_without_a_day_is_due_on_none(people, older):
    assert listed(people["supervisor"], due="week") == []


def test_only_what_waits_is_overdue(people, older):
    change(older, due_on=TODAY - DAY)
    assert factories.fresh_case(older).is_overdue
    factories.rule(people["supervisor"], older)
    assert not factories.fresh_case(older).is_overdue
    assert listed(people["supervisor"], due="overdue") == []


# --- By code, by likeness, by whose.


def test_a_code_is_found_however_it_is_typed(people, older, newer):
    for typed in ("27257", " 27257 ", "27256"):
        assert listed(people["supervisor"], code=typed) == [older, newer]
    assert listed(people["supervisor"], code="27258") == []


def test_cases_are_found_that_are_alike_to_one(people, older, newer):
    assert listed(people["supervisor"], alike=str(older.public_id)) == [newer]
    assert listed(people["supervisor"], alike=str(newer.service.public_id)) == []


def test_the_next_case_is_asked_for_by_no_state_and_no_holder(people, older, newer):
    supervisor = people["supervisor"]
    cases.claim(supervisor, older)
    request = SimpleNamespace(user=supervisor)
    for asked in ({}, {"whose": "mine"}, {"state": "claimed"}, {"state": "resolved"}):
        assert list(next_for(supervisor, asked, request)) == [newer]
    assert list(next_for(supervisor, {"code": "27258"}, request)) == []


def test_mine_are_those_that_i_hold_now(people, older, newer):
    supervisor = people["supervisor"]
    cases.claim(supervisor, older)
    assert listed(supervisor, whose="mine") == [older]
    assert listed(supervisor, whose="free") == [newer]
    factories.rule(people["supervisor", 2], newer)
    assert listed(supervisor, whose="free") == []


# --- Who sees them.


def test_each_role_sees_all_its_own_or_none(people, older):
    other = people["coder", 2]
    for person, sees in (
        (people["supervisor"], True),
        (people["auditor"], True),
        (people["coder"], True),
        (other, False),
        (people["rule author"], False),
        (people["administrator"], False),
    ):
        assert visible_to(person).filter(pk=older.pk).exists() is sees
        assert may_see(person, older) is sees


def test_a_supervisor_who_is_kept_blind_asks_for_no_coder_and_by_submitted_codes_alone(
    people, older, settings
):
    settings.REVIEW_BLIND = True
    by_coder = listed(people["supervisor"], coder=people["coder", 2].pk)
    assert older in by_coder
    assert listed(people["supervisor"], code="27257") == []
    assert listed(people["auditor"], coder=people["coder", 2].pk) == []


# --- Provider queries.


def queries_listed(**asked):
    return list(QueryFilter(asked, queryset=ProviderQuery.objects.order_by("pk")).qs)


def test_queries_are_narrowed_by_whether_all_supervisors_were_told_and_by_provider(people, older):
    factories.rule(people["supervisor"], older, RulingKind.PROVIDER_QUERY)
    query = ProviderQuery.objects.get()
    assert queries_listed() == queries_listed(provider="falk") == [query]
    assert queries_listed(provider="weiss") == queries_listed(told="escalated") == []
    ProviderQuery.objects.update(escalated_at=timezone.now())
    assert queries_listed(told="escalated") == [query]
    assert queries_listed(state="answered") == []
