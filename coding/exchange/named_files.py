"""A rule file by its name, which tells the format: read into a rule set, or by itself."""

from typing import Any

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS, WholeFormat
from coding.exchange.csv_questions import document_of_columns
from coding.exchange.dmn_read import read_dmn
from coding.exchange.json_file import RuleSetFile

# Tables that spreadsheet programs save under another name, and workbooks of other kinds.
CSV_ENDINGS = ("tsv",)
OTHER_WORKBOOKS = ("ods", "fods", "xls", "xlsb", "numbers")


def read_into(
    name: str, content: bytes, base: RuleTable | None, *, decision: str = "", output: str = ""
) -> RuleSetFile:
    """What a file holds; what of the rule set it lacks is taken from ``base``. Raises TableError.

    ``decision`` and ``output`` choose of a DMN file that has several.
    """
    ending = _ending(name)
    if ending in OTHER_WORKBOOKS:
        raise TableError(
            f"A workbook of the kind .{ending} is not read. Save it as XLSX, and send that."
        )
    kind = FORMATS.get(ending)
    if kind is None:
        raise TableError(f"“{name}” does not end in .{', .'.join(FORMATS)}.")
    if isinstance(kind, WholeFormat):
        return kind.read_whole(content)
    if kind.name == "dmn":
        return RuleSetFile(read_dmn(content, base, decision=decision, output=output))
    return RuleSetFile(kind.read(content, base))


def read_alone(
    name: str,
    content: bytes,
    about: dict[str, Any] | None = None,
    *,
    decision: str = "",
    output: str = "",
) -> RuleSetFile:
    """What a file holds by itself. ``about`` gives what a CSV file does not say of a rule set. Raises TableError."""
    base = None
    if _ending(name) == "csv":
        stem = name.rpartition(".")[0] or "rules"
        base = RuleTable.from_document(
            {"key": stem, "name": stem, **document_of_columns(content), **(about or {})}
        )
    return read_into(name, content, base, decision=decision, output=output)


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return "csv" if ending in CSV_ENDINGS else ending
