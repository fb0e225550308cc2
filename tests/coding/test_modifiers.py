"""Modifiers: a shipped list in our own words, and one order everywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding import rulesets
from coding.decision import Outcome, OutcomeKind
from coding.decision.modifiers import (
    MODIFIERS,
    PRICING,
    SIDES_AND_DIGITS,
    TELLING_APART,
    in_order,
    unknown,
)
from coding.models.reported import in_short, in_words, report_in_words


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
    assert (
        in_short("code", "27257", ["LT", "53"])
        == in_short("code", "27257", ["53", "LT"])
        == "27257-53-LT"
    )
    assert in_words("code", "27257", ["LT", "53"]) == "27257-53-LT"
    assert report_in_words("27257-59-AS") == "27257-AS-59"
    assert report_in_words("provider_query") == "Provider query"


def test_an_outcome_is_named_in_the_order_of_the_claim_whatever_the_order_of_its_table():
    outcome = Outcome(OutcomeKind.CODE, "12345", ("58", "LT", "54"), "")
    assert outcome.name == "12345-54-58-LT"


@pytest.mark.parametrize("key", rulesets.keys())
def test_what_a_shipped_rule_set_adds_may_be_reported(key):
    added = {rule.modifier for rule in rulesets.shipped(key).modifiers}
    assert added
    assert unknown(added) == []


def test_a_modifier_has_two_characters_and_words_of_our_own():
    for modifier, words in MODIFIERS.items():
        assert re.fullmatch(r"[0-9A-Z]{2}", modifier), modifier
        assert words[0].isupper(), modifier
        assert not words.endswith("."), modifier


@given(st.lists(st.sampled_from([*MODIFIERS, "ZZ", "00"]), max_size=6), st.randoms())
def test_the_order_is_one_whatever_the_order_they_were_typed_in(typed, chance):
    shuffled = list(typed)
    chance.shuffle(shuffled)
    assert in_order(shuffled) == in_order(typed) == in_order(in_order(typed))
    assert sorted(in_order(typed)) == sorted(typed)
    assert report_in_words(in_short("code", "27257", typed)) == in_words("code", "27257", typed)


@given(*[st.lists(st.sampled_from(["LT", "53", "59"]), max_size=3)] * 2)
def test_two_reports_have_one_key_if_and_only_if_they_are_the_same(first, second):
    same = sorted(first) == sorted(second)
    assert (in_short("code", "27257", first) == in_short("code", "27257", second)) is same
