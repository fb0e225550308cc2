"""The report as a page that prints, and as a file for the billing system."""

import csv
import io
import re

import pytest
from django.urls import reverse

from coding.decision import OutcomeKind
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent
from reviews.actions import decisions, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ReportExport, RulingKind
from tests import factories

COLUMNS = (
    "report_number report_kind replaces encounter source patient_reference date_of_service place_of_service provider "
    "payer line code modifier_1 modifier_2 modifier_3 modifier_4 units diagnosis_pointers diagnoses service decided_by "
    "final_since signed_by signed_as signed_at signature_meaning content_sha256"
)
LINES = (
    ServiceLineRecord("27256", ("LT",), 1, (2,)),
    ServiceLineRecord("73525", ("59", "26", "LT"), 2, (2, 1)),
)


def standing(people, hip):
    factories.fees()
    found = factories.visit(
        people, *LINES, diagnoses=("Q65.89", "Q65.02"), external_id="V-1", place_of_service="22"
    )
    factories.decide(people["coder"], found, factories.PAVLIK)
    decisions.decide(people["coder"], factories.service_for(found, "73525"), Judgement(Choice.KEEP))
    return found


@pytest.fixture
def final(standing):
    return standing


@pytest.fixture
def voided(people, hip):
    """An encounter of which a second ruling left nothing to report."""
    supervisor = people["supervisor"]
    found = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], found, factories.PAVLIK, factories.insists())
    )
    ruling = factories.rule(supervisor, case, RulingKind.RULES_UPHELD)
    again = second_looks.reopen(supervisor, ruling, "Wrong.")
    factories.rule(supervisor, again, RulingKind.OTHER_CODE, outcome=OutcomeKind.NO_FAMILY_CODE)
    return found


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def exported(client, encounter):
    return client.post(reverse("export-report", args=[encounter.public_id]))


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def page(client, encounter):
    return client.get(reverse("report", args=[encounter.public_id])).content.decode()


# --- The file.


def test_the_file_begins_with_its_columns_after_the_mark_that_spreadsheets_need(supervisor, final):
    content = exported(supervisor, final).content
    assert content.startswith(b"\xef\xbb\xbfreport_number,")
    assert content.decode("utf-8-sig").splitlines()[0] == COLUMNS.replace(" ", ",")


def test_the_file_is_named_by_the_number_of_the_report_and_never_by_the_patient_and_is_not_cached(
    supervisor, final
):
    response = exported(supervisor, final)
    name = f"report-{final.public_id}-1.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_each_line_is_a_row_with_its_units_and_its_modifiers_in_the_order_of_the_claim(
    supervisor, final
):
    hip_row, image_row = rows(exported(supervisor, final))
    modifiers = [image_row[f"modifier_{place}"] for place in (1, 2, 3, 4)]
    assert (image_row["code"], modifiers, image_row["units"]) == (
        "73525",
        ["26", "59", "LT", ""],
        "2",
    )
    assert (hip_row["line"], image_row["line"]) == ("1", "2")
    assert (hip_row["diagnosis_pointers"], image_row["diagnosis_pointers"]) == ("2", "2 1")


def test_what_is_the_same_for_all_lines_stands_in_each_row(people, supervisor, final):
    for row in rows(exported(supervisor, final)):
        assert (row["encounter"], row["source"], row["patient_reference"]) == (
            "V-1",
            "typed",
            factories.CANARY,
        )
        assert (row["date_of_service"], row["place_of_service"], row["payer"]) == (
            "2026-05-04",
            "22",
            "",
        )
        assert (row["diagnoses"], row["replaces"]) == ("Q65.89 Q65.02", "")
        assert row["decided_by"] == people["coder"].name


def test_a_void_is_one_row_without_a_code_that_says_which_report_it_ends(supervisor, voided):
    [row] = rows(exported(supervisor, voided))
    assert (row["report_number"], row["report_kind"], row["replaces"]) == ("2", "void", "1")
    assert (row["line"], row["code"], row["units"], row["decided_by"]) == ("", "", "", "")
    assert len(row) == len(COLUMNS.split())


def test_no_spreadsheet_runs_what_a_source_sent_as_a_name(people, hip, supervisor):
    found = factories.encounter(
        people, hip, external_id="=1+1", provider="@SUM(A1)", diagnoses=("Q65.02",)
    )
    factories.decide(people["coder"], found, factories.PAVLIK)
    [row] = rows(exported(supervisor, found))
    assert (row["encounter"], row["provider"]) == ("'=1+1", "'@SUM(A1)")


def test_what_is_not_final_is_refused_in_words_that_lead_back_to_the_report(
    people, hip, supervisor, final
):
    services.add(people["coder"], final, hip.rule_set)
    response = exported(supervisor, final)
    assert response.status_code == 409
    assert "what it reports is in question" in response.content.decode()
    assert reverse("report", args=[final.public_id]) in response.content.decode()
    assert not ReportExport.objects.exists()


# --- The page.


def test_opening_the_report_is_noted(people, supervisor, final):
    page(supervisor, final)
    event = AuditEvent.objects.get(event="encounter.viewed", actor=people["supervisor"])
    assert event.encounter == final.public_id


def test_the_page_says_who_printed_it_and_prints_who_signed_but_no_ledger(
    people, supervisor, final
):
    text = page(supervisor, final)
    assert f"Printed by {people['supervisor'].name}" in text
    assert re.search(r'<section class="panel no-print"[^>]*aria-labelledby="ledger"', text)
    assert re.search(r'<section class="panel"[^>]*aria-labelledby="made"', text)


def test_before_anything_is_final_the_page_says_when_a_report_is_made(people, hip, supervisor):
    text = page(supervisor, factories.encounter(people, hip))
    assert "No report yet" in text
    assert "The encounter is not final." in text
    assert "Export as CSV" not in text


def test_only_who_may_export_is_offered_to(people, client, final):
    for role, is_offered in (("supervisor", True), ("coder", False), ("auditor", False)):
        client.force_login(people[role])
        assert ("Export as CSV" in page(client, final)) is is_offered, role


def test_each_report_is_listed_with_its_exports(people, supervisor, voided):
    text = page(supervisor, voided)
    assert "Report 2, void" in text
    assert "It replaces report 1." in text
    assert "Nothing is reported." in text
    assert text.count("not exported") == 2
    exported(supervisor, voided)
    text = page(supervisor, voided)
    assert text.count("not exported") == 1
    assert f"exported by {people['supervisor'].name}" in text


def test_a_report_that_is_in_question_is_still_shown_as_it_was_made(people, hip, supervisor, final):
    services.add(people["coder"], final, hip.rule_set)
    text = page(supervisor, final)
    assert "not final any more: this report is in question" in text
    assert "Report 1, original" in text


def test_a_place_and_a_payer_that_nobody_told_are_said_to_be_missing(people, hip, supervisor):
    found = factories.encounter(people, hip, place_of_service="", payer="")
    factories.decide(people["coder"], found, factories.PAVLIK)
    text = page(supervisor, found)
    for words in ("not told", "not given", "none reported"):
        assert words in text
