"""A second factor where a role asks for one: everything else waits until it is set up."""

from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, get_resolver, reverse

from coding.models import AuditEvent
from coding.views.doors import DUE
from reviews.roles import ROLES, check_second_factor_roles
from tests import factories

SET_UP = "mfa_index"


@pytest.fixture(autouse=True)
def _asked_for(settings):
    settings.SECOND_FACTOR_ROLES = settings.WATCHING_ROLES


def activate(person):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code_for(secret):
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


@pytest.mark.parametrize("role", sorted(configured.WATCHING_ROLES))
def test_without_it_every_address_leads_to_where_it_is_set_up(people, client, role):
    client.force_login(people[role])
    for name in ("home", "worklist", "rule-sets", "admin:index", "usersessions_list"):
        response = client.get(reverse(name), follow=True)
        assert response.redirect_chain[0][0] == reverse(SET_UP), name
        assert DUE in response.text


def test_no_verb_is_carried_out_without_it(people, client, hip):
    case = factories.case_of(
        factories.decide(
            people["coder"], factories.encounter(people, hip), factories.PAVLIK, factories.insists()
        )
    )
    client.force_login(people["supervisor"])
    response = client.post(reverse("claim", args=[case.public_id]))
    assert (response.status_code, response.url) == (302, reverse(SET_UP))
    case.refresh_from_db()
    assert case.holder is None
    asked_by_part = client.post(
        reverse("claim", args=[case.public_id]), headers={"HX-Request": "true"}
    )
    assert asked_by_part["HX-Redirect"] == reverse(SET_UP)


def test_who_has_set_it_up_gets_where_they_wanted(people, client):
    supervisor = people["supervisor"]
    client.force_login(supervisor)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    assert "Recovery codes" in response.text
    assert client.get(reverse("queue")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(people, client):
    RecoveryCodes.activate(people["supervisor"])
    client.force_login(people["supervisor"])
    assert client.get(reverse("queue")).url == reverse(SET_UP)


def test_who_removes_it_sets_up_another_one_before_anything_else(people, client):
    supervisor = people["supervisor"]
    activate(supervisor)
    client.force_login(supervisor)
    assert client.get(reverse("queue")).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(reverse("queue")).url == reverse(SET_UP)


def test_the_way_out_stands_open(people, client):
    client.force_login(people["supervisor"])
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("queue")).url.startswith(reverse("account_login"))


def test_a_superuser_is_no_exception(people, client):
    coder = people["coder"]
    coder.is_superuser = True
    coder.save()
    client.force_login(coder)
    assert client.get(reverse("worklist")).url == reverse(SET_UP)


def test_a_role_that_is_not_named_works_without_and_one_that_is_does_not(people, client, settings):
    client.force_login(people["coder"])
    assert client.get(reverse("worklist")).status_code == 200
    settings.SECOND_FACTOR_ROLES = ["coder"]
    assert client.get(reverse("worklist")).url == reverse(SET_UP)


def test_a_role_that_there_is_not_is_told_before_concord_starts(settings):
    settings.SECOND_FACTOR_ROLES = ["supervisors"]
    with pytest.raises(ImproperlyConfigured, match="“supervisors” is no role"):
        check_second_factor_roles()


def test_all_roles_but_the_coder_are_asked_by_default():
    assert set(configured.WATCHING_ROLES) == set(ROLES) - {"coder"}


def test_a_recovery_code_stands_in_once_for_an_app_that_was_lost(people, client):
    supervisor = people["supervisor"]
    activate(supervisor)
    (code, *_) = RecoveryCodes.activate(supervisor).generate_codes()
    for works in (True, False):
        client.post(
            reverse("account_login"), {"login": supervisor.username, "password": factories.PASSWORD}
        )
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get(reverse("queue")).status_code == 200) is works
        client.post(reverse("account_logout"))
    (event,) = AuditEvent.objects.filter(event="user.logged_in")
    assert event.after["by"] == ["password", "recovery_codes"]


def test_a_superuser_takes_away_what_somebody_lost_and_sees_no_secret(people, client):
    coder, admin = people["coder"], people["administrator"]
    admin.is_superuser = True
    admin.save()
    activate(admin)
    secret = activate(coder)
    factor = Authenticator.objects.get(user=coder)
    client.force_login(admin)
    page = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk]))
    assert page.status_code == 200
    assert secret not in page.text
    client.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    event = AuditEvent.objects.get(event="user.factor_removed")
    assert (event.actor, event.subject_id) == (admin, str(coder.pk))
    assert event.after["factor"] == "authenticator app"


def test_a_person_sees_their_security_keys(people, client):
    coder = people["coder"]
    credential = {"clientExtensionResults": {"credProps": {"rk": False}}}
    key = {"name": "Blue key", "credential": credential}
    Authenticator.objects.create(user=coder, type=Authenticator.Type.WEBAUTHN, data=key)
    client.force_login(coder)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    assert "Blue key" in client.get(reverse("mfa_list_webauthn")).text


def test_no_page_of_an_account_fails(people, client):
    """Those of the library too, whose templates nobody here wrote."""
    own = ("account_", "mfa_", "usersessions_")
    client.force_login(people["coder"])
    for name in [
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and name.startswith(own)
    ]:
        with suppress(NoReverseMatch):
            assert client.get(reverse(name)).status_code < 500, name
