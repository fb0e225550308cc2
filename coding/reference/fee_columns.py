"""The columns of a fee schedule's file: by their names, or by their position in the files of CMS."""

from coding.tables.csv_lines import Line
from coding.tables.errors import FileError

# As long as the column of a release's name is.
LONGEST_NAME = 40
REQUIRED = (
    "hcpcs",
    "mod",
    "status_code",
    "work_rvu",
    "facility_total",
    "non_facility_total",
    "glob_days",
)
DATE, FILE = "date_start", "source_file"
# What a release may lack: ones of before were loaded without.
FLAGS = ("facility_indicator", "non_fac_indicator")
INDICATORS = ("pctc_ind", "mult_proc", "bilat_surg", "asst_surg", "co_surg", "team_surg")
FIGURES = (
    "pre_op",
    "intra_op",
    "post_op",
    "facility_pe_rvu",
    "non_fac_pe_rvu",
    "mp_rvu",
    "conv_factor",
)
OPTIONAL = (*FLAGS, *INDICATORS, *FIGURES)
# The columns of a file of CMS in their order, each with what its header calls it: by that the order of another year is
# known. Those without a name are passed over. In 2026 one was put before ENDO BASE (“IND” under “PRIC”); where the
# conversion factor stands the header says.
CMS_HEADER = ("HCPCS", "MOD")
CMS_COLUMNS = (
    ("hcpcs", "HCPCS"),
    ("mod", "MOD"),
    ("", ""),
    ("status_code", "CODE"),
    ("", ""),
    ("work_rvu", "RVU"),
    ("non_fac_pe_rvu", "PE RVU"),
    ("non_fac_indicator", "INDICATOR"),
    ("facility_pe_rvu", "PE RVU"),
    ("facility_indicator", "INDICATOR"),
    ("mp_rvu", "RVU"),
    ("non_facility_total", "TOTAL"),
    ("facility_total", "TOTAL"),
    ("pctc_ind", "IND"),
    ("glob_days", "DAYS"),
    ("pre_op", "OP"),
    ("intra_op", "OP"),
    ("post_op", "OP"),
    ("mult_proc", "PROC"),
    ("bilat_surg", "SURG"),
    ("asst_surg", "SURG"),
    ("co_surg", "SURG"),
    ("team_surg", "SURG"),
)
FACTOR = "FACTOR"
MOST_HEADING_LINES = 15


def columns_by_name(header: Line) -> dict[str, int]:
    """Where each column stands that counts."""
    names = [cell.strip().lower() for cell in header.cells]
    known = (*REQUIRED, *OPTIONAL, DATE, FILE)
    problems = []
    for name in known:
        if names.count(name) > 1:
            problems.append(f"Line {header.number} names the column “{name}” twice.")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        problems.append(
            f"Line {header.number} lacks the column {', '.join(missing)}. Its first line has to name the columns"
            f" {', '.join(REQUIRED)}."
        )
    if problems:
        raise FileError("\n".join(problems))
    return {name: names.index(name) for name in known if name in names}


def place_of_cms_header(lines: list[Line]) -> int | None:
    """Where the header of a file of CMS stands; None for a file that names its columns in the first line."""
    for at, line in enumerate(lines[:MOST_HEADING_LINES]):
        begins = tuple(cell.strip() for cell in line.cells[:2])
        if begins == CMS_HEADER and len(line.cells) > len(CMS_COLUMNS):
            return at
    return None


def columns_of_cms(header: Line) -> dict[str, int]:
    """Where the columns of a file of CMS stand. Raises FileError for a header of another order."""
    names = [" ".join(cell.upper().split()) for cell in header.cells]
    expected_names = [expected for _, expected in CMS_COLUMNS]
    for at, (name, expected) in enumerate(zip(names, expected_names, strict=False)):
        if expected and name != expected:
            raise FileError(
                f"Line {header.number}, column {at + 1} is called “{shown(name)}”, and {expected} was expected: the"
                f" columns of this year are others. Name the columns {', '.join(REQUIRED)} in the first line instead."
            )
    places = {column: at for at, (column, _) in enumerate(CMS_COLUMNS) if column}
    # By its name, for it stands behind the column that was put in in 2026.
    if names.count(FACTOR) == 1:
        places["conv_factor"] = names.index(FACTOR)
    return places


def shown(value: str) -> str:
    """A value of a file on one line, and not too long."""
    text = " ".join(value.split())
    if len(text) <= LONGEST_NAME:
        return text
    return text[:LONGEST_NAME] + "…"
