"""A rule set on disk: one file, or a folder of rules with a lexicon and worked cases where there are any."""

import json

import pytest

from coding.decision import TableError
from coding.evidence import LexiconError
from coding.rules import folders
from coding.tables.errors import FileError
from tests import small_rules

CASES = "id,held,drug,expected_outcome,expected_code\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of rules alone."""
    (tmp_path / "rule_set.json").write_text(json.dumps(small_rules.document()))
    return tmp_path


def test_a_folder_may_hold_rules_alone(folder):
    content = folders.read(folder)
    assert content.table.to_document() == small_rules.table().to_document()
    assert (content.lexicon, content.cases) == (None, [])


def test_beside_them_stand_a_lexicon_and_worked_cases(folder):
    (folder / "lexicon.json").write_text(json.dumps(small_rules.lexicon().to_document()))
    (folder / "cases.csv").write_text(f"\ufeff{CASES}V1,yes,none,CODE,27256\n")
    content = folders.read(folder)
    assert content.lexicon.to_document() == small_rules.lexicon().to_document()
    [case] = content.cases
    assert (case.case_id, case.answers) == ("V1", "held: yes\ndrug: none")


def test_one_file_holds_what_it_holds(folder):
    content = folders.read(folder / "rule_set.json")
    assert content.table.key == "small"
    assert (content.lexicon, list(content.cases)) == (None, [])


def test_a_case_that_is_none_is_named_with_its_file_and_nothing_is_taken(folder):
    (folder / "cases.csv").write_text(f"{CASES}V1,perhaps,none,CODE,27256\n")
    with pytest.raises(FileError) as refusal:
        folders.read(folder)
    assert str(refusal.value).startswith(f"{folder / 'cases.csv'}: V1: held: “perhaps”")


def test_a_lexicon_that_is_no_json_is_named(folder):
    (folder / "lexicon.json").write_text("{")
    with pytest.raises(LexiconError) as refusal:
        folders.read(folder)
    assert str(refusal.value).startswith(f"{folder / 'lexicon.json'} is no JSON: ")


def test_a_folder_without_rules_is_none(tmp_path):
    with pytest.raises(OSError, match=r"rule_set\.json"):
        folders.read(tmp_path)
    (tmp_path / "rule_set.json").write_text("{}")
    with pytest.raises(TableError):
        folders.read(tmp_path)
