"""Tables as billing systems write them, as their readers take them."""

from coding.tables.workbook import write_rows
from tests.intake.case_files import items

HEADER = "Acct,MRN,DOB,Sex,DOS,POS,Rendering,Insurance,Note"
VISIT = "A1,M1,2026-01-10,F,2026-06-01,22,Al,Med,Seen."


def read(more, *rows):
    """A table with more columns than those of the visit, each row with its cells for them."""
    return items("\n".join([f"{HEADER},{more}", *rows, ""]).encode(), "charges.csv")


def workbook(more, *rows):
    """The table of ``read`` as a workbook."""
    cells = [row.split(",") for row in (f"{HEADER},{more}", *rows)]
    return items(write_rows(cells[0], cells[1:], "Charges"), "charges.xlsx")
