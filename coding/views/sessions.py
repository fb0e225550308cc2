"""What keeps a person's work while their session ends: texts that are kept, and the wish to stay signed in."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render

from coding.actions import kept_texts
from coding.views.access import Respond, allowed, posted_from, user_of

FORM = re.compile(r"[a-z-]{1,30}:[0-9a-f-]{36}")
# Nothing of these is what a person typed.
OURS = {
    "csrfmiddlewaretoken",
    "idempotency_key",
    "seen",
    "revision",
    "suggestion",
    "form",
    "author",
}
# What a person types takes less, and holds no file: of whoever is not signed in nothing else is read.
LONGEST_TYPED = 500_000
TYPED = "application/x-www-form-urlencoded"


@posted_from("home")
@allowed(send=())
def keep_text(request: HttpRequest) -> HttpResponse:
    """Keep what stands in one of the person's forms."""
    form = request.POST.get("form", "")
    if not FORM.fullmatch(form):
        return HttpResponseBadRequest("This form is not known.")
    kept_texts.keep(user_of(request), form, _typed(request), _key(request))
    return HttpResponse(status=204)


class CsrfReason(CsrfViewMiddleware):
    """Django's check, which says why a request is refused and answers nothing."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class KeepTextMiddleware:
    """Keeps what a person sends after their session has ended: they find it in the form when they have signed in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.csrf = CsrfReason(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> None:
        """Before the log-in is asked for, and so before the CSRF check of those who are signed in.

        Of whoever is not, no file is read, and nothing is kept that one of our pages did not send.
        """
        if request.user.is_authenticated or not _may_be_typed(request):
            return
        if "author" in request.POST and not self._is_from_elsewhere(request, view):
            keep_sent(request)

    def _is_from_elsewhere(self, request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
        self.csrf.process_request(request)
        return self.csrf.process_view(request, view, (), {}) is not None


def keep_sent(request: HttpRequest) -> bool:
    """Keep what came with a form that could not be taken, for whomever it was shown to; whether it is kept."""
    token = request.POST.get("author", "")
    return bool(token) and kept_texts.keep_for_author(token, _typed(request), _key(request))


def of_another_session(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page was opened before its person signed in again, elsewhere in the browser: it is not taken.

    What was typed into it is kept; the token of its author says that a page of ours sent it.
    """
    context = {"is_kept": keep_sent(request), "leads_back_to": request.path}
    return render(request, "403_csrf.html", context, status=403)


def _may_be_typed(request: HttpRequest) -> bool:
    """Whether a request is a form without a file, as long as it says and no longer than people type."""
    length = request.headers.get("Content-Length", "")
    is_form = request.method == "POST" and request.content_type == TYPED
    return is_form and length.isdecimal() and int(length) <= LONGEST_TYPED


def _typed(request: HttpRequest) -> dict[str, str]:
    """What stands in the fields that a person fills in, as it was sent."""
    left_out = OURS | kept_texts.CHOICES
    typed = {}
    for name, text in request.POST.items():
        if text and name not in left_out:
            typed[name] = str(text)
    return typed


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return None


@posted_from("home")
@allowed(send=())
def stay(request: HttpRequest) -> HttpResponse:
    """A person wants to stay signed in: any request prolongs the session, this one does nothing else."""
    return HttpResponse(status=204)
