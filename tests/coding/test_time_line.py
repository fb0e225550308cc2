"""The time line of a rule set: which version is in force when, and what a change does to that."""

from datetime import date

from coding.models import RuleSetVersion, VersionState
from coding.rules.time_line import by_layer, change, from_day, spans

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def version(number, since, **more):
    return RuleSetVersion(
        pk=number, number=number, effective_from=since, state=VersionState.PUBLISHED, **more
    )


FIRST, SECOND, NEW = version(1, JANUARY), version(2, JUNE), version(3, MARCH)


def told(stretches):
    numbers = [(str(stretch.since), stretch.until and str(stretch.until)) for stretch in stretches]
    sides = [
        (stretch.before and stretch.before.number, stretch.after and stretch.after.number)
        for stretch in stretches
    ]
    return [(*days, *side) for days, side in zip(numbers, sides, strict=True)]


def test_a_version_decides_until_the_day_before_the_next_one():
    listed = [(span.version.number, span.since, span.until) for span in spans([SECOND, FIRST])]
    assert listed == [(1, JANUARY, date(2026, 5, 31)), (2, JUNE, None)]
    assert [span.standing(MARCH) for span in spans([FIRST, SECOND])] == ["in force", "coming"]
    assert [span.standing(JUNE) for span in spans([FIRST, SECOND])] == ["past", "in force"]


def test_a_version_between_two_others_takes_the_days_up_to_the_later_one():
    assert told(change([FIRST, SECOND], [FIRST, SECOND, NEW])) == [
        ("2026-01-01", "2026-02-28", 1, 1),
        ("2026-03-01", "2026-05-31", 1, 3),
        ("2026-06-01", None, 2, 2),
    ]


def test_what_is_retired_gives_its_days_to_the_one_before_or_to_none():
    assert told(change([FIRST, SECOND], [FIRST])) == [
        ("2026-01-01", "2026-05-31", 1, 1),
        ("2026-06-01", None, 2, 1),
    ]
    assert told(change([FIRST], [])) == [("2026-01-01", None, 1, None)]


def test_neighbours_that_are_decided_alike_are_one_stretch():
    assert told(change([FIRST, SECOND], [FIRST, SECOND])) == [
        ("2026-01-01", "2026-05-31", 1, 1),
        ("2026-06-01", None, 2, 2),
    ]
    assert told(change([FIRST], [FIRST, from_day(NEW, None)])) == [("2026-01-01", None, 1, 1)]


def test_layers_have_time_lines_of_their_own_the_general_one_first():
    office = version(4, MARCH, for_place="11")
    lines = by_layer([office, FIRST, RuleSetVersion(pk=5, number=5, state=VersionState.DRAFT)])
    assert [[span.version.number for span in line] for line in lines.values()] == [[1], [4]]
