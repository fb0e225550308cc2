"""How people get in: what allauth asks of us at each step, and what the trail and the person learn of it."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from coding import trail
from coding.accounts.places import client_of, place_of
from coding.actions import sign_ins
from coding.models import User

log = structlog.get_logger(__name__)
SINCE = "Since you last signed in from here:"
NOT_YOU = "If that was not you, change your password and end your other sessions."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether a log-in may lead on to it: to a page of ours alone, by its path."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count for an account *and* a client: nobody shuts others out by guessing at their accounts."""
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Hold a client back that failed too often; that it goes on trying is noted."""
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError:
            sign_ins.fail(credentials.get("username", ""), client_of(request), sign_ins.HELD_BACK)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password."""
        sign_ins.fail(credentials.get("username", ""), client_of(request), sign_ins.PASSWORD)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session; the person reads what happened to their account meanwhile."""
        steps = [
            record.get("type", record["method"])
            for record in get_authentication_records(request, user)
        ]
        with transaction.atomic():
            super().login(request, user)
            entered = sign_ins.sign_in(user, place_of(request), steps)
        if entered.notices:
            messages.warning(request, " ".join([SINCE, *entered.notices, NOT_YOU]))
        if entered.is_new_place:
            self.send_notification_mail("account/email/new_place", user)

    def logout(self, request: HttpRequest) -> None:
        """End a session."""
        person, client = request.user, client_of(request)
        with transaction.atomic():
            super().logout(request)
            if person.is_authenticated:
                sign_ins.sign_out(person, client)

    def set_password(self, user: User, password: str) -> None:
        """Take a new password of an account's owner, who knows the old one or has the mail."""
        by = "old password" if self.request.user.is_authenticated else "mail"
        with transaction.atomic():
            super().set_password(user, password)
            trail.record(
                user,
                "user.password_changed",
                user,
                after={"by": by, "client": client_of(self.request)},
            )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take a new address when the mail to it was answered, and tell the former one, which allauth may not know."""
        person = email_address.user
        former = person.email
        is_known = EmailAddress.objects.filter(user=person, email__iexact=former).exists()
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed and former and not is_known:
            context = {"from_email": former, "to_email": email_address.email}
            self.send_notification_mail(
                "account/email/email_changed", person, context, email=former
            )
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it now; a mail server that is away keeps nobody from their work, and operators read of it."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.error("mail_not_sent", mail=template_prefix, problem=type(error).__name__)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """People end their other sessions themselves."""

    def end_sessions(self, sessions: list[Any]) -> None:
        """End these, and say so in the trail."""
        with transaction.atomic():
            super().end_sessions(sessions)
            for person in {session.user for session in sessions}:
                trail.record(
                    person, "user.sessions_ended", person, after={"sessions": len(sessions)}
                )
