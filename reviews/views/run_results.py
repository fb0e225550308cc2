"""What a run found, service by service: listed, exported, and beside another run."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from coding import trail
from coding.actions.errors import Conflict
from coding.models import JobState, User
from coding.tables.csv_lines import write_line
from coding.tables.workbook import LONGEST_SHEET, write_rows
from coding.views.access import allowed, user_of
from coding.views.pages import page_of
from reviews.forms.runs import OtherRunForm
from reviews.models import ReevaluationRun
from reviews.reevaluation import listing
from reviews.reevaluation.comparing import differences
from reviews.reevaluation.scope import changed

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed("reviews.export_reevaluationrun")
def changes(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The services that do not keep their outcome."""
    run = _done(public_id)
    chosen = listing.ChangeFilter(request.GET, queryset=changed(run), request=request, run=run)
    page = page_of(request, listing.with_profiles(chosen.qs))
    rows = [(service, listing.deciding(run, service)) for service in page]
    return render(request, "reviews/run_changes.html", {"run": run, "filter": chosen, "page": page, "rows": rows})


@allowed("reviews.export_reevaluationrun")
def export(request: HttpRequest, public_id: uuid.UUID, form: str) -> HttpResponseBase:
    """All changes, narrowed as the list is, as CSV or as a workbook."""
    if form not in ("csv", "xlsx"):
        raise Http404
    run = _done(public_id)
    chosen = listing.ChangeFilter(request.GET, queryset=changed(run), request=request, run=run)
    chosen_changes = listing.with_profiles(chosen.qs)
    count = chosen_changes.count()
    if form == "xlsx" and count >= LONGEST_SHEET:
        raise Conflict(f"A workbook holds {LONGEST_SHEET:,} rows, these are {count:,}. Narrow the list or export CSV.")
    _note(user_of(request), run, form, count)
    name = f'attachment; filename="changes-{run.public_id}.{form}"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    rows = listing.rows(run, chosen_changes.iterator(chunk_size=2000))
    if form == "csv":
        return StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
    return HttpResponse(write_rows(listing.COLUMNS, rows), content_type=WORKBOOK, headers=headers)


def _csv(rows: Iterator[list[str]]) -> Iterator[str]:
    yield "\N{BYTE ORDER MARK}" + write_line(listing.COLUMNS)
    yield from map(write_line, rows)


def _note(actor: User, run: ReevaluationRun, form: str, count: int) -> None:
    with transaction.atomic():
        trail.record(actor, "run.exported", run, after={"format": form, "services": count})


@allowed("reviews.view_reevaluationrun")
def compare(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A run beside another one of the same rule set."""
    run = _done(public_id)
    done = ReevaluationRun.objects.filter(version__rule_set=run.version.rule_set_id, job__state=JobState.DONE)
    others = done.exclude(pk=run.pk).select_related("version__rule_set", "created_by")
    asked = OtherRunForm(request.GET, runs=others)
    other = asked.cleaned_data["other"] if asked.is_valid() else None
    context: dict[str, Any] = {"run": run, "page": page_of(request, others), "other": other}
    if other is not None:
        context |= {"differences": differences(run, other), "same_scope": run.scope == other.scope}
    return render(request, "reviews/run_compare.html", context)


def _done(public_id: uuid.UUID) -> ReevaluationRun:
    runs = ReevaluationRun.objects.select_related("version__rule_set", "document", "job")
    run = get_object_or_404(runs, public_id=public_id)
    if run.job is None or run.job.state != JobState.DONE:
        raise Conflict("The run is not done yet. Its result is here when it has ended.")
    return run
