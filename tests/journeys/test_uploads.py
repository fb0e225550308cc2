"""A coder takes in a table: matches its columns once, reads the dry run, imports, mends what was rejected."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coding.models import Encounter
from tests import factories

pytestmark = pytest.mark.looks

HEADER = "MRN,Visit number,DOS,POS,Doctor,Narrative,DX,CPT"
GOOD = 'M-1,H-1,05/31/2026,11,Dr. Falk,"+ Ortolani, left hip out.",Q65.02,27256-LT x1 for 1'
BAD = "M-2,H-2,05/31/2026,11,Dr. Falk,Right hip.,Q65.0,27256-RT"
OPEN = 'M-3,H-3,05/31/2026,11,Dr. Falk,"An unclosed quote,Q65.02,27256-LT'
AFTER = "M-4,H-4,05/30/2026,22,Dr. Weiss,Left hip.,Q65.02,27257-LT"


def send(page: Page, *rows: str) -> None:
    page.goto("/uploads/")
    page.get_by_label("Sending system").fill("his")
    content = "\n".join([HEADER, *rows, ""]).encode()
    page.get_by_label("File").set_input_files(
        {"name": "visits.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.django_db(transaction=True)
def test_a_table_is_matched_checked_imported_and_mended(
    people, hip, sign_in, worker, tmp_path: Path
):
    factories.icd10cm("Q65.02", "Q65.0-")
    worker()
    page = sign_in("coder")
    send(page, GOOD, BAD, OPEN, AFTER)
    expect(page.get_by_role("heading", name="Match the columns")).to_be_visible()
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("table")).to_contain_text("+ Ortolani")
    page.get_by_label("Provider").select_option("Doctor")
    page.get_by_label("Dates are written as").select_option("mdy")
    page.get_by_role("button", name="Check the file").click()

    page.get_by_role("button", name="Import 2 encounters").click()
    imported = page.get_by_role("progressbar", name="Items imported")
    expect(imported).to_have_attribute("value", "2")
    expect(page.get_by_role("row", name="line 3")).to_contain_text("Q65.0 is a category")
    expect(page.get_by_role("row", name="line 4")).to_contain_text("not closed")
    page.get_by_role("link", name="Rejected part as a file to mend").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    back = tmp_path / "back.csv"
    download.value.save_as(back)
    assert "H-2" in back.read_text(encoding="utf-8-sig")
    assert set(Encounter.objects.values_list("external_id", flat=True)) == {"H-1", "H-4"}
    assert Encounter.objects.get(external_id="H-1").note == "+ Ortolani, left hip out."

    # A look that fails, as where the server is slow, is followed by the next.
    page.route(lambda url: "page=1" in url, lambda route: route.abort(), times=1)
    send(page, BAD.replace("Q65.0,", "Q65.02,"), GOOD)
    page.get_by_role("button", name="Import 1 encounter").click()
    page.get_by_role("link", name="Unchanged").click()
    expect(page.get_by_role("row", name="line 3")).to_contain_text("H-1")
    page.get_by_role("link", name="Imported", exact=True).click()
    page.get_by_role("link", name="H-2").click()
    expect(page.get_by_text("Encounters imported from an upload")).to_be_visible()
