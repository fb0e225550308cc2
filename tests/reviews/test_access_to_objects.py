"""Objects of others: what lies outside of a coder's sight is not there, on any address, whatever is sent."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from coding.models import Service
from reviews.authorisation import SIGHTS, doors, sight_of
from reviews.roles import ROLES
from tests.reviews.addresses import full_form

PAGE = Path(__file__).parents[2] / "docs" / "authorisation.md"
# What is not there is told before what is wrong with a form, and after what a role may not do at all.
OF_OBJECTS = [door for door in doors() if door.kind]
pytestmark = pytest.mark.looks


@pytest.fixture
def people(stored_people):
    return stored_people


@pytest.fixture
def taken(people, address):
    """Addresses of objects that are all the work of one coder."""
    Service.objects.filter(assigned_to=None).update(assigned_to=people["coder"])
    return address


def test_each_kind_of_object_has_addresses():
    assert {door.kind for door in OF_OBJECTS} == set(SIGHTS)


def test_another_coders_objects_are_not_there_on_any_address(people, taken, client):
    client.force_login(people["coder", 2])
    for door in OF_OBJECTS:
        path = taken(door.name)
        if "coder" in door.readers() and not door.needs.leads_on:
            assert client.get(path).status_code == 404, door
        if "coder" in door.senders():
            assert client.post(path).status_code == 404, door
            assert client.post(path, full_form()).status_code == 404, door


def test_what_is_a_coders_own_is_there(people, taken, client):
    client.force_login(people["coder"])
    for door in OF_OBJECTS:
        if "coder" in door.readers() and not door.needs.leads_on:
            assert client.get(taken(door.name)).status_code in (200, 302), door


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_who_sees_every_object_gets_to_each(people, taken, client, role):
    client.force_login(people[role])
    for door in OF_OBJECTS:
        if role in door.readers() and not door.needs.leads_on:
            assert sight_of(role, door.kind) == "every"
            assert client.get(taken(door.name)).status_code in (200, 302), door


def test_lists_of_another_coder_hold_none_of_it(people, taken, client):
    paths = [taken(name) for name in ("encounter", "service", "case", "query", "upload")]
    client.force_login(people["coder", 2])
    for listed in ("worklist", "my-cases", "uploads"):
        text = client.get(reverse(listed)).text
        assert not [path for path in paths if path in text], listed


def test_where_coders_see_all_another_coders_encounter_is_there(people, taken, client, settings):
    settings.CODERS_SEE = "all"
    client.force_login(people["coder", 2])
    for name in ("encounter", "service", "upload"):
        assert client.get(taken(name)).status_code in (200, 302), name
    assert client.get(taken("case")).status_code == 404


def test_a_role_without_sight_of_a_kind_reads_no_address_of_it():
    for door in OF_OBJECTS:
        blind = {role for role in ROLES if sight_of(role, door.kind) == "none"}
        reads = door.readers() if not door.needs.leads_on else door.senders()
        assert not blind & reads, door


def test_the_page_that_tells_all_this_is_as_the_code_is(capsys):
    call_command("authorisation_matrix")
    wanted = capsys.readouterr().out
    assert PAGE.read_text() == wanted, "Run: manage.py authorisation_matrix > docs/authorisation.md"
