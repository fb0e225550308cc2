"""Files of claims: how a line, a day, a payer and earlier services are written, and what is refused."""

from datetime import date

import pytest

from coding.claim import EarlierLine, Line
from coding.rules.claim_texts import day_of, history_of, line_of, payer_of

DAY = date(2024, 8, 14)
NO_DAY = "is no day such as 2024-08-14."


def line(text, **places):
    return line_of(1, text, places)


def earlier(text):
    """The code, the day and the group of each service before."""
    return [(own.code, own.day, own.same_group) for own in history_of(text, DAY) or ()]


# A line -------------------------------------------------------------------------------------------


def test_a_code_alone_is_one_unit_that_points_at_nothing():
    assert line_of(3, " 12345 ", {}) == Line(number=3, code="12345")


def test_a_line_says_modifiers_units_diagnoses_and_provider():
    assert line("12345-LT-59 x2 [A,B] @B") == Line(
        number=1, code="12345", modifiers=("LT", "59"), units=2, pointers=(1, 2), provider="B"
    )


@pytest.mark.parametrize("text", ["12345-lt", "12345 - LT", "12345,LT", "12345 , lt"])
def test_modifiers_stand_behind_hyphens_or_commas_in_either_case(text):
    assert line(text).modifiers == ("LT",)


@pytest.mark.parametrize("text", ["12345 x 3", "12345x3", "12345×3", "12345 * 3", "12345 3 units"])
def test_units_are_written_in_several_ways(text):
    assert line(text).units == 3


def test_a_single_unit_may_be_said_in_words():
    assert line("12345 1 unit").units == 1


@pytest.mark.parametrize("text", ["12345 [A,C]", "12345 (A, C)", "12345 [a c]", "12345 [1;3]"])
def test_diagnoses_are_pointed_at_by_letter_or_number(text):
    assert line(text).pointers == (1, 3)


def test_a_letter_points_at_the_diagnosis_that_bears_it_wherever_that_stands():
    assert line("12345 [B,A,L]", A=2, B=1).pointers == (1, 2, 12)


def test_what_the_answers_come_to_stands_behind_a_sign_of_equality():
    assert line("12345").supported is None
    supported = line("j1234-LT = g0123 x2")
    assert (supported.code, supported.modifiers) == ("J1234", ("LT",))
    assert (supported.supported, supported.units) == ("G0123", 2)


@pytest.mark.parametrize("code", ["1234F", "1234T", "1234U", "1234M", "A1234", "V1234"])
def test_codes_may_hold_a_letter_in_its_place(code):
    assert line(code).code == code


@pytest.mark.parametrize(
    "text", ["", "1234", "123456", "1234G", "W1234", "12345-LTT", "12345 x", "12345 [M]", "12345 @"]
)
def test_what_is_no_line_is_refused_as_it_was_written(text):
    with pytest.raises(ValueError, match="is no line such as 11111-LT x1") as refusal:
        line(text)
    assert str(refusal.value) == f"“{text}” is no line such as 11111-LT x1 [A,B] @B."


# A day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2024-08-04",
        "2024-8-4",
        "08/04/2024",
        "8/4/2024",
        "August 4, 2024",
        "aug 4 2024",
        "Aug. 4, 2024",
        "4 August 2024",
        "4. Aug 2024",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert day_of(text) == date(2024, 8, 4)


@pytest.mark.parametrize(
    "month",
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "October", "Nov", "December"],
)
def test_each_month_has_its_name_long_or_short(month):
    shorts = "janfebmaraprmayjunjulaugsepoctnovdec"
    number = shorts.index(month[:3].lower()) // 3 + 1
    assert day_of(f"{month} 9, 2024") == date(2024, number, 9)


@pytest.mark.parametrize("text", ["", "yesterday", "2024-08", "2024-08-01 to 2024-08-04"])
def test_no_day_two_days_or_a_month_alone_are_no_day(text):
    with pytest.raises(ValueError, match=NO_DAY) as refusal:
        day_of(text)
    assert str(refusal.value) == f"“{text}” {NO_DAY}"


@pytest.mark.parametrize("text", ["2024-02-30", "13/01/2024", "June 31, 2024"])
def test_a_day_that_the_calendar_lacks_is_refused(text):
    with pytest.raises(ValueError, match=NO_DAY):
        day_of(f"On {text}.")


# A payer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("State Medicaid", "medicaid"),
        ("CHIP", "medicaid"),
        ("Medicare Part B", "medicare"),
        ("CMS", "medicare"),
        ("Workers' Comp Fund", "workers_compensation"),
        ("worker’s compensation", "workers_compensation"),
        ("Blue Shield PPO", "commercial"),
        ("private insurance", "commercial"),
        ("an HMO", "commercial"),
    ],
)
def test_a_word_of_its_name_tells_the_kind_of_a_payer(name, kind):
    assert payer_of(name) == kind


