"""What keeps a person's work while their session ends: texts that are kept, and the wish to stay signed in."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from coding.actions import kept_texts
from coding.views.access import allowed, posted_from, user_of

FORM = re.compile(r"[a-z-]{1,30}:[0-9a-f-]{36}")
# Nothing of these is what a person typed.
OURS = {"csrfmiddlewaretoken", "idempotency_key", "seen", "revision", "suggestion", "form"}


@posted_from("home")
@allowed(send=())
def keep_text(request: HttpRequest) -> HttpResponse:
    """Keep what stands in one of the person's forms."""
    form = request.POST.get("form", "")
    if not FORM.fullmatch(form):
        return HttpResponseBadRequest("This form is not known.")
    typed = {name: str(text) for name, text in request.POST.items() if name not in OURS | kept_texts.CHOICES and text}
    kept_texts.keep(user_of(request), form, typed, _key(request))
    return HttpResponse(status=204)


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
