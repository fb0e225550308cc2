"""A claim with four faults, mended one by one by its coder until the checks are silent; its order is taken over."""

import io
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from coding.actions import claim_tables, fee_schedules
from coding.actions.claim_tables import TableFile
from coding.intake.records import ServiceLineRecord
from coding.models import Code, CodeSet, CodeSetRelease, TableKind
from tests import factories
from tests.reviews import claims

pytestmark = pytest.mark.looks

HEADING = claims.FEES.splitlines()[0]
PROCEDURE = "000,,,0,0.10,0.80,0.10,2,1,0,1,0"
VISIT = "99203,,A,1.60,2.40,3.30,XXX,,,0,0.00,0.00,0.00,0,0,0,0,0"
# The last one is worth most, and belongs first.
VALUES = {"11111": "A,1.00,2.00,3.00", "22222": "A,1.00,2.00,3.00", "33333": "A,2.00,5.00,6.00"}
FEES = [HEADING, VISIT, *(f"{code},,{values},{PROCEDURE}" for code, values in VALUES.items())]
TABLES = {
    TableKind.PAIRS: "column1,column2,modifier_indicator,rationale\n11111,22222,1,Part of it\n",
    TableKind.UNIT_LIMITS: "hcpcs_code,mue_units,mue_mai,mue_rationale\n11111,1,2,Anatomy\n",
}
LINES = (
    ServiceLineRecord("99203", (), 1, (1,)),
    ServiceLineRecord("11111", ("LT",), 2, (1,)),
    ServiceLineRecord("22222", ("59", "LT"), 1, (1,)),
    ServiceLineRecord("33333", ("RT",), 1, (1,)),
)
# By the line: what its finding says, and what the coder reports instead.
MENDED = {
    "99203": ("It needs the modifier for separate work (25)", {"Modifiers": "25"}),
    "11111": ("2 units on one day, and the limit is 1", {"Modifiers": "LT", "Units": "1"}),
    "33333": ("33333 is on the right side, and its diagnoses are not", {"Modifiers": "LT"}),
}
ON_ONE_SIDE = "11111 and 22222 carry the same side and are called distinct"


@pytest.fixture
def visit(people, hip):
    fee_schedules.load(None, "\n".join(FEES).encode(), claims.FIRST_DAY, "RVU")
    for table, text in TABLES.items():
        claim_tables.load(
            None, table, [TableFile("table.csv", io.BytesIO(text.encode()))], claims.FIRST_DAY
        )
    release = CodeSetRelease.objects.create(
        code_set=CodeSet.ICD10CM, valid_from=date(2026, 4, 1), release="test"
    )
    Code.objects.create(
        release=release, code="Q65.02", description="Dislocation of left hip", reportable=True
    )
    return factories.visit(people, *LINES, diagnoses=("Q65.02",))


def checks(page: Page):
    return page.get_by_role("region", name="Claim checks")


def decide(page: Page, address: str, code: str, choice: str, **fields: str) -> None:
    page.goto(address)
    page.get_by_role("row", name=code).get_by_role("link", name="Code", exact=False).first.click()
    page.get_by_text(choice).click()
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Reason", exact=True).fill("As the note says.")
    with page.expect_navigation():
        page.get_by_role("button", name="Submit", exact=True).click()
    page.goto(address)


@pytest.mark.django_db(transaction=True)
def test_four_faults_are_mended_one_by_one_until_the_checks_are_silent(visit, sign_in):
    page, address = sign_in("coder"), visit.get_absolute_url()
    page.set_default_timeout(60_000)
    page.goto(address)
    for fault, _ in MENDED.values():
        expect(checks(page)).to_contain_text(fault)
    expect(checks(page)).to_contain_text(ON_ONE_SIDE)

    for code, (fault, instead) in MENDED.items():
        decide(page, address, code, "Report another code", **{"Other code": code}, **instead)
        expect(checks(page)).not_to_contain_text(fault)
        expect(checks(page)).to_contain_text(ON_ONE_SIDE)

    decide(page, address, "22222", "Report nothing for")
    expect(checks(page)).to_contain_text("No check that could run speaks against these lines.")
    checks(page).get_by_role("button", name="Take it over").click()
    expect(checks(page)).to_contain_text("Taken over.")
    expect(checks(page)).to_contain_text("No check that could run speaks against these lines.")
