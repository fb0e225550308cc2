"""Uploads: send a file, match its columns, see what it holds, import it, get the rejected part back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRefresh

from coding.actions import kept_texts
from coding.actions import uploads as actions
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.actions.require import require
from coding.forms.uploads import MatchForm, SourceForm, UploadForm
from coding.importing.counts import listed, totals
from coding.importing.doubled_rows import doubled_ids
from coding.importing.look import hidden_sheets_of, preview_of, proposed, sheets_of
from coding.importing.rejected import rejected_file
from coding.importing.shown_rows import shown_rows
from coding.intake.formats import FORMATS
from coding.models import IMPORTABLE, JobState, RowState, SourceLayout, Upload, User
from coding.views.access import HtmxRequest, allowed, posted_from, user_of
from coding.views.pages import page_of
from coding.views.upload_filter import UploadFilter
from coding.work.progress import progress

WITH_REMARKS = "remarks"
ASK_FOR_A_LOOK = (RowState.DOUBLED, RowState.REJECTED, RowState.CHANGED, RowState.NEW)


@allowed("coding.view_upload")
def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads, narrowed by the address, and the form for the next one."""
    actor = user_of(request)
    if request.method == "POST":
        require(actor, "coding.add_encounter", "upload encounters")
    form = UploadForm(request.POST or None, request.FILES or None, initial={"idempotency_key": uuid.uuid4()})
    if request.method == "POST" and (form.is_valid() or form.has_good_file):
        return redirect(once(actor, form.cleaned_data["idempotency_key"], lambda: _receive(actor, form)))
    received = Upload.objects.for_user(actor).select_related("uploaded_by", "look_job", "check_job", "import_job")
    chosen = UploadFilter(request.GET, queryset=received, request=request)
    page = page_of(request, chosen.qs.defer("preview", "layout"))
    context = {"form": form, "formats": FORMATS, "filter": chosen, "page": page, "listed": listed(page)}
    return render(request, "coding/uploads.html", context, status=422 if form.is_bound else 200)


def _receive(actor: User, form: UploadForm) -> str:
    """Take the file in. What was wrong beside it is asked for on the upload's page, with what was typed."""
    data = form.cleaned_data
    file = data["file"]
    file.seek(0)
    source, only = (data["source"], data["rule_set"]) if form.is_valid() else ("", None)
    upload = actions.receive(actor, file.chunks(), data["format"], source, only, file.name)
    if upload.waits_for_source:
        typed = {name: form[name].value() or "" for name in SourceForm.base_fields if name != "idempotency_key"}
        kept_texts.keep(actor, _kept(upload), typed)
    return upload.get_absolute_url()


def _kept(upload: Upload) -> str:
    """The name under which is kept what was typed of an upload's source."""
    return f"source:{upload.public_id}"


@allowed("coding.view_upload")
def template(request: HttpRequest, format_key: str) -> HttpResponseBase:
    """The template of a table with one made-up row."""
    kind = FORMATS.get(format_key)
    if kind is None or kind.table is None:
        raise Http404
    return _attached(HttpResponse(kind.table.template(), content_type=kind.media_type), f"template{kind.extension}")


@allowed("coding.view_upload")
def upload(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a file holds and what became of it; the part that changes alone for htmx. It takes the matched columns."""
    upload = _upload(request, public_id)
    if request.method == "POST":
        return _name_source(request, upload) if "source" in request.POST else _match_columns(request, upload)
    if not request.htmx:
        actions.view(user_of(request), upload)
    if upload.waits_for_source:
        return _source_page(request, upload)
    if upload.waits_for_columns:
        # The part that asks for itself cannot become another page.
        return HttpResponseClientRefresh() if request.htmx else _match(request, upload)
    counts = totals(upload)
    shown = _shown(request, counts)
    rows = upload.rows.filter(has_remarks=True) if shown == WITH_REMARKS else upload.rows.filter(state=shown)
    page = page_of(request, rows.select_related("encounter").defer("encounter__note"))
    now = progress(upload.current_job) if upload.current_job else None
    # A look that ended after the upload was read has brought a check that the upload as it was read lacks.
    waits = upload.check_job is None and now is not None and now.job.state == JobState.DONE
    context = {
        "upload": upload,
        "kind": FORMATS[upload.format],
        "progress": now,
        "working": waits or (now is not None and now.job.state == JobState.RUNNING),
        "percent_read": _percent_read(upload),
        "totals": [(state, RowState(state).label, count) for state, count in counts.items()],
        "importable": upload.rows.filter(state__in=IMPORTABLE).count(),
        "doubled": doubled_ids(upload).count(),
        "to_choose": upload.rows.filter(state=RowState.DOUBLED).exists(),
        "has_rejected": upload.rows.filter(state=RowState.REJECTED).exists(),
        "with_remarks": upload.rows.filter(has_remarks=True).count(),
        "shown": shown,
        "shown_label": "Taken with remarks" if shown == WITH_REMARKS else RowState(shown).label,
        "page": page,
        "rows": shown_rows(upload, page),
        "layout_kept": SourceLayout.objects.filter(source=upload.source).exists(),
    }
    response = render(request, "coding/_upload.html" if request.htmx else "coding/upload.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _source_page(request: HttpRequest, upload: Upload, form: SourceForm | None = None) -> HttpResponse:
    """The page on which the system is named; what was typed with the file stands there with what is wrong with it."""
    typed = kept_texts.kept(user_of(request), _kept(upload))
    key = {"idempotency_key": uuid.uuid4()}
    shown = form or (SourceForm({**typed, **key}) if typed else SourceForm(initial=key))
    context = {"upload": upload, "kind": FORMATS[upload.format], "form": shown}
    return render(request, "coding/upload_source.html", context, status=422 if form else 200)


def _name_source(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take the name of the system."""
    actor = user_of(request)
    require(actor, "coding.add_encounter", "upload encounters")
    form = SourceForm(request.POST)
    if not form.is_valid():
        if upload.waits_for_source:
            return _source_page(request, upload, form)
        raise Conflict("The system of this file was named already. Reload the page.")

    def act() -> str:
        actions.name_source(actor, upload, form.cleaned_data["source"], form.cleaned_data["rule_set"])
        kept_texts.forget(actor, _kept(upload))
        return upload.get_absolute_url()

    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))


