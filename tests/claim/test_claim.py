"""The claim and its tables as the checks see them: lines by provider, pairs, diagnoses, and what is not loaded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.claim import Claim, Diagnosis, DiagnosisState, Fee, Line, Pair, Table, Tables
from coding.claim.checking import Checking, row_of
from coding.claim.lists import CodeList, Lists
from tests.claim.claims import DAY, claim, fee, line, pair, tables

# Lines -------------------------------------------------------------------------------------------------


def test_a_line_carries_one_of_some_modifiers():
    left = line(1, "12345-22-LT")
    assert left.has(frozenset({"LT", "RT"}))
    assert not left.has(frozenset({"RT", "50"}))
    assert not left.has(frozenset())


def test_the_lines_of_each_provider_stand_together_in_their_order():
    three = claim("12345", "23456 @B", "34567")
    assert [[own.code for own in lines] for lines in three.by_provider()] == [
        ["12345", "34567"],
        ["23456"],
    ]


def test_every_two_lines_of_one_provider_are_a_pair_both_ways():
    three = claim("12345", "23456", "34567 @B")
    assert [(first.code, second.code) for first, second in three.pairs()] == [
        ("12345", "23456"),
        ("23456", "12345"),
    ]
    assert list(claim("12345").pairs()) == []


def test_pointers_count_from_one_and_those_beyond_the_list_tell_nothing():
    two = claim("12345", diagnoses=("A00", "B00"))
    own = replace(two.lines[0], pointers=(2, 3, 1, 0))
    assert two.diagnoses_of(own) == ["B00", "A00"]
    assert two.diagnoses_of(replace(own, pointers=())) == []


def test_an_option_counts_where_the_practice_said_yes():
    settled = claim("12345", options={"modifier_xs": "yes", "modifier_51": "no"})
    assert settled.has_option("modifier_xs")
    assert not settled.has_option("modifier_51")
    assert not settled.has_option("anything else")


WRITTEN = st.lists(
    st.builds(
        Line,
        number=st.just(0),
        code=st.sampled_from(["12345", "23456"]),
        modifiers=st.sampled_from([(), ("LT",), ("LT", "22"), ("22", "LT")]),
        units=st.integers(1, 2),
        pointers=st.sampled_from([(1,), (1, 2)]),
        provider=st.sampled_from(["", "B"]),
    ),
    max_size=4,
)


@settings(max_examples=25)
@given(WRITTEN, st.randoms(use_true_random=False))
def test_one_order_is_the_same_whatever_the_order_was(lines, random):
    numbered = [replace(own, number=number) for number, own in enumerate(lines, start=1)]
    shuffled = random.sample(numbered, len(numbered))
    in_one_order = Claim(DAY, tuple(shuffled)).in_one_order()
    assert in_one_order == Claim(DAY, tuple(numbered)).in_one_order()
    assert sorted(in_one_order.lines, key=str) == sorted(numbered, key=str)


def test_lines_stand_by_their_code_then_by_what_else_they_say():
    written = claim("23456", "12345-RT", "12345-LT x2", "12345-LT", "12345-LT @B")
    in_order = [own.number for own in written.in_one_order().lines]
    assert in_order == [4, 5, 3, 2, 1]


# Tables ------------------------------------------------------------------------------------------------

FEE = Fee("A", "090", Decimal("1.5"), Decimal("20.1"), Decimal("30.2"))


def test_a_code_has_another_value_in_a_facility():
    assert FEE.total(facility=True) == Decimal("20.1")
    assert FEE.total(facility=False) == Decimal("30.2")


def test_a_table_that_is_not_loaded_has_no_row():
    nothing = Tables()
    assert nothing.fee("12345") is None
    assert nothing.global_days("12345") is None
    assert nothing.pair("12345", "23456") is None
    assert nothing.diagnosis("A00") is None


def test_a_loaded_table_has_its_rows_and_no_others():
    own = pair("12345", "23456", 1)
    loaded = tables(fees={"12345": FEE}, pairs=[own])
    assert loaded.fee("12345") is FEE
    assert loaded.fee("23456") is None
    assert loaded.pair("12345", "23456") == own
    assert loaded.pair("23456", "12345") is None
    assert loaded.diagnosis("R69") == Diagnosis(DiagnosisState.VALID)
    assert loaded.diagnosis("A00") is None


@pytest.mark.parametrize(
    ("written", "days"),
    [("000", 0), ("010", 10), ("090", 90), ("XXX", None), ("ZZZ", None), ("YYY", None), ("", None)],
)
def test_global_days_are_a_number_or_the_code_has_none(written, days):
    assert tables(fees={"12345": fee(written)}).global_days("12345") == days


def test_a_row_is_named_after_its_release():
    assert row_of(Table("RVU24C", {}), "12345: status A") == "RVU24C, 12345: status A"
    assert row_of(None, "12345: status A") == ""


# A check at work ---------------------------------------------------------------------------------------

LISTS = Lists(
    codes={"visits": CodeList.of(["12345-12349"]), "none": CodeList.of([])},
    modifiers={"sides": frozenset({"LT", "RT"})},
)
OPTIONS = {"codes": "visits", "nothing": "none", "marks": "sides"}


def at_work(a_claim, loaded=None):
    return Checking(a_claim, loaded or tables(), LISTS, OPTIONS)


def test_a_check_takes_its_lists_by_the_names_of_its_options():
    check = at_work(claim("12345", "23456", "12349"))
    assert check.codes("codes") is LISTS.codes["visits"]
    assert check.modifiers("marks") == {"LT", "RT"}
    assert [own.number for own in check.lines_of("codes")] == [1, 3]
    assert list(check.lines_of("nothing")) == []


def test_a_check_sees_the_lines_that_the_fee_schedule_has():
    check = at_work(claim("12345", "23456"), tables(fees={"23456": FEE}))
    assert [(own.code, row) for own, row in check.with_fee()] == [("23456", FEE)]
    assert check.fee_row("23456", "status A") == "RVU24C, 23456: status A"


def test_without_a_fee_schedule_a_check_sees_no_line_and_names_no_row():
    check = at_work(claim("12345"), Tables())
    assert list(check.with_fee()) == []
    assert check.fee_row("12345", "status A") == ""


@pytest.mark.parametrize(("place", "is_facility"), [("22", True), ("11", False), ("", False)])
def test_whether_a_place_is_a_facility_is_of_the_tables(place, is_facility):
    assert at_work(claim("12345", place=place)).in_facility is is_facility


def test_a_claim_says_only_what_is_known():
    least = Claim(date(2024, 8, 14), ())
    assert (least.diagnoses, least.place, least.payer, least.options) == ((), "", "", {})
    unknown = (least.history, least.minutes, least.sedation_minutes, least.from_single_dose)
    assert unknown == (None, None, None, None)


def test_a_pair_is_of_two_columns():
    assert Pair("12345", "23456", may_be_opened=True) != Pair("23456", "12345", may_be_opened=True)
