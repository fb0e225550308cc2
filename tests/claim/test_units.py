"""Units, repeated lines, groups with one code, and add-on codes."""

from coding.claim import AddOn, UnitLimit
from tests.claim.claims import claim, spoken, tables


def limited(units, applied):
    return tables(limits={"20610": UnitLimit(units, applied)})


def test_units_of_all_lines_of_a_code_count_together():
    assert "N06" in spoken(claim("20610-LT", "20610-RT"), limited(1, 2))
    assert "N06" not in spoken(claim("20610-50"), limited(1, 2))


def test_units_of_two_providers_do_not():
    assert "N06" not in spoken(claim("20610-LT", "20610-RT @B"), limited(1, 2))


def test_a_limit_of_each_line_lets_two_lines_stand():
    assert "N07" in spoken(claim("20610-LT x3"), limited(2, 1))
    assert "N07" not in spoken(claim("20610-LT x2", "20610-RT x2"), limited(2, 1))


def test_a_limit_of_nothing_speaks_for_payers_that_use_the_table_alone():
    assert "N07" in spoken(claim("20610-LT", payer="medicare"), limited(0, 3))
    assert spoken(claim("20610-LT"), limited(0, 3)) == set()


def test_a_line_that_stands_twice_needs_a_modifier_that_says_why():
    assert "N43" in spoken(claim("99024", "99024"), tables())
    assert "N43" not in spoken(claim("99024", "99024-76"), tables())
    assert "N43" not in spoken(claim("20610-LT", "20610-RT"), tables())
    assert "N43" not in spoken(claim("99024", "99024 @B"), tables())


def test_two_wounds_of_one_class_and_group_are_one_repair():
    assert "N32" in spoken(claim("12001", "12002-59"), tables())
    assert "N32" not in spoken(claim("12002", "12013-59"), tables())
    assert "N32" not in spoken(claim("12002", "12032"), tables())


def added(kind):
    return tables(add_ons={"99417": AddOn(kind, frozenset({"99205", "99215"}))})


def test_an_add_on_needs_one_of_its_primaries_by_the_same_provider():
    assert "N18" in spoken(claim("99214", "99417"), added(1))
    assert "N18" not in spoken(claim("99215", "99417"), added(1))
    assert "N18" in spoken(claim("99215", "99417 @B"), added(1))
