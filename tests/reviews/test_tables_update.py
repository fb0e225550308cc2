"""What new tables change for the codes of our rule sets, with what of ours names them."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding import rulesets
from coding.actions import claim_tables, fee_schedules
from coding.actions.claim_tables import TableFile
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.table_sign_offs import sign_off
from coding.intake.records import ServiceLineRecord
from coding.models import (
    Code,
    CodeSet,
    CodeSetRelease,
    Meaning,
    TableKind,
    TableRelease,
    UnitLimitEdit,
)
from coding.rules.tables_update import tables_update
from tests import factories, signing

HEAD = (
    "hcpcs,mod,status_code,work_rvu,facility_total,non_facility_total,glob_days,non_fac_indicator,facility_indicator,"
    "pctc_ind,pre_op,intra_op,post_op,mult_proc,bilat_surg,asst_surg,co_surg,team_surg\n"
)
SHARES = "0.10,0.80,0.10,2,1,0,1,0\n"
SPONTANEOUS, NEW_SPONTANEOUS = (
    f"27256,,A,4.28,7.27,9.62,{days},,,0,{SHARES}" for days in ("010", "090")
)
OLD = SPONTANEOUS + f"27257,,A,5.38,11.00,11.00,010,,,0,{SHARES}"
NEW = NEW_SPONTANEOUS + f"27252,,A,9.00,20.00,20.00,090,,,0,{SHARES}"
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def schedules(people, hip):
    fee_schedules.load(None, (HEAD + OLD).encode(), date(2026, 1, 1), "Old")
    fee_schedules.load(None, (HEAD + NEW).encode(), NEW_YEAR, "New")


def hip_table():
    return rulesets.shipped(factories.HIP)


def touched(day=NEW_YEAR):
    return {row.code: row for family in tables_update(day).families for row in family.touched}


def words(code):
    return [change.words for change in touched()[code].changes]


def test_codes_that_are_new_that_go_and_that_change_are_told_in_words(schedules):
    assert words("27256") == ["global days 010 → 090"]
    assert words("27257") == ["no longer listed"]
    assert words("27252") == ["new"]
    assert tables_update(NEW_YEAR).releases == (("Old", "New"),)


def test_indicators_that_the_release_before_was_loaded_without_are_no_change(people, hip):
    header = "hcpcs,mod,status_code,work_rvu,facility_total,non_facility_total,glob_days"
    without = f"{header}\n27256,,A,4.00,7.27,9.62,010\n"
    fee_schedules.load(None, without.encode(), date(2026, 1, 1), "Old")
    fee_schedules.load(None, (HEAD + SPONTANEOUS).encode(), NEW_YEAR, "New")
    assert words("27256") == ["work value 4.00 → 4.28"]


def test_what_of_ours_names_a_code_is_counted(people, schedules):
    factories.visit(people, ServiceLineRecord("27256", ("LT",)))
    row = touched()["27256"]
    assert row.rules
    assert (row.open_lines, row.precedents) == (1, 0)


def test_the_version_that_takes_care_of_it_is_named(people, hip, schedules):
    [family] = tables_update(NEW_YEAR).families
    assert family.next_version is None
    draft = factories.draft_without_harness(people, hip)
    [family] = tables_update(NEW_YEAR).families
    assert family.next_version == draft


def test_it_is_proposed_to_let_stand_what_only_pays_otherwise(people, hip):
    paid_more = SPONTANEOUS.replace("4.28", "4.50").replace("7.27", "7.90")
    fee_schedules.load(None, (HEAD + SPONTANEOUS).encode(), date(2026, 1, 1), "Old")
    fee_schedules.load(None, (HEAD + paid_more).encode(), NEW_YEAR, "New")
    [family] = tables_update(NEW_YEAR).families
    assert family.stands
    assert words("27256") == ["work value 4.28 → 4.50; value in a facility 7.27 → 7.90"]


def test_what_ends_or_is_of_another_class_is_to_be_looked_at(schedules):
    assert not any(row.stands for row in touched().values())


def test_a_pair_that_comes_is_told_of_both_codes(people, hip):
    for day, pairs in ((date(2026, 1, 1), "27256,99999,1,x"), (NEW_YEAR, "27257,27256,0,x")):
        file = TableFile(
            "pairs.csv",
            io.BytesIO(f"column1,column2,modifier_indicator,rationale\n{pairs}\n".encode()),
        )
        claim_tables.load(None, TableKind.PAIRS, [file], day)
    assert (words("27256"), words("27257")) == (["pair with 27257: new"], ["pair with 27256: new"])


def test_the_phrases_by_which_notes_come_to_a_code_are_told(people):
    factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    fee_schedules.load(None, (HEAD + OLD).encode(), date(2026, 1, 1), "Old")
    fee_schedules.load(None, (HEAD + NEW).encode(), NEW_YEAR, "New")
    assert "manual closed reduction" in touched()["27256"].phrases


def test_a_diagnosis_that_became_a_category_comes_with_what_is_complete_now(people, hip):
    code = next(code for row in hip_table().diagnoses for code in row.codes if "*" not in code)
    for day, codes in (
        (date(2026, 1, 1), [(code, True)]),
        (NEW_YEAR, [(code, False), (f"{code}1", True)]),
    ):
        release = CodeSetRelease.objects.create(
            code_set=CodeSet.ICD10CM, release=str(day), valid_from=day
        )
        rows = [
            Code(release=release, code=name, description="x", reportable=complete)
            for name, complete in codes
        ]
        Code.objects.bulk_create(rows)
    assert touched()[code].successors == (f"{code}1",)


def test_a_signature_ends_the_update_once_every_rule_set_is_settled(people, schedules):
    update = tables_update(NEW_YEAR)
    approver, seen = people["rule approver"], update.content_hash
    with pytest.raises(NotAllowed, match="may not sign what new tables change"):
        sign_off(people["rule author"], NEW_YEAR, seen, [factories.HIP])
    with pytest.raises(Conflict, match="Begin a new version"):
        sign_off(approver, NEW_YEAR, seen, [])
    with pytest.raises(Conflict, match="changed since"):
        sign_off(approver, NEW_YEAR, "of-yesterday", [factories.HIP])
    with pytest.raises(Conflict, match="No release begins"):
        sign_off(approver, date(2026, 6, 1), seen, [])
    done = sign_off(approver, NEW_YEAR, seen, [factories.HIP])
    assert done.content["rule sets"][0]["codes"]["27257"] == ["no longer listed"]
    [signature] = signing.signatures_under(done)
    assert (signature.signer, signature.meaning) == (approver, Meaning.UPDATE)
    with pytest.raises(Conflict, match="signed already"):
        sign_off(approver, NEW_YEAR, seen, [factories.HIP])


def test_it_is_signed_on_the_page_and_a_later_release_asks_again(
    people, client, schedules, settings
):
    settings.SIGN_AGAIN = True
    client.force_login(people["rule approver"])
    address = reverse("tables-update", query={"on": "2027-01-01"})
    page = client.get(address)
    assert "Look at what names it" in page.text
    form = page.context["sign_off"]
    sent = {"idempotency_key": str(uuid4()), "seen": form.initial["seen"]}
    refused = client.post(address, signing.signed(sent))
    assert refused.status_code == 422
    assert "Begin a new version" in refused.text
    assert (
        client.post(
            address, signing.signed({**sent, "standing": [factories.HIP]}, "wrong")
        ).status_code
        == 422
    )
    assert (
        client.post(address, signing.signed({**sent, "standing": [factories.HIP]})).status_code
        == 302
    )
    assert "Signed by" in client.get(address).text
    client.force_login(people["coder"])
    assert "Your password" not in client.get(address).text
    assert client.post(address, signing.signed(sent)).status_code == 403

    UnitLimitEdit.objects.create(
        release=TableRelease.objects.create(table=TableKind.UNIT_LIMITS, valid_from=NEW_YEAR),
        code="27256",
        units=1,
        applied=2,
    )
    assert "what stands now is not signed" in client.get(address).text


def test_on_a_day_without_a_release_nothing_changes(schedules):
    update = tables_update(date(2026, 6, 1))
    assert (update.releases, update.families) == ((), ())


def test_a_first_release_is_said_and_compared_with_nothing(schedules):
    update = tables_update(date(2026, 1, 1))
    assert (update.releases, update.families) == ((("", "Old"),), ())


def test_the_page_lists_the_work(people, client, schedules):
    client.force_login(people["rule author"])
    page = client.get(reverse("tables-update"), {"on": "2027-01-01"}).text
    assert "global days 010 → 090" in page
    assert "nobody began a new one" in page
    assert (
        "No release begins on this day"
        in client.get(reverse("tables-update"), {"on": "2026-06-01"}).text
    )


def queries_of_an_update():
    tables_update(NEW_YEAR)  # A document that was read once is kept.
    with CaptureQueriesContext(connection) as queries:
        tables_update(NEW_YEAR)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_rule_sets(people, schedules):
    alone = queries_of_an_update()
    factories.published_knee(people)
    assert queries_of_an_update() == alone
