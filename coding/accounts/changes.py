"""How the trail learns what allauth changes of an account: second factors and the e-mail address.

It offers no hook of its own that stands in the transaction of the change; Django's signals of a row do.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction

from coding import trail
from coding.accounts.places import client_of
from coding.models import User

NAMES = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "security key",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def factor_added(instance: Authenticator, created: bool, **_: Any) -> None:
    """Receiver of ``post_save``; a code that was used is no new factor."""
    if created:
        _note("user.factor_added", instance.user, {"factor": NAMES[instance.type]})


def factor_removed(instance: Authenticator, **_: Any) -> None:
    """Receiver of ``post_delete``, by whatever door it is removed."""
    _note("user.factor_removed", instance.user, {"factor": NAMES[instance.type]})


def email_changed(user: User, **_: Any) -> None:
    """Receiver of allauth's ``email_changed``. The address itself stays out of the trail."""
    _note("user.email_changed", user, {})


def _note(event: str, person: User, after: dict[str, str]) -> None:
    request = context.request
    if request is None:
        by = None
    else:
        by = request.user if request.user.is_authenticated else person
        after = {**after, "client": client_of(request)}
    with transaction.atomic():
        trail.record(by, event, person, after=after)
