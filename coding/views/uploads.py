"""Uploads: send a file, match its columns, see what it holds, import it, get the rejected part back."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django_htmx.http import HttpResponseClientRefresh

from coding.actions import uploads as actions
from coding.actions.errors import Conflict
from coding.forms.uploads import UploadForm
from coding.importing.counts import listed, totals
from coding.importing.doubled_rows import doubled_ids
from coding.importing.rejected import rejected_file
from coding.importing.shown_rows import shown_rows
from coding.intake.formats import FORMATS
from coding.models import (
    IMPORTABLE,
    TAKEN,
    Encounter,
    JobState,
    RowState,
    SourceLayout,
    Upload,
    User,
)
from coding.signing.confirmation import Confirmation
from coding.signing.files import write_file
from coding.signing.shown import latest_signatures
from coding.tables.errors import FileError
from coding.views.access import HtmxRequest, allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page, page_or_part
from coding.views.pages import page_of
from coding.views.signed_exports import Export, file_response, signed_export
from coding.views.upload_filter import UploadFilter
from coding.views.upload_questions import (
    keep_source,
    match_columns,
    match_page,
    name_source,
    source_page,
)
from coding.work.progress import progress

WITH_REMARKS = "remarks"
ASK_FOR_A_LOOK = (
    RowState.DOUBLED,
    RowState.REJECTED,
    RowState.CHANGED,
    RowState.NEW,
    RowState.CORRECTED,
    RowState.IMPORTED,
    RowState.SKIPPED,
    RowState.UNCHANGED,
)


@allowed("coding.view_upload", send="coding.add_encounter")
def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads, narrowed by the address, and the form for the next one."""
    actor = user_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (form.is_valid() or form.has_good_file):
        return redirect_once(actor, form, lambda: _receive(actor, form))
    visible = Upload.objects.for_user(actor)
    received = visible.select_related("uploaded_by", "look_job", "check_job", "import_job")
    chosen = UploadFilter(request.GET, queryset=received, request=request)
    page = page_of(request, chosen.qs)
    context = {
        "form": form,
        "formats": FORMATS,
        "filter": chosen,
        "page": page,
        "listed": listed(page),
    }
    return form_page(request, "coding/uploads.html", context, refused=form.is_bound)


def _receive(actor: User, form: UploadForm) -> str:
    """Take the file in. What was wrong beside it is asked for on the upload's page, with what was typed."""
    data = form.cleaned_data
    file = data["file"]
    file.seek(0)
    source, only = "", None
    if form.is_valid():
        source, only = data["source"], data["rule_set"]
    upload = actions.receive(actor, file.chunks(), data["format"], source, only, file.name)
    if upload.waits_for_source:
        keep_source(actor, upload, form)
    return upload.get_absolute_url()


@allowed("coding.view_upload")
def template(request: HttpRequest, format_key: str) -> HttpResponseBase:
    """The template of a table with one made-up row."""
    kind = FORMATS.get(format_key)
    if kind is None or kind.table is None:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="template{kind.extension}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(kind.table.template(), content_type=kind.media_type, headers=headers)


