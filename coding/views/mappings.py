"""How the tables of sending systems are read: shown, changed, forgotten."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coding.actions import mappings as actions
from coding.actions.errors import Conflict
from coding.forms.uploads import MappingForm
from coding.intake.drafts import Layout
from coding.models import SourceLayout
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from coding.views.pages import page_of


@allowed("coding.view_upload")
def mappings(request: HttpRequest) -> HttpResponse:
    """The systems whose columns were matched."""
    page = page_of(request, SourceLayout.objects.select_related("matched_by"))
    return render(request, "coding/mappings.html", {"page": page})


@allowed("coding.view_upload", send="coding.add_encounter")
def mapping(request: HttpRequest, source: str) -> HttpResponse:
    """Which column of a system's tables holds what. The page takes its own form."""
    actor = user_of(request)
    kept = get_object_or_404(SourceLayout.objects.select_related("matched_by"), source=source)
    layout = Layout(**kept.layout)
    # Of a mapping of the time before headers were kept, its own columns can be exchanged.
    headers = kept.headers or list(layout.columns.values())
    first = {"numbered": bool(layout.numbered), "as_read": actions.state_of(kept)}
    form = MappingForm(headers, layout, request.POST or None, initial=first)
    refusal = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            actions.change(actor, kept, form.layout(), form.cleaned_data["as_read"])
            messages.success(request, f"The next files of {kept.source} are read this way.")
            return kept.get_absolute_url()

        try:
            return redirect_once(actor, form, act)
        except Conflict as conflict:
            # What was chosen stays to be read beside what the mapping says now.
            form.add_error(None, str(conflict))
            refusal = HTTPStatus.CONFLICT
    context = {"mapping": kept, "layout": layout, "form": form}
    template = "coding/mapping.html"
    return form_page(request, template, context, refused=form.is_bound, refusal=refusal)


@posted_from("mapping")
@allowed("coding.add_encounter")
def forget_mapping(request: HttpRequest, source: str) -> HttpResponse:
    """Have the next file of a system matched anew."""
    kept = get_object_or_404(SourceLayout, source=source)
    actions.forget(user_of(request), kept)
    messages.success(request, f"The columns of the next file of {source} are matched anew.")
    return redirect("mappings")
