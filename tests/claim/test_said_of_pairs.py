"""What the checks of pairs say: their words, the line to change first, and the row of the table."""

from tests.claim.claims import claim, lines_of, pair, said, tables

OPENED = tables(pairs=[pair("25605", "12002", 1)])
NEVER = tables(pairs=[pair("25605", "64417", 0)])
BOTH = tables(pairs=[pair("25605", "64417", 0), pair("25605", "12002", 1)])


def test_a_pair_that_nothing_opens():
    assert said("N01", claim("25605-RT", "64417"), NEVER) == [
        (
            "error",
            (
                "64417 is part of 25605, and no modifier opens this pair."
                " Take 64417 off, unless another provider did it."
            ),
            (2, 1),
            "PTP 2024 Q3, 25605 with 64417: indicator 0",
        )
    ]


def test_a_pair_that_a_modifier_opens():
    assert said("N02", claim("12002", "25605-RT"), OPENED) == [
        (
            "error",
            (
                "12002 is part of 25605 unless it was done at another site or session."
                " If the note says so, add a modifier to 12002; if not, take it off."
            ),
            (1, 2),
            "PTP 2024 Q3, 25605 with 12002: indicator 1",
        )
    ]


def test_each_sort_of_pair_has_a_check_of_its_own():
    three = claim("25605-RT", "64417", "12002")
    assert lines_of("N01", three, BOTH) == [(2, 1)]
    assert lines_of("N02", three, BOTH) == [(3, 1)]


def test_every_line_of_column_2_is_told_with_every_line_of_column_1():
    two_by_two = claim("25605-RT", "25605-RT-76", "12002", "12002-76")
    assert lines_of("N02", two_by_two, OPENED) == [(3, 1), (3, 2), (4, 1), (4, 2)]


def test_a_pair_that_was_opened_on_one_side():
    assert said("N05", claim("25605-RT", "12002-59-RT"), OPENED) == [
        (
            "warning",
            (
                "25605 and 12002 carry the same side and are called distinct."
                " Does the note say that they were?"
            ),
            (2, 1),
            "PTP 2024 Q3, 25605 with 12002: indicator 1",
        )
    ]


def test_a_pair_is_opened_by_the_modifier_of_either_line():
    assert lines_of("N02", claim("25605-RT-59", "12002-RT"), OPENED) == []
    assert lines_of("N05", claim("25605-RT-59", "12002-RT"), OPENED) == [(2, 1)]


def test_the_same_side_alone_calls_nothing_distinct():
    assert lines_of("N05", claim("25605-RT", "12002-RT"), OPENED) == []


def test_a_pair_that_nothing_opens_is_not_told_a_second_time_for_its_side():
    assert lines_of("N05", claim("25605-RT", "64417-59-RT"), NEVER) == []
    assert lines_of("N02", claim("25605-RT", "64417"), NEVER) == []


def test_a_digit_beside_the_side_of_its_hand_is_another_place():
    assert lines_of("N02", claim("25605-RT", "12002-F5"), OPENED) == []
    assert lines_of("N02", claim("25605-F5", "12002-F5"), OPENED) == [(2, 1)]
    # One place in common is enough to doubt.
    assert lines_of("N02", claim("25605-RT-F5", "12002-F5"), OPENED) == [(2, 1)]


def test_a_place_on_one_line_alone_opens_nothing():
    assert lines_of("N02", claim("25605-RT", "12002"), OPENED) == [(2, 1)]
    assert lines_of("N02", claim("25605", "12002-LT"), OPENED) == [(2, 1)]


def test_distinct_without_a_pair():
    assert said("N03", claim("27250-RT", "12002-59"), OPENED) == [
        (
            "info",
            (
                "No pair of this day asks for the modifier that calls 12002 distinct."
                " Look at the code book and the payer's rule before you take it off."
            ),
            (2,),
            "",
        )
    ]


def test_a_line_alone_has_nothing_that_it_could_be_distinct_from():
    assert lines_of("N03", claim("12002-59"), OPENED) == [(1,)]
    assert lines_of("N03", claim("12002"), OPENED) == []


def test_distinct_is_needed_whichever_of_the_pair_the_line_is():
    assert lines_of("N03", claim("12002-59", "25605-RT"), OPENED) == []
    assert lines_of("N03", claim("12002", "25605-59-RT"), OPENED) == []


def test_the_line_of_another_provider_needs_no_word_of_being_distinct():
    assert lines_of("N03", claim("25605-RT", "12002-59 @B"), OPENED) == [(2,)]


def test_repairs_of_two_classes_are_distinct_and_two_of_one_class_are_not():
    assert lines_of("N03", claim("12032", "12002-59"), OPENED) == []
    assert lines_of("N03", claim("13101", "12032-59"), OPENED) == []
    assert lines_of("N03", claim("12001", "12002-59"), OPENED) == [(2,)]
    assert lines_of("N03", claim("12032", "20610-59"), OPENED) == [(2,)]
