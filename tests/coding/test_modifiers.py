"""Modifiers: a shipped list in our own words, and one order everywhere."""

import pytest

from coding.models.reported import in_short, in_words, report_in_words
from coding.reference.modifiers import MODIFIERS, PRICING, SIDES_AND_DIGITS, TELLING_APART, in_order, unknown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (("LT", "53"), ["53", "LT"]),
        (("RT", "59", "22"), ["22", "59", "RT"]),
        (("25", "57", "24"), ["24", "25", "57"]),
        (("F1", "58", "78"), ["78", "58", "F1"]),
        (("ZZ", "LT"), ["LT", "ZZ"]),
    ],
)
def test_what_changes_the_price_stands_first_and_sides_last(typed, shown):
    assert in_order(typed) == shown


def test_no_modifier_stands_in_two_groups():
    assert len(MODIFIERS) == len(PRICING) + len(TELLING_APART) + len(SIDES_AND_DIGITS)


def test_what_is_not_in_the_list_is_named():
    assert unknown(["LT", "XX", "YY"]) == ["XX", "YY"]


def test_a_report_is_compared_by_one_key_and_shown_in_the_order_of_the_claim():
    assert in_short("code", "27257", ["LT", "53"]) == in_short("code", "27257", ["53", "LT"]) == "27257-53-LT"
    assert in_words("code", "27257", ["LT", "53"]) == "27257-53-LT"
    assert report_in_words("27257-59-AS") == "27257-AS-59"
    assert report_in_words("provider_query") == "Provider query"
