"""Pairs of codes: what never stands together, what a modifier tells apart, and what a wrong one does not."""

import pytest

from tests.claim.claims import claim, pair, spoken, tables

OPENED = tables(pairs=[pair("25605", "12002", 1), pair("20610", "99214", 1)])
NEVER = tables(pairs=[pair("25605", "64417", 0)])


def test_a_pair_that_nothing_opens_is_an_error_whatever_the_modifiers():
    assert "N01" in spoken(claim("25605-RT", "64417-59-LT"), NEVER)


def test_the_order_in_which_lines_stand_does_not_matter():
    assert "N01" in spoken(claim("64417", "25605"), NEVER)


def test_lines_of_two_providers_are_no_pair():
    assert "N01" not in spoken(claim("25605", "64417 @B"), NEVER)


def test_a_pair_that_can_be_opened_asks_for_a_modifier():
    assert "N02" in spoken(claim("25605-RT", "12002"), OPENED)


@pytest.mark.parametrize(
    "modifier", ["24", "25", "27", "57", "58", "59", "78", "79", "91", "XE", "XP", "XS", "XU"]
)
def test_each_modifier_that_tells_two_lines_apart_opens_a_pair(modifier):
    assert "N02" not in spoken(claim("25605-RT", f"12002-{modifier}"), OPENED)


@pytest.mark.parametrize("modifier", ["22", "76", "77", "50", "51"])
def test_other_modifiers_open_nothing(modifier):
    assert "N02" in spoken(claim("25605-RT", f"12002-{modifier}"), OPENED)


def test_two_sides_open_a_pair_and_one_side_does_not():
    assert "N02" not in spoken(claim("25605-RT", "12002-LT"), OPENED)
    assert "N02" in spoken(claim("25605-RT", "12002-RT"), OPENED)


def test_for_a_visit_the_modifier_stands_on_the_visit():
    assert "N02" not in spoken(claim("20610-RT", "99214-25"), OPENED)
    assert "N02" in spoken(claim("20610-RT-59", "99214"), OPENED)


def test_lines_called_distinct_on_one_side_are_doubted():
    assert "N05" in spoken(claim("25605-RT", "12002-59-RT"), OPENED)
    assert "N05" not in spoken(claim("25605-RT", "12002-59-LT"), OPENED)
    assert "N05" not in spoken(claim("25605-RT", "12002-59"), OPENED)
