"""How a page asks a person to confirm that it is they who sign: the password, and their second factor.

Passwords and codes are checked by allauth, with the limits of a log-in: what is guessed here and there counts together.
What a session remembers is that and how somebody confirmed, never with what.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from coding.actions import signatures
from coding.models import Meaning, Means, User
from coding.signing.confirmation import STAY_GOOD, Confirmation, by_sign_in
from coding.views.access import user_of

REMEMBERED = "signing"
PASSWORD, CODE = "signing_password", "signing_code"
# Allauth's own limit for what it calls a recent re-authentication.
KEY_IS_FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class Signing:
    """What one request has to ask of its person before it signs."""

    request: HttpRequest
    meaning: Meaning

    @property
    def person(self) -> User:
        """Who signs."""
        return user_of(self.request)

    @cached_property
    def confirmation(self) -> Confirmation | None:
        """What was confirmed already: by signing in to a local copy, or some minutes ago where that stays good."""
        return by_sign_in(self.person) or self._remembered

    @property
    def good_until(self) -> datetime | None:
        """Until when no password is asked for; None where it is, or where the sign-in counts."""
        return self._good_until if self._remembered and settings.SIGN_AGAIN else None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields to be filled in."""
        if self.confirmation:
            return ()
        return (PASSWORD, CODE) if self.asks_code else (PASSWORD,)

    @property
    def asks_code(self) -> bool:
        """Whether the person has a second factor that a code proves, and has not proved one with their key just now."""
        return Authenticator.Type.TOTP in self._factors and not self._key_is_fresh

    @property
    def key_address(self) -> str:
        """Where somebody whose only second factor is a security key uses it first; empty where nobody needs to."""
        asks_key = (
            Authenticator.Type.WEBAUTHN in self._factors
            and Authenticator.Type.TOTP not in self._factors
        )
        if self.confirmation or not asks_key or self._key_is_fresh:
            return ""
        return reverse("mfa_reauthenticate_webauthn", query={"next": self.request.path})

    def confirm(self, password: str, code: str) -> Confirmation:
        """Check what the person typed. Raises ValidationError by field; a wrong one is an event."""
        if self.confirmation:
            return self.confirmation
        if self.key_address:
            raise ValidationError({PASSWORD: "Use your security key first: the link is above."})
        self._check_password(password)
        means = self._check_factor(code)
        if self.meaning in STAY_GOOD:
            kept = {"person": self.person.pk, "at": time.time(), "means": means.value}
            self.request.session[REMEMBERED] = kept
        return Confirmation(self.person.pk, means)

    def _check_password(self, password: str) -> None:
        # As a log-in names the account: failures here and there count together.
        account = {"username": self.person.get_username(), "password": password}
        try:
            known = get_adapter(self.request).authenticate(self.request, **account)
        except ValidationError as limit:
            raise ValidationError({PASSWORD: limit.messages}) from None
        if known is None or known.pk != self.person.pk:
            signatures.refuse(self.person, self.meaning, "password")
            raise ValidationError({PASSWORD: "This is not your password."})

    def _check_factor(self, code: str) -> Means:
        if not self.asks_code:
            return Means.PASSWORD_AND_KEY if self._factors else Means.PASSWORD
        form = ReauthenticateForm({"code": code}, user=self.person)
        if not form.is_valid():
            if form.has_error("code", "incorrect_code"):
                signatures.refuse(self.person, self.meaning, "code")
            raise ValidationError({CODE: form.errors["code"]})
        form.save()
        return Means.PASSWORD_AND_CODE

    @cached_property
    def _factors(self) -> set[str]:
        """The person's second factors; recovery codes stand in for one, and are none by themselves."""
        own = Authenticator.objects.filter(user=self.person, type__in=mfa_settings.SUPPORTED_TYPES)
        return set(
            own.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("type", flat=True)
        )

    @cached_property
    def _key_is_fresh(self) -> bool:
        """Whether a security key was used again in this session some minutes ago."""
        records = get_authentication_records(self.request, self.person)
        used = [record for record in records if record.get("type") == Authenticator.Type.WEBAUTHN]
        fresh = [
            record for record in used if time.time() - record["at"] < KEY_IS_FRESH.total_seconds()
        ]
        return any(record.get("reauthenticated") for record in fresh)

    @cached_property
    def _remembered(self) -> Confirmation | None:
        """What this person confirmed in this session, while it is good and says as much as would be asked today."""
        kept = self.request.session.get(REMEMBERED)
        if self.meaning not in STAY_GOOD or not kept or kept["person"] != self.person.pk:
            return None
        means = Means(kept["means"])
        if timezone.now() >= self._good_until or (means is Means.PASSWORD and self._factors):
            return None
        return Confirmation(self.person.pk, means)

    @property
    def _good_until(self) -> datetime:
        at = datetime.fromtimestamp(
            self.request.session[REMEMBERED]["at"], timezone.get_current_timezone()
        )
        return at + timedelta(seconds=settings.SIGNATURE_SECONDS)
