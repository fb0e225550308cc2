"""What keeps a person's work while their session ends: texts that are kept, and the wish to stay signed in."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from coding.actions import kept_texts
from coding.views.access import allowed, posted_from, user_of
from coding.views.middleware import Respond

FORM = re.compile(r"[a-z-]{1,30}:[0-9a-f-]{36}")
# Nothing of these is what a person typed.
OURS = {"csrfmiddlewaretoken", "idempotency_key", "seen", "revision", "suggestion", "form", "author"}


@posted_from("home")
@allowed(send=())
def keep_text(request: HttpRequest) -> HttpResponse:
    """Keep what stands in one of the person's forms."""
    form = request.POST.get("form", "")
    if not FORM.fullmatch(form):
        return HttpResponseBadRequest("This form is not known.")
    kept_texts.keep(user_of(request), form, _typed(request), _key(request))
    return HttpResponse(status=204)


class KeepTextMiddleware:
    """Keeps what a person sends after their session has ended: they find it in the form when they have signed in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """After the CSRF check, before the log-in is asked for."""
        token = "" if request.user.is_authenticated else request.POST.get("author", "")
        if token:
            kept_texts.keep_for_author(token, _typed(request), _key(request))


def _typed(request: HttpRequest) -> dict[str, str]:
    left_out = OURS | kept_texts.CHOICES
    return {name: str(text) for name, text in request.POST.items() if name not in left_out and text}


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
