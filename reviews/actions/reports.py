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
from coding.models import Encounter, EncounterState, Meaning, User
from coding.reference.modifiers import in_order
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
        return cls(**{**data, "lines": [ReportLine(**line) for line in data["lines"]]})


def contents(encounters: Iterable[Encounter]) -> dict[int, Content]:
    """What the reports of final encounters say now, by encounter, in a fixed number of queries."""
    by_key = {encounter.pk: encounter for encounter in encounters}
    finals = FinalCode.objects.current().filter(service__encounter__in=by_key).exclude(code="")
    finals = finals.select_related("service", "decision__coder", "ruling__supervisor").order_by(
        "service__number"
    )
    of_encounter: dict[int, list[FinalCode]] = defaultdict(list)
    for final in finals:
        of_encounter[final.service.encounter_id].append(final)
    answers: dict[int, list[ProposalAnswer]] = defaultdict(list)
    for answer in ProposalAnswer.objects.filter(encounter__in=by_key).order_by("pk"):
        answers[answer.encounter_id].append(answer)
    return {
        key: _content(encounter, of_encounter[key], answers[key])
        for key, encounter in by_key.items()
    }


def _content(
    encounter: Encounter, finals: list[FinalCode], answers: list[ProposalAnswer]
) -> Content:
    """The final codes, with what was taken over of the proposals for the claim."""
    diagnoses = [diagnosis.code for diagnosis in encounter.diagnoses.all()]
    reported = [line for final in finals for line in _lines(final, diagnoses)]
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
    pointers = list(dict.fromkeys(pointer for line in named for pointer in line.diagnosis_pointers))
    modifiers = in_order(become.modifiers)
    return replace(
        named[0],
        modifiers=modifiers,
        units=become.units,
        diagnosis_pointers=pointers,
        number=number,
    )


def _decided_by(final: FinalCode) -> User | None:
    if final.decision:
        return final.decision.coder
    return final.ruling.supervisor if final.ruling else None


def _lines(final: FinalCode, diagnoses: list[str]) -> list[ReportLine]:
    """The line of a final code, and after it its further lines, which point to the same diagnoses."""
    by = _decided_by(final)
    first = ReportLine(
        number=1,
        code=final.code,
        modifiers=in_order(final.modifiers),
        units=final.units,
        diagnosis_pointers=[
            diagnoses.index(code) + 1 for code in final.diagnosis_codes if code in diagnoses
        ],
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
    last = {
        report.encounter_id: report
        for report in Report.objects.filter(encounter__in=rows).order_by("number")
    }
    reports = []
    for key, content in contents(rows).items():
        before = last.get(key)
        report = _report(key, content, before)
        if before is None or before.content_hash != report.content_hash:
            reports.append(report)
    by_key = {encounter.pk: encounter for encounter in rows}
    Report.objects.bulk_create(reports)
    CheckedReport.objects.bulk_create(CheckedReport(report=report) for report in reports)
    return [_entry(report, by_key[report.encounter_id]) for report in reports]


def make_void(encounters: Iterable[int]) -> list[trail.Entry]:
    """Make the void reports of voided encounters of which something was exported; the entries for the trail.

    What the billing system never got it need not take back. Part of a verb, under its locks.
    """
    exported = ReportExport.objects.filter(report__encounter__in=encounters).values_list(
        "report__encounter", flat=True
    )
    last = Report.objects.filter(encounter__in=set(exported), replaced_by=None).exclude(
        kind=ReportKind.VOID
    )
    return make(last.values_list("encounter", flat=True))


def _report(encounter: int, content: Content, before: Report | None) -> Report:
    kind = ReportKind.ORIGINAL if before is None else ReportKind.REPLACEMENT
    if before is not None and not content.lines:
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
    after = {
        "report": report.number,
        "kind": report.get_kind_display(),
        "content": report.content_hash,
    }
    return trail.Entry("report.made", report, encounter, after=after, rows=[report])


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
        after = {
            "report": report.number,
            "kind": report.get_kind_display(),
            "content": report.content_hash,
        }
        after |= signed.in_trail(export)
        entries.append(
            trail.Entry(
                "report.exported", report, locked, after=after, rows=[export, *signed.rows(export)]
            )
        )
        trail.record_all(actor, entries)
    return export


def _check_claim(encounter: Encounter) -> None:
    """Refuse to take away what would be denied, unless a coder answers for it. Raises Conflict.

    Not where a scrubber behind Concord holds claims back.
    """
    if not settings.CLAIM_ERRORS_HOLD_EXPORT:
        return
    errors = findings_of(encounter, ledger(encounter)).open_errors
    if errors:
        reasons = [
            f"{shown.finding.check}, {shown.codes}: {shown.finding.message}" for shown in errors
        ]
        what_to_do = "The coder mends the lines, or overrides the check with a reason."
        raise Conflict(
            " ".join(["The claim checks speak against the report.", *reasons, what_to_do])
        )


def _to_export(encounter: Encounter) -> Report:
    """The latest report, if it may go out. Raises Conflict if not."""
    last = Report.objects.filter(encounter=encounter).order_by("number").last()
    if encounter.state == EncounterState.FINAL and last is not None:
        return last
    if encounter.state == EncounterState.BLOCKED:
        raise Conflict(" ".join((*what_blocks(encounter), "Nothing is reported until then.")))
    if encounter.state != EncounterState.VOID:
        raise Conflict(
            "The encounter is not final by now: what it reports is in question. Export it when it is."
        )
    if last is None or last.kind != ReportKind.VOID:
        raise Conflict(
            "The encounter is void, and the billing system holds nothing of it: there is nothing to export."
        )
    return last
