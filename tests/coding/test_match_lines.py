"""Which lines of a corrected encounter are those it had before: none is lost, none is counted twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from coding.importing.match_lines import match
from coding.intake.records import ServiceLineRecord

A, B = ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203")
RECORDS = st.builds(
    ServiceLineRecord,
    st.sampled_from(["27256", "27257", "99203"]),
    st.sampled_from([(), ("LT",), ("RT",)]),
)
LISTS = st.lists(RECORDS, max_size=6)


def test_lines_that_say_the_same_are_kept_in_whatever_order():
    assert match([A, B], [B, A]).kept == (1, 0)


def test_a_line_replaces_one_with_its_code():
    other_side = ServiceLineRecord("27256", ("RT",))
    matching = match([B, A], [B, other_side])
    assert (matching.kept, matching.replaced, matching.gone) == ((0, None), (None, 1), (1,))


def test_another_code_in_the_same_place_replaces_what_stood_there():
    matching = match([A, B], [A, ServiceLineRecord("99204")])
    assert (matching.replaced, matching.gone) == ((None, 1), (1,))


def test_a_line_more_is_new_and_a_line_less_is_gone():
    assert match([A], [A, B]).replaced == (None, None)
    assert match([A, B], [A]).gone == (1,)


@given(LISTS, LISTS)
def test_every_line_has_one_fate(before, after):
    matching = match(before, after)
    kept = [place for place in matching.kept if place is not None]
    replaced = [place for place in matching.replaced if place is not None]
    assert len(matching.kept) == len(matching.replaced) == len(after)
    assert sorted([*kept, *matching.gone]) == list(range(len(before)))
    assert len(set(replaced)) == len(replaced)
    assert set(replaced) <= set(matching.gone)
    assert all(
        before[old] == new for new, old in zip(after, matching.kept, strict=True) if old is not None
    )
    assert not any(
        old is not None and new is not None
        for old, new in zip(matching.kept, matching.replaced, strict=True)
    )


@given(LISTS, LISTS)
def test_whatever_says_the_same_is_kept_as_often_as_it_stands_on_both_sides(before, after):
    kept = [before[place] for place in match(before, after).kept if place is not None]
    assert Counter(kept) == Counter(before) & Counter(after)


@given(LISTS, LISTS)
def test_no_line_is_called_new_while_one_with_its_code_is_gone_for_nothing(before, after):
    matching = match(before, after)
    for_nothing = {before[place].code for place in set(matching.gone) - set(matching.replaced)}
    fates = zip(after, matching.kept, matching.replaced, strict=True)
    new = {line.code for line, kept, replaced in fates if kept is None and replaced is None}
    assert not new & for_nothing


@given(LISTS)
def test_what_is_sent_again_changes_nothing(lines):
    matching = match(lines, lines)
    assert matching.kept == tuple(range(len(lines)))
    assert matching.gone == ()
