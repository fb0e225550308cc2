"""What the checks of the claim will say once a coder accepts a suggestion."""

from dataclasses import replace

from coding.models import Service, Suggestion
from reviews.actions.codes import pointed_diagnoses, submitted_units
from reviews.claims.step import ClaimFindings, findings_of
from reviews.coding_form.ledger import LedgerRow, ledger
from reviews.models import CodingDecision


def findings_with(suggestion: Suggestion, service: Service) -> ClaimFindings:
    """What the checks will say if the coder accepts a suggestion for a service."""
    rows = []
    for row in ledger(service.encounter):
        is_of_service = row.service.pk == service.pk
        rows.append(_accepting(row, suggestion) if is_of_service else row)
    return findings_of(service.encounter, rows)


def _accepting(row: LedgerRow, suggestion: Suggestion) -> LedgerRow:
    lines = list(row.service.lines.standing())
    row.service.suggestion = suggestion
    accepted = CodingDecision(
        outcome=suggestion.outcome,
        code=suggestion.code,
        modifiers=suggestion.modifiers,
        units=submitted_units(suggestion.code, lines, suggestion.modifiers),
        further_lines=suggestion.further_lines,
        diagnosis_codes=pointed_diagnoses(row.service, lines),
    )
    return replace(row, decision=accepted, final=None)
