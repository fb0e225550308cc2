"""A rule file read by itself, without a rule set that it goes into; its name tells the format."""

from typing import Any

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from coding.exchange.csv_questions import document_of_columns
from coding.exchange.dmn_read import read_dmn


def read_alone(
    name: str, content: bytes, about: dict[str, Any] | None = None, *, decision: str = "", output: str = ""
) -> RuleTable:
    """The table of a file. ``about`` gives what a CSV file does not hold. Raises TableError."""
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise TableError(f"“{name}” does not end in .{', .'.join(FORMATS)}.")
    if ending == "dmn":
        return read_dmn(content, decision=decision, output=output)
    if ending != "csv":
        return FORMATS[ending].read(content, None)
    stem = name.rpartition(".")[0] or "rules"
    base = RuleTable.from_document({"key": stem, "name": stem, **document_of_columns(content), **(about or {})})
    return FORMATS[ending].read(content, base)