def _percent_read(upload: Upload) -> int:
    """Of the bytes; a format that is read as a whole tells no place in the middle."""
    if upload.check_job and upload.check_job.state == JobState.DONE:
        return 100
    return min(99, 100 * upload.read_to // max(1, upload.size))


def _shown(request: HttpRequest, counts: dict[str, int]) -> str:
    """Which items are listed: those of a state, or all with remarks. At first those that ask most for a look."""
    asked = request.GET.get("state", "")
    if asked in (*RowState.values, WITH_REMARKS):
        return asked
    return next((state for state in ASK_FOR_A_LOOK if state in counts), RowState.REJECTED)


def _match(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The page on which a sheet is chosen, where there are several, and the columns of a table are matched."""
    sheets = sheets_of(upload)
    asked = request.GET.get("sheet", "")
    number = int(asked) if asked.isdecimal() and int(asked) < len(sheets) else 0
    sheet = sheets[number] if sheets else ""
    key = {"idempotency_key": uuid.uuid4()}
    return _match_page(request, upload, sheet, _match_form(upload, sheet, initial=key))


def _match_form(upload: Upload, sheet: str, *args: Any, **kwargs: Any) -> MatchForm:
    table = preview_of(upload, sheet)
    layout = replace(proposed(table, upload.source), sheet=sheet)
    return MatchForm(table.headers, layout, *args, **kwargs)


def _match_page(request: HttpRequest, upload: Upload, sheet: str, form: MatchForm) -> HttpResponse:
    context = {
        "upload": upload,
        "table": preview_of(upload, sheet),
        "form": form,
        "sheet": sheet,
        "sheets": sheets_of(upload),
        "hidden_sheets": hidden_sheets_of(upload),
    }
    return render(request, "coding/upload_match.html", context, status=422 if form.is_bound else 200)


def _match_columns(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take what a person chose."""
    require(user_of(request), "coding.add_encounter", "match columns")
    sheets, sent = sheets_of(upload), request.POST.get("sheet", "")
    sheet = sent if sent in sheets else next(iter(sheets), "")
    form = _match_form(upload, sheet, {**request.POST.dict(), "sheet": sheet})
    if not form.is_valid():
        if upload.waits_for_columns:
            return _match_page(request, upload, sheet, form)
        raise Conflict("The columns of this file are not to be matched, or were matched already.")
    actor = user_of(request)

    def act() -> str:
        actions.match_columns(actor, upload, form.layout())
        return upload.get_absolute_url()

    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))


@posted_from("upload")
def old_address(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where columns were matched before the upload's page took them."""
    return redirect("upload", public_id)


@posted_from("upload")
@allowed("coding.add_encounter")
def start_import(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Import what is good."""
    upload = _upload(request, public_id)
    actions.start_import(user_of(request), upload)
    return redirect(upload)


@posted_from("upload")
@allowed("coding.add_encounter")
def forget_columns(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Have the next file of this source matched anew."""
    upload = _upload(request, public_id)
    actions.forget_columns(user_of(request), upload)
    messages.success(request, f"The columns of the next file of {upload.source} are matched anew.")
    return redirect(upload)


STEERING: dict[str, Callable[[User, Upload], None]] = {
    "pause": actions.pause,
    "resume": actions.resume,
    "cancel": actions.cancel,
}


@posted_from("upload")
@allowed("coding.add_encounter")
def steer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Pause, resume or cancel the check or the import."""
    upload = _upload(request, public_id)
    verb = STEERING.get(request.POST.get("verb", ""))
    if verb is None:
        raise Conflict("Choose to pause, resume or cancel.")
    verb(user_of(request), upload)
    return redirect(upload)


@allowed("coding.add_encounter")
def rejected(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The rejected part as a file of the same format that can be mended and sent again."""
    upload = _upload(request, public_id)
    kind = FORMATS[upload.format]
    if not upload.rows.filter(state=RowState.REJECTED).exists():
        return redirect(upload)
    actions.take_rejected(user_of(request), upload)
    response = StreamingHttpResponse(rejected_file(upload), content_type=kind.media_type)
    return _attached(response, f"rejected-{upload.public_id}{kind.extension}")


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _upload(request: HttpRequest, public_id: uuid.UUID) -> Upload:
    visible = Upload.objects.for_user(user_of(request)).select_related(
        "look_job", "check_job", "import_job", "uploaded_by"
    )
    return get_object_or_404(visible, public_id=public_id)
