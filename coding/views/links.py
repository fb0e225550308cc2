"""One-time links: shown once or mailed to the person, who chooses a password by one."""

from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse_lazy

from coding.accounts.links import TOKENS, Link
from coding.actions import accounts
from coding.models import User

log = structlog.get_logger(__name__)


class OneTimeLinkView(PasswordResetConfirmView):
    """The page to which a link leads. Django keeps the token in the session, out of the address."""

    template_name = "coding/one_time_link.html"
    success_url = reverse_lazy("account_login")
    token_generator = TOKENS

    def get_user(self, uidb64: str) -> User | None:
        """The person, while they may sign in."""
        person = super().get_user(uidb64)
        return person if isinstance(person, User) and person.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, and tell the trail that the person did it themselves."""
        with transaction.atomic():
            response = super().form_valid(form)
            accounts.link_was_used(form.user)
        messages.success(self.request, "Your password is set. Sign in with it.")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the name under which the person signs in."""
        context = super().get_context_data(**kwargs)
        return {**context, "username": self.user.get_username() if self.validlink and self.user else ""}


def show_once(request: HttpRequest, link: Link, leads_back_to: str) -> HttpResponse:
    """Mail the link to its person; where none can be sent, or the person has no address, show it this once."""
    address = request.build_absolute_uri(link.path)
    context = {"person": link.person, "address": address, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    if _was_mailed(link, context):
        messages.success(request, f"The link was mailed to {link.person.name}.")
        return redirect(leads_back_to)
    context["leads_back_to"] = leads_back_to
    return render(request, "coding/one_time_link_shown.html", context)


def _was_mailed(link: Link, context: dict[str, Any]) -> bool:
    """A mail server that is away keeps nobody from their link, and operators read of it."""
    if not (settings.EMAIL_IS_SET_UP and link.person.email):
        return False
    text = render_to_string("coding/one_time_link.txt", context)
    try:
        send_mail("Choose your password for Concord", text, None, [link.person.email])
    except (OSError, SMTPException) as error:
        log.error("mail_not_sent", mail="coding/one_time_link", problem=type(error).__name__)
        return False
    return True
