"""What a run found, service by service: listed, exported, and beside another run."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.models import JobState
from coding.signing.confirmation import Confirmation
from coding.tables.workbook import LONGEST_SHEET
from coding.views.access import allowed, user_of
from coding.views.pages import page_of
from coding.views.signed_exports import (
    MEDIA_TYPES,
    Export,
    file_response,
    signed_export,
    write_table,
)
from reviews.actions import runs
from reviews.forms.runs import OtherRunForm
from reviews.judging.blind import is_blind, seen_services
from reviews.models import ReevaluationRun
from reviews.reevaluation import listing
from reviews.reevaluation.comparing import differences
from reviews.reevaluation.scope import changed


@allowed("reviews.export_reevaluationrun")
def changes(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The services that do not keep their outcome."""
    run = _done(public_id)
    chosen = listing.ChangeFilter(request.GET, queryset=changed(run), request=request, run=run)
    reader = user_of(request)
    page = page_of(request, listing.with_profiles(seen_services(chosen.qs, reader)))
    rows = [(service, listing.deciding(run, service)) for service in page]
    context = {
        "run": run,
        "filter": chosen,
        "page": page,
        "rows": rows,
        "is_blind": is_blind(reader),
    }
    return render(request, "reviews/run_changes.html", context)


@allowed("reviews.export_reevaluationrun", send="reviews.export_reevaluationrun")
def export(request: HttpRequest, public_id: uuid.UUID, form: str) -> HttpResponseBase:
    """All changes, narrowed as the list is, as CSV or as a workbook; the file is signed for."""
    if form not in MEDIA_TYPES:
        raise Http404
    run = _done(public_id)
    chosen = listing.ChangeFilter(request.GET, queryset=changed(run), request=request, run=run)
    chosen_changes = listing.with_profiles(seen_services(chosen.qs, user_of(request)))
    count = chosen_changes.count()
    if form == "xlsx" and count >= LONGEST_SHEET:
        raise Conflict(
            f"A workbook holds {LONGEST_SHEET:,} rows, these are {count:,}. Narrow the list or export CSV."
        )

    def hand_out(confirmation: Confirmation | None) -> HttpResponseBase:
        rows = listing.rows(run, chosen_changes.iterator(chunk_size=2000))
        file = write_table(listing.COLUMNS, rows, form)
        which = {"format": form, "services": count}
        runs.export(user_of(request), run, which, file.sha256, confirmation)
        return file_response(file, f"changes-{run.public_id}.{form}", MEDIA_TYPES[form])

    noun = "service" if count == 1 else "services"
    lead = f"{count} {noun} that {run.version} changes, narrowed as the list was."
    address = reverse("run-changes", args=[run.public_id], query=request.GET)
    return signed_export(request, Export(f"Export as {form.upper()}", lead, address), hand_out)


@allowed("reviews.view_reevaluationrun")
def compare(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A run beside another one of the same rule set."""
    run = _done(public_id)
    of_rule_set = ReevaluationRun.objects.filter(version__rule_set=run.version.rule_set_id)
    done = of_rule_set.filter(job__state=JobState.DONE)
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
