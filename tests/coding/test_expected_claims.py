"""Files of claims with the checks that an expert expects: how a row is read, and what is told as not as expected."""

import csv
import io
from datetime import date

import pytest

from coding.claim import Finding, Severity
from coding.rules.expected_claims import (
    COLUMNS,
    ClaimError,
    check_columns,
    minutes_of,
    read_claims,
    sedation_minutes_of,
)
from coding.tables.errors import FileError

ROW = dict.fromkeys(COLUMNS, "") | {
    "id": "P1",
    "place_of_service": "11 office",
    "payer": "Medicare",
    "service_date": "2024-08-14",
    "diagnoses": "A=s73.014a; B=M17.11",
    "right_lines": "12345-LT x1 [B]; 54321 [A]",
    "submitted_lines": "12345 x2 [A,B]",
    "speak_ids": "N01 N07",
    "silent_ids": "N02",
}


def read(*rows, **cells):
    file = io.StringIO()
    rows = rows or ({**ROW, **cells},)
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    file.seek(0)
    return list(read_claims(file))


def claim(**cells):
    [expected] = read(**cells)
    assert not isinstance(expected, ClaimError), expected
    return expected


def fault(**cells):
    [error] = read(**cells)
    assert isinstance(error, ClaimError), error
    return str(error)


# A row ---------------------------------------------------------------------------------------------


def test_a_row_is_two_claims_of_one_day_and_the_checks_that_speak_of_them():
    expected = claim()
    assert expected.name == "P1"
    assert (expected.speak, expected.silent) == ({"N01", "N07"}, {"N02"})
    assert expected.remain == frozenset()
    for own in (expected.submitted, expected.right):
        assert (own.day, own.place, own.payer) == (date(2024, 8, 14), "11", "medicare")
        assert own.diagnoses == ("S73.014A", "M17.11")
    assert [line.code for line in expected.right.lines] == ["12345", "54321"]
    assert [line.number for line in expected.right.lines] == [1, 2]
    assert [line.units for line in expected.submitted.lines] == [2]


def test_a_letter_points_at_the_diagnosis_that_bears_it():
    expected = claim(diagnoses="B=M17.11; A=S73.014A")
    assert [line.pointers for line in expected.right.lines] == [(1,), (2,)]
    assert expected.submitted.lines[0].pointers == (2, 1)


def test_a_diagnosis_without_a_letter_has_the_one_of_its_place_and_lines_may_part_them():
    expected = claim(diagnoses="S73.014A\nM17.11\n")
    assert expected.right.diagnoses == ("S73.014A", "M17.11")
    assert [line.pointers for line in expected.right.lines] == [(2,), (1,)]


def test_a_row_that_points_at_nothing_points_with_every_line_at_its_first():
    expected = claim(right_lines="12345; 54321", submitted_lines="12345 [B]; 54321")
    assert [line.pointers for line in expected.right.lines] == [(1,), (1,)]
    assert [line.pointers for line in expected.submitted.lines] == [(1,), (1,)]


@pytest.mark.parametrize(
    ("written", "place"),
    [("11", "11"), (" 2 clinic", "02"), ("22-hospital", "22"), ("", ""), ("111", ""), ("home", "")],
)
def test_a_place_is_its_number_of_two_digits(written, place):
    assert claim(place_of_service=written).right.place == place


def test_a_note_beside_the_row_tells_minutes_and_single_doses():
    own = claim(note_text="I spent 40 minutes. 15 min of sedation. A single-dose vial.").right
    assert (own.minutes, own.sedation_minutes, own.from_single_dose) == (40, 15, True)
    silent = claim().right
    assert (silent.minutes, silent.sedation_minutes, silent.from_single_dose) == (None, None, False)


@pytest.mark.parametrize("words", ["single dose", "Single-use", "single patient"])
def test_a_single_dose_is_told_by_its_words(words):
    assert claim(note_text=f"A {words} vial.").right.from_single_dose


# What is wrong with a file -------------------------------------------------------------------------


def test_a_row_that_cannot_be_read_is_named_with_its_cause():
    assert fault(service_date="soon") == "P1: “soon” is no day such as 2024-08-14."
    assert fault(right_lines="12345; two").startswith("P1: “two” is no line such as")
    assert fault(history="54321 once").startswith("P1: history “54321 once” names no day")


def test_the_other_rows_are_read_all_the_same():
    first, second = read({**ROW, "service_date": ""}, {**ROW, "id": "P2"})
    assert isinstance(first, ClaimError)
    assert second.name == "P2"


@pytest.mark.parametrize("column", COLUMNS)
def test_a_file_that_lacks_a_column_is_refused(column):
    names = [name for name in COLUMNS if name != column]
    with pytest.raises(FileError) as refusal:
        check_columns(names, COLUMNS)
    assert str(refusal.value) == (
        f"The first line lacks the column {column}. It needs {', '.join(COLUMNS)}."
    )


def test_an_empty_file_lacks_the_first_column():
    with pytest.raises(FileError, match="lacks the column id"):
        list(read_claims(io.StringIO("")))


def test_what_is_no_csv_is_refused_with_its_cause():
    with pytest.raises(FileError, match="The file is no CSV in UTF-8: unexpected end of data"):
        list(read_claims(io.StringIO(",".join(COLUMNS) + '\n"P1')))


# What was said beside what was expected ------------------------------------------------------------


def finding(check, severity=Severity.ERROR):
    return Finding(check, severity, f"{check} says so.", ())


def faults(on_submitted=("N01", "N07"), on_right=(), **cells):
    said_of_right = [own if isinstance(own, Finding) else finding(own) for own in on_right]
    return claim(**cells).faults(map(finding, on_submitted), said_of_right)


def test_what_is_as_expected_has_no_fault():
    assert faults() == []
    assert faults(on_submitted=("N01", "N03", "N07")) == []


def test_a_check_that_should_have_spoken_or_should_be_silent_is_named():
    assert faults(on_submitted=("N02", "N07")) == [
        "N01 should have spoken on the submitted lines",
        "N02 should be silent on the submitted lines",
    ]


def test_a_check_that_speaks_on_the_right_lines_is_told_with_its_words():
    assert faults(on_right=("N05",)) == ["N05 spoke on the right lines: N05 says so."]


def test_what_may_remain_what_is_not_judged_and_what_only_informs_is_no_fault():
    assert faults(on_right=("N05", "N06"), remain_ids="N05 N06") == []
    assert faults(on_right=("N44", "N45", "X12", "N123")) == []
    assert faults(on_right=(finding("N05", Severity.INFO),)) == []


# Minutes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "minutes"),
    [
        ("Total time 45 minutes.", 45),
        ("I spent 45 min with the family.", 45),
        ("45 minutes of my own time.", 45),
        ("Own time today was 45 minutes", 45),
        ("45 minutes.", None),
        ("Total time 45 minutes; I spent 45 minutes.", 45),
        ("Total time 45 minutes. I spent 40 minutes.", None),
        ("Total procedure time 45 minutes.", None),
        ("Critical care, total 45 minutes.", None),
        ("", None),
    ],
)
def test_the_visit_s_own_minutes_are_those_that_a_note_states_once(note, minutes):
    assert minutes_of(note) == minutes


@pytest.mark.parametrize(
    ("note", "minutes"),
    [
        ("Intraservice time 20 minutes.", 20),
        ("Sedated for 20 min.", 20),
        ("Total time 20 minutes.", None),
        ("Sedation 20 minutes, recovery 30 minutes.", None),
    ],
)
def test_minutes_of_sedation_are_told_beside_their_word(note, minutes):
    assert sedation_minutes_of(note) == minutes
