"""Signing with a second factor: its code is asked for beside the password, and counts once."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import include, path, reverse

from coding.models import AuditEvent, Signature
from reviews.models import ReportExport
from tests import factories
from tests.signing import signed

# With the pages of security keys, which are there where the settings support these.
urlpatterns = [
    path("", include("config.urls")),
    path("accounts/2fa/webauthn/", include("allauth.mfa.webauthn.urls")),
]


@pytest.fixture
def secret(people):
    secret = generate_totp_secret()
    TOTP.activate(people["supervisor"], secret)
    return secret


def code(secret, periods=0):
    """The code of now, or of some periods of half a minute later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


@pytest.fixture
def address(people, hip, client, secret, settings):
    """Where a report is exported."""
    encounter = factories.encounter(people, hip, diagnoses=("Q65.02",))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    settings.SIGN_AGAIN = True
    settings.MFA_TOTP_TOLERANCE = 1
    client.force_login(people["supervisor"])
    return reverse("export-report", args=[encounter.public_id])


def test_password_and_code_sign_together(client, address, secret):
    assert client.post(address, signed({}, signing_code=code(secret))).status_code == 200
    assert Signature.objects.get(meaning="export").means == "password_and_code"


@pytest.mark.parametrize("typed", ["", "000000x"])
def test_a_right_password_without_the_right_code_signs_nothing(client, address, typed):
    refused = client.post(address, signed({}, signing_code=typed))
    assert refused.context["form"].errors.keys() == {"signing_code"}
    assert not ReportExport.objects.exists()
    assert AuditEvent.objects.filter(
        event="signature.refused", after__wrong="code"
    ).exists() is bool(typed)


def test_a_wrong_password_uses_up_no_code(client, address, secret):
    client.post(address, signed({}, "wrong horse", signing_code=code(secret)))
    assert client.post(address, signed({}, signing_code=code(secret))).status_code == 200


def test_a_code_counts_once_and_the_next_one_again(client, address, secret):
    first, following = code(secret), code(secret, 1)
    client.post(address, signed({}, signing_code=first))
    assert client.post(address, signed({}, signing_code=first)).status_code == 422
    assert client.post(address, signed({}, signing_code=following)).status_code == 200


def test_a_recovery_code_stands_in(people, client, address):
    recovery = RecoveryCodes.activate(people["supervisor"]).get_unused_codes()[0]
    assert client.post(address, signed({}, signing_code=recovery)).status_code == 200


@pytest.mark.urls(__name__)
def test_who_has_a_security_key_only_is_led_to_it_first(people, client, address, settings):
    Authenticator.objects.filter(user=people["supervisor"]).update(type=Authenticator.Type.WEBAUTHN)
    settings.MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
    form = client.post(address, signed({})).context["form"]
    assert form.errors["signing_password"] == ["Use your security key first: the link is above."]
    assert not ReportExport.objects.exists()