@allowed("coding.view_upload", send="coding.add_encounter")
def upload(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a file holds and what became of it; the part that changes alone for htmx. It takes the matched columns."""
    upload = _upload(request, public_id)
    if request.method == "POST":
        if "source" in request.POST:
            return name_source(request, upload)
        return match_columns(request, upload)
    if not request.htmx:
        actions.view(user_of(request), upload)
    if upload.waits_for_source:
        return source_page(request, upload)
    if upload.waits_for_columns:
        # The part that asks for itself cannot become another page.
        return HttpResponseClientRefresh() if request.htmx else match_page(request, upload)
    # The work first: what ends while the items are counted is looked at once more.
    work = _work_context(upload)
    context = _rows_context(request, upload) | work
    return page_or_part(request, "coding/upload.html", "coding/_upload.html", context)


def _rows_context(request: HttpRequest, upload: Upload) -> dict[str, object]:
    """The items of the file: how many there are of each state, and a page of those that are shown."""
    counts = totals(upload)
    asked = _asked(request)
    shown = asked or _shown(counts)
    with_remarks = upload.rows.filter(has_remarks=True, state__in=TAKEN)
    if shown == WITH_REMARKS:
        label, rows = "Taken with remarks", with_remarks
    else:
        label, rows = RowState(shown).label, upload.rows.filter(state=shown)
    page = page_of(request, rows)
    return {
        "totals": [(state, RowState(state).label, count) for state, count in counts.items()],
        "importable": upload.rows.filter(state__in=IMPORTABLE).count(),
        "doubled": doubled_ids(upload).count(),
        "to_choose": upload.rows.filter(state=RowState.DOUBLED).exists(),
        "has_rejected": upload.rows.filter(state=RowState.REJECTED).exists(),
        "with_remarks": with_remarks.count(),
        "shown": shown,
        "asked": asked,
        "shown_label": label,
        "page": page,
        "rows": shown_rows(upload, page, Encounter.objects.for_user(user_of(request))),
    }


def _work_context(upload: Upload) -> dict[str, object]:
    """How far the work on the file is, and what is known of it besides its items."""
    now = None
    if upload.current_job and not upload.cancelled_at:
        now = progress(upload.current_job)
    # A look that ended after the upload was read has brought a check that the upload as it was read lacks.
    waits = upload.check_job is None and now is not None and now.job.state == JobState.DONE
    return {
        "upload": upload,
        "kind": FORMATS[upload.format],
        "progress": now,
        "working": waits or (now is not None and now.job.state == JobState.RUNNING),
        "percent_read": _percent_read(upload),
        "signatures": latest_signatures(upload),
        "layout_kept": SourceLayout.objects.filter(source=upload.source).exists(),
    }


def _percent_read(upload: Upload) -> int:
    """Of the bytes; a format that is read as a whole tells no place in the middle."""
    if upload.check_job and upload.check_job.state == JobState.DONE:
        return 100
    return min(99, 100 * upload.read_to // max(1, upload.size))


def _asked(request: HttpRequest) -> str:
    """Which items a person wants to see: those of a state, or all with remarks."""
    asked = request.GET.get("state", "")
    return asked if asked in (*RowState.values, WITH_REMARKS) else ""


def _shown(counts: dict[str, int]) -> str:
    """Which items are listed if nobody asks for any: those that ask most for a look."""
    for state in ASK_FOR_A_LOOK:
        if state in counts:
            return state
    return RowState.REJECTED


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


@allowed("coding.add_encounter", send="coding.add_encounter")
def rejected(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The rejected part as a file of the same format that can be mended and sent again; it is signed for."""
    upload = _upload(request, public_id)
    count = upload.rows.filter(state=RowState.REJECTED).count()
    if not count:
        return redirect(upload)
    kind = FORMATS[upload.format]
    noun = "item" if count == 1 else "items"
    lead = f"{count} {noun} of the upload from {upload.source}, as {kind.label}."

    def hand_out(confirmation: Confirmation | None) -> HttpResponseBase:
        try:
            file = write_file(rejected_file(upload))
        except FileError as error:
            raise Conflict(str(error)) from None
        actions.take_rejected(user_of(request), upload, file.sha256, confirmation)
        return file_response(file, f"rejected-{upload.public_id}{kind.extension}", kind.media_type)

    export = Export("Rejected part to mend", lead, upload.get_absolute_url())
    return signed_export(request, export, hand_out)


def _upload(request: HttpRequest, public_id: uuid.UUID) -> Upload:
    visible = Upload.objects.for_user(user_of(request))
    related = visible.select_related("look_job", "check_job", "import_job", "uploaded_by")
    return get_object_or_404(related, public_id=public_id)
