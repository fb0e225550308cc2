"""What stands at the door of every page: a second factor where a role asks for one, and a note of each refusal."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from coding.accounts import factors
from coding.accounts.places import client_of
from coding.actions import sign_ins
from coding.views.access import Respond, user_of

# Where a factor is set up, and the way out.
OPEN = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_change_password",
    "account_logout",
    "stay",
    "healthz",
}
DUE = "Your role asks for a second factor at sign-in. Set one up here; then everything else opens."


class SecondFactorMiddleware:
    """Leads a person whose role asks for a second factor to where it is set up, from every address."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        """Answer in the place of the view, or not at all."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or name in OPEN:
            return None
        if not factors.is_missing(user_of(request)):
            return None

        messages.warning(request, DUE)
        address = reverse("mfa_index")
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(address)
        return redirect(address)


class RefusedMiddleware:
    """Notes in the trail who asked for what they may not have."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the answer; the address is noted as its pattern, which names no patient and no row."""
        response = self.get_response(request)
        if response.status_code == 403:
            match = request.resolver_match
            person = user_of(request) if request.user.is_authenticated else None
            sign_ins.refuse(
                person,
                client_of(request),
                request.method or "",
                match.route if match else "no address",
            )
        return response
