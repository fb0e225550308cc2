"""What every request gets: an id for logs and the audit trail, limits, and a plain page when a verb refuses."""

import time
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from coding.accounts.places import client_of
from coding.actions import sign_ins
from coding.actions.errors import Conflict
from coding.views.access import Respond, View, needs_of
from coding.views.sessions import keep_sent

# What the other fields of a form may add to a file.
FORM_BYTES = 1024 * 1024

# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available. SQLite: another one wrote for too long.
COLLISIONS = {"40001", "40P01", "55P03", "SQLITE_BUSY"}
COLLIDED = "Somebody changed the same records at the same instant, and nothing of yours was stored. Send it once more."


class RequestIdMiddleware:
    """Gives each request an id of our own making; what a client sends could be anything."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Bind the id for as long as the request lasts."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))
        return self.get_response(request)


class SessionLimitMiddleware:
    """Ends a session that has lasted as long as one may, however busy it was."""

    BEGAN = "began"

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count from the first request of a person who has signed in."""
        if request.user.is_authenticated:
            began = request.session.setdefault(self.BEGAN, time.time())
            if time.time() - began > settings.SESSION_LONGEST_SECONDS:
                person = request.user
                logout(request)
                sign_ins.sign_out(
                    person, client_of(request), "The session had lasted as long as one may."
                )
        return self.get_response(request)


class PrivacyMiddleware:
    """Has browsers keep no page of a person who has signed in, and forget those they hold when the person leaves.

    What the browser stores for the person stays: their theme, and that number keys are off (WCAG 2.1.4).
    """

    # None of these is used by any page.
    FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to whatever is answered; files without a patient's data never come this far."""
        # Signing out leaves nobody to ask afterwards.
        leaves = request.method == "POST" and request.path == reverse("account_logout")
        response = self.get_response(request)
        if "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        response["Permissions-Policy"] = self.FEATURES
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if leaves:
            response["Clear-Site-Data"] = '"cache"'
        return response


class OddAddressMiddleware:
    """Answers an address that holds the character NUL, which PostgreSQL keeps in no text, before it is asked."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse it in the administration, whose filters ask the database for whatever the address says."""
        in_administration = request.path.startswith(reverse("admin:index"))
        if in_administration and "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        return self.get_response(request)


class PermissionMiddleware:
    """Refuses before anything of a form is read: a file that a person may not send is not received first.

    It stands before the check of CSRF tokens, which reads the form.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Ask for what the view says that it needs. Who is not signed in was led to the log-in before."""
        needs = needs_of(view)
        if needs is not None:
            needs.check(request)
        has_no_business_there = request.user.is_authenticated and not request.user.is_staff
        if request.method == "POST" and has_no_business_there and _is_of_administration(request):
            raise PermissionDenied


def _is_of_administration(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "admin" in request.resolver_match.app_names


class UploadLimitMiddleware:
    """Refuses a request that is too large before any of its body is read."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go by the length that the client announces; servers read no more than that."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > settings.UPLOAD_BYTES + FORM_BYTES:
            return render(request, "413.html", {"most": settings.UPLOAD_BYTES}, status=413)
        return self.get_response(request)


class RefusalMiddleware:
    """Shows a ``Conflict`` as a page of status 409 that says who was faster and what to do; what was sent is kept.

    So does what the database gave up, as it met what somebody else was writing: nothing of it is stored.

    An id beyond 64 bits, at which SQLite's driver stumbles, and one that is no number, of a row that was chosen in the
    administration, are nothing that a page of ours sends: status 400.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a conflict, and an id that none is; anything else is Django's."""
        if isinstance(exception, OverflowError) or _is_odd_choice(request, exception):
            return render(request, "400.html", status=400)
        if _has_collided(exception):
            exception = Conflict(COLLIDED)
        if not isinstance(exception, Conflict):
            return None
        keep_sent(request)
        # A page takes its own forms; a verb without a page, and a page that cannot be shown, say where to go on.
        own_page = request.path if request.method == "POST" else ""
        leads_back_to = getattr(request, "leads_back_to", own_page)
        context = {
            "heading": exception.heading,
            "message": str(exception),
            "leads_back_to": leads_back_to,
        }
        return render(request, "409.html", context, status=409)


def _has_collided(exception: Exception) -> bool:
    """Whether the database ended a transaction for another one that wrote the same rows at the same instant."""
    cause = exception.__cause__
    codes = {getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)}
    return isinstance(exception, OperationalError) and bool(codes & COLLISIONS)


def _is_odd_choice(request: HttpRequest, exception: Exception) -> bool:
    """Whether something broke for a row that was chosen in a list of the administration has an id that is none."""
    chosen = request.POST.getlist("_selected_action")
    return isinstance(exception, ValueError) and not all(key.isdecimal() for key in chosen)