def test_another_payer_is_a_kind_of_its_own():
    assert payer_of(" Sunrise Mutual ") == "sunrise mutual"
    assert payer_of("Chippewa Health") == "chippewa health"
    assert payer_of("") == ""


def test_medicaid_counts_before_the_medicare_that_shares_its_name():
    assert payer_of("Medicare-Medicaid plan") == "medicaid"


# Earlier services ---------------------------------------------------------------------------------


def test_nothing_said_is_unknown_and_nobody_seen_is_nothing():
    assert history_of("", DAY) is None
    assert history_of("Hypertension.", DAY) is None
    for text in ("none", "No prior visits", "never seen here", "Not seen", "new patient"):
        assert history_of(text, DAY) == (), text


def test_a_service_that_is_named_counts_more_than_words_that_there_was_none():
    assert len(history_of("No earlier surgery; 12345 on 2024-06-26", DAY)) == 1


def test_an_earlier_service_keeps_its_modifiers():
    [own] = history_of("12345-LT-59 on 2024-06-26", DAY)
    assert own == EarlierLine(date(2024, 6, 26), "12345", ("LT", "59"), same_group=True)
    [bare] = history_of("12345 on 2024-06-26", DAY)
    assert bare.modifiers == ()


def test_the_day_may_stand_before_its_code_or_behind():
    june, july = date(2024, 6, 26), date(2024, 7, 1)
    assert earlier("2024-06-26: 12345, 2024-07-01: 54321") == [
        ("12345", june, True),
        ("54321", july, True),
    ]
    assert earlier("12345 on 2024-06-26, 54321 on 2024-07-01") == [
        ("12345", june, True),
        ("54321", july, True),
    ]


def test_codes_share_a_day_and_a_code_without_one_counts_for_the_day_before_it():
    june = date(2024, 6, 26)
    assert earlier("12345 and 54321 on 2024-06-26") == [
        ("12345", june, True),
        ("54321", june, True),
    ]
    assert earlier("12345 on 2024-06-26, then 54321") == [
        ("12345", june, True),
        ("54321", june, True),
    ]


def test_a_day_without_a_code_says_that_the_patient_was_seen():
    assert earlier("seen 2024-01-05") == [("", date(2024, 1, 5), True)]


def test_a_semicolon_ends_what_a_day_and_a_group_are_said_of():
    assert earlier("12345 on 2024-06-26 by another group; 54321 on 2024-07-01") == [
        ("12345", date(2024, 6, 26), False),
        ("54321", date(2024, 7, 1), True),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "by another group",
        "other specialty",
        "a different provider",
        "outside",
        "elsewhere",
        "not the same group",
        "not our provider",
        "an unrelated practice",
    ],
)
def test_another_group_or_specialty_is_told_by_its_words(words):
    assert earlier(f"12345 on 2024-06-26, {words}") == [("12345", date(2024, 6, 26), False)]


def test_each_of_several_services_is_of_the_group_that_is_named_before_the_next():
    groups = [
        own.same_group
        for own in history_of("12345 2024-06-26, 2024-07-01, 2024-07-02 outside", DAY)
    ]
    assert groups == [True, True, False]
    assert earlier("By another group: 12345 on 2024-06-26") == [("12345", date(2024, 6, 26), False)]


@pytest.mark.parametrize("words", ["the other knee", "another problem", "a different side"])
def test_another_problem_or_side_is_of_the_same_group(words):
    assert earlier(f"12345 on 2024-06-26 for {words}") == [("12345", date(2024, 6, 26), True)]


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("a day ago", date(2024, 8, 13)),
        ("two days before", date(2024, 8, 12)),
        ("3 weeks earlier", date(2024, 7, 24)),
        ("one month ago", date(2024, 7, 15)),
        ("ten years ago", date(2014, 8, 17)),
        ("an hour ago, 1 week ago", date(2024, 8, 7)),
    ],
)
def test_a_span_counts_back_from_the_day_of_the_claim(span, day):
    assert earlier(f"12345 {span}") == [("12345", day, True)]


def test_a_month_counts_as_its_last_day_and_never_as_one_from_the_claim_on():
    assert earlier("12345 in 2024-02") == [("12345", date(2024, 2, 29), True)]
    assert earlier("12345 in 2023-12") == [("12345", date(2023, 12, 31), True)]
    assert earlier("12345 in 2024-08") == [("12345", date(2024, 8, 13), True)]


def test_a_code_that_is_part_of_another_number_is_none():
    assert earlier("seen 2024-01-05, account 12345/6") == [("", date(2024, 1, 5), True)]


def test_a_code_without_any_day_is_refused_with_the_text():
    with pytest.raises(ValueError, match="names no day") as refusal:
        history_of("Seen 2024-01-05; 12345 once", DAY)
    assert str(refusal.value) == "history “12345 once” names no day such as 2024-06-26."
