"""What the checks of the fee schedule's indicators and of modifiers say, and where they are silent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from coding.claim import Fee, Term
from tests.claim.claims import claim, fee, line, lines_of, said, tables


def with_fee(row, code="27252"):
    return tables(fees={code: row})


def at_two_places(office, facility):
    """A procedure that has another value in an office than in a facility."""
    return Fee("A", "090", Decimal(1), Decimal(facility), Decimal(office), multiple="2")


# The place ---------------------------------------------------------------------------------------------


def test_a_code_without_an_office_rate():
    assert said("N21", claim("27252-RT"), with_fee(fee("090", non_facility_na=True))) == [
        (
            "warning",
            "The fee schedule has no office rate for 27252. Is the place of service right?",
            (1,),
            "RVU24C, 27252: office rate NA",
        )
    ]


def test_a_code_with_an_office_rate_is_not_told():
    assert lines_of("N21", claim("27252-RT"), with_fee(fee("090"))) == []


def test_technical_work_in_a_facility():
    assert said("N37", claim("99153", place="22"), with_fee(fee(technical="3"), "99153")) == [
        (
            "warning",
            "99153 holds no work of a physician; in a facility it is not paid to one.",
            (1,),
            "RVU24C, 99153: PC/TC indicator 3",
        )
    ]


@pytest.mark.parametrize("indicator", ["", "0", "1", "2"])
def test_other_work_is_the_physicians_own_in_a_facility_too(indicator):
    of_physician = with_fee(fee(technical=indicator), "99153")
    assert lines_of("N37", claim("99153", place="22"), of_physician) == []


@pytest.mark.parametrize("place", ["19", "21", "22", "23", "24"])
def test_each_place_of_a_facility_does_the_technical_work(place):
    technical = with_fee(fee(technical="3"), "99153")
    assert lines_of("N37", claim("99153", place=place), technical) == [(1,)]


def test_supplies_in_a_facility():
    assert said("N36", claim("20610-RT", "J3301 x4", place="22"), tables()) == [
        ("info", "J3301: the facility reports supplies and drugs here.", (2,), "")
    ]
    assert lines_of("N36", claim("20610-RT", "J3301 x4", place="11"), tables()) == []


# What is paid ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("B", "it is bundled into other services"),
        ("I", "it wants another code"),
        ("N", "it does not cover it"),
        ("X", "the law excludes it"),
        ("P", "it is bundled or excluded"),
        ("R", "it covers it case by case"),
    ],
)
def test_a_status_that_medicare_does_not_pay(status, meaning):
    loaded = with_fee(replace(fee(), status=status), "99024")
    assert said("N41", claim("99024", payer="medicare"), loaded) == [
        (
            "warning",
            f"Medicare does not pay 99024: {meaning}.",
            (1,),
            f"RVU24C, 99024: status {status}",
        )
    ]


def test_what_medicare_does_not_pay_says_nothing_of_other_payers():
    loaded = with_fee(replace(fee(), status="N"), "99024")
    assert lines_of("N41", claim("99024"), loaded) == []


@pytest.mark.parametrize("status", ["A", "C", "T"])
def test_a_status_that_is_paid(status):
    loaded = with_fee(replace(fee(), status=status), "99024")
    assert lines_of("N41", claim("99024", payer="medicare"), loaded) == []


def test_a_share_that_a_code_does_not_have():
    without_care_after = replace(fee("000"), post=Decimal("0.00"))
    assert said("N27", claim("27252-54-RT"), with_fee(without_care_after)) == [
        (
            "warning",
            "27252 has no such share of the care to report apart.",
            (1,),
            "RVU24C, 27252: share 0.00",
        )
    ]


def test_each_share_is_asked_by_its_own_modifiers():
    without_care_after = with_fee(replace(fee("090"), post=Decimal(0)))
    assert lines_of("N27", claim("27252-55-RT"), without_care_after) == [(1,)]
    assert lines_of("N27", claim("27252-56-RT"), without_care_after) == []
    assert lines_of("N27", claim("27252-RT"), without_care_after) == []


def test_a_release_without_shares_refuses_none():
    without_shares = with_fee(replace(fee("090"), pre=None, post=None))
    assert lines_of("N27", claim("27252-54-RT"), without_shares) == []
    assert lines_of("N27", claim("27252-56-RT"), without_shares) == []


@pytest.mark.parametrize(
    ("modifier", "indicators", "severity", "who", "row"),
    [
        ("80", {"assistant": "1"}, "error", "an assistant", "assistant indicator 1"),
        ("81", {"assistant": "0"}, "warning", "an assistant", "assistant indicator 0"),
        ("62", {"co_surgeon": "0"}, "warning", "two surgeons", "co_surgeon indicator 0"),
        ("66", {"team": "0"}, "warning", "a team", "team indicator 0"),
    ],
)
def test_a_helper_whom_the_code_does_not_take(modifier, indicators, severity, who, row):
    loaded = with_fee(fee("090", **indicators))
    assert said("N22", claim(f"27252-RT-{modifier}"), loaded) == [
        (
            severity,
            f"27252: {who} is not paid, or only with records.",
            (1,),
            f"RVU24C, 27252: {row}",
        )
    ]


def test_no_helper_is_asked_about_who_is_not_there():
    nobody_helps = with_fee(fee("090", assistant="1", co_surgeon="0", team="0"))
    assert lines_of("N22", claim("27252-RT"), nobody_helps) == []
    # A team is no assistant.
    assert len(lines_of("N22", claim("27252-RT-66"), nobody_helps)) == 1


def test_two_sorts_of_helpers_are_told_of_each():
    nobody_helps = with_fee(fee("090", assistant="1", co_surgeon="0"))
    stand = [severity for severity, *_ in said("N22", claim("27252-62-80"), nobody_helps)]
    assert stand == ["error", "warning"]


# The order ---------------------------------------------------------------------------------------------


def test_lines_out_of_order():
    loaded = tables(
        fees={"27252": fee("090", "21.5", multiple="2"), "25605": fee("090", "16.5", multiple="3")}
    )
    assert said("N23", claim("25605-RT", "27252-RT", place="22"), loaded) == [
        (
            "info",
            "Put 27252 first: it has the highest value at this place.",
            (2, 1),
            "RVU24C, 27252: 21.5 at this place",
        )
    ]


def test_the_value_is_that_of_the_place():
    loaded = tables(fees={"27252": at_two_places(10, 30), "25605": at_two_places(20, 20)})
    assert lines_of("N23", claim("25605-RT", "27252-RT", place="22"), loaded) == [(2, 1)]
    assert lines_of("N23", claim("25605-RT", "27252-RT", place="11"), loaded) == []


def test_lines_of_one_value_may_stand_either_way():
    same = fee("090", "16.5", multiple="2")
    loaded = tables(fees={"27252": same, "25605": same})
    assert lines_of("N23", claim("25605-RT", "27252-RT"), loaded) == []
    assert lines_of("N23", claim("27252-RT", "25605-RT"), loaded) == []


def test_what_is_not_paid_in_falling_order_may_stand_anywhere():
    loaded = tables(
        fees={
            "27252": fee("090", "21.5", multiple="2"),
            "99285": fee("XXX", "99.0", multiple="0"),
            "73502": fee("XXX", "88.0", multiple="4"),
        }
    )
    assert lines_of("N23", claim("27252-RT", "99285-57", "73502", "12002"), loaded) == []


def test_the_lines_of_each_provider_have_an_order_of_their_own():
    loaded = tables(
        fees={"27252": fee("090", "21.5", multiple="2"), "25605": fee("090", "16.5", multiple="2")}
    )
    assert lines_of("N23", claim("25605-RT", "27252-RT @B"), loaded) == []


# Modifiers among themselves ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modifiers", "named"),
    [
        ("LT-50", "50 and LT"),
        ("55-54", "54 and 55"),
        ("77-76", "76 and 77"),
        ("78-58", "58 and 78"),
        ("XU-59", "59 and XU"),
        ("58-78-79", "58 and 78 and 79"),
    ],
)
def test_modifiers_that_exclude_each_other(modifiers, named):
    assert said("N26", claim(f"27252-{modifiers}"), tables()) == [
        ("error", f"{named} exclude each other on one line.", (1,), "")
    ]


def test_on_two_lines_they_do_not():
    assert lines_of("N26", claim("27252-50", "25605-LT", "12002-59", "12013-XS"), tables()) == []


def test_two_faults_of_one_line_are_two_findings():
    assert len(lines_of("N26", claim("27252-50-LT-54-55"), tables())) == 2


# Drugs, and one payer's own code -----------------------------------------------------------------------


def test_a_drug_that_nothing_gives():
    assert said("N39", claim("99214", "J3301 x4"), tables()) == [
        ("warning", "J3301 is a drug, and no line gives it.", (2,), "")
    ]


WASTE = (
    "warning",
    "J3301 came from a vial for one patient: say what was wasted (JW), or that nothing was (JZ).",
    (2,),
    "",
)


def test_a_drug_that_a_line_gives():
    assert lines_of("N39", claim("20610-RT", "J3301 x4"), tables()) == []


def from_vial(text, from_single_dose=True, payer="medicare"):
    given = claim("20610-RT", text, payer=payer, from_single_dose=from_single_dose)
    return said("N39", given, tables())


def test_a_drug_from_a_vial_for_one_patient():
    assert from_vial("J3301 x4") == [WASTE]


@pytest.mark.parametrize("modifier", ["JW", "JZ"])
def test_either_word_on_the_waste_is_enough(modifier):
    assert from_vial(f"J3301-{modifier} x4") == []


@pytest.mark.parametrize("from_single_dose", [False, None])
def test_a_drug_from_another_vial_or_an_unknown_one_needs_no_word(from_single_dose):
    assert from_vial("J3301 x4", from_single_dose) == []


def test_a_payer_who_does_not_ask_for_the_waste_is_not_told_of_it():
    assert from_vial("J3301 x4", payer="commercial") == []


G0168 = (
    "G0168: Medicare takes G0168 for closure by adhesive alone; other payers take the repair code."
)


def test_one_payers_own_code():
    assert said("N34", claim("G0168"), tables()) == [("warning", G0168, (1,), "")]


def supported(code, by_answers, payer):
    own = replace(claim(code, payer=payer), lines=(line(1, code, supported=by_answers),))
    return lines_of("N34", own, tables())


def test_the_code_is_right_for_its_payer_and_for_one_who_is_not_known():
    assert supported("G0168", "G0168", "medicare") == []
    assert supported("G0168", None, "") == []


def test_the_answers_may_ask_for_it_of_its_payer_alone():
    assert supported("12002", "G0168", "medicare") == [(1,)]
    assert supported("12002", "G0168", "commercial") == []
    assert supported("12002", "12002", "medicare") == []


# Who, when, and what the answers say -------------------------------------------------------------------


def test_sedation_by_the_one_who_operates():
    assert said("N38", claim("25605-RT", "99156"), with_fee(fee("090"), "25605")) == [
        (
            "warning",
            "99156 is for sedation by somebody else than who did the procedure.",
            (2,),
            "",
        )
    ]


def test_whoever_did_no_procedure_may_have_sedated():
    assert lines_of("N38", claim("99214", "99156"), with_fee(fee("XXX"), "99214")) == []
    assert lines_of("N38", claim("99156"), tables()) == []


TERMS = tables(
    terms={
        "J1030": Term(date(2000, 1, 1), date(2024, 8, 13)),
        "J1010": Term(date(2024, 8, 15), None),
        "J3301": Term(None, None),
    }
)


def test_a_code_after_its_last_day():
    assert said("N40", claim("J1030"), TERMS) == [
        ("error", "J1030 ended on 2024-08-13.", (1,), "HCPCS 2024 Q3, J1030")
    ]


def test_a_code_before_its_first_day():
    assert said("N40", claim("J1010"), TERMS) == [
        ("error", "J1010 begins on 2024-08-15.", (1,), "HCPCS 2024 Q3, J1010")
    ]


def test_the_first_and_the_last_day_belong_to_its_term():
    assert lines_of("N40", claim("J1030", day=date(2024, 8, 13)), TERMS) == []
    assert lines_of("N40", claim("J1010", day=date(2024, 8, 15)), TERMS) == []
    assert lines_of("N40", claim("J1030", day=date(1999, 12, 31)), TERMS) == [(1,)]


def test_a_code_without_a_term_or_without_a_row_is_always_in_use():
    assert lines_of("N40", claim("J3301", "20610-RT"), TERMS) == []


@pytest.mark.parametrize(
    ("check", "code", "by_answers", "words"),
    [
        ("N20", "99214", "99213", "The answers support 99213, and the line says 99214."),
        (
            "N33",
            "12002",
            "12001",
            "The answers support 12001, and the line says 12002: another length, site or class.",
        ),
        ("N46", "27252", "27250", "The answers support 27250, and the line says 27252."),
    ],
)
def test_a_line_against_its_answers_is_told_by_one_check(check, code, by_answers, words):
    against = replace(claim(code), lines=(line(1, code, supported=by_answers),))
    assert said(check, against, tables()) == [("error", words, (1,), "Answers of the service")]
    for other in {"N20", "N33", "N46"} - {check}:
        assert said(other, against, tables()) == []


def test_a_line_that_no_rule_set_judges():
    uncovered = replace(claim("73502"), lines=(line(1, "73502", covered=False),))
    assert said("N44", uncovered, tables()) == [
        ("info", "73502 is judged by no rule set.", (1,), "")
    ]
    assert lines_of("N44", claim("73502"), tables()) == []


def test_without_a_fee_schedule_no_indicator_speaks():
    unloaded = replace(tables(), fees=None)
    of_all = claim("25605-50-80-54", "27252-RT x2", "99203", payer="medicare")
    of_fees = ["N08", "N09", "N10", "N11", "N21", "N22", "N23", "N25", "N27", "N37", "N41"]
    assert [check for check in of_fees if said(check, of_all, unloaded)] == []
