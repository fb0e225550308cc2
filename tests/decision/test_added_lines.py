"""Further lines: as people write them, by a number step by step, and what cannot be meant in exact words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import Known, Line, Outcome, TableError, decide, lines_from_text
from coding.decision.added_lines import MOST_LINES
from tests.decision import tables as make

MINUTES = make.fact("minutes", "whole_number", minimum=0, maximum=60)
ALWAYS = [make.rule("CODE", {}, code="00001")]


def lines_by(minutes: int, *lines: dict[str, Any]) -> tuple[Line, ...]:
    """The further lines of so many minutes."""
    table = make.table([MINUTES], ALWAYS, lines=list(lines))
    outcome = decide(table, {"minutes": Known(minutes)}).outcome
    assert outcome is not None
    return outcome.lines


def step(first: int, each: int) -> dict[str, Any]:
    units = {"fact": "minutes", "first": first, "each": each}
    return {"code": "00010", "rows": [{}], "units": units}


def refusal(line: dict[str, Any]) -> str:
    own = {"code": "00010", "rows": [{}], **line}
    with pytest.raises(TableError) as caught:
        make.table([MINUTES, make.fact("ready", "yes_no")], ALWAYS, lines=[own])
    return str(caught.value)


# As text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        (" , ;\n", ()),
        ("12345", (("12345", 1),)),
        ("12345, 54321 x 2", (("12345", 1), ("54321", 2))),
        ("12345x3; a1234 × 2\n0001t*4", (("12345", 3), ("A1234", 2), ("0001T", 4))),
        ("12345 X999", (("12345", 999),)),
        ("12345, 12345", (("12345", 1), ("12345", 1))),
    ],
)
def test_further_lines_are_written_as_codes_with_their_units(
    text: str, lines: tuple[tuple[str, int], ...]
) -> None:
    assert lines_from_text(text) == tuple(Line(*line) for line in lines)


@pytest.mark.parametrize(
    "entry", ["1234", "12345 2", "12345 x", "12345 x 1000", "12345 x -1", "x 2"]
)
def test_an_entry_that_is_no_line_is_refused_as_it_was_written(entry: str) -> None:
    with pytest.raises(ValueError, match="is no further line") as caught:
        lines_from_text(f"54321, {entry}")
    assert str(caught.value) == (
        f"“{entry}” is no further line. Write a code and its units, such as “12345” or"
        " “12345 x 2”; separate several by commas."
    )


def test_no_line_is_reported_no_times() -> None:
    with pytest.raises(ValueError, match="12345: write units from 1 to 999, or leave the line out"):
        lines_from_text("12345 x 0")


@given(
    st.lists(
        st.builds(Line, st.sampled_from(["12345", "A1234", "0001T"]), st.integers(1, 999)),
        max_size=5,
    )
)
def test_lines_that_are_written_out_are_read_back(lines: list[Line]) -> None:
    text = ", ".join(f"{line.code} x {line.units}" for line in lines)
    assert lines_from_text(text) == tuple(lines)


# By a number -------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60))
def test_the_units_are_the_first_and_one_for_each_so_many_more(
    first: int, each: int, minutes: int
) -> None:
    expected = (minutes - first) // each + 1 if minutes >= first else 0
    assert lines_by(minutes, step(first, each)) == ((Line("00010", expected),) if expected else ())


def test_a_step_may_begin_at_the_maximum_and_counts_to_999_units_at_most() -> None:
    assert lines_by(60, step(60, 1)) == (Line("00010", 1),)
    words = "line 00010, units: first lies up to 60, and each gives 1 to 999 units."
    assert refusal(step(61, 1)) == words
    assert refusal(step(0, 0)) == words
    assert refusal(step(-939, 1)) == words
    assert lines_by(60, step(-938, 1)) == (Line("00010", 999),)


def test_rows_with_their_steps_each_bring_their_own_count() -> None:
    twice = [step(10, 10), {**step(30, 30), "code": "00011"}]
    assert lines_by(35, *twice) == (Line("00010", 3), Line("00011", 1))


def test_a_line_that_two_entries_bring_alike_stands_once() -> None:
    own = {"code": "00010", "rows": [{}]}
    assert lines_by(0, own, own) == (Line("00010", 1),)
    assert lines_by(0, own, {**own, "units": 2}) == (Line("00010", 1), Line("00010", 2))


# What cannot be meant ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"code": "0001"}, "line 0001: a code has five characters, digits or capital letters."),
        ({"code": "a0010"}, "line a0010: a code has five characters, digits or capital letters."),
        ({"code": ""}, "a line: code is missing."),
        (
            {"colour": 1},
            "a line: “colour” is no part of it; allowed are code, rows, units.",
        ),
        ({"rows": []}, "line 00010: rows is empty, so it never applies; what always applies has one empty row."),
        ({"units": 1000}, "line 00010: units is a number from 1 to 999, not 1000."),
        ({"units": True}, "line 00010: units is a number, or an object of fact, first and each; not “True”."),
        (
            {"units": {"fact": "minutes", "first": 1, "each": 1, "last": 9}},
            "line 00010, units: “last” is no part of it; allowed are each, fact, first.",
        ),
        (
            {"units": {"fact": "ready", "first": 1, "each": 1}},
            "line 00010, units: ready has to be a number with a maximum, so that every count is known.",
        ),
        (
            {"units": {"fact": "minutes", "first": "1", "each": 1}},
            "line 00010, units: first is a whole number, not “1”.",
        ),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_refused_in_words(line: dict[str, Any], words: str) -> None:
    assert refusal(line) == words


@pytest.mark.parametrize(("count", "is_taken"), [(MOST_LINES, True), (MOST_LINES + 1, False)])
def test_a_report_has_room_for_so_many_lines(count: int, is_taken: bool) -> None:
    lines = [{"code": f"000{number:02}", "rows": [{}]} for number in range(count)]
    if is_taken:
        assert len(lines_by(0, *lines)) == count
    else:
        with pytest.raises(TableError, match="has 17 further lines; a report has room for 16"):
            make.table([MINUTES], ALWAYS, lines=lines)


# Stored ------------------------------------------------------------------------------------------------


def test_lines_are_kept_with_an_outcome_and_nothing_is_where_there_are_none() -> None:
    with_lines = make.table([MINUTES], ALWAYS, lines=[step(30, 30)])
    outcome = decide(with_lines, {"minutes": Known(60)}).outcome
    assert outcome is not None
    assert outcome.to_data()["lines"] == [["00010", 2]]
    assert Outcome.from_data(outcome.to_data()) == outcome

    without = decide(with_lines, {"minutes": Known(0)}).outcome
    assert without is not None
    assert "lines" not in without.to_data()


def test_one_unit_is_not_written_and_any_other_count_is() -> None:
    own = {"code": "00010", "rows": [{}]}
    lines = make.table([MINUTES], ALWAYS, lines=[own, {**own, "units": 2}]).to_document()["lines"]
    assert [line.get("units") for line in lines] == [None, 2]
