"""Rule sets as folders and files on disk: rules, and beside them a lexicon and worked cases where there are any."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coding.decision import RuleTable, TableError
from coding.evidence import Lexicon
from coding.exchange import FORMATS
from coding.models import WorkedCase
from coding.rules import case_rows
from coding.tables.errors import FileError

RULES, LEXICON, CASES = "rule_set.json", "lexicon.json", "cases.csv"


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft is made of. The worked cases belong to no version yet."""

    table: RuleTable
    lexicon: Lexicon | None
    cases: Sequence[WorkedCase]


def read(path: Path) -> Content:
    """A folder of ``rule_set.json``, ``lexicon.json`` and ``cases.csv``, the last two if they are there; or one file.

    Raises OSError, TableError, LexiconError, or FileError that names the first case that is none.
    """
    if not path.is_dir():
        return Content(_table(path), None, ())
    table = _table(path / RULES)
    lexicon, cases = path / LEXICON, path / CASES
    return Content(
        table,
        Lexicon.from_document(json.loads(lexicon.read_text(encoding="utf-8"))) if lexicon.exists() else None,
        _cases(cases, table) if cases.exists() else (),
    )


def _table(path: Path) -> RuleTable:
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise TableError(f"{path} does not end in .{', .'.join(FORMATS)}.")
    return FORMATS[ending].read(path.read_bytes(), None)


def _cases(path: Path, table: RuleTable) -> list[WorkedCase]:
    cases = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in case_rows.read_rows(file, table):
            if isinstance(row, str):
                raise FileError(f"{path}: {row}")
            cases.append(row)
    return cases
