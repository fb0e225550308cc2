"""How people write days, diagnoses and service lines in a cell, and how a service line is written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.intake.drafts import LineDraft
from coding.intake.notation import diagnosis_codes, iso_date, proven_order, service_lines, written
from coding.intake.records import ServiceLineRecord

# Days.


@pytest.mark.parametrize("order", ["ymd", "mdy", "dmy"])
@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026/3/4",
        "2026.03.04",
        "20260304",
        " 2026-03-04 ",
        "2026-03-04 09:30",
        "2026-03-04T09:30:15",
        "2026-03-04 09:30:15.123456",
        "2026-03-04 9:30 pm",
        "4-Mar-2026",
        "04MAR2026",
        "4 March 2026",
        "4 Mar. 2026",
        "March 4, 2026",
        "Mar 4th 2026",
        "march-4-2026",
    ],
)
def test_a_day_that_can_be_meant_one_way_only_is_read_in_any_order(text, order):
    assert iso_date(text, order) == "2026-03-04"


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2026", "mdy", "2026-03-04"),
        ("03/04/2026", "dmy", "2026-04-03"),
        ("3.4.2026 0:00", "dmy", "2026-04-03"),
        ("03/04/2026", "ymd", "03/04/2026"),
        ("13/04/2026", "mdy", "13/04/2026"),
        ("12/31/2026", "mdy", "2026-12-31"),
        ("12/32/2026", "mdy", "12/32/2026"),
        ("31/12/2026", "dmy", "2026-12-31"),
    ],
)
def test_a_day_that_can_be_meant_two_ways_is_read_in_the_order_of_its_table(text, order, day):
    assert iso_date(text, order) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01",
        "2026-12-32",
        "18991231",
        "4 Mrz 2026",
        "4 Foo 2026",
        "3/4/26",
        "46174",
        "2026-03-04 later",
        "09:30",
        "2026-03-04 09:30 09:45",
    ],
)
def test_what_is_no_day_stays_as_it_is(text):
    assert iso_date(text, "mdy") == text


def test_a_day_that_no_month_has_is_left_to_the_check():
    assert iso_date("2026-02-31", "ymd") == "2026-02-31"
    assert iso_date("2/31/2026", "mdy") == "2026-02-31"


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["5/31/2026", "1/2/2026"], "mdy"),
        (["31.5.2026 10:00", "1.2.2026"], "dmy"),
        (["12/13/2026"], "mdy"),
        (["13/12/2026"], "dmy"),
        (["5/31/2026", "31/5/2026"], "ymd"),
        (["1/2/2026", "12/12/2026", ""], "ymd"),
        (["2026-05-31", "31/31/2026"], "ymd"),
        ([], "ymd"),
    ],
)
def test_the_days_of_a_table_may_prove_their_order(texts, order):
    assert proven_order(texts) == order


# Diagnoses.


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ()),
        ("Q6502", ("Q65.02",)),
        ("Q65.02, M25551;W18.30XA", ("Q65.02", "M25.551", "W18.30XA")),
        ("Q65.02 M25.551", ("Q65.02", "M25.551")),
        ("Q65.02|M25.551/A00", ("Q65.02", "M25.551", "A00")),
        ("Q65.02\nN/A\nnull", ("Q65.02", "N", "A")),
        ("Q65.02; NULL", ("Q65.02",)),
        ("Q65.02 – Hip; M25.551: Pain", ("Q65.02", "M25.551")),
        ("Hip (Q65.02)\nPain [M25551]", ("Q65.02", "M25.551")),
        ("Q65.02 - Hip; M25.551", ("Q65.02", "Hip", "M25.551")),
        ("754.30", ("754.30",)),
    ],
)
def test_codes_of_a_cell_stand_in_their_order_with_their_dots(text, codes):
    assert diagnosis_codes(text) == codes


# Service lines.


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("12345", LineDraft("12345")),
        ("12345-LT", LineDraft("12345", ("LT",))),
        ("12345-LT-59 x2 for 1 2", LineDraft("12345", ("LT", "59"), "2", ("1", "2"))),
        ("12345:LT:59X2", LineDraft("12345", ("LT", "59"), "2")),
        ("12345 LT", LineDraft("12345", ("LT",))),
        ("12345 x 12", LineDraft("12345", (), "12")),
        ("12345 X3", LineDraft("12345", (), "3")),
        ("12345 XS", LineDraft("12345", ("XS",))),
        ("A4590 for 1,2", LineDraft("A4590", (), "", ("1", "2"))),
        ("12345 FOR 1, 2", LineDraft("12345", (), "", ("1", "2"))),
        ("12345-LT x999", LineDraft("12345", ("LT",), "999")),
    ],
)
def test_a_line_is_read_as_a_person_writes_it(text, line):
    assert service_lines(text) == ((line,), ())


@pytest.mark.parametrize("between", ["; ", "\n", "|", ", ", ",\n"])
def test_lines_stand_apart(between):
    lines, problems = service_lines(f"12345-LT x1 for 1,2{between}23456 x2 for 1")
    assert ([line.code for line in lines], problems) == (["12345", "23456"], ())
    assert lines[0].diagnosis_pointers == ("1", "2")


@pytest.mark.parametrize(
    "text",
    [
        "1234",
        "123456",
        "12345-L",
        "12345-LTX",
        "12345 x1000",
        "12345 x",
        "12345 for",
        "12345 25",
        "ÄÄÄÄÄ",
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_with_its_words(text):
    lines, [problem] = service_lines(f"{text}; 23456")
    assert [line.code for line in lines] == ["23456"]
    assert (problem.field, problem.value) == ("service_lines", text)
    assert problem.text == (
        f"Service lines: “{text}” cannot be read. Write it as “12345-LT x1 for 1”."
    )


def test_what_is_longer_than_any_line_is_not_even_tried():
    assert service_lines("12345" + "-LT" * 31)[1] == ()
    assert service_lines("12345" + "-LT" * 32)[1] != ()
    assert service_lines(" ; ;\n") == ((), ())


CODES = st.from_regex(r"[A-Z0-9]{5}", fullmatch=True)
LINES = st.builds(
    ServiceLineRecord,
    code=CODES,
    modifiers=st.lists(st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True), max_size=4).map(tuple),
    units=st.integers(1, 999),
    diagnosis_pointers=st.lists(st.integers(1, 12), max_size=4).map(tuple),
)


@given(LINES)
def test_a_line_that_is_written_reads_back_the_same(line):
    [draft], problems = service_lines(written(line))
    assert problems == ()
    assert (draft.code, draft.modifiers, draft.units) == (
        line.code,
        line.modifiers,
        str(line.units),
    )
    assert draft.diagnosis_pointers == tuple(map(str, line.diagnosis_pointers))
