"""Days at every door: none before 1900, none that has not come where the department is, no birth after the service."""

import io
import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from coding.actions import fee_schedules, rule_sets
from coding.actions.rule_sets import Refused
from coding.intake.check import check
from coding.intake.formats import FORMATS
from coding.models import Encounter, RuleSetVersion
from coding.tables.errors import FileError
from tests import factories, incoming, small_rules
from tests.coding.test_typed_encounter_page import errors, send
from tests.coding.test_version_admin_page import address, fields_of
from tests.intake import samples
from tests.intake.encounters import SomeCodes
from tests.registers import rows

# At every moment the first of these zones is a day or two ahead of the second.
EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"
SLIP, SLIP_COMPACT = "1026-01-12", "10260112"
TOO_EARLY = "it lies before 1900. Correct the year."
FUTURE = "it lies in the future. Correct the date."


def today_in(zone):
    return timezone.localdate(timezone=ZoneInfo(zone))


def resources(day):
    visit = samples.visit_resources()
    visit["encounter"]["period"] = {"start": f"{day}T10:00:00Z"}
    return samples.bundle(*visit.values())


def claims(day):
    return samples.claims_file(
        samples.claim(lines=[f"SV1*HC:27256:LT*620*UN*1***1~DTP*472*D8*{day}"])
    )


def rows_of(day):
    return incoming.table(incoming.row(date_of_service=day))


FILES = {
    "csv": (FORMATS["csv"].reader, rows_of(SLIP)),
    "hl7": (FORMATS["hl7"].reader, samples.dft("V1", samples.charge(day=SLIP_COMPACT))),
    "fhir": (FORMATS["fhir"].reader, resources(SLIP)),
    "x12": (FORMATS["x12"].reader, claims(SLIP_COMPACT)),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_s_service_before_1900_is_refused_with_what_to_do(name):
    reader, content = FILES[name]
    [draft] = samples.drafts(reader, content)
    problems = check(draft.texts, SomeCodes(), date(2026, 6, 30))
    assert TOO_EARLY in [problem.text.partition(": ")[2] for problem in problems]


@pytest.mark.parametrize("field", ["date_of_service", "birth_date"])
def test_a_day_before_1900_is_not_typed(people, client, field):
    client.force_login(people["coder"])
    [message] = errors(send(client, **{field: "0026-05-31"}))[field]
    assert message.endswith(TOO_EARLY)
    assert not Encounter.objects.exists()


@pytest.mark.parametrize(("zone", "is_taken"), [(EAST, True), (WEST, False)])
def test_whether_a_typed_day_has_come_is_said_by_the_department_s_clock(
    people, client, settings, zone, is_taken
):
    settings.TIME_ZONE = zone
    client.force_login(people["coder"])
    response = send(client, birth_date="", date_of_service=today_in(EAST).isoformat())
    assert (response.status_code == 302) == is_taken
    if not is_taken:
        assert FUTURE in errors(response)["date_of_service"][0]


@pytest.mark.parametrize(("zone", "state"), [(EAST, "new"), (WEST, "rejected")])
def test_so_it_is_for_files(people, settings, zone, state):
    settings.TIME_ZONE = zone
    day = today_in(EAST).isoformat()
    assert incoming.states(incoming.checked(people, incoming.row(date_of_service=day))) == [state]


@pytest.mark.parametrize(("zone", "problems"), [(EAST, 0), (WEST, 1)])
def test_and_for_the_command_that_reads_a_file(settings, tmp_path, zone, problems):
    settings.TIME_ZONE = zone
    file, out = tmp_path / "table.csv", io.StringIO()
    file.write_bytes(rows_of(today_in(EAST).isoformat()))
    call_command("read_file", file, stdout=out)
    [item] = json.loads(out.getvalue())["items"]
    assert len(item.get("problems") or []) == problems


@pytest.mark.parametrize("zone", [EAST, WEST])
def test_nobody_is_born_after_the_service_or_tomorrow(people, client, settings, zone):
    settings.TIME_ZONE = zone
    client.force_login(people["coder"])
    day = today_in(zone)
    born = (day + timedelta(days=1)).isoformat()
    [message] = errors(send(client, birth_date=born, date_of_service=day.isoformat()))["birth_date"]
    assert "it lies after the date of service" in message


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("1726-01-01", "lies before 1900"),
        (str(today_in(EAST) + timedelta(days=2)), "has not come yet"),
    ],
)
def test_a_birth_date_of_the_register_can_be_one(people, client, day, words):
    patient = rows.patient(people, "P-1")
    client.force_login(people["administrator"])
    page = reverse("admin:coding_patient_change", args=[patient.pk])
    response = client.post(page, {"seen_edition": patient.edition, "birth_date": day, "sex": "U"})
    assert words in str(response.context["adminform"].form.errors["birth_date"])


@pytest.mark.parametrize("day", ["1026-01-01", "3026-01-01"])
def test_a_draft_is_saved_with_no_day_from_which_no_rules_can_hold(people, client, day):
    version = small_rules.draft(people)
    client.force_login(people["rule author"])
    response = client.post(address(version), {**fields_of(client, version), "effective_from": day})
    assert "Correct the year." in str(response.context["adminform"].form.errors["effective_from"])


@pytest.mark.parametrize("day", ["1026-01-01", "3026-01-01"])
def test_nor_is_one_that_has_such_a_day_submitted(people, day):
    version = small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=day)
    with pytest.raises(Refused, match=r"from a day that cannot be meant: .* Correct the year\."):
        rule_sets.submit(people["rule author"], version)


@pytest.mark.parametrize("day", [date(1026, 1, 1), date(3026, 1, 1)])
def test_no_fee_schedule_begins_on_such_a_day(db, day):
    content = b"hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days\n27256,,A,1,1,1,010\n"
    with pytest.raises(FileError, match=r"The first day of a release: .* Correct the year\."):
        fee_schedules.load(None, content, day, "")


def test_a_run_is_not_planned_from_such_a_day(people, hip, client):
    client.force_login(people["supervisor"])
    data = {"version": hip.pk, "mode": "dry_run", "served_from": "1026-01-01", "served_until": ""}
    response = client.post(reverse("new-run"), data)
    assert response.status_code == 422
    assert "lies before 1900" in response.text


def test_what_was_stored_before_is_still_read(people, hip):
    visit = factories.encounter(people, hip, date_of_service=date(1026, 5, 4))
    assert Encounter.objects.get(pk=visit.pk).date_of_service == date(1026, 5, 4)
