"""Reports: made when an encounter becomes final, and exported for the billing system by a verb that is recorded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_encounters
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.claim import LineContent, TakenLine
from coding.decision import content_hash
from coding.decision.modifiers import in_order
from coding.models import Encounter, EncounterState, Meaning, User
from coding.signing.confirmation import Confirmation
from reviews.blocking import what_blocks
from reviews.claims.answers import taken_of
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import ledger
from reviews.models import (
    CheckedReport,
    FinalCode,
    ProposalAnswer,
    Report,
    ReportExport,
    ReportKind,
)
from reviews.signed import export_content


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A claim line. ``diagnosis_pointers`` count from 1 in the content's diagnoses; ``since`` is an ISO day."""

    number: int
    code: str
    modifiers: list[str]
    units: int
    diagnosis_pointers: list[int]
    service: int
    decided_by: str
    since: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says."""

    source: str
    encounter: str
    patient: str
    served: str
    place: str
    provider: str
    payer: str
    diagnoses: list[str]
    lines: list[ReportLine]

    def to_data(self) -> dict[str, Any]:
        """As the row keeps it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Content":
        """What ``to_data`` wrote."""
        lines = [ReportLine(**line) for line in data["lines"]]
        return cls(**(data | {"lines": lines}))


def contents(encounters: Iterable[Encounter]) -> dict[int, Content]:
    """What the reports of final encounters say now, by encounter, in a fixed number of queries."""
    by_key = {encounter.pk: encounter for encounter in encounters}
    finals = FinalCode.objects.current().filter(service__encounter__in=by_key).exclude(code="")
    related = ("service", "decision__coder", "ruling__supervisor")
    finals_of: dict[int, list[FinalCode]] = defaultdict(list)
    for final in finals.select_related(*related).order_by("service__number"):
        finals_of[final.service.encounter_id].append(final)

    answers_of: dict[int, list[ProposalAnswer]] = defaultdict(list)
    for answer in ProposalAnswer.objects.filter(encounter__in=by_key).order_by("pk"):
        answers_of[answer.encounter_id].append(answer)

    return {
        key: _content(encounter, finals_of[key], answers_of[key])
        for key, encounter in by_key.items()
    }


def _content(
    encounter: Encounter, finals: list[FinalCode], answers: list[ProposalAnswer]
) -> Content:
    """The final codes, with what was taken over of the proposals for the claim."""
    diagnoses = [diagnosis.code for diagnosis in encounter.diagnoses.all()]
    reported: list[ReportLine] = []
    for final in finals:
        reported += _lines(final, diagnoses)

    taken = taken_of([_content_of(line, diagnoses) for line in reported], answers)
    lines = []
    for number, become in enumerate(taken, start=1):
        stands_for = [reported[place] for place in become.places]
        lines.append(_taking(stands_for, become, number))

    return Content(
        source=encounter.source,
        encounter=encounter.external_id,
        patient=encounter.patient_reference,
        served=encounter.date_of_service.isoformat(),
        place=encounter.place_of_service,
        provider=encounter.provider,
        payer=encounter.payer,
        diagnoses=diagnoses,
        lines=lines,
    )


def _content_of(line: ReportLine, diagnoses: list[str]) -> LineContent:
    pointed = tuple(diagnoses[pointer - 1] for pointer in line.diagnosis_pointers)
    return LineContent(line.service, line.code, tuple(sorted(line.modifiers)), line.units, pointed)


def _taking(named: Sequence[ReportLine], become: TakenLine, number: int) -> ReportLine:
    """What a line becomes, in its place; it points to the diagnoses of all lines that it stands for."""
    pointers: list[int] = []
    for line in named:
        pointers += line.diagnosis_pointers
    return replace(
        named[0],
        modifiers=in_order(become.modifiers),
        units=become.units,
        diagnosis_pointers=list(dict.fromkeys(pointers)),
        number=number,
    )


def _decided_by(final: FinalCode) -> User | None:
    if final.decision:
        return final.decision.coder
    return final.ruling.supervisor if final.ruling else None


def _lines(final: FinalCode, diagnoses: list[str]) -> list[ReportLine]:
    """The line of a final code, and after it its further lines, which point to the same diagnoses."""
    by = _decided_by(final)
    # Codes that its source took back since are not among the diagnoses any more.
    present = [code for code in final.diagnosis_codes if code in diagnoses]
    first = ReportLine(
        number=1,
        code=final.code,
        modifiers=in_order(final.modifiers),
        units=final.units,
        diagnosis_pointers=[diagnoses.index(code) + 1 for code in present],
        service=final.service.number,
        decided_by=by.name if by else "",
        since=timezone.localdate(final.finalised_at).isoformat(),
    )
    further = [
        replace(first, code=code, modifiers=[], units=units) for code, units in final.further_lines
    ]
    return [first, *further]


