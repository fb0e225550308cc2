"""Rule sets as folders and files on disk: rules, and beside them a lexicon and worked cases where there are any."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coding.decision import RuleTable
from coding.evidence import Lexicon, LexiconError
from coding.exchange.json_file import read_json
from coding.exchange.named_files import read_alone
from coding.models import WorkedCase
from coding.rules import case_data, case_rows
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
        file = read_alone(path.name, path.read_bytes())
        cases = case_data.from_data(file.cases or (), file.table)
        return Content(file.table, file.lexicon, cases)

    table = read_json((path / RULES).read_bytes())
    return Content(table, _lexicon(path / LEXICON), _cases(path / CASES, table))


def _lexicon(path: Path) -> Lexicon | None:
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        raise LexiconError(f"{path} is no JSON: {error}.") from None
    return Lexicon.from_document(document)


def _cases(path: Path, table: RuleTable) -> list[WorkedCase]:
    cases: list[WorkedCase] = []
    if not path.exists():
        return cases
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in case_rows.read_rows(file, table):
            if isinstance(row, str):
                raise FileError(f"{path}: {row}")
            cases.append(row)
    return cases
