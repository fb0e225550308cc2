"""What Medicare pays at a locality: the three parts times their indices, and the shares that indicators allow."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.models import FeeScheduleDetail, FeeScheduleValue, Locality
from coding.reference.code_rows import FeeRow, in_cents, is_of_level_2
from coding.reference.payments import payments

DETAIL = {
    "facility_practice": "1.00",
    "non_facility_practice": "3.00",
    "malpractice": "0.50",
    "conversion_factor": "30.0000",
}
FIGURES = st.decimals(0, 100, places=2)


def locality(work="1", practice="1", malpractice="1"):
    return Locality(
        work=Decimal(work), practice=Decimal(practice), malpractice=Decimal(malpractice)
    )


def row(work="2.00", **detail):
    """A code's row: 2.00 of work, 1.00 of practice in a facility and 3.00 in an office, 0.50 of malpractice."""
    figures = {**DETAIL, **detail}
    decimals = {name: Decimal(figures[name]) for name in DETAIL if figures[name] is not None}
    others = {name: value for name, value in figures.items() if name not in DETAIL}
    detail = FeeScheduleDetail(
        **{"bilateral": "", "assistant": "", "co_surgeon": "", **others, **decimals}
    )
    return FeeRow(FeeScheduleValue(work_rvu=Decimal(work)), detail)


def paid(of_row, place=None):
    """What is paid, in a facility and in an office."""
    return [
        (part.what, str(part.facility), str(part.office), part.note)
        for part in payments(of_row, place or locality())
    ]


def test_the_parts_are_added_and_multiplied_by_the_conversion_factor():
    assert paid(row()) == [("the whole service", "105.00", "165.00", "")]


def test_each_part_has_an_index_of_its_own():
    dear = locality(work="1.1", practice="2", malpractice="0.5")
    # (2.2 + 2.0 + 0.25) x 30, and (2.2 + 6.0 + 0.25) x 30.
    assert paid(row(), dear) == [("the whole service", "133.50", "253.50", "")]


def test_the_sum_is_rounded_once_and_half_a_cent_upwards():
    factor = row(work="0", facility_practice="0", malpractice="0.01", conversion_factor="0.5")
    assert factor.payment(locality(), facility=True) == Decimal("0.01")
    assert in_cents(Decimal("2.675")) == Decimal("2.68")
    assert in_cents(Decimal("2.674")) == Decimal("2.67")


def test_where_a_code_has_no_rate_nothing_is_paid():
    assert paid(row(facility_na=True)) == [("the whole service", "None", "165.00", "")]
    assert paid(row(non_facility_na=True)) == [("the whole service", "105.00", "None", "")]


@pytest.mark.parametrize(
    ("missing", "inside", "outside"),
    [
        ("conversion_factor", "None", "None"),
        ("malpractice", "None", "None"),
        ("facility_practice", "None", "165.00"),
        ("non_facility_practice", "105.00", "None"),
    ],
)
def test_a_part_that_is_not_loaded_is_not_taken_for_nothing(missing, inside, outside):
    assert paid(row(**{missing: None})) == [("the whole service", inside, outside, "")]


def test_a_release_without_indicators_tells_no_payment():
    without = replace(row(), detail=None)
    assert paid(without) == [("the whole service", "None", "None", "")]


@pytest.mark.parametrize(
    ("indicators", "shares"),
    [
        ({"bilateral": "1"}, [("both sides", "157.50", "247.50", "")]),
        ({"bilateral": "2"}, [("both sides", "105.00", "165.00", "whole already")]),
        ({"bilateral": "3"}, [("both sides", "210.00", "330.00", "")]),
        ({"bilateral": "0"}, []),
        ({"bilateral": "9"}, []),
        (
            {"assistant": "2"},
            [
                ("an assistant", "16.80", "26.40", ""),
                ("an assistant who is no physician", "14.28", "22.44", ""),
            ],
        ),
        (
            {"assistant": "0"},
            [
                ("an assistant", "16.80", "26.40", "only with records"),
                ("an assistant who is no physician", "14.28", "22.44", "only with records"),
            ],
        ),
        ({"assistant": "1"}, []),
        ({"co_surgeon": "1"}, [("each of two surgeons", "65.63", "103.13", "only with records")]),
        ({"co_surgeon": "2"}, [("each of two surgeons", "65.63", "103.13", "")]),
        ({"co_surgeon": "0"}, []),
    ],
)
def test_what_the_indicators_allow_beside_the_whole(indicators, shares):
    assert paid(row(**indicators))[1:] == shares


def test_a_share_of_what_is_not_paid_is_not_paid():
    assert paid(row(bilateral="1", facility_na=True))[1] == ("both sides", "None", "247.50", "")


def test_shares_stand_in_one_order_behind_the_whole():
    of_all = row(bilateral="1", assistant="2", co_surgeon="2")
    assert [what for what, *_ in paid(of_all)] == [
        "the whole service",
        "both sides",
        "an assistant",
        "an assistant who is no physician",
        "each of two surgeons",
    ]


@settings(max_examples=25)
@given(FIGURES, FIGURES, FIGURES)
def test_where_all_indices_are_one_the_parts_are_paid_as_they_are(work, practice, malpractice):
    own = row(work=work, facility_practice=practice, malpractice=malpractice, conversion_factor="1")
    assert own.payment(locality(), facility=True) == work + practice + malpractice


@pytest.mark.parametrize(
    ("code", "is_of_level"), [("B1234", True), ("12345", False), ("1234T", False), ("", False)]
)
def test_level_two_begins_with_a_letter(code, is_of_level):
    assert is_of_level_2(code) is is_of_level
