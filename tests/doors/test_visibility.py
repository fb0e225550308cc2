"""Which encounters a coder sees: all, or by setting their own work and what is nobody's, or their team's too."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.models import Encounter, Service, Team
from reviews.actions import voiding
from tests import factories
from tests.reviews.whole_pages import whole_page


def standing(people, hip):
    """An encounter that another coder has decided."""
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder", 2], encounter, factories.PAVLIK, factories.insists())
    return encounter


@pytest.fixture
def theirs(standing):
    return standing


def sees(person, encounter):
    visible = Encounter.objects.for_user(person).filter(pk=encounter.pk).exists()
    services = Service.objects.for_user(person).filter(encounter=encounter)
    assert services.exists() is (visible and encounter.services.exists())
    return visible


def test_unless_the_setting_says_otherwise_a_coder_sees_all(people, theirs):
    assert sees(people["coder"], theirs)


@pytest.fixture
def own_work(settings):
    settings.CODERS_SEE = "own"


def test_what_another_coder_works_on_is_not_seen(people, theirs, own_work):
    assert not sees(people["coder"], theirs)
    assert sees(people["coder", 2], theirs)


def test_what_is_nobodys_is_seen_until_somebody_takes_it(people, hip, own_work):
    encounter = factories.encounter(people, hip)
    assert sees(people["coder"], encounter)
    encounters.assign(people["coder", 2], encounter, people["coder", 2])
    assert not sees(people["coder"], encounter)
    encounters.assign(people["coder", 2], encounter, None)
    assert sees(people["coder"], encounter)


def test_an_encounter_without_a_service_is_nobodys(people, own_work):
    encounter = encounters.enter(people["coder", 2], replace(factories.record(), service_lines=()))
    assert not encounter.services.exists()
    assert sees(people["coder"], encounter)


def test_what_a_coder_decided_stays_theirs_when_another_goes_on_with_it(people, theirs, own_work):
    theirs.services.update(assigned_to=people["coder"])
    assert sees(people["coder"], theirs)
    assert sees(people["coder", 2], theirs)


def test_what_a_coder_voided_stays_theirs(people, hip, own_work):
    encounter = factories.encounter(people, hip)
    voiding.void(people["coder"], encounter, "Typed twice.")
    assert sees(people["coder"], encounter)
    assert not sees(people["coder", 2], encounter)


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_supervisors_and_auditors_see_all(people, theirs, own_work, role):
    assert sees(people[role], theirs)


@pytest.mark.parametrize("role", ["rule author", "rule approver", "administrator"])
def test_who_has_nothing_to_do_with_encounters_sees_none(people, theirs, role):
    assert not sees(people[role], theirs)


def test_the_work_of_a_team_is_seen_by_all_of_it_and_by_no_other_team(people, theirs, settings):
    settings.CODERS_SEE = "team"
    first, second = Team.objects.create(name="First"), Team.objects.create(name="Second")
    first.members.add(people["coder", 2])
    second.members.add(people["coder"])
    assert not sees(people["coder"], theirs)
    first.members.add(people["coder"])
    assert sees(people["coder"], theirs)


def test_a_team_counts_for_nothing_where_coders_see_their_own_work(people, theirs, own_work):
    Team.objects.create(name="First").members.add(people["coder"], people["coder", 2])
    assert not sees(people["coder"], theirs)


def test_what_lies_outside_is_found_by_no_list_and_no_search(people, theirs, own_work, client):
    client.force_login(people["coder"])
    for address in ("worklist", "my-cases"):
        assert theirs.external_id not in client.get(reverse(address)).text
    found = client.post(reverse("find-encounters"), {"external_id": theirs.external_id})
    assert "No encounter has exactly this." in found.text


def test_a_patients_other_encounters_are_listed_as_far_as_they_are_seen(
    people, hip, theirs, own_work, client
):
    mine = factories.encounter(people, hip, patient_reference=theirs.patient_reference)
    client.force_login(people["coder"])
    assert theirs.external_id not in whole_page(client, mine)
    client.force_login(people["supervisor"])
    assert theirs.external_id in whole_page(client, mine)


def test_the_uploads_of_another_coder_are_not_there(people, hip, own_work, client):
    upload = factories.upload(people, b"external_id\n1\n")
    client.force_login(people["coder", 2])
    assert str(upload.public_id) not in client.get(reverse("uploads")).text
    assert client.get(upload.get_absolute_url()).status_code == 404
    client.force_login(people["auditor"])
    assert client.get(upload.get_absolute_url()).status_code == 200


def test_the_setting_is_one_of_three(tmp_path):
    code = "import environ; environ.Env.read_env = staticmethod(lambda *a, **k: None); import config.settings"
    own = {"CODERS_SEE": "some", "SECRET_KEY": "x", "AUDIT_KEY": "y", "BROKER_DIR": str(tmp_path)}
    environment = {"PATH": os.environ["PATH"], **own}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert "CODERS_SEE is all, own or team." in done.stderr
