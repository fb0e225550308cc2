"""What an account may do is what the trail tells."""

import pytest
from django.core.management import call_command
from django.db import connection

from coding import trail
from coding.models import AuditEvent, User
from coding.trail import guards
from tests import factories
from tests.reviews.whole_records import found, problem, tell_accounts

pytestmark = pytest.mark.both


@pytest.fixture
def coder(people):
    """An account of which the trail tells; the guards are lifted."""
    own = people["coder"]
    tell_accounts()
    guards.lift(connection)
    return own


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE coding_user SET is_superuser = NOT is_superuser WHERE id = {}",
        "UPDATE coding_user SET is_active = NOT is_active WHERE id = {}",
        "UPDATE coding_user_groups SET group_id = (SELECT MAX(id) FROM auth_group) WHERE user_id = {}",
        "INSERT INTO coding_user_user_permissions (user_id, permission_id) SELECT {}, MIN(id) FROM auth_permission",
        "DELETE FROM coding_user_groups WHERE user_id = {}",
    ],
)
def test_what_an_account_may_do_is_what_the_trail_tells(coder, change):
    assert problem() == ""
    assert f"user {coder.pk} has another" in found(change.format(coder.pk))


def test_an_account_with_a_role_that_no_verb_made_is_found(coder):
    nobody = User.objects.create_user("nobody")
    assert problem() == ""
    nobody.groups.set(coder.groups.all())
    assert problem() == f"no event tells of user {nobody.pk}"


def test_a_superuser_made_at_the_console_is_told(coder, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", factories.PASSWORD)
    call_command(
        "createsuperuser", username="root", email="root@example.org", interactive=False, verbosity=0
    )
    assert AuditEvent.objects.latest("sequence").subject_id == str(
        User.objects.get(username="root").pk
    )
    assert problem() == ""


def test_a_superuser_of_whom_nothing_can_be_told_is_not_made(coder, monkeypatch):
    monkeypatch.setattr(trail, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command(
            "createsuperuser",
            username="root",
            email="root@example.org",
            interactive=False,
            verbosity=0,
        )
    assert not User.objects.filter(username="root").exists()
