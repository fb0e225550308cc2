"""Forms of values that all readers share: days, sexes, names, codes; and what is said of an item."""

import pytest

from coding.intake.drafts import EncounterTexts, LineDraft, Remark
from coding.intake.note_documents import NoteDocument
from coding.intake.texts import (
    birth_day,
    distinct,
    first,
    iso_day,
    left_out,
    name_of,
    not_of_one_day,
    not_signed,
    nothing_told,
    read_as_windows,
    sex_told,
    whole,
)
from coding.intake.values import dotted, fit, shown

# Days, sexes, names, numbers.


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260112", "2026-01-12"),
        (" 20260112093000-0500 ", "2026-01-12"),
        ("202601120930", "2026-01-12"),
        ("20260112093000.1234+0100", "2026-01-12"),
        ("202601", "202601"),
        ("2026-01-12", "2026-01-12"),
        ("", ""),
    ],
)
def test_a_compact_moment_is_of_its_local_day(text, day):
    assert iso_day(text) == day


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("20200101", "2020-01-01", ""),
        ("2020-01-01", "2020-01-01", ""),
        ("2020", "", "Left out: birth date 2020, which is no whole day."),
        ("2020-01", "", "Left out: birth date 2020-01, which is no whole day."),
        ("20200230", "", "Left out: birth date 20200230, which is no whole day."),
        ("spring", "spring", ""),
        ("", "", ""),
    ],
)
def test_a_birth_date_that_is_no_whole_day_is_left_out(text, day, words):
    remarks = []
    assert birth_day(text, remarks) == day
    assert [remark.text for remark in remarks] == ([words] if words else [])


def test_a_sex_that_is_none_is_left_out():
    remarks = []
    assert [sex_told(text, remarks) for text in (" f ", "", "x")] == ["F", "", "O"]
    assert remarks == []
    assert sex_told(" qq ", remarks) == ""
    assert remarks == [Remark("Left out: sex qq, which is none of F, M, O, U.")]


def test_names_are_their_parts_in_order():
    assert name_of(" Bo ", "", "Roe ", " ") == "Bo Roe"
    assert name_of("", " ") == ""


def test_of_several_texts_the_first_counts_and_each_is_said_once():
    assert (first(["", "b", "a"]), first([])) == ("b", "")
    assert distinct(["b", "", "a", "b"]) == ("b", "a")


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 1.00 ", "1"), ("10.0", "10"), ("1.50", "1.50"), ("-1.0", "-1.0"), ("", "")],
)
def test_units_have_none_either(text, number):
    assert whole(text) == number


# Services of several days.


def test_services_of_one_day_are_no_problem():
    assert not_of_one_day([], "x") is None
    assert not_of_one_day(["never"], "x") is None


def test_services_of_several_days_are_one_with_the_days():
    problem = not_of_one_day(["2026-01-12", "2026-01-13"], "line 2")
    assert (problem.field, problem.value, problem.place) == (
        "date_of_service",
        "2026-01-12, 2026-01-13",
        "line 2",
    )
    assert (
        problem.text
        == "The services are of several days. Send those of each day as an encounter of its own."
    )
    unread = not_of_one_day(["2026-01-12", "never"], "")
    assert unread.value == "never"
    assert unread.text.startswith("This cannot be read as a day of service.")


# What is said of an item.


def test_an_item_tells_something_if_it_has_a_line_or_a_note():
    assert nothing_told(EncounterTexts(external_id="V1", diagnoses=("Q65.02",), note=" \n"))
    assert not nothing_told(EncounterTexts(note="x"))
    assert not nothing_told(EncounterTexts(service_lines=(LineDraft("12345"),)))


def test_documents_that_are_not_signed_are_told():
    signed, dictated = NoteDocument("Note"), NoteDocument("Note", "2026-01-12", unsigned="dictated")
    silent = NoteDocument("Report", not_stated=True)
    assert [remark.text for remark in not_signed([signed, dictated, silent])] == [
        "Note, 2026-01-12 is not signed: dictated.",
        "Report: signing not stated.",
    ]


def test_letters_that_were_taken_for_windows_1252_are_shown():
    remark = read_as_windows(["Left hip", "Hüfte links"], "line 2")
    assert remark.place == "line 2"
    assert "See whether these words are right: “Hüfte”." in remark.text
    assert read_as_windows(["Left hip"]) is None


# As messages may show them.


def test_a_value_is_cut_and_holds_nothing_that_a_database_chokes_on():
    assert shown("x" * 61) == "x" * 60
    assert fit("a\0b\x1fc\ud800d\x85") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert fit("Hüfte – “links”") == "Hüfte – “links”"
    # What is no letter but can be stored stays.
    assert fit("a\u200bb\u2028") == "a\u200bb\u2028"
    assert left_out("a\nb", "line 2") == Remark("Left out: a\ufffdb.", "line 2")


@pytest.mark.parametrize(
    ("code", "with_dot"),
    [
        ("Q6502", "Q65.02"),
        (" q6502 ", "q65.02"),
        ("W1830XA", "W18.30XA"),
        ("A00", "A00"),
        ("Q65.02", "Q65.02"),
        ("75430", "75430"),
        ("Q6502XXXX", "Q6502XXXX"),
        ("QQ502", "QQ502"),
    ],
)
def test_a_diagnosis_code_gets_its_dot(code, with_dot):
    assert dotted(code) == with_dot
