"""What Ask answers about what changed, or will change, and when."""

from dataclasses import replace
from datetime import date

import pytest

from coding.ask import Question, ask
from tests.ask.asked import HIP, answer, family, knowledge, text_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what changed on 1 January 2026", "version 1 begins on 2026-01-01."),
        ("what changed since January", "version 1 begins on 2026-01-01."),
        ("what's new this year", "version 1 begins on 2026-01-01."),
        ("what changed on 1/1/2026 for 27256", "27256: work 5, then 4."),
    ],
)
def test_what_changed_in_the_past_is_told_by_rules_tables_and_values(text, said):
    assert said in text_of(answer(text))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("what changed last year", "from 2025-01-01 until 2025-12-31"),
        ("what changed since last year", "from 2025-01-01 until 2026-05-04"),
        ("what changed last quarter", "from 2026-01-01 until 2026-03-31"),
        ("what changed last month", "from 2026-04-01 until 2026-04-30"),
        ("is 27256 new this year", "from 2026-01-01 until 2026-12-31"),
        ("what changed this year", "from 2026-01-01 until 2026-05-04"),
        ("what changed last march", "from 2026-03-01 until 2026-03-31"),
        ("what changed in July 2025", "from 2025-07-01 until 2025-07-31"),
        ("what changes in May", "from 2026-05-05 until 2026-05-31"),
        ("what changes next year", "from 2027-01-01 until 2027-12-31"),
        ("what changes this quarter", "from 2026-05-05 until 2026-06-30"),
        ("what may change until July", "from 2026-05-05 until 2026-07-01"),
        ("what changes from July on", "from 2026-07-01 on"),
    ],
)
def test_a_year_a_quarter_and_a_month_are_meant_whole(text, days):
    assert answer(text).title == f"What changes {days}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "what changed on 1 feb 2026 to 1 mar 2026",
            "what changed from 2026-01-01 until 2026-03-01",
        ),
        *(
            "what changed last year in march",
            "what changed until 1 March 2026",
            "what changed next year",
        ),
        *("what changed in December 9999", "what changes on 31 June 2026"),
    ],
)
def test_of_two_days_or_none_there_is_no_change_is_told(text):
    assert answer(text).intent == ""


def test_a_version_that_another_has_replaced_since_is_told_of_its_own_time():
    version = family(HIP)
    later = replace(
        version, name="Version 2", address="/rules/hip-dislocation/2/", since=date(2026, 5, 1)
    )
    now = replace(knowledge(), families=(later,))
    said = text_of(ask(Question("what changed last quarter"), now))
    assert "version 1 begins on 2026-01-01." in said
    assert "Version 2" not in said
