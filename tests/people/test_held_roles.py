"""Who holds roles that watch each other, from the time before they were refused, is told of to whom it concerns."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.urls import reverse

from coding.accounts import roles_apart
from coding.models import User

TOLD = "Somebody holds roles that nobody may hold together."


@pytest.fixture
def both(people):
    """A coder who is an auditor too."""
    person = people["coder"]
    person.groups.add(people["auditor"].groups.get())
    return person


@pytest.mark.parametrize(("first", "second"), settings.ROLES_APART)
def test_whoever_holds_a_forbidden_pair_is_found(people, first, second):
    person = people[first]
    assert not roles_apart.holders().exists()
    person.groups.add(people[second].groups.get())
    assert [found.pk for found in roles_apart.holders()] == [person.pk]
    assert f"{first} and {second}" in roles_apart.told_of(person)


def test_who_may_not_sign_in_does_no_harm(both):
    User.objects.filter(pk=both.pk).update(is_active=False)
    assert not roles_apart.holders().exists()


@pytest.mark.parametrize("role", ["administrator", ("auditor", 2)])
def test_administrators_and_auditors_are_told_on_every_page_and_read_who(
    people, both, client, role
):
    client.force_login(people[role])
    page = client.get(reverse("duties"))
    assert TOLD in page.text
    assert both.username in page.text
    assert "coder and auditor" in page.text


def test_the_administration_tells_it_and_lists_the_holders(people, both, client):
    client.force_login(people["administrator"])
    assert TOLD in client.get(reverse("admin:index")).text
    listed = client.get(reverse("admin:coding_user_changelist"), {"apart": "yes"})
    assert [person.pk for person in listed.context["cl"].result_list] == [both.pk]


@pytest.mark.parametrize("role", ["supervisor", "rule author", ("coder", 2)])
def test_nobody_else_is_told(people, both, client, role):
    client.force_login(people[role])
    assert TOLD not in client.get(reverse("home"), follow=True).text
    assert client.get(reverse("duties")).status_code == 403


def test_a_house_in_order_is_told_nothing(people, client):
    client.force_login(people["auditor"])
    page = client.get(reverse("duties"))
    assert TOLD not in page.text
    assert "Nobody who may sign in holds roles that watch each other." in page.text


def test_the_check_of_the_database_warns_of_each(both):
    [warning] = [found for found in run_checks(databases=["default"]) if found.id == "concord.W001"]
    assert warning.msg == f"{both.username} is coder and auditor."


def test_a_name_in_the_settings_that_is_no_role_is_warned_of(people, settings):
    settings.ROLES_BY_TWO = [people["supervisor"].groups.get().name, "superviser"]
    [warning] = [found for found in run_checks(databases=["default"]) if found.id == "concord.W002"]
    assert "“superviser”" in warning.msg


def test_without_a_database_the_check_asks_none(both):
    assert not [found for found in run_checks() if found.id == "concord.W001"]


def test_the_command_lists_the_holders_and_fails(both):
    out = StringIO()
    with pytest.raises(CommandError, match="1 account"):
        call_command("report_duties", stdout=out)
    assert out.getvalue() == f"{both.username}: coder and auditor\n"


def test_the_command_is_content_with_a_house_in_order(people):
    out = StringIO()
    call_command("report_duties", stdout=out)
    assert "Nobody holds roles" in out.getvalue()
