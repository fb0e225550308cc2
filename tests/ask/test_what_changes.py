"""What changes, or changed: which days are meant, which versions and releases begin in them, and how they differ."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.ask import Question, Release
from coding.ask.changes import Period, answer
from coding.claim import Table, Tables, UnitLimit
from tests.ask.made_up import (
    DAY,
    RULES,
    TABLES,
    asked,
    changed,
    fee,
    joints,
    knowledge,
    told,
    visits,
)
from tests.decision import tables as make

NOTHING = "Nothing that is published or loaded begins in that time."


def title(text, today=DAY):
    found = answer(Question(text), knowledge(day=today, families=()))
    return found.title if found else ""


# Which days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("what changes", "from 2026-05-05 on"),
        ("what is new", "from 2026-04-01 on"),
        ("what changed", "from 2026-04-01 until 2026-05-04"),
        ("what changes on 1 July", "from 2026-05-05 until 2026-07-01"),
        ("what changes from 1 July", "from 2026-07-01 on"),
        ("what changed on 1 March", "on 2026-03-01"),
        ("what changed on 4 May", "on 2026-05-04"),
        ("what changed since 1 March", "from 2026-03-01 until 2026-05-04"),
        ("what changes until 1 July", "from 2026-05-05 until 2026-07-01"),
        ("what changed in March", "from 2026-03-01 until 2026-03-31"),
        ("what changes in July", "from 2026-07-01 until 2026-07-31"),
        ("what is new in May", "from 2026-05-01 until 2026-05-31"),
        ("what changes this month", "from 2026-05-05 until 2026-05-31"),
        ("what changed this month", "from 2026-05-01 until 2026-05-04"),
        ("what is new this month", "from 2026-05-01 until 2026-05-31"),
        ("what changes next month", "from 2026-06-01 until 2026-06-30"),
        ("what changes next quarter", "from 2026-07-01 until 2026-09-30"),
        ("what changed last quarter", "from 2026-01-01 until 2026-03-31"),
        ("what changed since last quarter", "from 2026-01-01 until 2026-05-04"),
    ],
)
def test_the_days_that_are_meant_stand_in_the_title(text, days):
    assert title(text) == f"What changes {days}"


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 1, 31), "from 2025-10-01 until 2025-12-31"),
        (date(2026, 12, 31), "from 2026-07-01 until 2026-09-30"),
    ],
)
def test_the_quarter_before_the_first_is_that_of_the_year_before(today, days):
    assert title("what changed last quarter", today) == f"What changes {days}"


@pytest.mark.parametrize(
    "text",
    [
        "what changed until 1 March",
        "what changed since 1 March until 1 July",
        "what changes this year in July",
        "what changed this quarter or month",
        "what changes on 31 June",
        "what changed on 1899-12-31",
        "what changes on 2201-01-01",
        "what changed next month",
        "what changes for 3 apples",
        "what costs 12345",
    ],
)
def test_what_names_two_times_or_none_that_there_is_is_not_answered(text):
    assert title(text) == ""


def test_the_first_and_the_last_year_are_answered():
    assert title("what changed on 1900-01-01") == "What changes on 1900-01-01"
    assert title("what changes from 2200-12-31").endswith("from 2200-12-31 on")


@settings(max_examples=25)
@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["year", "quarter", "month"])
)
def test_a_span_before_ends_the_day_before_this_one_begins_and_the_next_begins_behind_it(day, span):
    """“last”, “this” and “next” stand side by side, without a day between or in two of them."""
    before = title(f"what changed last {span}", day).removeprefix("What changes from ")
    this = title(f"is it new this {span}", day).removeprefix("What changes from ")
    behind = title(f"what changes next {span}", day).removeprefix("What changes from ")

    (_, ended), (begins, ends), (follows, _) = (
        [date.fromisoformat(own) for own in days.split(" until ")]
        for days in (before, this, behind)
    )
    assert begins <= day <= ends
    assert ended + timedelta(days=1) == begins
    assert ends + timedelta(days=1) == follows


def test_both_ends_of_a_period_belong_to_it():
    own = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert [own.has(date(2026, 1, day)) for day in (1, 31)] == [True, True]
    assert not own.has(date(2025, 12, 31))
    assert not own.has(date(2026, 2, 1))
    assert Period(date(2026, 1, 1), None).has(date(9999, 12, 31))


# What begins in them -----------------------------------------------------------------------------------


def with_releases(*days):
    return knowledge(releases=tuple(Release(f"Release of {day}", day) for day in days))


def test_releases_that_begin_in_the_time_are_named():
    known = with_releases(date(2026, 7, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 10, 1))
    assert told("what changes on 1 July", known=known) == {
        "Tables": [
            "Release of 2026-07-01 begins on 2026-07-01.",
            "Release of 2026-05-05 begins on 2026-05-05.",
        ]
    }


def test_where_nothing_begins_that_is_said():
    assert told("what changes on 1 July") == {"": [NOTHING]}


def test_rule_sets_that_began_in_the_time_are_named():
    assert told("what changed this year")["Rules"] == [
        "Joints version 1 begins on 2026-01-01.",
        "Visits version 1 begins on 2026-03-01.",
    ]
    assert told("what changed in March")["Rules"] == ["Visits version 1 begins on 2026-03-01."]


def test_of_codes_only_their_own_rule_sets_are_told():
    assert told("what changed this year for 23457")["Rules"] == [
        "Visits version 1 begins on 2026-03-01."
    ]
    assert told("what changed this year for 34567") == {"": [NOTHING]}


def test_more_than_five_codes_or_what_stands_behind_one_is_not_answered():
    codes = " ".join(f"1234{last}" for last in range(5))
    assert asked(f"what changed this year for {codes}").intent == "what changes"
    assert asked(f"what changed this year for {codes} 12350").intent == ""
    assert asked("what changed this year for 12345-50").intent == ""


# How a version differs ---------------------------------------------------------------------------------

SECOND = {"name": "Joints version 2", "address": "/joints/2/", "since": date(2026, 7, 1)}


def coming(rules):
    later = changed(joints(), rules, **SECOND)
    now = knowledge(coming=(later,))
    then = knowledge(day=date(2026, 7, 1), families=(later, visits()))
    return replace(now, on=lambda day: then if day >= date(2026, 7, 1) else now)


def test_a_version_that_decides_otherwise_is_told_by_the_answers():
    always_12347 = [{**RULES[0], "code": "12347"}, *RULES[1:]]
    assert told("what changes on 1 July", known=coming(always_12347))["Rules"] == [
        "Joints version 2 begins on 2026-07-01.",
        "Moved: yes; Asleep: yes. Before 12346, then 12347.",
    ]


def test_a_version_that_decides_alike_is_proven_to():
    reordered = [RULES[1], RULES[0], *RULES[2:]]
    assert told("what changes on 1 July", known=coming(reordered))["Rules"] == [
        "Joints version 2 begins on 2026-07-01.",
        "It is proven to decide every case as before.",
    ]


def test_a_rule_that_is_gone_leaves_no_rule():
    assert (
        "Moved: yes; Asleep: yes. Before 12346, then no rule."
        in told("what changes on 1 July", known=coming(RULES[1:]))["Rules"]
    )


def test_the_first_version_of_a_rule_set_changes_nothing_that_was():
    only_new = replace(coming(RULES), families=(visits(),))
    first = replace(only_new, on=lambda day: replace(only_new, day=day))
    assert told("what changes on 1 July", known=first)["Rules"] == [
        "Joints version 2 begins on 2026-07-01."
    ]


def test_of_many_regions_five_are_told_and_how_many_there_are():
    choices = [{"value": f"v{number}", "label": f"V{number}"} for number in range(7)]
    facts = [make.fact("which", choices=choices), make.fact("other", "yes_no")]

    def version(shift, **values):
        rules = [
            make.rule(f"R{n}", {"which": {"in": [f"v{n}"]}}, code=f"1235{(n + shift) % 7}")
            for n in range(7)
        ]
        family = {"family": [f"1235{n}" for n in range(7)], "name": "Seven", "key": "seven"}
        table = make.table(facts, [*rules, make.rule("REST", {})], **family)
        return type(joints())("Seven", "/seven/", date(2026, 1, 1), table, **values)

    first = version(0)
    later = replace(version(1), address="/seven/2/", since=date(2026, 7, 1))
    now = knowledge(families=(first,), coming=(later,))
    known = replace(now, on=lambda day: now if day < later.since else knowledge(families=(later,)))
    lines = told("what changes on 1 July", known=known)["Rules"]
    assert len(lines) == 7
    assert lines[-1] == "7 regions change in all."


# Values of a code --------------------------------------------------------------------------------------

LATER = Tables(
    fees=Table("Later values", {"12345": fee("090", work=5), "12347": fee("", "7")}),
    unit_limits=Table("Later limits", {"12345": UnitLimit(1, 2), "23456": UnitLimit(1, 2)}),
)


def with_later_values(later=LATER):
    now = knowledge()
    then = knowledge(day=date(2026, 7, 1), look_up=lambda codes: later)
    return replace(now, on=lambda day: then if day >= date(2026, 7, 1) else now)


def values(code, later=LATER):
    found = told(f"what changes on 1 July for {code}", known=with_later_values(later))
    return found.get("Values", [])


def test_what_a_row_says_otherwise_is_told_value_by_value():
    assert values("12345") == [
        "12345: global days 010, then 090; work 4, then 5; assistant 2, then none.",
        "12345: most units 2, then 1; indicator of the limit 3, then 2.",
    ]


def test_a_row_that_says_the_same_is_told_with_what_was_compared():
    assert values("12347") == [
        (
            "12347: as before: status, global days, work, total in a facility, total in an office,"
            " both sides, assistant."
        )
    ]


def test_a_code_that_is_gone_and_one_that_is_new():
    assert values("12346") == ["12346 is in Values and no more in Later values."]
    assert values("23456") == [
        "23456 is in Values and no more in Later values.",
        "23456 is new in Later limits: Limits has no row of it.",
    ]


def test_where_one_of_the_two_is_not_loaded_nothing_is_compared():
    assert values("12345", Tables()) == []


def test_without_a_code_no_value_is_told():
    assert "Values" not in told("what changes on 1 July", known=with_later_values())


def test_values_of_one_and_the_same_day_are_not_compared():
    assert told("what changes on 1 July for 12345") == {"": [NOTHING]}
    assert TABLES.fees is not None
