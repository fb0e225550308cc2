"""Files of the tables by which claims are checked, as CMS publishes them or as plain CSV: bytes in, rows out.

Pairs: NCCI procedure-to-procedure edits, practitioner and Medicaid files. Unit limits: medically unlikely edits. Add-on
codes with their primaries. HCPCS Level II with its terms. Descriptions that are the AMA's are not read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from coding.decision.shapes import LISTED_CODE
from coding.reference.table_rows import TableRow, columns_of, heading, table_rows
from coding.tables.errors import FileError

Read = TypeVar("Read")

NUMBER_OF_DAYS = re.compile(r"\d{7}")
# As text has it, and as a sheet shows a date.
DAY = re.compile(r"\d{8}|\d{4}-\d{2}-\d{2}")
# What CMS writes for no day, in its several files.
NO_DAY = frozenset({"", "*", "0", "9999-12-31", "99991231", "9999365"})
NO_INDICATOR_FOR = "9"
CONTRACTOR = "CCCCC"
LONGEST_TEXT = 200
UNITS = re.compile(r"[0-9]{1,6}")


class PairRow(NamedTuple):
    """A pair that was ever in force: column 2 is part of column 1."""

    column1: str
    column2: str
    may_be_opened: bool
    effective: date | None
    ended: date | None
    rationale: str


class LimitRow(NamedTuple):
    """The most units of a code, and how the limit is applied."""

    code: str
    units: int
    applied: int
    rationale: str


class AddOnRow(NamedTuple):
    """An add-on code with one primary; the primary is empty where the contractor decides."""

    add_on: str
    primary: str
    kind: int
    effective: date | None
    ended: date | None


class TermRow(NamedTuple):
    """A code of HCPCS Level II, its description by CMS, its first and last valid day, what stands for it afterwards."""

    code: str
    description: str
    effective: date | None
    ended: date | None
    replaced_by: str = ""


class NotARow(ValueError):
    """Why a row cannot be read; the message names the column, the value and what to do."""


@dataclass(frozen=True, slots=True)
class Layout(Generic[Read]):
    """A header by the spellings of its columns, and how a row below it is read. None passes a row over."""

    columns: Mapping[str, tuple[str, ...]]
    read: Callable[[dict[str, str]], Read | None]


def rows_of(file: BinaryIO, layouts: tuple[Layout[Read], ...], what: str) -> Iterator[Read]:
    """The rows of a file in one of some layouts. Raises FileError with the line, the column and what to do."""
    first, rows = heading(table_rows(file))
    return _in_layout(first, rows, layouts, what)


def _in_layout(
    first: list[TableRow], rows: Iterator[TableRow], layouts: tuple[Layout[Read], ...], what: str
) -> Iterator[Read]:
    layout, places, header = _layout(first, layouts, what)
    width = max(places.values()) + 1
    for row in rows:
        if row.number <= header:
            continue
        if len(row.cells) < width:
            raise FileError(
                f"Line {row.number} has {len(row.cells)} cells, and {width} are needed: the file was cut or changed."
                " Take it as CMS publishes it."
            )
        cells = {name: row.cells[at].strip() for name, at in places.items()}
        try:
            read = layout.read(cells)
        except NotARow as problem:
            raise FileError(f"Line {row.number}, {problem}") from None
        if read is not None:
            yield read


def _layout(
    first: list[TableRow], layouts: tuple[Layout[Read], ...], what: str
) -> tuple[Layout[Read], dict[str, int], int]:
    for layout in layouts:
        for row in first:
            places = columns_of(row.cells, layout.columns)
            if places:
                return layout, places, row.number
    wanted = "; or ".join(map(_columns_in_words, layouts))
    raise FileError(
        f"This is no file of {what}: no line has the columns {wanted}. Take it as CMS publishes it."
    )


def _columns_in_words(layout: Layout[Read]) -> str:
    return ", ".join(names[0] for names in layout.columns.values())


# Pairs ------------------------------------------------------------------------------------------------


def pair_rows(file: BinaryIO) -> Iterator[PairRow]:
    """Pairs that say something: those of indicator 0 and 1. The text of CMS has a header over several lines."""
    first, rows = heading(table_rows(file))
    is_named = any(columns_of(row.cells, PLAIN_PAIRS.columns) for row in first)
    begins = next((row.number for row in first if _is_cms_pair(row.cells)), None)
    if is_named or begins is None:
        yield from _in_layout(first, rows, (DATED_PAIRS, PLAIN_PAIRS), "NCCI pairs")
        return
    for row in rows:
        pair = _cms_pair(row) if row.number >= begins else None
        if pair is not None:
            yield pair


def _is_cms_pair(cells: list[str]) -> bool:
    """Two codes and a day behind them, with or without the column between that marks pairs from before 1996."""
    codes = [cell for cell in cells[:2] if LISTED_CODE.fullmatch(cell)]
    return len(codes) == 2 and any(DAY.fullmatch(cell) for cell in cells[2:4])


def _cms_pair(row: TableRow) -> PairRow | None:
    cells = [cell.strip() for cell in row.cells]
    # The Medicaid files have no column that says whether a pair stood before 1996.
    dated = next((at for at in (2, 3) if _is_day(cells, at)), None)
    if dated is None or len(cells) < dated + 3:
        raise FileError(
            f"Line {row.number} is no pair with its dates: the file was cut or changed. Take it anew."
        )

    named = {"column1": cells[0], "column2": cells[1]}
    named["effective"], named["deletion"], named["indicator"] = cells[dated : dated + 3]
    if len(cells) > dated + 3:
        named["rationale"] = cells[dated + 3]
    try:
        return _pair(named)
    except NotARow as problem:
        raise FileError(f"Line {row.number}, {problem}") from None


def _is_day(cells: list[str], at: int) -> bool:
    return at < len(cells) and DAY.fullmatch(cells[at]) is not None


def _pair(cells: dict[str, str]) -> PairRow | None:
    indicator = cells["indicator"]
    if indicator == NO_INDICATOR_FOR:
        return None
    if indicator not in ("0", "1"):
        raise NotARow(f"column modifier indicator: “{indicator}” is none of 0, 1 and 9.")
    return PairRow(
        column1=_code(cells, "column1"),
        column2=_code(cells, "column2"),
        may_be_opened=indicator == "1",
        effective=_day(cells, "effective"),
        ended=_day(cells, "deletion"),
        rationale=cells.get("rationale", "")[:LONGEST_TEXT],
    )


def _plain_pair(cells: dict[str, str]) -> PairRow | None:
    return _pair({"effective": "", "deletion": "", **cells})


PAIR_COLUMNS = {
    "column1": ("column1",),
    "column2": ("column2",),
    "indicator": ("modifier_indicator",),
    "rationale": ("rationale",),
}
PLAIN_PAIRS = Layout(PAIR_COLUMNS, _plain_pair)
DATED_PAIRS = Layout({**PAIR_COLUMNS, "deletion": ("deletion_date",)}, _plain_pair)


# Unit limits ------------------------------------------------------------------------------------------


def limit_rows(file: BinaryIO) -> Iterator[LimitRow]:
    """The limits of all codes."""
    return rows_of(file, (LIMITS,), "medically unlikely edits")


def medicaid_limit_rows(file: BinaryIO) -> Iterator[LimitRow]:
    """The limits of Medicaid, whose files may lack the indicator: each is applied to a line.

    Source: Medicaid NCCI Technical Guidance Manual, medically unlikely edits.
    """
    return rows_of(file, (LIMITS, LINE_LIMITS), "medically unlikely edits")


def _limit(cells: dict[str, str]) -> LimitRow:
    applied = cells["applied"][:1]
    if not UNITS.fullmatch(cells["units"]):
        raise NotARow(
            f"column MUE value: “{cells['units'][:40]}” is no whole number of six digits at most."
        )
    if applied not in ("1", "2", "3"):
        raise NotARow(
            f"column MUE adjudication indicator: “{cells['applied']}” begins with none of 1, 2 and 3."
        )
    return LimitRow(
        code=_code(cells, "code"),
        units=int(cells["units"]),
        applied=int(applied),
        rationale=cells["rationale"][:LONGEST_TEXT],
    )


def _limit_of_line(cells: dict[str, str]) -> LimitRow:
    return _limit({**cells, "applied": "1"})


LIMITS = Layout(
    {
        "code": ("HCPCS/CPT Code", "hcpcs_code"),
        "units": ("Practitioner Services MUE Values", "mue_units", "MUE Values"),
        "applied": ("MUE Adjudication Indicator", "mue_mai"),
        "rationale": ("MUE Rationale", "mue_rationale"),
    },
    _limit,
)
LINE_LIMITS = Layout(
    {name: names for name, names in LIMITS.columns.items() if name != "applied"},
    _limit_of_line,
)


# Add-on codes -----------------------------------------------------------------------------------------


def add_on_rows(file: BinaryIO) -> Iterator[AddOnRow]:
    """Each add-on code with each of its primaries."""
    return rows_of(file, (CMS_ADD_ONS, PLAIN_ADD_ONS), "add-on codes")


def _add_on(cells: dict[str, str]) -> AddOnRow:
    kind = cells["kind"][:1]
    if kind not in ("1", "2", "3"):
        raise NotARow(f"column type: “{cells['kind']}” is none of 1, 2 and 3.")
    primary = "" if cells["primary"] in ("", CONTRACTOR) else _code(cells, "primary")
    # The pair ends with whichever of the three ends first: itself, or one of its codes.
    days = [_day(cells, name) for name in ("ended", "add_on_ended", "primary_ended")]
    ends = [day for day in days if day is not None]
    return AddOnRow(
        add_on=_code(cells, "add_on"),
        primary=primary,
        kind=int(kind),
        effective=_day(cells, "effective"),
        ended=min(ends, default=None),
    )


CMS_ADD_ONS = Layout(
    {
        "kind": ("AOC_Edit_Type",),
        "add_on": ("Add-On_Code",),
        "add_on_ended": ("AOC_DelDT",),
        "primary": ("Primary_Code",),
        "primary_ended": ("Primary_Code_DelDT",),
        "effective": ("AOC_Edit_EffDT",),
        "ended": ("AOC_Edit_DelDT",),
    },
    _add_on,
)
PLAIN_ADD_ONS = Layout({"add_on": ("add_on",), "primary": ("primary",), "kind": ("type",)}, _add_on)


# HCPCS Level II ---------------------------------------------------------------------------------------


def term_rows(file: BinaryIO) -> Iterator[TermRow]:
    """The codes of HCPCS Level II; modifiers, and the further lines of a description, are passed over."""
    return rows_of(file, (REFERRING_HCPCS, CMS_HCPCS, PLAIN_HCPCS), "HCPCS Level II")


def _term(cells: dict[str, str]) -> TermRow | None:
    code = cells["code"]
    if len(code) == 2 or cells.get("record", "3") not in ("3", ""):
        return None
    referred = " ".join(cells[name] for name in REFERENCES if cells.get(name))
    return TermRow(
        code=_code(cells, "code"),
        description=cells["description"][:LONGEST_TEXT],
        effective=_day(cells, "added"),
        ended=_day(cells, "ended"),
        replaced_by=referred[:LONGEST_REFERENCE],
    )


# Codes to which CMS refers from one that ended, or that Medicare does not take: up to five, or ranges.
REFERENCES = ("xref1", "xref2", "xref3", "xref4", "xref5")
LONGEST_REFERENCE = 60


CMS_HCPCS = Layout(
    {
        "code": ("HCPC", "HCPCS"),
        "record": ("RECID", "RIC"),
        "description": ("SHORT DESCRIPTION",),
        "added": ("ADD DT", "ADD DATE"),
        "ended": ("TERM DT", "TERM DATE"),
    },
    _term,
)
REFERRING_HCPCS = Layout({**CMS_HCPCS.columns, **{name: (name,) for name in REFERENCES}}, _term)
PLAIN_HCPCS = Layout({"code": ("hcpcs_code",), "description": ("hcpcs_description",)}, _term)


# Cells ------------------------------------------------------------------------------------------------


def _code(cells: dict[str, str], name: str) -> str:
    if LISTED_CODE.fullmatch(cells[name]):
        return cells[name]
    raise NotARow(
        f"column {name}: “{cells[name][:40]}” is no code of 5 characters, A to Z and 0 to 9."
    )


def _day(cells: dict[str, str], name: str) -> date | None:
    """A day as 20240701, 2024-07-01 or, by the number of its day, 2024183; None where there is none."""
    text = cells.get(name, "")
    try:
        return _day_of(text)
    except (ValueError, OverflowError):
        raise NotARow(f"column {name}: “{text[:40]}” is no day such as 20240701.") from None


@lru_cache(maxsize=10_000)
def _day_of(text: str) -> date | None:
    """Millions of rows name a few hundred days."""
    if text in NO_DAY:
        return None
    if NUMBER_OF_DAYS.fullmatch(text):
        return _day_of_year(int(text[:4]), int(text[4:]))
    if not DAY.fullmatch(text):
        # ISO 8601 has other ways to write a day, such as by its week; no table of CMS has.
        raise ValueError(text)
    return date.fromisoformat(text)


def _day_of_year(year: int, number: int) -> date:
    """The day of that number; raises ValueError for one that the year does not have."""
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(number)
    return day
