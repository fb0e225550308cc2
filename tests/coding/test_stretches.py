"""Long lists a stretch at a time: walked forwards and back without loss, opened at a day, counted up to a bound."""

from datetime import date

import pytest

from coding.actions import encounters
from coding.models import Encounter
from coding.views import pages
from coding.views.stretches import bounded_count, stretch_of
from tests import factories


@pytest.fixture
def week(people, monkeypatch):
    """Seven encounters on four days, of which some are alike; two rows a stretch."""
    monkeypatch.setattr(pages, "ROWS", 2)
    for number, day in enumerate((1, 1, 1, 2, 3, 3, 4)):
        record = factories.record(external_id=f"V-{number}", date_of_service=date(2026, 3, day))
        encounters.enter(people["coder"], record)
    return Encounter.objects


def ids(rows):
    return [encounter.external_id[2:] for encounter in rows]


@pytest.mark.parametrize(
    "order", [("date_of_service", "pk"), ("-date_of_service", "-pk"), ("-date_of_service", "pk")]
)
def test_a_list_is_walked_to_its_end_and_back_and_each_row_stands_once(week, order):
    rows = week.order_by(*order)
    seen, stretch = [], stretch_of({}, rows)
    assert stretch.is_first
    assert not stretch.previous
    while True:
        seen.append(ids(stretch))
        if not stretch.next:
            break
        stretch = stretch_of({"after": stretch.next}, rows)
    assert [row for part in seen for row in part] == ids(rows)
    back = [ids(stretch)]
    while stretch.previous:
        stretch = stretch_of({"before": stretch.previous}, rows)
        back.append(ids(stretch))
    assert sorted(row for part in back for row in part) == sorted(ids(rows))


@pytest.mark.parametrize(
    ("order", "day", "shown"),
    [("date_of_service", "2026-03-02", ["3", "4"]), ("-date_of_service", "2026-03-02", ["3", "2"])],
)
def test_a_list_that_goes_by_days_is_opened_at_one(week, order, day, shown):
    stretch = stretch_of(
        {"jump": day}, week.order_by(order, "-pk" if order.startswith("-") else "pk")
    )
    assert stretch.goes_by_day
    assert ids(stretch) == shown
    assert not stretch.is_first


@pytest.mark.parametrize(
    "asked", [{"after": "17"}, {"before": ""}, {"jump": "soon"}, {"jump": "2026-02-31"}]
)
def test_what_names_no_place_is_the_beginning(week, asked):
    stretch = stretch_of(asked, week.order_by("date_of_service", "pk"))
    assert (ids(stretch), stretch.is_first) == (["0", "1"], True)


def test_counting_ends_at_a_bound(week):
    assert bounded_count(week.all()) == "7"
    assert bounded_count(week.all(), most=7) == "7"
    assert bounded_count(week.all(), most=6) == "6+"


def test_a_list_by_names_is_not_opened_at_a_day(week):
    stretch = stretch_of({"jump": "2026-03-02"}, week.order_by("external_id"))
    assert (ids(stretch), stretch.goes_by_day) == (["0", "1"], False)
