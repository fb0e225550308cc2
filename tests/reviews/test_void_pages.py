"""Voiding as a page, and a void encounter wherever it is shown, listed, or comes again."""

import uuid
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.actions import encounters, uploads
from coding.actions.errors import Conflict
from coding.models import Encounter, EncounterState, EncounterVoid
from reviews.actions import reports, voiding
from tests import factories, incoming
from tests.incoming import checked, imported, problems, row, states, work

WHY = "Registered twice."


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


@pytest.fixture
def encounter(people, hip):
    return factories.encounter(people, hip, diagnoses=("Q65.02",))


def void_page(encounter):
    return reverse("void-encounter", args=[encounter.public_id])


def text_of(client, address, **parameters):
    return " ".join(client.get(address, parameters).content.decode().split())


def void_of(people, external_id):
    encounter = Encounter.objects.get(external_id=external_id)
    voiding.void(people["supervisor"], encounter, WHY)
    return encounter


def test_a_supervisor_gives_the_reason_on_a_page_that_says_what_will_happen(supervisor, encounter):
    assert void_page(encounter) in text_of(supervisor, encounter.get_absolute_url())
    assert "There is no way back" in text_of(supervisor, void_page(encounter))
    sent = {"idempotency_key": uuid.uuid4(), "reason": WHY}
    response, again = (supervisor.post(void_page(encounter), sent) for _ in range(2))
    assert response.url == again.url == encounter.get_absolute_url()
    page = text_of(supervisor, response.url)
    assert "This encounter is void." in page
    assert WHY in page
    assert "Add a service" not in page
    assert void_page(encounter) not in page


def test_without_a_reason_nothing_is_voided(supervisor, encounter):
    response = supervisor.post(
        void_page(encounter), {"idempotency_key": uuid.uuid4(), "reason": " "}
    )
    assert response.status_code == 422
    assert Encounter.objects.get().state == EncounterState.TO_CODE


def test_the_page_of_what_is_void_leads_to_the_encounter(people, supervisor, encounter):
    voiding.void(people["supervisor"], encounter, WHY)
    assert supervisor.get(void_page(encounter)).url == encounter.get_absolute_url()


def test_the_worklist_lists_what_is_void_only_where_it_is_asked_for(
    people, supervisor, hip, encounter
):
    other = factories.encounter(people, hip)
    voiding.void(people["supervisor"], encounter, WHY)
    listed = {
        state: list(supervisor.get(reverse("worklist"), {"state": state}).context["page"])
        for state in ("", "to_code", "void")
    }
    assert listed == {"": [other], "to_code": [other], "void": [encounter]}


def test_a_run_counts_no_service_of_it(people, hip, encounter):
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    voiding.void(people["supervisor"], encounter, WHY)
    run = factories.planned(people, factories.draft_without_harness(people, hip))
    assert run.services == 0


def test_the_report_page_says_that_it_takes_back_what_was_exported(people, supervisor, encounter):
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    reports.export(people["supervisor"], encounter)
    voiding.void(people["supervisor"], encounter, WHY)
    page = text_of(supervisor, reverse("report", args=[encounter.public_id]))
    assert "Report 2, void" in page
    assert "takes back what the billing system was told" in page
    exported = supervisor.post(reverse("export-report", args=[encounter.public_id]))
    assert ",void,1," in exported.content.decode()


def test_its_case_and_its_report_say_that_it_is_void_and_ask_for_no_service(
    people, supervisor, encounter
):
    case = factories.case_of(
        factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    )
    voiding.void(people["supervisor"], encounter, WHY)
    case_page = text_of(supervisor, case.get_absolute_url())
    report_page = text_of(supervisor, reverse("report", args=[encounter.public_id]))
    assert "This encounter is void." in case_page
    assert WHY in case_page
    assert "The encounter is void." in report_page
    assert "No services yet" not in case_page + report_page


# Its external id comes again.


def test_an_id_that_was_voided_is_not_typed_again_and_the_refusal_says_what_to_do(people, hip):
    record = factories.record()
    voiding.void(people["supervisor"], encounters.enter(people["coder"], record), WHY)
    with pytest.raises(Conflict, match=r"voided here .* under an external id of its own"):
        encounters.enter(people["coder"], record)


def test_the_day_that_an_encounter_was_voided_is_the_department_s(
    people, hip, settings, monkeypatch
):
    settings.TIME_ZONE = "America/Chicago"
    record = factories.record()
    encounter = encounters.enter(people["coder"], record)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 3, 0, 30, tzinfo=UTC))
    voiding.void(people["supervisor"], encounter, WHY)
    assert str(EncounterVoid.objects.get()).endswith("voided 2026-03-02")
    with pytest.raises(Conflict, match="voided here on 2026-03-02"):
        encounters.enter(people["coder"], record)


@pytest.mark.parametrize("again", [{}, {"payer": "Union"}])
def test_an_id_that_was_voided_is_rejected_when_a_file_brings_it_again_with_whatever_content(
    people, again
):
    imported(people, row())
    void_of(people, "V-1")
    upload = checked(people, row(**again))
    assert states(upload) == ["rejected"]
    assert "was voided here on" in problems(upload)[0]
    assert Encounter.objects.get().state == EncounterState.VOID


def test_what_is_voided_after_the_file_was_checked_is_not_corrected_by_its_import(people):
    imported(people, row(), row("V-2"))
    upload = checked(people, row(payer="Union"), row("V-2", payer="Union"))
    void_of(people, "V-1")
    uploads.start_import(people["coder"], upload)
    work()
    assert states(upload) == ["rejected", "corrected"]
    assert "was voided or changed after the file was checked" in problems(upload)[0]
    assert Encounter.objects.get(external_id="V-1").payer == "Northern"


def test_the_same_id_of_another_system_is_another_encounter(people):
    imported(people, row(), source="his")
    void_of(people, "V-1")
    assert states(incoming.imported(people, row(), source="clinic")) == ["imported"]
