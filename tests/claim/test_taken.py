"""What a coder took over of a claim's proposals stands while the lines are as they were."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coding.claim import LineContent, TakenProposal, take

FIRST = LineContent(1, "12345", (), 1, ("A00",))
SECOND = LineContent(2, "23456", ("LT",), 2, ("A00", "B00"))
THIRD = LineContent(3, "34567", (), 1, ())
LINES = [FIRST, SECOND, THIRD]


def test_a_modifier_goes_to_the_line_it_was_taken_for():
    taken = take(LINES, [TakenProposal("59", (SECOND, FIRST))])
    assert taken.modifiers == ((), ("59",), ())
    assert taken.order == (0, 1, 2)


def test_a_line_that_changed_takes_nothing_over():
    proposal = TakenProposal("59", (SECOND, FIRST))
    changed = [
        replace(FIRST, units=2),
        replace(FIRST, code="54321"),
        replace(FIRST, diagnoses=()),
        replace(FIRST, service=4),
    ]
    for line in changed:
        assert take([line, SECOND, THIRD], [proposal]).modifiers == ((), (), ())


def test_the_named_lines_are_put_in_order_and_the_others_keep_their_place():
    taken = take(LINES, [TakenProposal("", (THIRD, FIRST))])
    assert taken.order == (2, 1, 0)


def test_a_modifier_that_the_line_has_is_not_added_twice():
    assert take([SECOND], [TakenProposal("LT", (SECOND,)), TakenProposal("76", (SECOND,))]).modifiers == (("76",),)
    twice = [TakenProposal("76", (SECOND,)), TakenProposal("76", (SECOND, THIRD))]
    assert take([SECOND, THIRD], twice).modifiers == (("76",), ())


def test_a_line_is_read_back_as_it_was_written():
    assert LineContent.from_data(SECOND.to_data()) == SECOND


@given(st.permutations(LINES), st.lists(st.permutations(LINES), max_size=3))
def test_every_line_is_reported_once_in_whatever_orders_were_taken(lines, orders):
    taken = take(lines, [TakenProposal("", tuple(order)) for order in orders])
    assert sorted(taken.order) == [0, 1, 2]
    if orders:
        assert [lines[place] for place in taken.order] == list(orders[-1])
