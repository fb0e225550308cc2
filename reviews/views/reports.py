"""The report of a final encounter: a page that prints, and a file for the billing system."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.actions import encounters
from coding.forms.signing import SignedForm
from coding.models import Encounter, EncounterState, Meaning
from coding.signing.asking import Signing
from coding.signing.shown import SIGNATURE_COLUMNS, ShownSignature, signatures_of
from coding.tables.csv_lines import write_line
from coding.views.access import allowed, posted_from, user_of
from coding.views.form_pages import form_page
from reviews.actions import reports
from reviews.actions.reports import Content, ReportLine
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
SignedExport = tuple[ReportExport, list[ShownSignature]]


@allowed("coding.view_encounter")
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The latest report as it was made, and what became of the ones before it."""
    encounter = encounter_of(request, public_id)
    if hidden_in(encounter, user_of(request)).names:
        messages.info(request, "Its report names who decided. That is hidden from you for now.")
        return redirect(encounter)
    encounters.view(user_of(request), encounter)
    return _page(request, encounter, SignedForm(signing=Signing(request, Meaning.EXPORT)))


def _page(request: HttpRequest, encounter: Encounter, form: SignedForm) -> HttpResponse:
    of_encounter = Report.objects.filter(encounter=encounter)
    all_reports = list(of_encounter.prefetch_related("exports__report", "exports__exported_by"))
    latest = all_reports[0] if all_reports else None
    rows = ledger(encounter)
    is_final = encounter.state == EncounterState.FINAL
    context = {
        "encounter": encounter,
        "form": form,
        "reports": _with_exports(all_reports),
        "rulings": _signed_rulings(encounter),
        "report": latest,
        "content": _content(encounter, latest),
        "stands": is_final or _takes_back(encounter, latest),
        "blocked_by": (),
        "ledger": rows,
        "findings": None,
    }
    if encounter.state == EncounterState.BLOCKED:
        context["blocked_by"] = what_blocks(encounter)
    if encounter.state != EncounterState.VOID:
        context["findings"] = findings_of(encounter, rows)
    return form_page(request, "reviews/report.html", context, refused=bool(form.errors))


def _with_exports(reports: Sequence[Report]) -> list[tuple[Report, list[SignedExport]]]:
    """Each report with its exports, and each export with the signatures under it."""
    exports: list[ReportExport] = []
    for report in reports:
        exports += report.exports.all()
    signatures = signatures_of(exports)

    with_exports = []
    for report in reports:
        signed = [(export, signatures[export.pk]) for export in report.exports.all()]
        with_exports.append((report, signed))
    return with_exports


def _signed_rulings(encounter: Encounter) -> list[tuple[Ruling, list[ShownSignature]]]:
    """The rulings on which what is final rests, each with the signatures under it."""
    finals = FinalCode.objects.current().filter(service__encounter=encounter).values("ruling")
    related = Ruling.objects.select_related("case__service__encounter")
    rulings = list(related.filter(pk__in=finals).order_by("pk"))
    signatures = signatures_of(rulings, ruling_content)
    return [(ruling, signatures[ruling.pk]) for ruling in rulings]


def _takes_back(encounter: Encounter, latest: Report | None) -> bool:
    """Whether the report of a void encounter takes back what was exported before."""
    takes_back = latest is not None and latest.kind == ReportKind.VOID
    return takes_back and encounter.state == EncounterState.VOID


def _content(encounter: Encounter, latest: Report | None) -> Content | None:
    """What the latest report says; of an encounter that was final before there were reports, what it would say."""
    if latest is not None:
        return Content.from_data(latest.content)
    if encounter.state != EncounterState.FINAL:
        return None
    return reports.contents([encounter])[encounter.pk]


@posted_from("report")
@allowed("reviews.export_report")
def export_report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The latest report as CSV, signed for. Its number tells a second export from a second bill."""
    encounter = encounter_of(request, public_id)
    form = SignedForm(request.POST, signing=Signing(request, Meaning.EXPORT))
    if not form.is_signed():
        return _page(request, encounter, form)
    export = reports.export(user_of(request), encounter, form.confirmation)
    name = f"report-{encounter.public_id}-{export.report.number}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(_csv(export), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(export: ReportExport) -> str:
    report = export.report
    signed: list[str] = []
    for signature in signatures_of([export])[export.pk]:
        signed += signature.cells

    lines = [write_line((*COLUMNS, *SIGNATURE_COLUMNS))]
    for cells in _rows(report, Content.from_data(report.content)):
        row = [cells.get(column, "") for column in COLUMNS]
        lines.append(write_line((*row, *signed)))
    return "\N{BYTE ORDER MARK}" + "".join(lines)


def _rows(report: Report, content: Content) -> list[dict[str, str]]:
    """The cells of each line by their columns; a report without lines has a row without a code, which says so."""
    shared = {
        "report_number": str(report.number),
        "report_kind": report.kind,
        "replaces": str(report.replaces.number) if report.replaces else "",
        "encounter": content.encounter,
        "source": content.source,
        "patient_reference": content.patient,
        "date_of_service": content.served,
        "place_of_service": content.place,
        "provider": content.provider,
        "payer": content.payer,
        "diagnoses": " ".join(content.diagnoses),
    }
    if not content.lines:
        return [shared]
    return [shared | _cells(line) for line in content.lines]


def _cells(line: ReportLine) -> dict[str, str]:
    """What a line says beside what all lines share."""
    cells = {
        "line": str(line.number),
        "code": line.code,
        "units": str(line.units),
        "diagnosis_pointers": " ".join(map(str, line.diagnosis_pointers)),
        "service": str(line.service),
        "decided_by": line.decided_by,
        "final_since": line.since,
    }
    for place, modifier in enumerate(line.modifiers, start=1):
        cells[f"modifier_{place}"] = modifier
    return cells
