"""What a new release says that the one before did not, in words, and what keeps an update from being signed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from coding.actions.table_sign_offs import fault_of
from coding.claim import AddOn, Diagnosis, DiagnosisState, Table, Tables, Term, UnitLimit
from coding.models import RuleSetVersion
from coding.rules.published import Published
from coding.rules.tables_update import (
    Change,
    FamilyUpdate,
    TablesUpdate,
    Touched,
    _changes,
    _releases,
)
from tests import small_rules
from tests.claim.claims import fee, pair, valid

JULY = date(2026, 7, 1)
FEE = fee("010", "9.62", bilateral="1")


def changes(table, old, new):
    """Changes of one table between two of its releases."""
    before = Tables(**{table: Table("Q2", old)})
    after = Tables(**{table: Table("Q3", new)})
    return list(_changes(before, after))


def words(table, old, new):
    [change] = changes(table, {"12345": old}, {"12345": new})
    return change.words


# Rows ----------------------------------------------------------------------------------------------


def test_a_code_that_comes_or_goes_is_told_with_the_release():
    assert changes("fees", {}, {"12345": FEE}) == [Change("12345", "Q3", "new")]
    assert changes("fees", {"12345": FEE}, {}) == [Change("12345", "Q3", "no longer listed")]


def test_codes_stand_in_their_order_and_those_that_stay_the_same_are_not_told():
    rows = {"12346": FEE, "12345": FEE, "12344": FEE}
    changed = {**rows, "12346": fee("090", "9.62"), "12344": fee("000", "9.62")}
    assert [change.code for change in changes("fees", rows, changed)] == ["12344", "12346"]


def test_what_differs_is_told_as_it_was_and_as_it_is_in_the_words_of_the_table():
    assert words("fees", FEE, replace(FEE, global_days="090", status="R")) == (
        "status A → R; global days 010 → 090"
    )
    assert words("fees", FEE, replace(FEE, bilateral="")) == (
        "indicator for both sides 1 → nothing"
    )
    assert words("fees", FEE, replace(FEE, facility_na=True)) == "no rate in a facility no → yes"
    assert words("fees", FEE, replace(FEE, pre=None)) == "share before 0.1 → nothing"


def test_only_what_is_paid_asks_nothing_of_a_rule():
    paid = replace(FEE, work=Decimal("5.1"), facility_total=Decimal(8))
    [change] = changes("fees", {"12345": FEE}, {"12345": paid})
    assert change.is_of_values
    assert change.words == "work value 9.62 → 5.1; value in a facility 9.62 → 8"
    both = replace(paid, global_days="090")
    [change] = changes("fees", {"12345": FEE}, {"12345": both})
    assert not change.is_of_values
    assert not changes("fees", {}, {"12345": FEE})[0].is_of_values


def test_indicators_that_no_row_of_the_release_before_tells_are_no_change():
    bare = replace(FEE, bilateral="", pre=None, post=None)
    assert changes("fees", {"12345": bare}, {"12345": FEE}) == []
    told_by_another = {"12345": bare, "12346": FEE}
    [change] = changes("fees", told_by_another, {"12345": FEE, "12346": FEE})
    assert change.code == "12345"


def test_a_pair_is_told_of_both_its_codes():
    key = ("12345", "54321")
    old, new = {key: pair(*key, 0)}, {key: pair(*key, 1)}
    assert changes("pairs", old, new) == [
        Change("12345", "Q3", "pair with 54321: may be opened no → yes"),
        Change("54321", "Q3", "pair with 12345: may be opened no → yes"),
    ]
    reworded = {key: replace(pair(*key, 0), rationale="In other words")}
    assert changes("pairs", old, reworded) == []


def test_the_other_tables_are_told_likewise():
    assert words("unit_limits", UnitLimit(1, 2), UnitLimit(2, 3, "More")) == (
        "units 1 → 2; adjudication indicator 2 → 3"
    )
    assert words("add_ons", AddOn(1, frozenset()), AddOn(3, frozenset({"12345"}))) == "kind 1 → 3"
    assert words("terms", Term(None, None), Term(None, JULY)) == "last nothing → 2026-07-01"
    category = Diagnosis(DiagnosisState.CATEGORY, "right")
    assert words("diagnoses", valid("right"), category) == "state valid → category"
    assert changes("diagnoses", {"R69": valid()}, {"R69": valid("", "R68")}) == []


# Releases ------------------------------------------------------------------------------------------


def test_a_release_that_begins_is_told_after_the_one_that_it_follows():
    before = Tables(fees=Table("Q2", {}), pairs=Table("P1", {}))
    after = Tables(fees=Table("Q3", {}), pairs=Table("P1", {}), terms=Table("T1", {}))
    assert list(_releases(before, after)) == [("Q2", "Q3"), ("", "T1")]


def test_of_a_first_release_or_of_the_same_one_nothing_is_a_change():
    assert list(_changes(Tables(), Tables(fees=Table("Q3", {"12345": FEE})))) == []
    same = Tables(fees=Table("Q2", {"12345": FEE}))
    other_rows = Tables(fees=Table("Q2", {}))
    assert list(_changes(same, other_rows)) == []
    assert list(_changes(same, Tables())) == []


# Signing -------------------------------------------------------------------------------------------


def family(*changes, next_version=None, name="Small"):
    table = replace(small_rules.table(key=name.lower()), name=name)
    touched = tuple(Touched(change.code, (change,), ("R1",), 1, 0, 2) for change in changes)
    return FamilyUpdate(Published(RuleSetVersion(number=4), table), touched, next_version)


GONE = Change("12345", "Q3", "no longer listed")
PAID = Change("54321", "Q3", "work value 1 → 2", is_of_values=True)


def update(*families, releases=(("Q2", "Q3"),)):
    return TablesUpdate(JULY, releases, families)


def fault(seen_update, *standing, seen=None):
    return fault_of(seen_update, seen or seen_update.content_hash, standing)


def test_a_version_may_stand_where_only_what_is_paid_changes():
    assert family(PAID).stands
    assert not family(PAID, GONE).stands


def test_an_update_is_signed_once_each_rule_set_has_a_next_version_or_stands():
    two = update(family(GONE), family(GONE, name="Other"))
    assert fault(two) == (
        "Begin a new version, or let the one in force stand as it is: Small, Other."
    )
    assert fault(two, "small") == (
        "Begin a new version, or let the one in force stand as it is: Other."
    )
    assert fault(two, "small", "other") == ""
    begun = family(GONE, next_version=RuleSetVersion(number=5))
    assert fault(update(begun)) == ""


def test_on_a_day_without_a_release_there_is_nothing_to_sign():
    assert fault(update(releases=())) == (
        "No release begins on this day: there is nothing to sign."
    )


def test_what_changed_since_the_page_was_opened_is_gone_through_again():
    seen = update(family(GONE))
    now = update(family(GONE, PAID))
    assert fault(now, "small", seen=seen.content_hash) == (
        "Tables or versions changed since the page was opened. Go through it again."
    )


def test_what_is_signed_names_the_versions_and_what_changes_of_each_code():
    begun = family(GONE, PAID, next_version=RuleSetVersion(number=5))
    assert update(begun).to_data() == {
        "day": "2026-07-01",
        "releases": [["Q2", "Q3"]],
        "rule sets": [
            {
                "rule set": "small",
                "version": 4,
                "next version": 5,
                "codes": {"12345": ["no longer listed"], "54321": ["work value 1 → 2"]},
            }
        ],
    }
    assert update(family(GONE)).to_data()["rule sets"][0]["next version"] is None


@pytest.mark.parametrize("count", [4, 5, 6])
def test_of_many_phrases_the_first_five_are_shown(count):
    phrases = tuple("abcdef"[:count])
    touched = Touched("12345", (), (), 0, 0, 0, phrases)
    assert touched.first_phrases == phrases[:5]
