"""At the console of the server a role and a link take no second administrator; the trail tells where they were made."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from coding.models import AuditEvent, User


@pytest.fixture
def somebody(people):
    assert people["coder"].is_active
    return User.objects.create_user("somebody")


def test_a_role_is_given_and_lets_into_the_administration(somebody):
    call_command("give_role", "somebody", "administrator", stdout=StringIO())
    somebody.refresh_from_db()
    assert somebody.is_staff
    assert [group.name for group in somebody.groups.all()] == ["administrator"]
    event = AuditEvent.objects.get(event="user.roles_changed")
    assert (event.actor, event.reason) == (None, "At the console of the server.")


@pytest.mark.parametrize(
    ("name", "problem"), [("nobody", "There is no account"), ("somebody", "Nobody is")]
)
def test_a_role_that_cannot_be_given_is_refused_in_words(somebody, people, name, problem):
    somebody.groups.add(people["rule author"].groups.get())
    with pytest.raises(CommandError, match=problem):
        call_command("give_role", name, "rule approver")


def test_a_link_is_printed_and_opens(somebody, client):
    out = StringIO()
    call_command("one_time_link", "somebody", site="https://concord.example.org/", stdout=out)
    site, path = out.getvalue().strip().split("/password/")
    assert site == "https://concord.example.org"
    assert "Choose your password" in client.get(f"/password/{path}", follow=True).text
    assert AuditEvent.objects.get(event="user.link_made").reason == "At the console of the server."


def test_nobody_gets_a_link_who_is_not_there_or_may_not_sign_in(somebody):
    User.objects.update(is_active=False)
    for name in ("nobody", "somebody"):
        with pytest.raises(CommandError):
            call_command("one_time_link", name)
