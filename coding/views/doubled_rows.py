"""The items of a file that share an id, side by side; a person chooses which of them counts."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from coding.actions import doubled_rows as actions
from coding.actions import uploads
from coding.forms.doubled_rows import ChooseForm, FirstItemForm
from coding.importing.doubled_rows import DoubledId, doubled_ids, shown_ids
from coding.models import Upload
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from coding.views.pages import page_of


@allowed("coding.view_upload", send="coding.add_encounter")
def doubled_rows(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The ids that stand in the file more than once. The page takes its own forms."""
    actor = user_of(request)
    upload = get_object_or_404(
        Upload.objects.for_user(actor).select_related("check_job"), public_id=public_id
    )
    if request.method == "POST":
        return _choose(request, upload)
    uploads.view(actor, upload)
    return _page(request, upload)


def _choose(request: HttpRequest, upload: Upload) -> HttpResponse:
    named = FirstItemForm(request.POST)
    if not named.is_valid():
        return redirect(request.get_full_path())
    row = upload.rows.filter(doubled=True, number=named.cleaned_data["first"]).first()
    if row is None:
        return redirect(request.get_full_path())

    actor = user_of(request)
    [doubled] = shown_ids(upload, [row.external_id])
    form = ChooseForm(request.POST, doubled=doubled)

    def act() -> str:
        actions.choose(actor, upload, row.external_id, form.kept, form.cleaned_data["reason"])
        messages.success(request, f"{row.external_id}: {row_in_words(doubled, form.kept)}")
        return request.get_full_path()

    if form.is_valid():
        leads_on = redirect_unless_refused(actor, form, act)
        if leads_on:
            return leads_on
    return _page(request, upload, form)


def row_in_words(doubled: DoubledId, number: int | None) -> str:
    """What was chosen."""
    place = next((row.place for row in doubled.rows if row.number == number), None)
    return f"the item at {place} counts." if place else "all its items are rejected."


def _page(request: HttpRequest, upload: Upload, refused: ChooseForm | None = None) -> HttpResponse:
    page = page_of(request, doubled_ids(upload))
    context = {
        "upload": upload,
        "page": page,
        "ids": _with_forms(upload, page, refused),
        "refused": refused,
        "is_open": upload.import_job_id is None,
    }
    return form_page(request, "coding/doubled_rows.html", context, refused=refused is not None)


def _with_forms(
    upload: Upload, page: Page[Any], refused: ChooseForm | None
) -> list[tuple[DoubledId, ChooseForm]]:
    """Each id with its form; the one that was refused as it was sent."""
    forms = []
    for doubled in shown_ids(upload, [row["external_id"] for row in page]):
        if refused is not None and refused["first"].value() == str(doubled.number):
            form = refused
        else:
            form = ChooseForm(doubled=doubled)
        forms.append((doubled, form))
    return forms
