"""A text that a spreadsheet would run as a formula goes out guarded, and comes in again as it was."""

import csv
import io

import pytest

from coding.importing.rejected import rejected_file
from coding.intake.formats import FORMATS
from tests import factories, incoming
from tests.incoming import bad_row, checked, row, work

PAYLOADS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    '=WEBSERVICE("http://x")',
)
SIGNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def rejected(people):
    """Rows with payloads in a note and a name, each with a day that does not exist."""
    rows = [
        bad_row(f"V-{number}") | {"note": f"{text} seen", "payer": text}
        for number, text in enumerate(PAYLOADS)
    ]
    return checked(people, *rows)


def test_no_cell_of_the_rejected_part_is_a_formula(rejected):
    table = csv.reader(
        io.StringIO(b"".join(rejected_file(rejected)).decode("utf-8-sig"), newline="")
    )
    assert [cell for cells in table for cell in cells if cell.startswith(SIGNS)] == []


def test_what_was_guarded_is_imported_as_it_was_written(people, rejected):
    content = b"".join(rejected_file(rejected)).replace(incoming.NEVER.encode(), b"2026-05-31")
    again = factories.upload(people, content, source="mended")
    work()
    direct = factories.upload(people, incoming.table(*mended()), source="direct")
    work()
    assert incoming.states(again) == ["new"] * len(PAYLOADS)
    assert records(again) == records(direct)


def mended():
    return [
        row(f"V-{number}") | {"note": f"{text} seen", "payer": text}
        for number, text in enumerate(PAYLOADS)
    ]


def records(upload):
    return list(upload.rows.order_by("number").values_list("record__note", "record__payer"))


def test_a_template_is_no_place_for_a_formula_either():
    table = csv.reader(io.StringIO(FORMATS["csv"].table.template().decode("utf-8-sig"), newline=""))
    assert not [cell for cells in table for cell in cells if cell.startswith(SIGNS)]