def make(encounters: Iterable[int]) -> list[trail.Entry]:
    """Make the reports of encounters that are final now, where they say something new; the entries for the trail.

    Part of a verb, under its locks.
    """
    rows = list(Encounter.objects.filter(pk__in=encounters).prefetch_related("diagnoses"))
    if not rows:
        return []
    # In the order of their numbers: the latest of an encounter stays.
    earlier = Report.objects.filter(encounter__in=rows).order_by("number")
    last = {report.encounter_id: report for report in earlier}

    reports = []
    for key, content in contents(rows).items():
        before = last.get(key)
        report = _report(key, content, before)
        # What became final again as it was is on its way already: nothing is to be replaced.
        if before is None or before.content_hash != report.content_hash:
            reports.append(report)
    Report.objects.bulk_create(reports)
    CheckedReport.objects.bulk_create(CheckedReport(report=report) for report in reports)

    by_key = {encounter.pk: encounter for encounter in rows}
    return [_entry(report, by_key[report.encounter_id]) for report in reports]


def make_void(encounters: Iterable[int]) -> list[trail.Entry]:
    """Make the void reports of voided encounters of which something was exported; the entries for the trail.

    What the billing system never got it need not take back. Part of a verb, under its locks.
    """
    exports = ReportExport.objects.filter(report__encounter__in=encounters)
    exported = set(exports.values_list("report__encounter", flat=True))
    last = Report.objects.filter(encounter__in=exported, replaced_by=None)
    not_void = last.exclude(kind=ReportKind.VOID)
    return make(not_void.values_list("encounter", flat=True))


def _report(encounter: int, content: Content, before: Report | None) -> Report:
    if before is None:
        kind = ReportKind.ORIGINAL
    elif content.lines:
        kind = ReportKind.REPLACEMENT
    else:
        kind = ReportKind.VOID
    data = content.to_data()
    return Report(
        encounter_id=encounter,
        number=before.number + 1 if before else 1,
        kind=kind,
        replaces=before,
        content=data,
        content_hash=content_hash(data),
    )


def _entry(report: Report, encounter: Encounter) -> trail.Entry:
    return trail.Entry("report.made", report, encounter, after=_in_trail(report), rows=[report])


def _in_trail(report: Report) -> dict[str, object]:
    return {
        "report": report.number,
        "kind": report.get_kind_display(),
        "content": report.content_hash,
    }


def export(
    actor: User, encounter: Encounter, confirmation: Confirmation | None = None
) -> ReportExport:
    """Take the latest report of an encounter to the billing system, signed, and say so for ever.

    A final encounter of the time before there were reports gets its first one now. Raises Conflict while the encounter
    is not final, or while a check of its claim finds an error; of a void one only its void report is exported.
    """
    require(actor, "reviews.export_report", "export reports")
    with transaction.atomic():
        locked = lock_encounters([encounter.pk])[encounter.pk]
        entries = make([locked.pk]) if locked.state == EncounterState.FINAL else []
        report = _to_export(locked)
        if report.kind != ReportKind.VOID:
            _check_claim(locked)

        export = ReportExport.objects.create(report=report, exported_by=actor)
        signed = sign(actor, Meaning.EXPORT, [export_content(export)], confirmation)
        after = _in_trail(report) | signed.in_trail(export)
        rows = [export, *signed.rows(export)]
        entries.append(trail.Entry("report.exported", report, locked, after=after, rows=rows))
        trail.record_all(actor, entries)
    return export


def _check_claim(encounter: Encounter) -> None:
    """Refuse to take away what would be denied, unless a coder answers for it. Raises Conflict.

    Not where a scrubber behind Concord holds claims back.
    """
    if not settings.CLAIM_ERRORS_HOLD_EXPORT:
        return
    errors = findings_of(encounter, ledger(encounter)).open_errors
    if not errors:
        return
    sentences = ["The claim checks speak against the report."]
    for shown in errors:
        sentences.append(f"{shown.finding.check}, {shown.codes}: {shown.finding.message}")
    sentences.append("The coder mends the lines, or overrides the check with a reason.")
    raise Conflict(" ".join(sentences))


def _to_export(encounter: Encounter) -> Report:
    """The latest report, if it may go out. Raises Conflict if not."""
    last = Report.objects.filter(encounter=encounter).order_by("number").last()
    if encounter.state == EncounterState.FINAL and last is not None:
        return last
    if encounter.state == EncounterState.BLOCKED:
        blocks = " ".join(what_blocks(encounter))
        raise Conflict(f"{blocks} Nothing is reported until then.")
    if encounter.state != EncounterState.VOID:
        raise Conflict(
            "The encounter is not final by now: what it reports is in question. Export it when it is."
        )
    if last is None or last.kind != ReportKind.VOID:
        raise Conflict(
            "The encounter is void, and the billing system holds nothing of it: there is nothing to export."
        )
    return last
