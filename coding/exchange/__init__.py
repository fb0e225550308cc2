"""Rule tables as files: bytes in, values out. Every refusal is a ``TableError`` that says where and what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from coding.decision import RuleTable
from coding.exchange.csv_file import read_csv, write_csv
from coding.exchange.dmn_read import read_dmn
from coding.exchange.dmn_write import write_dmn
from coding.exchange.json_file import (
    RuleSetFile,
    read_json,
    read_rule_set,
    write_json,
    write_rule_set,
)
from coding.exchange.xlsx_read import read_rule_workbook, read_xlsx
from coding.exchange.xlsx_write import write_workbook, write_xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of rule file. ``read`` takes the rule set that a file goes into: what the file lacks is taken from it."""

    name: str
    label: str
    content_type: str
    write: Callable[[RuleTable], bytes]
    read: Callable[[bytes, RuleTable | None], RuleTable]


@dataclass(frozen=True, slots=True)
class WholeFormat(Format):
    """A kind of file in which lexicon and worked cases travel too."""

    write_whole: Callable[[RuleSetFile], bytes]
    read_whole: Callable[[bytes], RuleSetFile]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL: tuple[Format, ...] = (
    WholeFormat(
        "json", "JSON", "application/json", write_json, read_json, write_rule_set, read_rule_set
    ),
    WholeFormat(
        "xlsx", "Workbook", XLSX, write_xlsx, read_xlsx, write_workbook, read_rule_workbook
    ),
    Format("csv", "CSV", "text/csv; charset=utf-8", write_csv, read_csv),
    Format("dmn", "DMN", "application/xml", write_dmn, read_dmn),
)
FORMATS = {kind.name: kind for kind in ALL}
