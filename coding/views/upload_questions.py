"""Parts of views: what a person is asked before a file is checked, which are its system, its sheet and its columns."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from coding.actions import kept_texts
from coding.actions import uploads as actions
from coding.actions.errors import Conflict
from coding.forms.uploads import MatchForm, SourceForm
from coding.importing.look import hidden_sheets_of, preview_of, proposed, sheets_of
from coding.intake.formats import FORMATS
from coding.models import Upload, User
from coding.views.access import user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page


def keep_source(actor: User, upload: Upload, form: SourceForm) -> None:
    """Keep what a person typed beside a file that was received, to be mended."""
    typed = {name: form[name].value() or "" for name in SourceForm.base_fields}
    del typed["idempotency_key"]
    kept_texts.keep(actor, _kept(upload), typed)


def _kept(upload: Upload) -> str:
    """The name under which is kept what was typed of an upload's source."""
    return f"source:{upload.public_id}"


def source_page(
    request: HttpRequest, upload: Upload, form: SourceForm | None = None
) -> HttpResponse:
    """The page on which the system is named; what was typed with the file stands there with what is wrong with it."""
    typed = kept_texts.kept(user_of(request), _kept(upload))
    if form is not None:
        shown = form
    elif typed:
        # As sent, so that what is wrong with it is said at once.
        shown = SourceForm(typed | {"idempotency_key": uuid.uuid4()})
    else:
        shown = SourceForm()
    context = {"upload": upload, "kind": FORMATS[upload.format], "form": shown}
    return form_page(request, "coding/upload_source.html", context, refused=form is not None)


def name_source(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take the name of the system."""
    actor = user_of(request)
    form = SourceForm(request.POST)
    if not form.is_valid():
        if upload.waits_for_source:
            return source_page(request, upload, form)
        raise Conflict("The system of this file was named already. Reload the page.")

    source, only = form.cleaned_data["source"], form.cleaned_data["rule_set"]

    def act() -> str:
        actions.name_source(actor, upload, source, only)
        kept_texts.forget(actor, _kept(upload))
        return upload.get_absolute_url()

    return redirect_once(actor, form, act)


def match_page(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The page on which a sheet is chosen, where there are several, and the columns of a table are matched."""
    sheets = sheets_of(upload)
    asked = request.GET.get("sheet", "")
    number = int(asked) if asked.isdecimal() else 0
    sheet = sheets[0] if sheets else ""
    if number < len(sheets):
        sheet = sheets[number]
    return _shown(request, upload, sheet, _match_form(upload, sheet))


def _match_form(upload: Upload, sheet: str, *sent: dict[str, Any]) -> MatchForm:
    table = preview_of(upload, sheet)
    layout = replace(proposed(table, upload.source), sheet=sheet)
    return MatchForm(table.headers, layout, *sent)


def _shown(request: HttpRequest, upload: Upload, sheet: str, form: MatchForm) -> HttpResponse:
    context = {
        "upload": upload,
        "table": preview_of(upload, sheet),
        "form": form,
        "sheet": sheet,
        "sheets": sheets_of(upload),
        "hidden_sheets": hidden_sheets_of(upload),
    }
    return form_page(request, "coding/upload_match.html", context, refused=form.is_bound)


def match_columns(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take what a person chose."""
    sheets = sheets_of(upload)
    sheet = request.POST.get("sheet", "")
    if sheet not in sheets:
        sheet = sheets[0] if sheets else ""
    form = _match_form(upload, sheet, request.POST.dict() | {"sheet": sheet})
    if not form.is_valid():
        if upload.waits_for_columns:
            return _shown(request, upload, sheet, form)
        raise Conflict("The columns of this file are not to be matched, or were matched already.")
    actor = user_of(request)

    def act() -> str:
        actions.match_columns(actor, upload, form.layout())
        return upload.get_absolute_url()

    return redirect_once(actor, form, act)
