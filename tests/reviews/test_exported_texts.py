"""What leaves Concord as CSV is run by no spreadsheet, and says what is stored once its guards are taken away."""

import csv
import io

from django.urls import reverse

from coding.tables.csv_lines import read_lines
from tests import factories

STARTS = ("=", "+", "-", "@", "＝", "\t", "\r")
TEXTS = {"external_id": "'=V-1", "patient_reference": "''+P", "provider": "=1+1", "payer": "＝cmd"}


def test_a_report_holds_no_formula_and_loses_no_apostrophe(people, hip, client):
    visit = factories.encounter(people, hip, diagnoses=("Q65.02",), **TEXTS)
    factories.decide(people["coder"], visit, factories.PAVLIK)
    client.force_login(people["supervisor"])
    content = client.post(reverse("export-report", args=[visit.public_id])).content
    written = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in written if cell.startswith(STARTS)] == []
    header, row, *_ = read_lines(content)
    exported = dict(zip(header.cells, row.cells, strict=True))
    names = {"encounter": "external_id", "provider": "provider", "payer": "payer"}
    assert {name: exported[name] for name in names} == {
        name: TEXTS[field] for name, field in names.items()
    }
