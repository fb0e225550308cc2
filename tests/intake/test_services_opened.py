"""What comes in opens its services by itself: by the submitted codes, or of the one family that was chosen."""

import io
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from coding.actions import uploads
from coding.intake.formats import detect
from coding.models import (
    Encounter,
    EncounterState,
    RuleSet,
    Service,
    ServiceOrigin,
    ServiceState,
    Upload,
)
from coding.work import leases
from tests import factories
from tests.intake import samples

HEADER = "external_id,patient_reference,date_of_service,place_of_service,provider,payer,note,diagnoses,service_lines\n"
VISIT = "27257-LT x1 for 1; 99203-57; 73525-26 x2; 27256-LT"


@pytest.fixture
def coder(people, hip, client):
    factories.icd10cm("Q65.02", "Q65.01", valid_from=date(2025, 10, 1))
    client.force_login(people["coder"])
    return client


@pytest.fixture
def knee(people):
    """A second family, made later, with the codes of the hip's."""
    return factories.published_knee(people)


def row(lines="", payer="Northern", external_id="V-1"):
    return f'{external_id},P-1,2026-05-31,11,Dr. Falk,{payer},Left hip out.,Q65.02,"{lines}"\n'


def work():
    while leases.has_work():
        leases.pump()
    leases.close_finished()


def send(client, *rows, rule_set=""):
    file = SimpleUploadedFile("visits.csv", (HEADER + "".join(rows)).encode())
    data = {"idempotency_key": uuid.uuid4(), "rule_set": rule_set, "source": "his", "file": file}
    response = client.post(reverse("uploads"), data)
    assert response.status_code == 302, response.context["form"].errors
    work()
    client.post(reverse("start-import", args=[Upload.objects.latest("pk").public_id]))
    work()


def opened(encounter):
    """Each service as its family, its origin and its lines."""
    return [
        (
            service.rule_set.key if service.rule_set else None,
            service.origin,
            [str(line) for line in service.lines.all()],
        )
        for service in encounter.services.select_related("rule_set")
    ]


def test_the_codes_of_a_file_open_the_families_that_claim_them_and_each_other_line_stands_alone(
    coder,
):
    send(coder, row(VISIT))
    assert opened(Encounter.objects.get()) == [
        (factories.HIP, ServiceOrigin.LINE, ["27257-LT", "27256-LT"]),
        (None, ServiceOrigin.LINE, ["99203-57"]),
        (None, ServiceOrigin.LINE, ["73525-26"]),
    ]


def test_a_service_carries_the_day_and_the_payer_of_its_visit_and_is_to_code(coder):
    send(coder, row(VISIT))
    services = Service.objects.order_by().values_list(
        "day", "payer", "state", "assigned_to", "round"
    )
    assert list(services.distinct()) == [
        (date(2026, 5, 31), "Northern", ServiceState.TO_CODE, None, 0)
    ]


def test_a_visit_without_a_line_has_no_service_and_is_to_code(coder):
    send(coder, row())
    encounter = Encounter.objects.get()
    assert (opened(encounter), encounter.state) == ([], EncounterState.TO_CODE)


def test_of_two_families_with_one_code_the_one_that_was_made_first_takes_it(coder, knee):
    send(coder, row("27256-LT"))
    assert opened(Encounter.objects.get()) == [(factories.HIP, ServiceOrigin.LINE, ["27256-LT"])]


def test_the_family_that_was_chosen_opens_whatever_the_lines_are_and_no_other(coder, knee):
    send(coder, row(), row("99203; 27256-LT", external_id="V-2"), rule_set=knee.rule_set_id)
    without, other = Encounter.objects.order_by("external_id")
    assert opened(without) == [("knee", ServiceOrigin.FAMILY, [])]
    assert opened(other) == [
        ("knee", ServiceOrigin.LINE, ["27256-LT"]),
        (None, ServiceOrigin.LINE, ["99203"]),
    ]


def test_a_correction_of_a_file_of_one_family_opens_no_other_either(coder, knee):
    send(coder, row("99203"), rule_set=knee.rule_set_id)
    send(coder, row("99203; 27257-LT"), rule_set=knee.rule_set_id)
    families = [family for family, _, _ in opened(Encounter.objects.get())]
    assert factories.HIP not in families


def test_lines_keep_their_numbers_units_and_pointers_in_the_order_of_the_claim(coder):
    send(coder, row(VISIT))
    lines = Encounter.objects.get().service_lines.values_list(
        "number", "position", "code", "units", "gone_in"
    )
    assert list(lines) == [
        (1, 1, "27257", 1, None),
        (2, 2, "99203", 1, None),
        (3, 3, "73525", 2, None),
        (4, 4, "27256", 1, None),
    ]


def test_every_row_of_a_chunk_gets_its_own_services(coder):
    send(coder, *(row("27256-LT; 99203", external_id=f"V-{number}") for number in range(20)))
    for encounter in Encounter.objects.all():
        assert [family for family, _, _ in opened(encounter)] == [factories.HIP, None]
        assert {
            line.encounter_id
            for service in encounter.services.all()
            for line in service.lines.all()
        } == {encounter.pk}


@pytest.mark.parametrize("content", [samples.claims_file(samples.claim("V1")), samples.dft("V1")])
def test_a_claim_and_a_charge_open_services_as_a_table_does(people, hip, coder, content):
    upload = uploads.receive(people["coder"], [content], detect(content), "his")
    work()
    upload.refresh_from_db()
    uploads.start_import(people["coder"], upload)
    work()
    assert opened(Encounter.objects.get()) == [(factories.HIP, ServiceOrigin.LINE, ["27256-LT"])]


def test_a_typed_visit_opens_the_services_of_its_lines(coder):
    data = {
        "idempotency_key": uuid.uuid4(),
        "external_id": "T-1",
        "patient_reference": "P",
        "sex": "U",
        "note": "n",
    }
    data |= {"date_of_service": "2026-05-31", "place_of_service": "11", "provider": "Dr. Falk"}
    assert (
        coder.post(
            reverse("new-encounter"), {**data, "service_lines": "27256-LT\n99203"}
        ).status_code
        == 302
    )
    families = [family for family, _, _ in opened(Encounter.objects.get())]
    assert families == [factories.HIP, None]


def test_a_file_by_command_may_be_of_one_family_only(people, hip, tmp_path, coder):
    file = tmp_path / "visits.csv"
    file.write_text(HEADER + row("99203"))
    options = {"source": "his", "user": people["coder"].username, "stdout": io.StringIO()}
    call_command("receive_upload", file, rule_set=factories.HIP, **options)
    assert Upload.objects.get().rule_set == RuleSet.objects.get(key=factories.HIP)
