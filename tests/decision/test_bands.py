"""Whole numbers in bands: as wide as the tables allow, and without a change of any outcome."""

from hypothesis import given

from coding.decision import Band, Facts, Known, RuleTable, decide, in_bands
from tests.decision import tables as make

AGE = make.fact("age", "whole_number", minimum=0, maximum=99)


def ages(*ranges):
    return make.table(
        [AGE],
        [
            *(make.rule(f"R{n}", {"age": {"between": list(r)}}) for n, r in enumerate(ranges)),
            make.rule("LAST", {}),
        ],
    )


def test_a_number_becomes_the_band_that_no_rule_cuts():
    assert in_bands([ages((3, 17))], {"age": Known(5)}) == {"age": Known(Band(3, 17))}
    assert in_bands([ages((3, 17))], {"age": Known(2)}) == {"age": Known(Band(0, 2))}


def test_several_versions_leave_what_their_bands_have_in_common():
    assert in_bands([ages((3, 17)), ages((0, 9))], {"age": Known(5)}) == {"age": Known(Band(3, 9))}


def test_a_number_that_no_rule_asks_for_becomes_its_whole_range():
    assert in_bands([make.table([AGE], [make.rule("R", {})])], {"age": Known(5)}) == {
        "age": Known(Band(0, 99))
    }


@given(make.tables(), make.tables(), make.answers(complete=True))
def test_bands_of_two_versions_decide_as_the_numbers_do_in_both(
    first: RuleTable, second: RuleTable, facts: Facts
):
    banded = in_bands([first, second], facts)
    for table in (first, second):
        assert decide(table, banded).outcome == decide(table, facts).outcome
