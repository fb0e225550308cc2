"""Indicators of the fee schedule, shares, helpers, order, and modifiers among themselves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from coding.claim import Tables
from tests.claim.claims import claim, fee, informed, line, shipped_checks, spoken, tables


def with_fee(row, code="27252"):
    return tables(fees={code: row})


def test_a_code_without_an_office_rate_is_doubted_in_an_office_alone():
    loaded = with_fee(fee("090", non_facility_na=True))
    assert "N21" in spoken(claim("27252-RT"), loaded)
    assert "N21" not in spoken(claim("27252-RT", place="22"), loaded)
    assert "N21" not in spoken(claim("27252-RT", place=""), loaded)


def test_a_code_of_technical_work_is_not_paid_in_a_facility():
    loaded = with_fee(fee(technical="3"), "99153")
    assert "N37" in spoken(claim("99153", place="23"), loaded)
    assert "N37" not in spoken(claim("99153"), loaded)


def test_a_share_of_the_care_must_be_one_that_the_code_has():
    without = replace(fee("000"), pre=Decimal(0), post=Decimal(0))
    for modifier in ("54", "55", "56"):
        assert "N27" in spoken(claim(f"27252-{modifier}-RT"), with_fee(without))
        assert "N27" not in spoken(claim(f"27252-{modifier}-RT"), with_fee(fee("090")))


@pytest.mark.parametrize(
    ("modifier", "indicators", "speaks"),
    [
        ("80", {"assistant": "1"}, True),
        ("AS", {"assistant": "0"}, True),
        ("82", {"assistant": "2"}, False),
        ("62", {"co_surgeon": "0"}, True),
        ("62", {"co_surgeon": "1"}, False),
        ("66", {"team": "0"}, True),
    ],
)
def test_helpers_are_paid_only_where_the_code_takes_them(modifier, indicators, speaks):
    loaded = with_fee(fee("090", **indicators))
    assert ("N22" in spoken(claim(f"27252-RT-{modifier}"), loaded)) is speaks


@pytest.mark.parametrize("modifiers", ["50-LT", "54-55", "76-77", "58-78", "78-79", "59-XS"])
def test_modifiers_of_which_only_one_may_stand(modifiers):
    assert "N26" in spoken(claim(f"27252-{modifiers}"), tables())


@pytest.mark.parametrize("modifiers", ["25-57", "54-RT", "58-LT", "59-RT"])
def test_modifiers_that_go_together(modifiers):
    assert "N26" not in spoken(claim(f"99214-{modifiers}"), tables())


def test_one_payers_own_code_is_for_that_payer():
    assert "N34" in spoken(claim("G0168"), tables())
    assert "N34" not in spoken(claim("G0168", payer="medicare"), tables())


def test_sedation_by_a_second_person_is_not_reported_by_the_one_who_operates():
    loaded = with_fee(fee("090"), "25605")
    assert "N38" in spoken(claim("25605-RT", "99156"), loaded)
    assert "N38" not in spoken(claim("25605-RT", "99156 @B"), loaded)


# What the answers of a service come to ----------------------------------------------------------------


def answered(code, supported, **values):
    return replace(claim(code), lines=(line(1, code, supported=supported),), **values)


@pytest.mark.parametrize(
    ("code", "check"), [("99214", "N20"), ("12002", "N33"), ("27252-RT", "N46")]
)
def test_a_line_whose_answers_come_to_another_code_is_an_error(code, check):
    assert check in spoken(answered(code, "27250"), tables())
    assert check not in spoken(answered(code, code.partition("-")[0]), tables())
    assert check not in spoken(answered(code, None), tables())


def test_adhesive_alone_is_another_code_for_medicare():
    assert "N34" in spoken(answered("12002", "G0168", payer="medicare"), tables())


def test_what_was_not_checked_is_said_by_table():
    unloaded = [
        f.message for f in shipped_checks().findings(claim("99214"), Tables()) if f.check == "N45"
    ]
    assert "Not checked: NCCI pairs, nothing is loaded for 2024-08-14." in unloaded
    assert len(unloaded) == 6
    # In one order, whichever process reads the checks.
    assert unloaded == sorted(unloaded)
    assert "N45" not in informed(claim("99214"), tables())
