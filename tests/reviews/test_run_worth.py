"""What the flips of a run are worth: gains and losses apart, by the place and the day of each service."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from coding.reference.fee_schedules import Value
from reviews.reevaluation import summary

DAY, LATER = date(2026, 5, 4), date(2026, 7, 1)
OFFICE, HOSPITAL = "11", "22"
# By code, day and whether it is a facility: the work, and the total.
LISTED = {
    ("12345", DAY, False): (2, 10),
    ("54321", DAY, False): (5, 12),
    ("12345", DAY, True): (2, 6),
    ("54321", DAY, True): (5, 7),
    ("12345", LATER, False): (4, 9),
}


class Flips(list):
    """As the queryset of flips gives its groups."""

    def order_by(self, *_):
        return self

    def values_list(self, *_):
        return self

    def annotate(self, **_):
        return self


def value_of(code, day, is_facility):
    listed = LISTED.get((code, day, is_facility))
    return Value(Decimal(listed[0]), Decimal(listed[1]), "RVU") if listed else None


@pytest.fixture(autouse=True)
def schedules(monkeypatch):
    monkeypatch.setattr(
        summary.FeeSchedules, "of", lambda codes: SimpleNamespace(value_of=value_of)
    )


@pytest.fixture
def worth(monkeypatch):
    """The worth of some flips, by old and new code; what is zero is left out."""

    def reckon(*groups):
        monkeypatch.setattr(summary, "flips", lambda run: Flips(groups))
        cells = {}
        for change, values in summary.worth(None).items():
            cells[change] = {name: int(value) for name, value in values.items() if value}
        return cells

    return reckon


def flip(old, new, services=1, day=DAY, place=OFFICE):
    codes = [code if code.isdigit() else "" for code in (old, new)]
    return (old, new, *codes, day, place, services)


UP, DOWN = ("12345", "54321"), ("54321", "12345")


def test_a_gain_and_a_loss_are_told_apart_in_work_and_in_total(worth):
    assert worth(flip(*UP), flip(*DOWN)) == {
        UP: {"work_up": 3, "total_up": 2},
        DOWN: {"work_down": 3, "total_down": 2},
    }


def test_each_service_counts(worth):
    assert worth(flip(*UP, services=4)) == {UP: {"work_up": 12, "total_up": 8}}


def test_services_of_one_change_are_summed_over_their_days_and_places(worth):
    assert worth(flip(*UP), flip(*UP, services=2, place=HOSPITAL)) == {
        UP: {"work_up": 9, "total_up": 4}
    }


def test_an_outcome_that_is_no_code_is_worth_nothing(worth):
    lost, won = ("12345", "provider_query"), ("provider_query", "12345")
    assert worth(flip(*lost), flip(*won)) == {
        lost: {"work_down": 2, "total_down": 10},
        won: {"work_up": 2, "total_up": 10},
    }


def test_what_rises_in_work_may_fall_in_total(worth, monkeypatch):
    monkeypatch.setitem(LISTED, ("54321", LATER, False), (5, 1))
    assert worth(flip(*UP, day=LATER)) == {UP: {"work_up": 1, "total_down": 8}}


@pytest.mark.parametrize(
    "unknown",
    [
        flip("12345", "99999", 3),
        flip("99999", "12345", 3),
        flip("12345", "54321", 3, day=LATER),
        flip("12345", "54321", 3, place=""),
    ],
    ids=["the new code", "the old code", "not on that day", "nobody told the place"],
)
def test_what_no_list_tells_is_counted_and_not_valued(worth, unknown):
    assert list(worth(unknown).values()) == [{"unvalued": 3}]


def test_where_nothing_flips_nothing_is_worth_anything(worth):
    assert worth() == {}
    assert summary.worth(None)["12345", "12345"] == dict.fromkeys(summary.VALUES, 0)
