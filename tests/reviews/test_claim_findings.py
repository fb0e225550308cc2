"""What the checks of claims say on an encounter's page and on its report: of the lines as they stand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.intake.records import ServiceLineRecord
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import ledger
from tests import factories
from tests.reviews import claims
from tests.reviews.claims import LINES
from tests.reviews.whole_pages import whole_page


@pytest.fixture
def loaded(db):
    claims.load_tables()


def said(encounter):
    return {(shown.finding.check, shown.codes) for shown in claims.checked(encounter).serious}


def test_what_was_submitted_is_checked_until_somebody_decides(people, hip, loaded):
    visit = factories.visit(people, *LINES)
    assert ("N10", "99203, 27256") in said(visit)
    told_apart = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203", ("25",)))
    assert "N10" not in {check for check, _ in said(factories.visit(people, *told_apart))}


def test_a_page_shows_the_finding_its_row_and_what_was_not_checked(people, hip, loaded, client):
    visit = factories.visit(people, *LINES)
    client.force_login(people["coder"])
    page = whole_page(client, visit)
    assert "Claim checks" in page
    assert "It needs the modifier for separate work (25)" in page
    assert "RVU, 27256: 10 global days" in page
    assert "Not checked: add-on codes, nothing is loaded" in page


def test_a_page_shows_what_is_proposed_and_the_lines_stay_as_they_are(people, hip, loaded, client):
    visit = factories.visit(
        people, ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("27256", ("RT",))
    )
    client.force_login(people["coder"])
    page = whole_page(client, visit)
    assert "50 on one line of 27256 with one unit" in page
    assert "RVU, 27256: bilateral indicator 1" in page
    assert [line.modifiers for line in visit.service_lines.standing()] == [["LT"], ["RT"]]


def test_a_visit_without_tables_says_that_nothing_could_be_checked(people, hip, client):
    visit = factories.visit(people, *LINES)
    client.force_login(people["coder"])
    page = whole_page(client, visit)
    assert "Not checked: fee schedule, nothing is loaded" in page


def test_the_number_of_queries_does_not_grow_with_lines(people, hip, loaded):
    few, many = factories.visit(people, *LINES), factories.visit(people, *LINES, *LINES, *LINES)
    counts = []
    for visit in (few, many):
        rows = ledger(visit)
        with CaptureQueriesContext(connection) as queries:
            findings_of(visit, rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
