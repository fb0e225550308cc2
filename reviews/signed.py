"""What of a ruling, a reopening and an export of a report is signed (``coding.signing``)."""

from coding.signing.content import SignedContent
from reviews.models import FindingOverride, ReportExport, ReviewCase, Ruling


def ruling_content(ruling: Ruling) -> SignedContent:
    """What a supervisor found, on which case and on which revision of the encounter."""
    case = ruling.case
    data = {
        **_whose(case),
        "kind": ruling.kind,
        "outcome": ruling.outcome,
        "code": ruling.code,
        "modifiers": ruling.modifiers,
        "units": ruling.units,
        "diagnoses": ruling.diagnosis_codes,
        "reason": ruling.reason,
    }
    # Rulings that were signed before there were these have none, and their signatures hold.
    further = {
        "severity": ruling.severity,
        "cause": ruling.cause,
        "note": ruling.note,
        "defect": ruling.defect_id,
        "further_lines": ruling.further_lines,
    }
    data |= {name: value for name, value in further.items() if value}
    return SignedContent.of(ruling, data)


def reopening_content(case: ReviewCase) -> SignedContent:
    """That a ruling is put to the queue once more, and why."""
    data = _whose(case) | {"reopens": case.reopens_id, "reason": case.objection}
    return SignedContent.of(case, data)


def _whose(case: ReviewCase) -> dict[str, object]:
    encounter = case.service.encounter
    return {
        "case": str(case.public_id),
        "service": str(case.service.public_id),
        "encounter": str(encounter.public_id),
        "revision": encounter.revision,
    }


def export_content(export: ReportExport) -> SignedContent:
    """The report that was taken away, by its own hash."""
    return SignedContent(export, export.report.content_hash)


def override_content(override: FindingOverride) -> SignedContent:
    """Which finding of a check, about which lines, a coder overrides, and why."""
    data = {
        "encounter": str(override.encounter.public_id),
        "check": override.check_id,
        "message": override.message,
        "rests_on": override.rests_on,
        "lines": override.lines,
        "reason": override.reason,
    }
    return SignedContent.of(override, data)
