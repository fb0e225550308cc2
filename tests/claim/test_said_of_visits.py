"""What the checks of visits say: beside procedures, after earlier ones, to new patients, and at which place."""

from datetime import date, timedelta

import pytest

from coding.claim.days import years_before
from tests.claim.claims import DAY, claim, earlier, fee, lines_of, said, tables

FEES = tables(
    fees={
        "20610": fee("000", bilateral="1"),
        "27256": fee("010", bilateral="1"),
        "25605": fee("090", bilateral="1"),
        "73502": fee("XXX"),
        "99024": fee("MMM"),
    }
)


def days_ago(text, days, same_group=True):
    return (earlier(text, DAY - timedelta(days=days), same_group),)


# Beside a procedure ------------------------------------------------------------------------------------


def test_a_visit_beside_a_minor_procedure():
    assert said("N10", claim("27256-RT", "99203"), FEES) == [
        (
            "warning",
            (
                "99203 stands beside 27256 with 10 global days."
                " It needs the modifier for separate work (25), and only if there was such work."
            ),
            (2, 1),
            "RVU24C, 27256: 10 global days",
        )
    ]


def test_a_visit_beside_a_major_procedure():
    assert said("N11", claim("99284", "25605-RT", place="23"), FEES) == [
        (
            "warning",
            "99284 led to 25605 with 90 global days. It needs the modifier for the decision (57).",
            (1, 2),
            "RVU24C, 25605: 90 global days",
        )
    ]


def test_a_visit_beside_both_is_told_of_both():
    both = claim("99284", "25605-RT", "20610-LT", place="23")
    assert lines_of("N10", both, FEES) == [(1, 3)]
    assert lines_of("N11", both, FEES) == [(1, 2)]


def test_separate_work_alone_is_a_mark_beside_a_major_procedure_too():
    exchanged = claim("99284-25", "25605-RT", place="23")
    assert lines_of("N11", exchanged, FEES) == []
    assert lines_of("N13", exchanged, FEES) == [(1, 2)]


def test_the_decision_is_no_mark_beside_a_minor_procedure_alone():
    assert lines_of("N10", claim("99284-57", "20610-RT", place="23"), FEES) == [(1, 2)]


def test_each_visit_of_the_provider_is_told():
    assert lines_of("N10", claim("99203", "99396-25", "99213", "20610-RT"), FEES) == [
        (1, 4),
        (3, 4),
    ]


def test_a_visit_is_no_procedure_whatever_its_days():
    of_visits = tables(fees={"99203": fee("000"), "99396": fee("090")})
    both = claim("99203", "99396")
    assert [lines_of(check, both, of_visits) for check in ("N10", "N11")] == [[], []]


@pytest.mark.parametrize(
    ("visit", "procedure", "words"),
    [
        (
            "99284-57",
            "20610-RT",
            (
                "25 and 57 are exchanged on 99284: 20610 has 0 global days."
                " 25 goes with 0 and 10 days, 57 with 90."
            ),
        ),
        (
            "99284-25",
            "25605-RT",
            (
                "25 and 57 are exchanged on 99284: 25605 has 90 global days."
                " 25 goes with 0 and 10 days, 57 with 90."
            ),
        ),
    ],
)
def test_the_modifier_of_the_other_kind_of_procedure(visit, procedure, words):
    [(severity, message, lines, row)] = said("N13", claim(visit, procedure, place="23"), FEES)
    assert (severity, message, lines) == ("warning", words, (1, 2))
    assert row.startswith(f"RVU24C, {procedure[:5]}:")


@pytest.mark.parametrize("modifiers", ["25", "57", "25-57"])
def test_beside_procedures_of_both_kinds_neither_is_exchanged(modifiers):
    both = claim(f"99284-{modifiers}", "25605-RT", "20610-LT", place="23")
    assert lines_of("N13", both, FEES) == []


def test_the_right_modifier_is_not_exchanged():
    assert lines_of("N13", claim("99284-57", "25605-RT", place="23"), FEES) == []
    assert lines_of("N13", claim("99203-25", "20610-RT"), FEES) == []
    assert lines_of("N13", claim("99203", "20610-RT"), FEES) == []


def test_a_modifier_of_visits_on_another_code():
    assert said("N12", claim("20610-57-25-RT"), FEES) == [
        ("warning", "20610 is no visit, and 25, 57 belongs on a visit.", (1,), "")
    ]
    assert lines_of("N12", claim("20610-RT", "99203-25"), FEES) == []


# The day before ----------------------------------------------------------------------------------------


def test_a_visit_of_the_day_before_a_major_procedure():
    assert said("N11", claim("25605-RT", history=days_ago("99284", 1)), FEES) == [
        (
            "info",
            (
                "99284 of 2024-08-13 stands before 25605 with 90 global days:"
                " if it led to it, it needs the modifier for the decision (57)."
            ),
            (1,),
            "RVU24C, 25605: 90 global days",
        )
    ]


