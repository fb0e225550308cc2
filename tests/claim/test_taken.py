"""What a coder took over of a claim's proposals stands while the lines are as they were."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coding.claim import LineContent, TakenLine, TakenProposal, take

FIRST = LineContent(1, "12345", (), 1, ("A00",))
SECOND = LineContent(2, "23456", ("LT",), 2, ("A00", "B00"))
THIRD = LineContent(3, "34567", (), 1, ())
LINES = [FIRST, SECOND, THIRD]


def modifiers(taken):
    return [line.modifiers for line in taken]


def order(taken):
    return [line.places[0] for line in taken]


def test_a_modifier_goes_to_the_line_it_was_taken_for():
    taken = take(LINES, [TakenProposal("59", (SECOND, FIRST))])
    assert modifiers(taken) == [(), ("LT", "59"), ()]
    assert order(taken) == [0, 1, 2]


def test_a_line_that_changed_takes_nothing_over():
    proposal = TakenProposal("59", (SECOND, FIRST))
    changed = [
        replace(FIRST, units=2),
        replace(FIRST, code="54321"),
        replace(FIRST, diagnoses=()),
        replace(FIRST, service=4),
    ]
    for line in changed:
        assert modifiers(take([line, SECOND, THIRD], [proposal])) == [(), ("LT",), ()]


def test_the_named_lines_are_put_in_order_and_the_others_keep_their_place():
    taken = take(LINES, [TakenProposal("", (THIRD, FIRST))])
    assert order(taken) == [2, 1, 0]


def test_a_modifier_that_the_line_has_is_not_added_twice():
    both = [TakenProposal("LT", (SECOND,)), TakenProposal("76", (SECOND,))]
    assert modifiers(take([SECOND], both)) == [("LT", "76")]
    twice = [TakenProposal("76", (SECOND,)), TakenProposal("76", (SECOND, THIRD))]
    assert modifiers(take([SECOND, THIRD], twice)) == [("LT", "76"), ()]


def test_one_line_stands_for_both_sides_with_one_unit_and_what_both_say():
    left = LineContent(1, "12345", ("22", "LT"), 1, ("A00",))
    right = LineContent(2, "12345", ("22", "RT"), 1, ("B00",))
    both = TakenProposal("50", (left, right), joins=True)
    assert take([FIRST, left, right], [both]) == [
        TakenLine((0,), (), 1),
        TakenLine((1, 2), ("22", "50"), 1),
    ]
    changed = replace(right, units=2)
    assert len(take([FIRST, left, changed], [both])) == 3


def test_a_line_of_two_units_for_both_sides_becomes_one_of_one():
    line = LineContent(1, "12345", (), 2, ("A00",))
    assert take([line], [TakenProposal("50", (line,), joins=True)]) == [TakenLine((0,), ("50",), 1)]


def test_a_joined_line_stands_in_the_order_that_was_taken():
    left, right = LineContent(4, "12345", ("LT",), 1, ()), LineContent(5, "12345", ("RT",), 1, ())
    both = TakenProposal("50", (left, right), joins=True)
    taken = take([FIRST, right, left], [TakenProposal("", (left, FIRST, right)), both])
    assert [line.places for line in taken] == [(2, 1), (0,)]


def test_a_line_is_read_back_as_it_was_written():
    assert LineContent.from_data(SECOND.to_data()) == SECOND


@given(st.permutations(LINES), st.lists(st.permutations(LINES), max_size=3))
def test_every_line_is_reported_once_in_whatever_orders_were_taken(lines, orders):
    taken = take(lines, [TakenProposal("", tuple(order)) for order in orders])
    assert sorted(order(taken)) == [0, 1, 2]
    if orders:
        assert [lines[place] for place in order(taken)] == list(orders[-1])
