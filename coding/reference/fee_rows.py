"""The rows of a fee schedule's file, read into releases, and what is wrong with them."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from coding.decision.shapes import ISO_DAY, LISTED_CODE, MODIFIER
from coding.reference.fee_columns import DATE, FIGURES, FILE, INDICATORS, LONGEST_NAME, shown
from coding.tables.csv_lines import Line

MOST_PROBLEMS = 20
NOT_APPLICABLE = "NA"
# What fits the column of the database; CMS publishes two decimals.
NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?|\.[0-9]{1,2}")
FIGURE = re.compile(r"[0-9]{0,5}(\.[0-9]{1,4})?(?<=[0-9])")
NO_OR_ONE_MODIFIER = re.compile(f"({MODIFIER.pattern})?")
STATUS = re.compile(r"[A-Z]")
GLOBAL_DAYS = re.compile(r"([0-9]{3}|[A-Z]{3})?")
AS_TEXT = "If a spreadsheet took zeros away, set the column to text"
SHAPES = {
    "hcpcs": (LISTED_CODE, f"is no code of 5 characters, A to Z and 0 to 9. {AS_TEXT}."),
    "mod": (
        NO_OR_ONE_MODIFIER,
        "is no modifier of 2 characters, A to Z and 0 to 9. Mend it, or leave it empty.",
    ),
    "status_code": (STATUS, "is no status of one letter. Take it over from the CMS file."),
    "glob_days": (
        GLOBAL_DAYS,
        f"is neither 3 digits, such as 010, nor 3 letters, such as XXX. {AS_TEXT}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one code."""

    code: str
    modifier: str
    status: str
    work_rvu: Decimal
    facility_total: Decimal
    non_facility_total: Decimal
    global_days: str

    @property
    def text(self) -> str:
        """The row for the hash of the content: 0.9 and 0.90 are the same."""
        values = (self.work_rvu, self.facility_total, self.non_facility_total)
        figures = [f"{value:.2f}" for value in values]
        return ",".join((self.code, self.modifier, self.status, *figures, self.global_days))


@dataclass(frozen=True, slots=True)
class Detail:
    """Indicators of one code as CMS writes them, shares, and parts of its total; None where there is no figure."""

    facility_na: bool
    non_facility_na: bool
    technical: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    pre: Decimal | None
    intra: Decimal | None
    post: Decimal | None
    facility_practice: Decimal | None
    non_facility_practice: Decimal | None
    malpractice: Decimal | None
    conversion_factor: Decimal | None


