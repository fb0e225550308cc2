"""Dates, times and durations of foreign tables: which literals there are, and stretches that tests never divide."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import TableError
from coding.exchange.dmn_moments import Cuts, moments_in, without_moments

# Literals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("literal", "kind", "words"),
    [
        ('date("2026-05-04")', "date", "2026-05-04"),
        ('@"2026-05-04"', "date", "2026-05-04"),
        ("date(2026, 5, 4)", "date", "2026-05-04"),
        ("date( 2026 ,05,04 )", "date", "2026-05-04"),
        ("date(6, 1, 1)", "date", "0006-01-01"),
        ('time("08:30:00")', "time", "08:30:00"),
        ('@"08:30:00.5Z"', "time", "08:30:00.5Z"),
        ('date and time("2026-05-04T08:30:00")', "date and time", "2026-05-04 08:30:00"),
        ('@"2026-05-04T08:30:00+02:00"', "date and time", "2026-05-04 08:30:00+02:00"),
        ('duration("P1D")', "days and time duration", "1 day"),
        ('duration("P2DT3H4M5S")', "days and time duration", "2 days 3 hours 4 minutes 5 seconds"),
        ('@"PT90M"', "days and time duration", "90 minutes"),
        ('duration("-P1DT1H")', "days and time duration", "minus 1 day 1 hour"),
        ('duration("P1Y")', "years and months duration", "1 year"),
        ('duration("P2Y1M")', "years and months duration", "2 years 1 month"),
        ('@"-P3M"', "years and months duration", "minus 3 months"),
    ],
)
def test_a_literal_has_its_kind_and_its_words(literal: str, kind: str, words: str) -> None:
    [moment] = moments_in(literal)
    assert (moment.kind, moment.words) == (kind, words)


@pytest.mark.parametrize(
    "text",
    [
        '"2026-05-04"',
        '"date(2026, 5, 4)"',
        'date("2026-02-30")',
        "date(2026, 13, 1)",
        "date(0, 1, 1)",
        'date("2026-5-4")',
        'time("24:00:00")',
        'time("2026-05-04")',
        'date("08:30:00")',
        'duration("2026-05-04")',
        'duration("P")',
        'duration("PT")',
        'duration("P1DT")',
        'duration("P1W")',
        'duration("P1Y1D")',
        '@"soon"',
        "date(limit)",
        "2026-05-04",
    ],
)
def test_what_no_calendar_and_no_clock_has_is_no_literal(text: str) -> None:
    assert moments_in(text) == []
    assert without_moments(text) == text


def test_literals_stand_in_their_order_and_a_text_among_them_stays_one() -> None:
    text = '[date("2026-01-01")..@"2026-06-30"], "@" , "x"'
    assert [moment.words for moment in moments_in(text)] == ["2026-01-01", "2026-06-30"]
    assert without_moments(text) == '[ .. ], "@" , "x"'


def same_place(first: str, second: str) -> bool:
    return moments_in(first)[0].place == moments_in(second)[0].place


def test_what_is_written_in_two_ways_is_one_point() -> None:
    assert same_place('date("2026-05-04")', "date(2026, 5, 4)")
    assert same_place('duration("P1Y")', 'duration("P12M")')
    assert same_place('duration("P1D")', 'duration("PT24H")')
    assert same_place('@"2026-05-04T08:30:00+02:00"', '@"2026-05-04T06:30:00Z"')
    assert not same_place('@"08:30:00"', '@"08:30:00.000001"')
    assert not same_place('duration("P1D")', 'duration("-P1D")')


@settings(max_examples=25)
@given(st.dates(), st.dates())
def test_days_stand_in_the_order_of_the_calendar(first: date, second: date) -> None:
    [one], [other] = (moments_in(f'date("{day.isoformat()}")') for day in (first, second))
    assert (one.place < other.place) == (first < second)


@settings(max_examples=25)
@given(st.integers(0, 999_999), st.integers(0, 999_999), st.integers(0, 999_999))
def test_a_duration_is_its_parts_added(days: int, hours: int, seconds: int) -> None:
    [moment] = moments_in(f'duration("P{days}DT{hours}H{seconds}S")')
    length = timedelta(days=days, hours=hours, seconds=seconds)
    assert moment.place == length / timedelta(seconds=1)


# Stretches ---------------------------------------------------------------------------------------------


def stretches(kind: str, *tests: str, allowed: str = "") -> list[str]:
    by_rule = {f"rule {number}": test for number, test in enumerate(tests, start=1)}
    return list(Cuts(kind, by_rule, allowed, "seen").stretches.values())


MAY, JUNE = 'date("2026-05-31")', 'date("2026-06-01")'


@pytest.mark.parametrize(
    ("tests", "labels"),
    [
        (["-"], ["Any date"]),
        ([f"< {MAY}"], ["Before 2026-05-31", "From 2026-05-31"]),
        ([f"<= {MAY}"], ["Until 2026-05-31", "After 2026-05-31"]),
        ([MAY], ["Before 2026-05-31", "2026-05-31", "After 2026-05-31"]),
        ([f"<= {MAY}", f">= {JUNE}"], ["Until 2026-05-31", "From 2026-06-01"]),
        ([f"[{MAY}..{JUNE}]"], ["Before 2026-05-31", "From 2026-05-31, until 2026-06-01", "After 2026-06-01"]),
        ([f"not({MAY})"], ["Before 2026-05-31", "2026-05-31", "After 2026-05-31"]),
    ],
)  # fmt: skip
def test_a_column_is_cut_only_where_a_test_begins_or_ends(
    tests: list[str], labels: list[str]
) -> None:
    assert stretches("date", *tests) == labels


def test_between_two_days_that_follow_each_other_there_is_nothing() -> None:
    assert stretches("date", MAY, JUNE) == [
        "Before 2026-05-31",
        "2026-05-31",
        "2026-06-01",
        "After 2026-06-01",
    ]
    apart = stretches("time", '@"08:00:00"', '@"08:00:01"')
    assert apart[2] == "After 08:00:00, before 08:00:01"


def test_durations_are_told_by_how_long_they_are() -> None:
    assert stretches("days and time duration", '>= duration("P2D")', '> duration("P7D")') == [
        "Less than 2 days",
        "At least 2 days, at most 7 days",
        "More than 7 days",
    ]


def test_only_what_the_column_allows_is_cut() -> None:
    allowed = f"[{MAY}..{JUNE}]"
    assert stretches("date", MAY, allowed=allowed) == ["2026-05-31", "2026-06-01"]


@pytest.mark.parametrize(
    ("tests", "problem"),
    [
        (['@"08:00:00"', '@"09:00:00Z"'], "some of its times name a zone and others none"),
        (['@"08:00:00+01:00"', '@"09:00:00Z"'], "some of its times name a zone and others none"),
        (['(@"08:00:00"..@"08:00:00")'], "is not among the tests that are read"),
        (['@"08:00:00" or'], "is not among the tests that are read"),
    ],
)
def test_what_cannot_be_compared_or_read_is_refused(tests: list[str], problem: str) -> None:
    with pytest.raises(TableError, match=problem):
        stretches("time", *tests)


def test_zones_of_a_date_and_time_may_differ() -> None:
    both = stretches("date and time", '< @"2026-05-04T08:00:00Z"', '< @"2026-05-04T08:00:00+02:00"')
    assert len(both) == 3


@pytest.mark.parametrize(("points", "are_too_many"), [(200, False), (201, True)])
def test_a_column_is_cut_at_up_to_200_points(points: int, are_too_many: bool) -> None:
    days = [date(2020, 1, 1) + timedelta(days=2 * number) for number in range(points)]
    listed = ", ".join(f'@"{day.isoformat()}"' for day in days)
    if are_too_many:
        with pytest.raises(TableError, match="“seen”: its tests name more than 200 points in time"):
            stretches("date", listed)
    else:
        assert len(stretches("date", listed)) == 2 * points + 1


BEGIN = date(2026, 1, 1)
DAYS = [BEGIN + timedelta(days=number) for number in range(12)]
numbers = st.integers(1, 10)


@st.composite
def day_tests(draw: st.DrawFn) -> tuple[str, list[bool]]:
    """A test of days, and which of the twelve days pass it."""
    first, last = sorted((draw(numbers), draw(numbers)))
    begin, end = (f'@"{DAYS[number].isoformat()}"' for number in (first, last))
    shape = draw(st.sampled_from(["=", "<", "<=", ">", ">=", "[]", "not []"]))
    match shape:
        case "=":
            return begin, [number == first for number in range(12)]
        case "<":
            return f"< {begin}", [number < first for number in range(12)]
        case "<=":
            return f"<= {begin}", [number <= first for number in range(12)]
        case ">":
            return f"> {begin}", [number > first for number in range(12)]
        case ">=":
            return f">= {begin}", [number >= first for number in range(12)]
        case "[]":
            return f"[{begin}..{end}]", [first <= number <= last for number in range(12)]
    return f"not([{begin}..{end}])", [not first <= number <= last for number in range(12)]


@settings(max_examples=40)
@given(st.lists(day_tests(), min_size=1, max_size=4))
def test_every_test_is_exactly_some_of_the_stretches(
    drawn: list[tuple[str, list[bool]]],
) -> None:
    """A day lies in the stretch that only tests which it passes take."""
    by_rule = {f"rule {number}": text for number, (text, _) in enumerate(drawn)}
    cuts = Cuts("date", by_rule, "", "seen")
    taken = [set(cuts.labels(text, "here") or ()) for text, _ in drawn]
    labels = list(cuts.stretches.values())
    assert len(set(labels)) == len(labels)

    for number in range(12):
        passed = [passes[number] for _, passes in drawn]
        own = [label for label in labels if [label in some for some in taken] == passed]
        assert own, f"no stretch passes as {DAYS[number]} does"
