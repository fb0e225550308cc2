"""The report of a final encounter: a page that prints, and a file for the billing system."""

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.actions import encounters
from coding.forms.signing import SignedForm
from coding.models import Encounter, EncounterState, Meaning
from coding.signing.asking import Signing
from coding.signing.shown import SIGNATURE_COLUMNS, ShownSignature, signatures_of
from coding.tables.csv_lines import write_line
from coding.views.access import allowed, posted_from, user_of
from reviews.actions import reports
from reviews.actions.reports import Content
from reviews.blocking import what_blocks
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import ledger
from reviews.judging.blind import hidden_in
from reviews.models import FinalCode, Report, ReportExport, ReportKind, Ruling
from reviews.signed import ruling_content
from reviews.views.visible import encounter_of

COLUMNS = (
    "report_number",
    "report_kind",
    "replaces",
    "encounter",
    "source",
    "patient_reference",
    "date_of_service",
    "place_of_service",
    "provider",
    "payer",
    "line",
    "code",
    "modifier_1",
    "modifier_2",
    "modifier_3",
    "modifier_4",
    "units",
    "diagnosis_pointers",
    "diagnoses",
    "service",
    "decided_by",
    "final_since",
)


@allowed("coding.view_encounter")
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The latest report as it was made, and what became of the ones before it."""
    encounter = encounter_of(request, public_id)
    if hidden_in(encounter, user_of(request)).names:
        messages.info(request, "Its report names who decided. It is shown after the ruling.")
        return redirect(encounter)
    encounters.view(user_of(request), encounter)
    return _page(request, encounter, SignedForm(signing=Signing(request, Meaning.EXPORT)))


def _page(request: HttpRequest, encounter: Encounter, form: SignedForm) -> HttpResponse:
    of_encounter = Report.objects.filter(encounter=encounter)
    all_reports = list(of_encounter.prefetch_related("exports__report", "exports__exported_by"))
    latest = all_reports[0] if all_reports else None
    signatures = signatures_of(
        [export for report in all_reports for export in report.exports.all()]
    )
    rows = ledger(encounter)
    context = {
        "encounter": encounter,
        "form": form,
        "reports": [(report, _with_signatures(report, signatures)) for report in all_reports],
        "rulings": _signed_rulings(encounter),
        "report": latest,
        "content": _content(encounter, latest),
        "stands": encounter.state == EncounterState.FINAL or _takes_back(encounter, latest),
        "blocked_by": what_blocks(encounter) if encounter.state == EncounterState.BLOCKED else (),
        "ledger": rows,
        "findings": None
        if encounter.state == EncounterState.VOID
        else findings_of(encounter, rows),
    }
    return render(request, "reviews/report.html", context, status=422 if form.errors else 200)


def _with_signatures(
    report: Report, signatures: Mapping[int, list[ShownSignature]]
) -> list[tuple[ReportExport, list[ShownSignature]]]:
    return [(export, signatures[export.pk]) for export in report.exports.all()]


def _signed_rulings(encounter: Encounter) -> list[tuple[Ruling, list[ShownSignature]]]:
    """The rulings on which what is final rests, each with the signatures under it."""
    finals = FinalCode.objects.current().filter(service__encounter=encounter).values("ruling")
    rulings = list(
        Ruling.objects.filter(pk__in=finals)
        .select_related("case__service__encounter")
        .order_by("pk")
    )
    signatures = signatures_of(rulings, ruling_content)
    return [(ruling, signatures[ruling.pk]) for ruling in rulings]


def _takes_back(encounter: Encounter, latest: Report | None) -> bool:
    """Whether the report of a void encounter takes back what was exported before."""
    return (
        encounter.state == EncounterState.VOID
        and latest is not None
        and latest.kind == ReportKind.VOID
    )


def _content(encounter: Encounter, latest: Report | None) -> Content | None:
    """What the latest report says; of an encounter that was final before there were reports, what it would say."""
    if latest is not None:
        return Content.from_data(latest.content)
    return (
        reports.contents([encounter])[encounter.pk]
        if encounter.state == EncounterState.FINAL
        else None
    )


@posted_from("report")
@allowed("reviews.export_report")
def export_report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The latest report as CSV, signed for. Its number tells a second export from a second bill."""
    encounter = encounter_of(request, public_id)
    form = SignedForm(request.POST, signing=Signing(request, Meaning.EXPORT))
    if not (form.is_valid() and form.confirm()):
        return _page(request, encounter, form)
    export = reports.export(user_of(request), encounter, form.confirmation)
    name = f"report-{encounter.public_id}-{export.report.number}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(_csv(export), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(export: ReportExport) -> str:
    report = export.report
    signature = [
        cell for signature in signatures_of([export])[export.pk] for cell in signature.cells
    ]
    rows = [(*row, *signature) for row in _rows(report, Content.from_data(report.content))]
    return "\N{BYTE ORDER MARK}" + "".join(map(write_line, [(*COLUMNS, *SIGNATURE_COLUMNS), *rows]))


def _rows(report: Report, content: Content) -> list[tuple[str, ...]]:
    """One row a line; a report without lines has one that says so by its empty code."""
    head = (
        str(report.number),
        report.kind,
        str(report.replaces.number) if report.replaces else "",
        content.encounter,
        content.source,
        content.patient,
        content.served,
        content.place,
        content.provider,
        content.payer,
    )
    diagnoses = " ".join(content.diagnoses)
    if not content.lines:
        return [(*head, "", "", "", "", "", "", "", "", diagnoses, "", "", "")]
    rows = []
    for line in content.lines:
        modifiers = (*line.modifiers, "", "", "", "")[:4]
        pointers = " ".join(map(str, line.diagnosis_pointers))
        row = (
            *head,
            str(line.number),
            line.code,
            *modifiers,
            str(line.units),
            pointers,
            diagnoses,
            str(line.service),
            line.decided_by,
            line.since,
        )
        rows.append(row)
    return rows
