"""``manage.py check_notes``: notes with the end that is expected of them, read alone."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests import factories

RIGHT = "R THA dislocation. Spinal anesthesia. R hip reduced closed with traction."


def check(tmp_path, *rows, head="name,note_text,expected", rule_sets=(factories.HIP,)):
    path = tmp_path / "notes.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    out = io.StringIO()
    status = 0
    try:
        call_command("check_notes", path, rule_set=list(rule_sets), stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


def test_right_ends_are_counted_and_nothing_more_is_said(tmp_path):
    status, out = check(
        tmp_path, f"a,{RIGHT},code 27266 RT", "b,Cough for a week.,none", "c,Cough.,no_family_code"
    )
    assert (status, out) == (0, "notes: 3 right, 0 withheld, 0 wrong, 0 of them codes\n")


def test_a_mismatch_shows_the_passages_behind_each_proposal(tmp_path):
    status, out = check(tmp_path, f"a,{RIGHT},code 27265 RT")
    assert status == 1
    assert "a: wrong: expected code 27265 RT, got code 27266 RT" in out
    assert "  hip-dislocation anesthesia: regional: Spinal anesthesia" in out
    assert out.endswith("notes: 0 right, 0 withheld, 1 wrong, 1 of them codes\n")


def test_a_query_where_more_was_expected_is_withheld(tmp_path):
    status, out = check(tmp_path, "a,Dislocated R THA. Reduced closed with traction.,code 27265 RT")
    assert status == 0
    assert out.endswith("notes: 0 right, 1 withheld, 0 wrong, 0 of them codes\n")


def test_what_another_rule_set_asks_of_its_own_service_leaves_the_expected_end_right(tmp_path):
    note = f"{RIGHT} The left wrist fracture was reduced under a hematoma block."
    both = (factories.HIP, "distal-radius")
    status, out = check(tmp_path, f"a,{note},code 27266 RT", rule_sets=both)
    assert (status, out) == (0, "notes: 1 right, 0 withheld, 0 wrong, 0 of them codes\n")
    status, out = check(tmp_path, f"a,{note},provider_query", rule_sets=both)
    assert (status, out.splitlines()[-1]) == (
        1,
        "notes: 0 right, 0 withheld, 1 wrong, 1 of them codes",
    )


def test_any_end_where_none_was_expected_is_wrong(tmp_path):
    status, out = check(tmp_path, "a,Dislocated R THA. Reduced closed with traction.,none")
    assert (status, out.splitlines()[-1]) == (
        1,
        "notes: 0 right, 0 withheld, 1 wrong, 0 of them codes",
    )


def test_rows_that_cannot_be_read_are_named_and_counted_apart(tmp_path):
    status, out = check(tmp_path, f"a,{RIGHT},code 27266 RT", "b,Cough.,perhaps")
    assert status == 0
    assert (
        "b: expected is “perhaps”. Write one of code NUMBER MODIFIERS, no_family_code, none," in out
    )
    assert "rows that cannot be read: 1\nnotes: 1 right" in out


def test_a_file_without_a_column_and_a_rule_set_that_is_not_shipped_are_named(tmp_path):
    with pytest.raises(CommandError, match="lacks the column expected"):
        check(tmp_path, "a,b", head="name,note_text")
    with pytest.raises(CommandError, match="no shipped rule set “knee”"):
        call_command("check_notes", tmp_path / "notes.csv", rule_set=["knee"])
