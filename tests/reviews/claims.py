"""A visit beside a minor procedure, by made-up tables: what the tests of claims share."""

import io
from datetime import date

from coding.actions import claim_tables, fee_schedules
from coding.actions.claim_tables import TableFile
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, RuleSetVersion, TableKind
from reviews.actions import decisions
from reviews.actions.decisions import Judgement
from reviews.claims.step import ClaimFindings, findings_of
from reviews.coding_form.ledger import ledger
from reviews.models import Choice
from tests import factories

FEES = (
    "hcpcs,mod,status_code,work_rvu,facility_total,non_facility_total,glob_days,non_fac_indicator,facility_indicator,"
    "pctc_ind,pre_op,intra_op,post_op,mult_proc,bilat_surg,asst_surg,co_surg,team_surg\n"
    "27256,,A,4.28,7.27,9.62,010,,,0,0.10,0.80,0.10,2,1,0,1,0\n"
    "99203,,A,1.60,2.40,3.30,XXX,,,0,0.00,0.00,0.00,0,0,0,0,0\n"
    "11111,,A,1.00,2.00,3.00,XXX,,,0,0.00,0.00,0.00,2,0,0,0,0\n"
    "22222,,A,2.00,5.00,6.00,XXX,,,0,0.00,0.00,0.00,2,0,0,0,0\n"
    "33333,,A,2.00,5.00,6.00,000,,,0,0.00,0.00,0.00,2,1,0,0,0\n"
)
PAIRS = "column1,column2,modifier_indicator,rationale\n27256,29305,1,More extensive\n11111,22222,0,Part of it\n"
FIRST_DAY = date(2026, 4, 1)
LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
# No rule set codes these: the coder keeps them as they are.
KEPT = (ServiceLineRecord("11111"), ServiceLineRecord("22222"))
BOTH_SIDES = (ServiceLineRecord("33333", ("LT",)), ServiceLineRecord("33333", ("RT",)))


def load_tables() -> None:
    """A fee schedule and pairs that hold the codes of these tests."""
    fee_schedules.load(None, FEES.encode(), FIRST_DAY, "RVU")
    claim_tables.load(
        None, TableKind.PAIRS, [TableFile("pairs.csv", io.BytesIO(PAIRS.encode()))], FIRST_DAY
    )


def kept(people: factories.People, lines: tuple[ServiceLineRecord, ...] = KEPT) -> Encounter:
    """A visit of lines that its coder keeps, final: one is part of the other, and they stand in the wrong order."""
    visit = factories.visit(people, *lines, diagnoses=("Q65.02",))
    for service in visit.services.order_by("number"):
        decisions.decide(people["coder"], service, Judgement(Choice.KEEP))
    visit.refresh_from_db()
    return visit


def final_visit(people: factories.People, hip: RuleSetVersion) -> Encounter:
    """Of two lines that their coder kept one is part of the other, and they stand in the wrong order."""
    load_tables()
    return kept(people)


def checked(visit: Encounter) -> ClaimFindings:
    """What the checks say of a visit now."""
    return findings_of(visit, ledger(visit))
