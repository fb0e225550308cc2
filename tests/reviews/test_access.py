"""Every address as every role: who gets in, who is refused, and who is not even told that something is there."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from coding.models import Encounter
from reviews.authorisation import doors
from reviews.roles import ROLES
from tests import factories
from tests.reviews.addresses import FORMS, MOVED, OWN, PAGES, PUBLIC, VERBS, WITH_MAIL, full_form

pytestmark = pytest.mark.looks
# What is asked there is answered at once, and of the note nothing stays; a refused account needs one sentence.
NOTHING_IS_KEPT = {"ask", "try-lexicon", "proposal"}
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
# When a session was last used is its own row.
VIEW_LOG = {"coding_auditevent", "coding_audithead", "django_session"}


@pytest.fixture
def people(stored_people):
    return stored_people


@pytest.fixture
def hip(stored):
    return stored.hip


def test_every_address_stands_in_the_table():
    table = set(PAGES) | set(VERBS) | MOVED | OWN | WITH_MAIL | PUBLIC
    assert {door.name for door in doors() if door.ours and door.name} == table


def test_what_the_views_say_that_they_need_is_what_the_table_says():
    own = [door for door in doors() if door.ours and door.name and not door.public]
    pages = {door.name: door.readers() for door in own if not door.needs.leads_on}
    assert pages == PAGES | {name: set(ROLES) for name in WITH_MAIL}
    forms = {door.name: door.senders() for door in own if door.needs.send is not None}
    assert forms == VERBS | FORMS | {name: set(ROLES) for name in OWN | WITH_MAIL}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_gets_into_its_own_pages_and_no_others_and_only_the_view_log_is_written(
    people, address, client, role
):
    client.force_login(people[role])
    for name, roles in PAGES.items():
        page, written = opened(client, address(name))
        status = page.status_code
        assert (status in (200, 302)) is (role in roles), (name, status)
        assert status in (200, 302, 403), (name, status)
        assert status == 403 or written <= VIEW_LOG, (name, written)
        if status == 200 and name not in NOTHING_IS_KEPT:
            check_that_texts_are_kept(page.content.decode(), name)


def opened(client, address):
    """A page, and the tables that were written to when it was opened."""
    written = set()

    def note(execute, sql, *rest):
        written.update(WRITES.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        return client.get(address), written


def check_that_texts_are_kept(page, name):
    """Whoever writes sentences into a form finds them again after their session has ended."""
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL):
        assert "<textarea" not in form or 'name="author"' in form, name


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_carries_out_its_own_verbs_and_no_others(people, address, client, role):
    client.force_login(people[role])
    check_forms(client, address, VERBS, role)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_sends_the_forms_of_its_pages_and_no_others(people, address, client, role):
    client.force_login(people[role])
    check_forms(client, address, FORMS, role)


def check_forms(client, address, table, role):
    """An empty form tells who may send one; who may not is refused with a full one too."""
    for name, roles in table.items():
        status = client.post(address(name)).status_code
        assert (status != 403) is (role in roles), (name, status)
        assert status < 500, (name, status)
        if role not in roles:
            assert client.post(address(name), full_form()).status_code == 403, name


def test_an_address_that_takes_forms_only_leads_to_its_page_and_never_shows_an_empty_one(
    people, address, client
):
    for role in ("coder", "supervisor"):
        client.force_login(people[role])
        for name in sorted(set(VERBS) | MOVED | OWN):
            response = client.get(address(name))
            assert response.status_code == 302, (name, response.status_code)


def test_whoever_is_signed_in_keeps_texts_and_stays(people, client, address):
    for role in ROLES:
        client.force_login(people[role])
        assert client.post(reverse("stay")).status_code == 204
        assert client.post(reverse("keep-text"), {"form": "nonsense"}).status_code == 400


def test_nobody_gets_in_without_a_login(address, client):
    for name in sorted(set(PAGES) | set(VERBS) | MOVED | OWN):
        for response in (client.get(address(name)), client.post(address(name))):
            assert response.status_code == 302, name
            assert response.url.startswith(reverse("account_login")), name


def test_another_coders_case_is_not_there(people, address, client):
    client.force_login(people["coder", 2])
    assert client.get(address("case")).status_code == 404
    assert client.post(address("acknowledge")).status_code == 404


def test_a_form_without_its_token_is_refused(people, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["coder"])
    for name in VERBS:
        assert client.post(address(name)).status_code == 403, name


def test_the_administration_is_for_its_roles(people, client, db):
    for role in ROLES:
        client.force_login(people[role])
        expected = 200 if role in ("rule author", "rule approver", "administrator") else 302
        assert client.get(reverse("admin:index")).status_code == expected, role
    client.force_login(people["administrator"])
    assert client.get(reverse("admin:coding_rulesetversion_changelist")).status_code == 403


def test_a_decided_encounter_leads_to_its_page_instead_of_the_form(people, hip, client):
    service = factories.service(people, hip)
    encounters = Encounter.objects.count()
    factories.decide(people["coder"], service, factories.PAVLIK)
    client.force_login(people["coder"])
    assert (
        client.get(reverse("code", args=[service.public_id])).url
        == service.encounter.get_absolute_url()
    )
    assert Encounter.objects.count() == encounters
