"""Uploads: send a file, see what it holds, import it, get the rejected rows back."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from coding.actions import uploads as actions
from coding.forms.uploads import UploadForm
from coding.idempotency import once
from coding.importing import totals
from coding.intake.csv_file import COLUMNS, PROBLEM_COLUMN, write_csv
from coding.models import RowState, Upload
from coding.progress import progress
from coding.views.access import HtmxRequest, allowed, user_of
from coding.views.pages import page_of

EXAMPLE = (
    "E-1001",
    "P-77",
    "2026-05-01",
    "F",
    "2026-05-31",
    "11",
    "Dr. Example",
    "Example Health",
    "Left hip dislocated since birth. Pavlik harness fitted. No anesthesia, no manipulation.",
    "Q65.02",
    "27256-LT x1 for 1",
)


@allowed("coding.view_upload")
def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads, and the form for the next one."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"idempotency_key": uuid.uuid4()})
    actor = user_of(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sheet, source, rule_set, key = (data[name] for name in ("file", "source", "rule_set", "idempotency_key"))
        return redirect(once(actor, key, lambda: actions.receive(actor, sheet, source, rule_set).get_absolute_url()))
    found = Upload.objects.for_user(actor).select_related("uploaded_by", "check_job", "import_job")
    context = {"form": form, "page": page_of(request, found)}
    return render(request, "coding/uploads.html", context, status=422 if form.is_bound else 200)


@allowed("coding.view_upload")
def template(request: HttpRequest) -> HttpResponse:
    """The CSV template with one made-up row."""
    return _csv(write_csv(COLUMNS, [EXAMPLE]), "concord-template.csv")


@allowed("coding.view_upload")
def upload(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a file holds and what became of it; the part that changes alone for htmx."""
    found = _upload(request, public_id)
    job = found.import_job or found.check_job
    rows = found.rows.filter(state=RowState.REJECTED)
    context = {
        "upload": found,
        "progress": progress(job),
        "importing": found.import_job is not None,
        "totals": [(RowState(state).label, count) for state, count in totals(found).items() if count],
        "new": found.rows.filter(state=RowState.NEW).count(),
        "page": page_of(request, rows),
    }
    part = "coding/_upload.html" if request.htmx else "coding/upload.html"
    return render(request, part, context)


@require_POST
@allowed("coding.add_encounter")
def start_import(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Import the good rows."""
    found = _upload(request, public_id)
    actions.start_import(user_of(request), found)
    return redirect(found)


@allowed("coding.add_encounter")
def rejected(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The rejected rows as a file that can be mended and sent again."""
    found = _upload(request, public_id)
    columns = [column for column in found.columns if column != PROBLEM_COLUMN]
    rows = [
        [
            *(cell for column, cell in zip(found.columns, row.cells, strict=True) if column != PROBLEM_COLUMN),
            " ".join(f"{error['field']}: {error['problem']}" for error in row.errors),
        ]
        for row in found.rows.filter(state=RowState.REJECTED).iterator()
    ]
    return _csv(write_csv([*columns, PROBLEM_COLUMN], rows), f"rejected-{found.public_id}.csv")


def _upload(request: HttpRequest, public_id: uuid.UUID) -> Upload:
    found = Upload.objects.for_user(user_of(request)).select_related("check_job", "import_job", "uploaded_by")
    return get_object_or_404(found, public_id=public_id)


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        "\N{BYTE ORDER MARK}" + text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