@pytest.mark.parametrize(
    "history",
    [
        days_ago("99284-57", 1),
        days_ago("99284-25", 1),
        days_ago("99284", 2),
        days_ago("99284", 1, same_group=False),
        days_ago("73502", 1),
        (),
        None,
    ],
    ids=[
        "marked as the decision",
        "marked as separate work",
        "two days before",
        "another group",
        "no visit",
        "nothing earlier",
        "not known",
    ],
)
def test_no_other_line_of_the_history_is_the_visit_before(history):
    assert lines_of("N11", claim("25605-RT", history=history), FEES) == []


def test_the_day_before_a_minor_procedure_may_hold_any_visit():
    assert lines_of("N11", claim("20610-RT", history=days_ago("99284", 1)), FEES) == []


# Two visits --------------------------------------------------------------------------------------------


def test_two_visits_of_one_provider():
    assert said("N16", claim("99396", "20610-RT", "99214"), FEES) == [
        (
            "warning",
            (
                "Two visits by one provider on one day (99214, 99396):"
                " report one, or the second with 25."
            ),
            (3, 1),
            "",
        )
    ]


def test_one_visit_without_the_modifier_is_enough_of_them():
    assert lines_of("N16", claim("99396", "99214-25", "99203-25"), FEES) == []
    assert lines_of("N16", claim("99396", "99214", "99203-25"), FEES) == [(2, 1)]
    assert lines_of("N16", claim("99396", "99214 @B"), FEES) == []


# After an earlier procedure ----------------------------------------------------------------------------


def test_a_visit_within_the_days_of_an_earlier_procedure():
    assert said("N14", claim("99214", history=days_ago("25605-LT", 49)), FEES) == [
        (
            "error",
            (
                "99214 lies inside the 90 days of 25605 of 2024-06-26:"
                " it is included, or takes 24 if it was for something else."
            ),
            (1,),
            "RVU24C, 25605: 90 global days",
        )
    ]


def test_a_procedure_within_the_days_of_an_earlier_one():
    assert said("N15", claim("20610-RT", history=days_ago("25605-LT", 49)), FEES) == [
        (
            "warning",
            (
                "20610 lies inside the 90 days of 25605 of 2024-06-26: 58 planned or more extensive,"
                " 76 or 77 the same again, 78 back to the operating room, 79 unrelated."
            ),
            (1,),
            "RVU24C, 25605: 90 global days",
        )
    ]


@pytest.mark.parametrize(
    ("code", "last"), [("25605-LT", 90), ("27256-LT", 10)], ids=["90 days", "10 days"]
)
def test_the_last_of_the_days_belongs_to_them_and_the_next_does_not(code, last):
    assert len(lines_of("N14", claim("99214", history=days_ago(code, last)), FEES)) == 1
    assert lines_of("N14", claim("99214", history=days_ago(code, last + 1)), FEES) == []
    assert len(lines_of("N14", claim("99214", history=days_ago(code, 1)), FEES)) == 1


@pytest.mark.parametrize("code", ["20610-LT", "73502", "99024", "12002"])
def test_a_code_without_days_after_it_keeps_nothing_included(code):
    assert lines_of("N14", claim("99214", history=days_ago(code, 1)), FEES) == []


def test_the_visit_of_the_day_of_the_operation_is_not_within_its_days():
    assert lines_of("N14", claim("99214", history=days_ago("25605-LT", 0)), FEES) == []


def test_each_earlier_procedure_is_told():
    history = (*days_ago("25605-LT", 49), *days_ago("27256-RT", 5))
    assert lines_of("N14", claim("99214", history=history), FEES) == [(1,), (1,)]


def test_what_is_no_procedure_belongs_to_no_earlier_one():
    assert lines_of("N15", claim("73502", "12002", history=days_ago("25605-LT", 49)), FEES) == []


def test_the_same_code_earlier_on_the_day_tells_why_it_stands_again():
    this_morning = days_ago("20610-RT", 0)
    assert lines_of("N15", claim("20610-RT", history=this_morning), FEES) == [(1,)]
    assert lines_of("N15", claim("20610-RT-76", history=this_morning), FEES) == []
    assert lines_of("N15", claim("25605-RT", history=this_morning), FEES) == []
    assert lines_of("N15", claim("20610-RT", history=days_ago("20610-54-RT", 0)), FEES) == []
    assert lines_of("N15", claim("20610-RT", history=days_ago("20610-RT", 1)), FEES) == []


