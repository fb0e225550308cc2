"""``check_cases``: worked cases as a file, with every mismatch and its trace."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from tests import factories


def write(path, *changes):
    rows = factories.case_rows()[:2]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def check(path, *given):
    out = io.StringIO()
    status = 0
    try:
        call_command("check_cases", factories.HIP, path, given=given, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


def test_cases_that_are_decided_as_expected_close_with_their_count(tmp_path):
    assert check(write(tmp_path / "cases.csv")) == (0, "cases: 2 right, 0 wrong\n")


def test_a_mismatch_is_printed_with_its_trace_and_fails(tmp_path):
    status, out = check(write(tmp_path / "cases.csv", {"expected_code": "27257"}))
    assert status == 1
    assert "V01: expected code 27257 LT, got code 27256 LT" in out
    assert "R31 fails at manipulation" in out
    assert "R32 decides" in out
    assert out.endswith("cases: 1 right, 1 wrong\n")


def test_another_modifier_is_a_mismatch(tmp_path):
    assert check(write(tmp_path / "cases.csv", {"expected_modifiers": "RT"}))[0] == 1


def test_a_case_that_lacks_a_deciding_fact_is_wrong_and_says_which(tmp_path):
    status, out = check(write(tmp_path / "cases.csv", {"anesthesia": "na"}))
    assert status == 1
    assert "not answered: anesthesia" in out


def test_an_answer_that_no_case_states_may_be_given_for_all(tmp_path):
    path = write(tmp_path / "cases.csv", {"anesthesia": ""}, {"anesthesia": ""})
    assert check(path)[0] == 1
    assert check(path, "anesthesia=none") == (0, "cases: 2 right, 0 wrong\n")


def test_an_answer_that_a_case_states_is_not_overruled(tmp_path):
    assert check(write(tmp_path / "cases.csv"), "anesthesia=general")[0] == 0


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("drug=none", "--given drug=none: the rule set has no fact drug."),
        ("anesthesia=ether", "“ether” is not an answer"),
    ],
)
def test_an_answer_that_the_rule_set_does_not_have_is_refused(tmp_path, given, problem):
    with pytest.raises(CommandError, match=problem):
        check(write(tmp_path / "cases.csv"), given)


def test_a_value_that_the_rules_do_not_know_is_wrong_and_the_other_cases_are_still_checked(
    tmp_path,
):
    status, out = check(write(tmp_path / "cases.csv", {"anesthesia": "ether"}))
    assert status == 1
    assert "V01: anesthesia: “ether” is not an answer to it" in out
    assert out.endswith("cases: 1 right, 1 wrong\n")


def test_a_file_or_rule_set_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nothing"):
        call_command("check_cases", factories.HIP, tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match=r"There are: .*hip-dislocation"):
        call_command("check_cases", "knee", tmp_path / "nothing.csv")


def check_notes(path):
    out = io.StringIO()
    status = 0
    try:
        call_command("check_cases", factories.HIP, path, from_note=True, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


def test_cases_are_decided_from_their_notes_alone(tmp_path):
    silent = {"note_text": "Left hip dislocation."}
    status, out = check_notes(write(tmp_path / "cases.csv", silent, {"anesthesia": "general"}))
    assert status == 0
    assert "V01: expected code 27256 LT, got provider_query" in out
    assert out.endswith("cases: 1 right, 1 withheld, 0 wrong\n")


def test_another_code_from_the_note_is_wrong(tmp_path):
    rows = [
        {"note_text": "R THA dislocation. Spinal anesthesia. R hip reduced closed with traction."}
    ]
    status, out = check_notes(write(tmp_path / "cases.csv", *rows))
    assert status == 1
    assert out.endswith("cases: 1 right, 0 withheld, 1 wrong\n")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The first line lacks the column id."),
        (b"id,expected_code\nV1,27256\n", "The first line lacks the column expected_outcome."),
        (b'id,expected_outcome\nV1,"CODE', "The file is no CSV in UTF-8: unexpected end of data."),
        (b"id,expected_outcome\nV\xfc1,CODE\n", "The file is no CSV in UTF-8: "),
    ],
    ids=["empty", "no outcome", "a mark not closed", "another encoding"],
)
def test_a_file_that_holds_no_cases_is_refused_with_its_cause(tmp_path, content, problem):
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        check(path)
    assert problem in str(refusal.value)


def test_a_file_of_no_case_but_its_header_has_nothing_wrong(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("id,expected_outcome\n")
    assert check(path) == (0, "cases: 0 right, 0 wrong\n")
