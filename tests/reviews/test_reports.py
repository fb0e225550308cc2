"""The report: made when every line is settled, numbered, never changed, and exported on record."""

import csv
import io

import pytest
from django.urls import reverse

from coding.actions.errors import NotAllowed
from coding.decision import OutcomeKind
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent
from reviews.actions import reports, second_looks, services
from reviews.models import Report, ReportKind, RulingKind
from tests import factories


def standing(people, hip):
    lines = (ServiceLineRecord("27256", ("LT",), 1, (2,)),)
    encounter = factories.encounter(
        people, hip, service_lines=lines, diagnoses=("Q65.89", "Q65.02"), payer="Northern"
    )
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    return encounter


@pytest.fixture
def final(standing):
    return standing


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_final_encounter_has_its_original_report(final):
    report = Report.objects.get()
    assert (report.number, report.kind, report.encounter) == (1, ReportKind.ORIGINAL, final)
    [line] = report.content["lines"]
    assert (line["code"], line["modifiers"], line["diagnosis_pointers"]) == ("27256", ["LT"], [2])


def test_an_encounter_to_code_has_none(people, hip):
    factories.encounter(people, hip)
    assert not Report.objects.exists()


def test_another_final_code_makes_a_replacement(people, hip):
    encounter = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    )
    ruling = factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    again = second_looks.reopen(people["supervisor"], ruling, "Wrong.")
    factories.rule(people["supervisor"], again, RulingKind.CODER_UPHELD)
    first, second = Report.objects.order_by("number")
    assert (second.number, second.kind, second.replaces) == (2, ReportKind.REPLACEMENT, first)
    assert second.content["lines"][0]["code"] == "27257"


def test_nothing_left_to_report_voids_what_was_reported(people, hip):
    encounter = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    )
    ruling = factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    again = second_looks.reopen(people["supervisor"], ruling, "Wrong.")
    factories.rule(
        people["supervisor"], again, RulingKind.OTHER_CODE, outcome=OutcomeKind.NO_FAMILY_CODE
    )
    assert Report.objects.order_by("number").last().kind == ReportKind.VOID


def test_an_export_is_recorded_and_a_second_one_is_the_same_report(people, final, client):
    client.force_login(people["supervisor"])
    address = reverse("export-report", args=[final.public_id])
    first, second = client.post(address), client.post(address)
    [row] = rows(first)
    # Each is signed for itself, at its own time.
    assert rows(second) == [{**row, "signed_at": rows(second)[0]["signed_at"]}]
    assert (row["report_number"], row["report_kind"], row["code"], row["modifier_1"]) == (
        "1",
        "original",
        "27256",
        "LT",
    )
    assert (row["patient_reference"], row["diagnoses"], row["diagnosis_pointers"]) == (
        factories.CANARY,
        "Q65.89 Q65.02",
        "2",
    )
    assert Report.objects.get().exports.count() == 2
    assert AuditEvent.objects.filter(event="report.exported").count() == 2


def test_a_report_is_not_exported_by_a_get_nor_by_a_coder(people, final, client):
    client.force_login(people["coder"])
    address = reverse("export-report", args=[final.public_id])
    assert client.get(address).url == reverse("report", args=[final.public_id])
    assert client.post(address).status_code == 403
    with pytest.raises(NotAllowed, match="may not export reports"):
        reports.export(people["coder"], final)


def test_what_is_in_question_is_not_exported(people, final, client, hip):
    services.add(people["coder"], final, hip.rule_set)
    client.force_login(people["supervisor"])
    assert client.post(reverse("export-report", args=[final.public_id])).status_code == 409
    page = client.get(reverse("report", args=[final.public_id])).content.decode()
    assert "in question" in page


def test_the_page_shows_the_report(people, final, client):
    client.force_login(people["auditor"])
    page = client.get(reverse("report", args=[final.public_id])).content.decode()
    for text in ("Report 1, original", "27256", "Q65.02", people["coder"].name):
        assert text in page
