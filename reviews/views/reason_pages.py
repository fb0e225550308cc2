"""The page that asks why, before something is done that cannot be taken back silently."""

from django.http import HttpRequest, HttpResponse

from coding.forms.parts import IdempotentForm
from coding.models import Encounter
from coding.views.form_pages import form_page


def reason_page(
    request: HttpRequest,
    encounter: Encounter,
    form: IdempotentForm,
    *,
    title: str,
    verb: str,
    lead: str = "",
    **more: object,
) -> HttpResponse:
    """``verb`` stands on the button, ``lead`` above the form; ``more`` is what the page shows besides."""
    context = {"encounter": encounter, "form": form, "title": title, "verb": verb, "lead": lead}
    return form_page(request, "reviews/reason.html", context | more, refused=form.is_bound)
