"""The worked cases of shipped rule sets as rows, and notes with the end that is expected of them."""

import csv
from pathlib import Path

from coding import rulesets
from coding.rules.expected_notes import ExpectedNote, read_notes


def case_rows(key: str) -> list[dict[str, str]]:
    """The worked cases of a shipped rule set."""
    with rulesets.cases_file(key).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def notes(path: Path) -> list[ExpectedNote]:
    """The notes of a file, each of which has to be one."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(read_notes(file))
    assert [row for row in rows if not isinstance(row, ExpectedNote)] == []
    return [row for row in rows if isinstance(row, ExpectedNote)]
