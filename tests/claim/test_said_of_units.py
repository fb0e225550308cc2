"""What the checks of units, repeated lines and add-on codes say, up to the limit and one beyond it."""

from dataclasses import replace

import pytest

from coding.claim import AddOn, Table, UnitLimit
from tests.claim.claims import claim, lines_of, said, tables


def limited(units, applied, **table):
    """A limit of one code, in a table of Medicare's or of the payer's own."""
    loaded = tables(limits={"20610": UnitLimit(units, applied)})
    return replace(loaded, unit_limits=replace(loaded.unit_limits, **table))


def test_a_limit_by_the_meaning_of_the_code():
    assert said("N06", claim("20610-LT", "20610-RT"), limited(1, 2)) == [
        (
            "error",
            (
                "20610: 2 units on one day, and the limit is 1 by the code's own meaning."
                " All will be denied, and no modifier helps."
            ),
            (1, 2),
            "MUE 2024 Q3, 20610: 1, adjudication indicator 2",
        )
    ]


def test_a_limit_of_a_day_that_records_can_answer():
    assert said("N07", claim("20610-LT x3"), limited(2, 3)) == [
        (
            "warning",
            "20610: 3 units on one day, where 2 is usual. Expect a denial that records can answer.",
            (1,),
            "MUE 2024 Q3, 20610: 2, adjudication indicator 3",
        )
    ]


def test_a_limit_of_a_line():
    assert said("N07", claim("20610-LT", "20610-RT x3"), limited(2, 1)) == [
        (
            "warning",
            "20610: 3 units on one line, where 2 is the limit of a line. Divide the lines.",
            (2,),
            "MUE 2024 Q3, 20610: 2, adjudication indicator 1",
        )
    ]


@pytest.mark.parametrize(("applied", "check"), [(1, "N07"), (2, "N06"), (3, "N07")])
def test_the_limit_itself_may_be_reached(applied, check):
    assert lines_of(check, claim("20610-LT x2"), limited(2, applied)) == []
    assert lines_of(check, claim("20610-LT x3"), limited(2, applied)) == [(1,)]


def test_a_limit_of_nothing_in_the_payers_own_table():
    assert said("N07", claim("20610-LT x2", payer="medicaid"), limited(0, 2)) == [
        (
            "warning",
            "20610: the limit is 0. This payer does not pay the code to a practitioner.",
            (1,),
            "MUE 2024 Q3, 20610: 0, adjudication indicator 2",
        )
    ]


@pytest.mark.parametrize("applied", [1, 2, 3])
def test_a_limit_of_nothing_is_told_once_and_by_no_other_check(applied):
    of_medicare = claim("20610-LT", payer="medicare")
    assert lines_of("N07", of_medicare, limited(0, applied)) == [(1,)]
    assert lines_of("N06", of_medicare, limited(0, applied)) == []


def test_the_table_of_medicare_in_place_of_the_payers_own_refuses_nothing():
    of_medicaid = claim("20610-LT", payer="medicaid")
    assert lines_of("N07", of_medicaid, limited(0, 3, of_payer=False)) == []
    # It still counts what it limits.
    assert lines_of("N07", claim("20610-LT x2", payer="medicaid"), limited(1, 3, of_payer=False))


def test_units_of_each_code_are_counted_by_themselves():
    two_codes = tables(limits={"20610": UnitLimit(1, 2), "20605": UnitLimit(1, 2)})
    assert lines_of("N06", claim("20610-LT", "20605-RT"), two_codes) == []
    assert lines_of("N06", claim("20610-LT x2", "20605-RT x2"), two_codes) == [(1,), (2,)]


def test_a_line_that_stands_twice():
    assert said("N43", claim("99024", "20610-RT", "99024"), tables()) == [
        ("error", "99024 stands twice with the same modifiers.", (3, 1), "")
    ]


def test_the_order_of_modifiers_makes_no_other_line():
    assert lines_of("N43", claim("99024-22-AS", "99024-AS-22"), tables()) == [(2, 1)]
    assert lines_of("N43", claim("99024-22-AS", "99024-22"), tables()) == []


def test_of_three_equal_lines_each_after_the_first_is_told():
    assert lines_of("N43", claim("99024", "99024", "99024"), tables()) == [(2, 1), (3, 1)]


def test_two_wounds_that_are_one_repair():
    assert said("N32", claim("12001", "99213-25", "12002-59"), tables()) == [
        (
            "error",
            (
                "12001, 12002 are of one class and site group (one layer, not the face):"
                " add the lengths and report one code."
            ),
            (1, 3),
            "",
        )
    ]


def test_two_providers_repair_a_wound_each():
    assert lines_of("N32", claim("12001", "12002 @B"), tables()) == []


