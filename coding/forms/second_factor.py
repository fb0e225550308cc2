"""allauth's forms for a second factor, which tell the trail of what did not get in."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm

from coding.accounts.places import client_of
from coding.actions import sign_ins


class NotesFailure:
    """A code or a key that is not the person's is noted."""

    def full_clean(self) -> None:
        """Check what was sent, once."""
        form: Any = self
        super().full_clean()  # type: ignore[misc]
        if form.is_bound and form.errors:
            sign_ins.fail(
                form.user.get_username(), client_of(context.request), sign_ins.SECOND_FACTOR
            )


class CodeForm(NotesFailure, AuthenticateForm):
    """A code at the sign-in."""


class CodeAgainForm(NotesFailure, ReauthenticateForm):
    """A code before something sensitive."""


class KeyForm(NotesFailure, AuthenticateWebAuthnForm):
    """A security key at the sign-in."""


class KeyAgainForm(NotesFailure, ReauthenticateWebAuthnForm):
    """A security key before something sensitive."""
