"""A CSV of rules by itself: the questions that its columns make, however a spreadsheet's author writes the answers."""

import csv
import io
from typing import Any

import pytest

from coding.decision import RuleTable, TableError
from coding.exchange.named_files import read_alone, read_into

HEADER = ["rule", "title", "kind", "outcome", "code", "message", "basis"]


def file_of(*cells: str, header: list[str] = HEADER) -> bytes:
    """A rule for each cell of one column."""
    out = io.StringIO(newline="")
    rows = [[f"R{n}", "T", cell, "code", "12345", "M", "B"] for n, cell in enumerate(cells)]
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def table_of(*cells: str) -> RuleTable:
    return read_alone("joints.csv", file_of(*cells)).table


def fact_of(*cells: str) -> dict[str, Any]:
    [fact] = table_of(*cells).to_document()["facts"]
    return {name: fact[name] for name in ("kind", "choices", "decimals") if name in fact}


def rows_of(*cells: str) -> list[dict[str, Any]]:
    return [rule["rows"][0] for rule in table_of(*cells).to_document()["rules"]]


def refusal(*cells: str) -> str:
    with pytest.raises(TableError) as caught:
        table_of(*cells)
    return str(caught.value)


def choice(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


# Kinds of questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        ("yes", "no"),
        ("Yes", "NO"),
        ("TRUE", "false"),
        ("yes",),
        ("not yes",),
        ("yes, Conflicting",),
    ],
)
def test_yes_and_no_in_any_case_make_a_question_of_yes_and_no(cells: tuple[str, ...]) -> None:
    assert fact_of(*cells) == {"kind": "yes_no"}


@pytest.mark.parametrize(
    "cells", [("any of A1, B2",), ("Any of A1; B2",), ("NONE OF A*",), ("any of A1", "")]
)
def test_lists_of_codes_make_a_question_of_codes(cells: tuple[str, ...]) -> None:
    assert fact_of(*cells) == {"kind": "code_set"}


@pytest.mark.parametrize(
    ("cells", "decimals"),
    [(("3..5", "..2"), 0), (("6..",), 0), (("2.5..", "..2.4"), 1), (("0..1.25", "2..3.5"), 2)],
)
def test_ranges_make_a_question_of_numbers_with_their_decimals(
    cells: tuple[str, ...], decimals: int
) -> None:
    expected = {"kind": "whole_number"} | ({"decimals": decimals} if decimals else {})
    assert fact_of(*cells) == expected


def test_any_other_values_make_a_choice_in_the_order_in_which_they_are_written() -> None:
    assert fact_of("red", "not blue", "red, dark_green") == {
        "kind": "choice",
        "choices": [
            choice("red", "Red"),
            choice("blue", "Blue"),
            choice("dark_green", "Dark green"),
        ],
    }


def test_words_with_blanks_are_the_label_of_a_value_without() -> None:
    assert fact_of("General anesthesia", "None", "Local (skin)") == {
        "kind": "choice",
        "choices": [
            choice("General_anesthesia", "General anesthesia"),
            choice("None", "None"),
            choice("Local_skin_", "Local (skin)"),
        ],
    }


def test_another_case_of_a_value_is_no_other_and_two_texts_never_become_one_value() -> None:
    assert fact_of("Red", "red", "RED")["choices"] == [choice("Red", "Red")]
    assert fact_of("a b", "a_b", "a-b")["choices"] == [
        choice("a_b_2", "a b"),
        choice("a_b", "A b"),
        choice("a-b", "A-b"),
    ]


@pytest.mark.parametrize(
    "silence", ["not documented", "Not documented", "conflicting", "Documented two ways", ""]
)
def test_silence_is_an_answer_of_every_question_and_no_choice(silence: str) -> None:
    assert fact_of("red", silence)["choices"] == [choice("red", "Red")]
    assert fact_of("yes", silence) == {"kind": "yes_no"}
    assert fact_of("3..", silence) == {"kind": "whole_number"}


def test_a_word_that_every_question_knows_is_a_choice_of_another_name() -> None:
    assert fact_of("NA", "unknown", "documented")["choices"] == [
        choice("said_NA", "NA"),
        choice("said_unknown", "unknown"),
        choice("said_documented", "documented"),
    ]
    assert rows_of("NA", "not unknown") == [
        {"kind": {"in": ["said_NA"]}},
        {"kind": {"not": ["said_unknown"]}},
    ]


@pytest.mark.parametrize("cells", [("",), ("not documented",), ("Conflicting", "")])
def test_a_column_that_no_rule_tests_makes_no_question(cells: tuple[str, ...]) -> None:
    assert refusal(*cells) == (
        "Column “kind”: no rule tests it, so that its answers are not known. Delete the column."
    )


# The rules mean what they say --------------------------------------------------------------------------


def test_the_rules_are_read_with_the_answers_that_their_column_made() -> None:
    assert rows_of("General anesthesia", "not general anesthesia", "None; Not documented") == [
        {"kind": {"in": ["General_anesthesia"]}},
        {"kind": {"not": ["General_anesthesia"]}},
        {"kind": {"in": ["None", "not_documented"]}},
    ]
    assert rows_of("YES", "No", "True; Documented two ways") == [
        {"kind": {"in": [True]}},
        {"kind": {"in": [False]}},
        {"kind": {"in": [True, "conflicting"]}},
    ]
    assert rows_of("Any of A1; B2", "none of A*") == [
        {"kind": {"any_of": ["A1", "B2"]}},
        {"kind": {"none_of": ["A*"]}},
    ]
    assert rows_of("2.5..3", "Not documented", "") == [
        {"kind": {"between": [25, 30]}},
        {"kind": {"in": ["not_documented"]}},
        {},
    ]


def test_codes_of_the_rules_are_the_family_and_the_name_of_the_file_that_of_the_rule_set() -> None:
    table = table_of("yes")
    assert (table.key, table.name, table.family) == ("joints", "joints", ("12345",))
    [fact] = table.facts
    assert (fact.label, fact.question) == ("Kind", "Kind?")


def test_what_is_told_about_a_rule_set_counts_more_than_the_file() -> None:
    about = {"key": "hips", "family": ["12345", "12346"]}
    table = read_alone("joints.csv", file_of("yes"), about).table
    assert (table.key, table.name, table.family) == ("hips", "joints", ("12345", "12346"))


# Names of files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("rules.txt", "“rules.txt” does not end in .json, .xlsx, .csv, .dmn."),
        ("rules", "“rules” does not end in .json, .xlsx, .csv, .dmn."),
        ("rules.ODS", "A workbook of the kind .ods is not read. Save it as XLSX, and send that."),
        ("rules.xlsb", "A workbook of the kind .xlsb is not read. Save it as XLSX, and send that."),
    ],
)
def test_a_file_of_another_name_is_refused(name: str, refused: str) -> None:
    with pytest.raises(TableError) as caught:
        read_into(name, b"", None)
    assert str(caught.value) == refused


@pytest.mark.parametrize("name", ["a.CSV", "a.b.csv", "a.Tsv"])
def test_the_ending_tells_the_format_in_any_case(name: str) -> None:
    assert read_alone(name, file_of("yes")).table.key == name.rpartition(".")[0]


def test_a_csv_goes_into_a_rule_set_or_makes_its_own() -> None:
    with pytest.raises(TableError, match=r"A CSV file holds rules only\. Import it into a version"):
        read_into("rules.csv", file_of("yes"), None)
