"""Representative answers: few enough to go through, and one for every group that the tests tell apart."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Band, Known, errors
from coding.decision.answers import representatives
from coding.decision.cells import AnyOf, Between, In
from tests.decision import tables as make

SILENCES = [NOT_DOCUMENTED, CONFLICTING]
LISTED = ["A", "A*", "A1", "A1*", "A9", "B"]
CARRIED = ["A", "A1", "A11", "A9", "B", "C"]

ends = st.none() | st.integers(-2, 12)
ranges = st.tuples(ends, ends).filter(lambda pair: None in pair or pair[0] <= pair[1])
range_tests = st.lists(ranges.map(lambda pair: Between(*pair)), max_size=4)
code_tests = st.lists(
    st.builds(AnyOf, st.frozensets(st.sampled_from(LISTED), min_size=1, max_size=3), st.booleans()),
    max_size=4,
)


def number(minimum, maximum):
    """A fact that is a whole number of a range."""
    fact = make.fact("age", "whole_number", minimum=minimum, maximum=maximum)
    return make.table([fact], [make.rule("R", {})]).facts[0]


def bands_of(definition, tests):
    *documented, _, _ = representatives(definition, tests)
    return [answer.value for answer in documented]


def verdicts(tests, answer):
    return tuple(test.accepts(answer) for test in tests)


def test_of_a_choice_every_answer_stands_for_itself_and_the_silences_come_last():
    expected = [Known("red"), Known("green"), Known("blue"), *SILENCES]
    assert representatives(make.definition("colour"), [In(frozenset({"red"}))]) == expected


def test_of_a_yes_or_no_both_answers_and_the_silences():
    assert representatives(make.definition("ready"), []) == [Known(True), Known(False), *SILENCES]


@pytest.mark.parametrize(
    ("limits", "tests", "bands"),
    [
        ((0, 9), [], [Band(0, 9)]),
        ((0, 9), [Between(3, 5)], [Band(0, 2), Band(3, 5), Band(6, 9)]),
        ((0, 9), [Between(0, 9)], [Band(0, 9)]),
        ((0, 9), [Between(20, None)], [Band(0, 9)]),
        ((0, 9), [Between(None, 4), Between(5, None)], [Band(0, 4), Band(5, 9)]),
        ((0, 9), [Between(9, 9)], [Band(0, 8), Band(9, 9)]),
        ((None, None), [Between(3, None)], [Band(None, 2), Band(3, None)]),
        ((None, 9), [Between(3, 9)], [Band(None, 2), Band(3, 9)]),
    ],
)
def test_numbers_are_cut_where_a_test_begins_and_behind_where_it_ends(limits, tests, bands):
    assert bands_of(number(*limits), tests) == bands


@settings(max_examples=40)
@given(range_tests)
def test_every_number_lies_in_one_band_of_which_each_test_can_say_what_it_says_of_the_number(tests):
    bands = bands_of(number(0, 9), tests)
    for age in range(10):
        [band] = [band for band in bands if age in band]
        assert verdicts(tests, Known(band)) == verdicts(tests, Known(age))


@settings(max_examples=40)
@given(range_tests)
def test_no_band_could_be_wider(tests):
    for band, following in pairwise(bands_of(number(0, 9), tests)):
        assert verdicts(tests, Known(band)) != verdicts(tests, Known(following))


@settings(max_examples=40)
@given(code_tests)
def test_sets_of_codes_that_the_tests_tell_apart_have_one_representative_each(tests):
    *documented, _, _ = representatives(make.definition("codes"), tests)
    groups = [verdicts(tests, answer) for answer in documented]
    carried = [frozenset(codes) for size in range(4) for codes in combinations(CARRIED, size)]
    assert {verdicts(tests, Known(codes)) for codes in carried} <= set(groups)


def test_the_empty_set_of_codes_is_the_first_representative():
    assert representatives(make.definition("codes"), [])[0] == Known(frozenset())


def test_for_a_beginning_a_code_is_found_that_is_not_listed_itself():
    tests = [AnyOf(frozenset({code})) for code in ("A", "A9", "A*")]
    answers = representatives(make.definition("codes"), tests)
    only_by_its_beginning = [
        answer for answer in answers if verdicts(tests, answer) == (False, False, True)
    ]
    assert only_by_its_beginning == [Known(frozenset({"A99"}))]


def test_lists_of_codes_that_can_be_combined_in_too_many_ways_are_given_up():
    tests = [AnyOf(frozenset({f"A{place}"})) for place in range(13)]
    with pytest.raises(errors.Entangled, match="too many ways"):
        representatives(make.definition("codes"), tests)
    assert len(representatives(make.definition("codes"), tests[:12])) == 4096 + len(SILENCES)