def test_each_group_of_wounds_is_told_by_itself():
    of_two_groups = claim("12001", "12002-59", "12031-59", "12032-59")
    assert lines_of("N32", of_two_groups, tables()) == [(1, 2), (3, 4)]


# Add-on codes ------------------------------------------------------------------------------------------


def added(kind, *primaries):
    return tables(add_ons={"99417": AddOn(kind, frozenset(primaries or ("99205", "99215")))})


ALONE = claim("99214", "99417")


def test_an_add_on_without_its_primary():
    assert said("N18", ALONE, added(1)) == [
        (
            "error",
            "99417 is an add-on and its primary is missing: one of 99205, 99215.",
            (2,),
            "Add-on codes 2024 Q3, 99417",
        )
    ]


def test_an_add_on_of_which_some_primaries_are_listed():
    assert said("N18", ALONE, added(3)) == [
        (
            "warning",
            "99417 is an add-on, and none of its known primaries stands here: 99205, 99215.",
            (2,),
            "Add-on codes 2024 Q3, 99417",
        )
    ]


def test_an_add_on_of_which_the_payer_decides():
    [(severity, words, lines, _)] = said("N18", ALONE, added(2))
    assert (severity, lines) == ("info", (2,))
    assert words == "99417 is an add-on whose primaries the payer decides."


def test_of_many_primaries_the_first_eight_are_named():
    ten = [f"1234{last}" for last in range(10)]
    [(_, words, _, _)] = said("N18", ALONE, added(1, *reversed(ten)))
    assert words.endswith(f"one of {', '.join(ten[:8])}.")


def test_a_code_that_is_no_add_on_stands_alone():
    assert lines_of("N18", claim("99214"), added(1)) == []


# Minutes -----------------------------------------------------------------------------------------------


def test_minutes_that_are_too_few():
    assert said("N19", claim("99215", "99417 x2", minutes=69), tables()) == [
        ("warning", "2 of 99417 need 70 minutes; 69 are documented.", (2,), "")
    ]


@pytest.mark.parametrize(
    ("visit", "code", "least"),
    [
        ("99205", "99417", 75),
        ("99215", "99417", 55),
        ("99205", "G2212", 89),
        ("99215", "G2212", 69),
    ],
)
def test_a_longer_visit_is_counted_from_the_end_of_its_own_time(visit, code, least):
    assert lines_of("N19", claim(visit, code, minutes=least), tables()) == []
    assert lines_of("N19", claim(visit, code, minutes=least - 1), tables()) == [(2,)]
    assert lines_of("N19", claim(visit, f"{code} x2", minutes=least + 15), tables()) == []
    assert lines_of("N19", claim(visit, f"{code} x2", minutes=least + 14), tables()) == [(2,)]


def test_beside_no_visit_of_the_highest_level_nothing_is_counted():
    assert lines_of("N19", claim("99214", "99417", minutes=1), tables()) == []


@pytest.mark.parametrize(
    ("code", "least"), [("99151", 10), ("99152", 10), ("99153", 23), ("99155", 10), ("99157", 23)]
)
def test_sedation_is_counted_by_its_own_minutes_whatever_the_visit(code, least):
    def told(minutes):
        return lines_of("N38", claim(code, sedation_minutes=minutes), tables())

    assert told(least) == []
    assert told(least - 1) == [(1,)]


def test_minutes_of_sedation_that_are_too_few():
    assert said("N38", claim("99153 x2", sedation_minutes=37), tables()) == [
        ("warning", "2 of 99153 need 38 minutes of sedation; 37 are documented.", (1,), "")
    ]


def test_the_minutes_of_the_visit_are_none_of_the_sedation():
    assert lines_of("N38", claim("99152", minutes=5), tables()) == []
    assert lines_of("N19", claim("99215", "99417", sedation_minutes=5), tables()) == []


# Without a table ---------------------------------------------------------------------------------------


def test_without_a_table_of_limits_and_of_add_ons_nothing_is_counted():
    unloaded = replace(tables(), unit_limits=None, add_ons=None)
    of_medicare = claim("20610-LT x99", "99417", payer="medicare")
    assert [lines_of(check, of_medicare, unloaded) for check in ("N06", "N07", "N18")] == [
        [],
        [],
        [],
    ]


def test_a_table_of_another_day_counts_as_well():
    other_day = Table("MUE 2024 Q2", {"20610": UnitLimit(1, 2)}, caveat="the edits of Q2 are used")
    [(_, _, _, row)] = said("N06", claim("20610 x2"), replace(tables(), unit_limits=other_day))
    assert row == "MUE 2024 Q2, 20610: 1, adjudication indicator 2"
