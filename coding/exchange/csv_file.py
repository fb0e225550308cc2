"""The rules of a rule set as CSV. What a table of rules does not hold is taken from the rule set it is read into."""

from coding.decision import RuleTable
from coding.exchange.decision_rows import (
    BEFORE,
    RuleRow,
    after_in,
    after_of,
    cells_from_texts,
    columns_of,
    fact_columns,
    rule_rows,
    rules_document,
)
from coding.exchange.errors import UnreadableFile
from coding.tables.csv_lines import Line, read_lines, write_line
from coding.tables.errors import FileError


def write_csv(table: RuleTable) -> bytes:
    """The rules as CSV, with the mark at its start by which spreadsheets know UTF-8."""
    lines = [columns_of(table, BEFORE, after_of(table)), *rule_rows(table)]
    return "".join(map(write_line, lines)).encode("utf-8-sig")


def _filled(content: bytes) -> list[Line]:
    """The lines of a file that hold something; at least one."""
    try:
        filled = read_lines(content, delimiters=",;\t")
    except FileError as error:
        raise UnreadableFile(str(error)) from error
    if not filled:
        raise UnreadableFile(
            "The file has no line that holds something. Begin with an exported file."
        )
    return filled


def read_columns(content: bytes) -> dict[str, list[str]]:
    """The texts of each column of a file by its name, as far as its lines go; nothing is made of them."""
    header, *lines = _filled(content)
    names = [cell.strip() for cell in header.cells]
    columns: dict[str, list[str]] = {name: [] for name in names}
    for line in lines:
        # A line may be shorter than the header, or longer.
        for name, text in zip(names, line.cells, strict=False):
            columns[name].append(text)
    return columns


def read_csv(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The rule set ``base`` with the rules of the file."""
    if base is None:
        raise UnreadableFile(
            "A CSV file holds rules only. Import it into a version, whose questions it keeps."
        )
    header, *lines = _filled(content)
    columns = [cell.strip() for cell in header.cells]
    after = after_in(columns)
    keys = fact_columns(columns, BEFORE, after, base.facts, f"Line {header.number}")
    first = len(BEFORE)
    last = first + len(keys)

    rows = []
    for line in lines:
        place = f"line {line.number}"
        if len(line.cells) != len(header.cells):
            raise UnreadableFile(
                f"Line {line.number} has {len(line.cells)} cells, the header {len(header.cells)}."
            )
        around = (*line.cells[:first], *line.cells[last:])
        texts = dict(zip((*BEFORE, *after), around, strict=True))
        cells = cells_from_texts(base.facts, keys, line.cells[first:last], place)
        rows.append(RuleRow(place, texts, cells))

    document = base.to_document()
    document["rules"] = rules_document(rows)
    return RuleTable.from_document(document)
