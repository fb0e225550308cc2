"""One-time links: shown once or mailed to the person, who chooses a password by one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from coding.accounts import mails
from coding.accounts.links import TOKENS, Link
from coding.actions import accounts
from coding.models import User


class OneTimeLinkView(PasswordResetConfirmView):
    """The page to which a link leads. Django keeps the token in the session, out of the address."""

    template_name = "coding/one_time_link.html"
    success_url = reverse_lazy("account_login")
    token_generator = TOKENS

    def get_user(self, uidb64: str) -> User | None:
        """The person, while they may sign in."""
        person = super().get_user(uidb64)
        if not isinstance(person, User) or not person.is_active:
            return None
        return person

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
        person = self.user if self.validlink else None
        context["username"] = person.get_username() if person else ""
        return dict(context)


def show_once(request: HttpRequest, link: Link, leads_back_to: str) -> HttpResponse:
    """Mail the link to its person; where none can be sent, or the person has no address, show it this once."""
    address = request.build_absolute_uri(link.path)
    context = {
        "person": link.person,
        "address": address,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    subject = "Choose your password for Concord"
    is_sent = mails.send("coding/one_time_link", subject, context, [link.person.email])
    if is_sent:
        messages.success(request, f"The link was mailed to {link.person.name}.")
        return redirect(leads_back_to)
    context["leads_back_to"] = leads_back_to
    return render(request, "coding/one_time_link_shown.html", context)