def test_by_another_group_on_the_day_it_takes_the_modifier_for_that():
    by_other = days_ago("20610-RT", 0, same_group=False)
    assert lines_of("N15", claim("20610-RT", history=by_other), FEES) == [(1,)]
    assert lines_of("N15", claim("20610-RT-76", history=by_other), FEES) == [(1,)]
    assert lines_of("N15", claim("20610-RT-77", history=by_other), FEES) == []


# New and established -----------------------------------------------------------------------------------


def test_a_new_patient_who_was_seen():
    history = (earlier("99213", date(2022, 1, 5)), earlier("99213", date(2023, 3, 1)))
    assert said("N17", claim("99203", history=history), FEES) == [
        (
            "warning",
            (
                "99203 is for a new patient, and this group and specialty saw the patient on"
                " 2023-03-01."
            ),
            (1,),
            "History",
        )
    ]


def test_an_established_patient_whom_nobody_saw():
    assert said("N17", claim("99213", history=()), FEES) == [
        (
            "info",
            (
                "99213 is for an established patient, and no earlier service of this group and"
                " specialty is known here."
            ),
            (1,),
            "History",
        )
    ]


@pytest.mark.parametrize("day", [date(2024, 8, 14), date(2023, 8, 14), date(2028, 2, 29)])
def test_the_day_three_years_before_belongs_to_the_three_years(day):
    """As in the history from which the form is filled: the two never say different things of one patient."""
    last = years_before(day, 3)
    on_that_day = {"day": day, "history": (earlier("99213", last),)}
    before_it = {"day": day, "history": (earlier("99213", last - timedelta(days=1)),)}

    assert lines_of("N17", claim("99203", **on_that_day), FEES) == [(1,)]
    assert lines_of("N17", claim("99203", **before_it), FEES) == []
    assert lines_of("N17", claim("99213", **on_that_day), FEES) == []
    assert lines_of("N17", claim("99213", **before_it), FEES) == [(1,)]


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2028, 2, 29), date(2025, 2, 28)), (date(2026, 5, 4), date(2023, 5, 4))],
)
def test_three_years_before_a_leap_day_is_the_28th(day, before):
    assert years_before(day, 3) == before


@pytest.mark.parametrize("code", ["73502", "93000", "99024", "99422"])
def test_work_without_the_patient_has_not_seen_the_patient(code):
    assert lines_of("N17", claim("99203", history=days_ago(code, 100)), FEES) == []
    assert lines_of("N17", claim("99213", history=days_ago(code, 100)), FEES) == [(1,)]


def test_another_service_of_the_same_day_makes_no_established_patient():
    assert lines_of("N17", claim("99203", history=days_ago("99213", 0)), FEES) == []


def test_of_a_patient_of_whom_nothing_is_known_nothing_is_said():
    assert lines_of("N17", claim("99203", "99213-25"), FEES) == []


# The place, and a treatment that is missing ------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "place", "severity"),
    [("99284", "11", "warning"), ("99214", "21", "info"), ("99214", "23", "info")],
)
def test_a_visit_at_a_place_where_its_kind_is_not_reported(code, place, severity):
    assert said("N42", claim(code, place=place), FEES) == [
        (severity, f"{code} is not usually reported at place {place}.", (1,), "")
    ]


@pytest.mark.parametrize(
    ("code", "place"),
    [("99284", "23"), ("99214", "11"), ("99214", "22"), ("99284", ""), ("99214", "")],
)
def test_a_visit_at_its_own_place_or_at_none(code, place):
    assert lines_of("N42", claim(code, place=place), FEES) == []


@pytest.mark.parametrize("place", ["02", "10"])
def test_telehealth_places_are_of_the_payers_option(place):
    wanted = {"telehealth_visit_codes": "yes"}
    assert len(lines_of("N42", claim("99214", place=place, options=wanted), FEES)) == 1
    unwanted = {"telehealth_visit_codes": "no"}
    assert lines_of("N42", claim("99214", place=place, options=unwanted), FEES) == []


BROKEN = {"diagnoses": ("S52.501A",)}


def test_a_decision_and_a_cast_without_the_treatment():
    assert said("N35", claim("29125", "99203-57", **BROKEN), FEES) == [
        (
            "info",
            (
                "A visit that decided, a cast and S52.501A, but no code of 90 days:"
                " is the care itemized, or was the treatment missed?"
            ),
            (2, 1),
            "",
        )
    ]


@pytest.mark.parametrize(
    ("texts", "diagnoses"),
    [
        (("99203", "29125"), ("S52.501A",)),
        (("99203-57",), ("S52.501A",)),
        (("99203-57", "29125"), ("M17.11",)),
        (("99203-57", "29125", "25605-RT"), ("S52.501A",)),
    ],
    ids=["no decision", "no cast", "nothing broken", "treated"],
)
def test_each_of_the_three_is_needed(texts, diagnoses):
    assert lines_of("N35", claim(*texts, diagnoses=diagnoses), FEES) == []