@dataclass(slots=True)
class Release:
    """One release of a file. ``file`` is what CMS called its own file."""

    valid_from: date
    file: str
    name: str
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    details: dict[tuple[str, str], Detail] = field(default_factory=dict)
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """SHA-256 over the values, whatever the order of the rows."""
        texts = sorted(row.text for row in self.rows.values())
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def read_day(text: str) -> date | None:
    """A day written as 2024-07-01; None for anything else."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Reader:
    """Reads rows into releases and notes what is wrong with them."""

    def __init__(self, columns: dict[str, int], valid_from: date | None, name: str) -> None:
        self.columns, self.valid_from, self.name = columns, valid_from, name
        self.releases: dict[date, Release] = {}
        self.problems: list[str] = []

    def read_all(self, lines: Iterable[Line], width: int) -> None:
        """Take rows until there are more problems than anybody mends at once."""
        for line in lines:
            self.read(line, width)
            if len(self.problems) > MOST_PROBLEMS:
                self.problems[MOST_PROBLEMS:] = ["There are more; mend these first."]
                return

    def read(self, line: Line, width: int) -> None:
        """Take one row into its release, or note its problems."""
        if len(line.cells) != width:
            self.problems.append(
                f"Line {line.number} has {len(line.cells)} cells, the header has {width}. Put quotation marks around"
                " a cell that holds a comma."
            )
            return
        cells = {column: line.cells[at].strip() for column, at in self.columns.items()}
        problems = []
        for column, (shape, why) in SHAPES.items():
            if not shape.fullmatch(cells[column]):
                problems.append(self._problem(line, column, cells[column], why))
        numbers = {}
        for column in ("work_rvu", "facility_total", "non_facility_total"):
            numbers[column] = self._number(line, column, cells[column], problems)
        release = self._release(line, cells, problems)
        if problems or release is None:
            self.problems += problems
            return

        row = Row(
            code=cells["hcpcs"],
            modifier=cells["mod"],
            status=cells["status_code"],
            global_days=cells["glob_days"],
            **numbers,
        )
        self._add(line, release, row)
        if "bilat_surg" in cells:
            release.details[row.code, row.modifier] = _detail(cells)

    def _number(self, line: Line, column: str, value: str, problems: list[str]) -> Decimal:
        if NUMBER.fullmatch(value):
            return Decimal(value)
        why = "is no number such as 7.27."
        if value.startswith("-"):
            why = "is negative; relative values are not."
        problem = self._problem(line, column, value, f"{why} Take it over from the CMS file.")
        problems.append(problem)
        # The row is refused; what it is worth is not asked any more.
        return Decimal(0)

    def _release(self, line: Line, cells: dict[str, str], problems: list[str]) -> Release | None:
        day = read_day(cells[DATE]) if DATE in cells else self.valid_from
        if day is None:
            why = "is no date. Write it as 2024-07-01."
            problems.append(self._problem(line, DATE, cells[DATE], why))
            return None

        file = cells.get(FILE, "")
        if len(file) > LONGEST_NAME:
            why = f"is longer than {LONGEST_NAME} characters. Shorten it."
            problems.append(self._problem(line, FILE, file, why))
        if day not in self.releases:
            self.releases[day] = Release(day, file, self.name or file or f"RVU {day}")
        release = self.releases[day]
        if file != release.file:
            why = f"is another file than “{shown(release.file)}”, with the same date. Give each release its own date."
            problems.append(self._problem(line, FILE, file, why))
        return release

    def _add(self, line: Line, release: Release, row: Row) -> None:
        key = (row.code, row.modifier)
        first = release.first_lines.setdefault(key, line.number)
        if first != line.number:
            what = f"{row.code} without modifier"
            if row.modifier:
                what = f"{row.code} with modifier {row.modifier}"
            self.problems.append(
                f"Line {line.number}, column hcpcs: {what} stands on line {first} already, in the release of"
                f" {release.valid_from}. Keep one of them."
            )
        release.rows[key] = row

    def _problem(self, line: Line, column: str, value: str, why: str) -> str:
        named = f"“{shown(value)}”" if value else "the empty cell"
        return f"Line {line.number}, column {column}: {named} {why}"


def _detail(cells: dict[str, str]) -> Detail:
    indicators = {name: cells.get(name, "")[:1] for name in INDICATORS}
    figures = {name: _figure(cells.get(name, "")) for name in FIGURES}
    return Detail(
        facility_na=cells.get("facility_indicator") == NOT_APPLICABLE,
        non_facility_na=cells.get("non_fac_indicator") == NOT_APPLICABLE,
        technical=indicators["pctc_ind"],
        multiple=indicators["mult_proc"],
        bilateral=indicators["bilat_surg"],
        assistant=indicators["asst_surg"],
        co_surgeon=indicators["co_surg"],
        team=indicators["team_surg"],
        pre=_share(figures["pre_op"]),
        intra=_share(figures["intra_op"]),
        post=_share(figures["post_op"]),
        facility_practice=figures["facility_pe_rvu"],
        non_facility_practice=figures["non_fac_pe_rvu"],
        malpractice=figures["mp_rvu"],
        conversion_factor=figures["conv_factor"],
    )


def _figure(text: str) -> Decimal | None:
    """A figure of a column that may be empty; a release is not refused for one of these."""
    if not FIGURE.fullmatch(text):
        return None
    return Decimal(text)


def _share(figure: Decimal | None) -> Decimal | None:
    """A part of the whole; more than all of it is none."""
    if figure is None or figure > 1:
        return None
    return figure
