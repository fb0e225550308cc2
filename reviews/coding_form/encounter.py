"""What the page of an encounter shows: what it says, how far its services are, and what its reader may do with it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from coding.models import Encounter, EncounterState, EncounterVoid, Service, ServiceState, Upload, UploadRow, User
from coding.registers.history import is_doubtful
from coding.registers.patients import contradictions_of
from reviews import queues
from reviews.actions import decisions
from reviews.actions.corrections import may_correct
from reviews.actions.voiding import may_void
from reviews.blind import hidden_in
from reviews.blocking import what_blocks
from reviews.claim_step import findings_of
from reviews.coding_form.ledger import LedgerRow, ledger
from reviews.coding_form.services_there import services_there
from reviews.forms.rulings import ReasonForm
from reviews.forms.services import AddServiceForm, ProposalForm
from reviews.models import CaseState, CodingDecision, CodingRound, ReviewCase

# Of the items of uploads that brought or corrected an encounter.
LATEST_ROWS = 10


def encounter_page(user: User, encounter: Encounter) -> dict[str, Any]:
    """The page's context, but for the time line and the patient's other encounters."""
    prefetch_related_objects([encounter], "diagnoses")
    rows, hidden = ledger(encounter), hidden_in(encounter, user)
    cases = list(queues.in_rows(queues.visible_to(user).filter(service__encounter=encounter)))
    return {
        "encounter": encounter,
        "hidden": hidden,
        **_record(user, encounter),
        **_standing(encounter, rows, cases),
        "findings": None if hidden.codes or encounter.state == EncounterState.VOID else findings_of(encounter, rows),
        **_coding(user, encounter, rows),
        **_rights(user, encounter, rows, cases),
    }


def _record(user: User, encounter: Encounter) -> dict[str, object]:
    """What the encounter says and said, and where it came from."""
    return {
        "diagnoses": encounter.diagnoses.all(),
        "revisions": encounter.revisions.all(),
        "superseded": encounter.superseded_documents.all(),
        "came_with": _came_with(user, encounter),
        "contradictions": contradictions_of(encounter),
    }


def _standing(encounter: Encounter, rows: Sequence[LedgerRow], cases: Sequence[ReviewCase]) -> dict[str, object]:
    """How far its services are, and what speaks against its lines."""
    is_void = encounter.state == EncounterState.VOID
    return {
        "ledger": rows,
        "service_lines": [row.line for row in rows if row.line],
        "there": None if is_void else services_there(encounter, _services(rows)),
        "blocked_by": what_blocks(encounter),
        "cases": cases,
        "rounds": CodingRound.objects.filter(service__encounter=encounter, number__gt=1).select_related("service"),
        "void": EncounterVoid.objects.select_related("voided_by").get(encounter=encounter) if is_void else None,
    }


def _coding(user: User, encounter: Encounter, rows: Sequence[LedgerRow]) -> dict[str, object]:
    """Who codes it, and where the reader begins if it is theirs to code."""
    to_code = [service for service in _services(rows) if service.state == ServiceState.TO_CODE]
    owner = next((service.assigned_to for service in to_code if service.assigned_to), None)
    is_void = encounter.state == EncounterState.VOID
    codes_here = user.has_perm("coding.code_encounter") and owner in (None, user) and not is_void
    return {
        "owner": owner,
        "may_assign": bool(to_code) and codes_here,
        "next_service": to_code[0] if to_code and codes_here else None,
        "several": _with_siblings(to_code),
        "proposal_form": ProposalForm() if codes_here else None,
        "add_form": AddServiceForm() if codes_here else None,
        "nothing_form": ReasonForm() if codes_here and not rows else None,
    }


def _rights(
    user: User, encounter: Encounter, rows: Sequence[LedgerRow], cases: Sequence[ReviewCase]
) -> dict[str, object]:
    """What the reader may do with the encounter as a whole."""
    was_reported = encounter.state == EncounterState.VOID and encounter.reports.exists()
    return {
        "opened": encounter.glass_breaks.in_force().filter(person=user).order_by("-until").first(),
        "may_take_back": _may_take_back(user, rows, cases),
        "may_report": encounter.state == EncounterState.FINAL or was_reported,
        "may_correct": may_correct(user, encounter),
        "may_void": may_void(user, encounter, _services(rows)),
    }


def other_encounters(encounter: Encounter, others: Sequence[Encounter]) -> list[tuple[Encounter, bool]]:
    """Further encounters of the patient, each with whether it is doubtful that it is theirs."""
    return [(other, is_doubtful(encounter, other)) for other in others]


def _services(rows: Sequence[LedgerRow]) -> list[Service]:
    return [row.service for row in rows if row.first]


def _with_siblings(services: Sequence[Service]) -> set[int]:
    """The rule sets of which there are several services to code, by id: two of them can be joined."""
    counted = Counter(service.rule_set_id for service in services if service.rule_set_id)
    return {rule_set for rule_set, count in counted.items() if count > 1}


def _came_with(user: User, encounter: Encounter) -> list[tuple[UploadRow, bool]]:
    """The latest items that brought or corrected the encounter, each with whether the person may open its upload."""
    rows = encounter.rows.select_related("upload").defer("record").order_by("-pk")[:LATEST_ROWS]
    brought = list(rows)
    uploads = Upload.objects.for_user(user).filter(pk__in=[row.upload_id for row in brought])
    open_ones = set(uploads.values_list("pk", flat=True))
    return [(row, row.upload_id in open_ones) for row in brought]


def _may_take_back(user: User, rows: Sequence[LedgerRow], cases: Sequence[ReviewCase]) -> set[int]:
    """The services whose decision the person may still undo, by their ids."""
    mine: list[CodingDecision] = []
    for row in rows:
        if row.first and row.decision and row.decision.coder_id == user.pk:
            row.decision.service = row.service
            mine.append(row.decision)
    queued = {case.decision_id for case in cases if case.state == CaseState.QUEUED}
    ruled = {case.decision_id for case in cases if hasattr(case, "ruling")}
    undone = [
        decision
        for decision in mine
        if decision.pk not in ruled and (decision.pk in queued or decision.service.state == ServiceState.FINAL)
    ]
    stay = decisions.bound(undone) if undone else set()
    return {decision.service_id for decision in undone if decision.pk not in stay}
