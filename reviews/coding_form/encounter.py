"""What the page of an encounter shows: what it says, how far its services are, and what its reader may do with it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from coding.models import (
    Encounter,
    EncounterState,
    EncounterVoid,
    GlassBreak,
    Service,
    ServiceState,
    Upload,
    UploadRow,
    User,
    visibility,
)
from coding.registers.history import is_doubtful
from coding.registers.patients import contradictions_of
from coding.trail.timeline import timeline
from reviews.actions import decisions
from reviews.actions.corrections import may_correct
from reviews.actions.voiding import may_void
from reviews.blocking import what_blocks
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import LedgerRow, ledger
from reviews.coding_form.services_there import services_there
from reviews.forms.rulings import ReasonForm
from reviews.forms.services import AddServiceForm, ProposalForm
from reviews.judging.blind import hidden_in
from reviews.lists import queues
from reviews.models import CaseState, CodingDecision, CodingRound, ReviewCase

# Of the items of uploads that brought or corrected an encounter.
LATEST_ROWS = 10


def encounter_page(user: User, encounter: Any) -> dict[str, object]:
    """The page's context, but for its parts: ``checks_part`` and ``history_part``.

    ``encounter`` knows whether it ``has_superseded`` documents.
    """
    prefetch_related_objects([encounter], "diagnoses")
    all_cases = list(_cases(encounter))
    rows = ledger(encounter, all_cases)
    cases = [case for case in all_cases if queues.may_see(user, case)]
    return {
        "encounter": encounter,
        "hidden": hidden_in(encounter, user),
        **_record(encounter),
        **_standing(encounter, rows, cases),
        **_coding(user, encounter, rows),
        **_rights(user, encounter, rows, cases),
    }


def checks_part(user: User, encounter: Encounter) -> dict[str, object]:
    """What the checks of claims say of its lines, and which services may be there besides."""
    prefetch_related_objects([encounter], "diagnoses")
    rows = ledger(encounter)
    hidden = hidden_in(encounter, user)
    codes_here = _codes_here(user, encounter, rows)
    context: dict[str, object] = {
        "hidden": hidden,
        "findings": None,
        "there": None,
        "proposal_form": ProposalForm() if codes_here else None,
    }
    if encounter.state == EncounterState.VOID:
        return context
    if not hidden.codes:
        context["findings"] = findings_of(encounter, rows)
    context["there"] = services_there(encounter, _services(rows))
    return context


def history_part(
    user: User, encounter: Encounter, others: Sequence[Encounter]
) -> dict[str, object]:
    """With what it came, what was done with it, and further encounters of the patient."""
    hidden = hidden_in(encounter, user)
    return {
        "hidden": hidden,
        "came_with": _came_with(user, encounter),
        "timeline": [] if hidden.names else timeline(encounter),
        # Each with whether it is doubtful that it is theirs.
        "other_encounters": [(other, is_doubtful(encounter, other)) for other in others],
    }


def _cases(encounter: Encounter) -> QuerySet[ReviewCase]:
    """Its review cases with their reasons and rulings."""
    cases = ReviewCase.objects.filter(service__encounter=encounter).order_by("opened_at", "pk")
    return cases.select_related("service", "ruling__supervisor").prefetch_related("routes")


def _record(encounter: Any) -> dict[str, object]:
    """What the encounter says and said."""
    return {
        "diagnoses": encounter.diagnoses.all(),
        # The first wording is kept once there is a second one.
        "revisions": encounter.revisions.all() if encounter.revision > 1 else [],
        "superseded": encounter.superseded_documents.all() if encounter.has_superseded else [],
        "contradictions": contradictions_of(encounter),
    }


def _standing(
    encounter: Encounter, rows: Sequence[LedgerRow], cases: Sequence[ReviewCase]
) -> dict[str, object]:
    """How far its services are."""
    further = CodingRound.objects.filter(service__encounter=encounter, number__gt=1)
    return {
        "ledger": rows,
        "service_lines": [row.line for row in rows if row.line],
        "blocked_by": what_blocks(encounter),
        "cases": cases,
        "rounds": further.select_related("service"),
        "void": _void_of(encounter),
    }


def _void_of(encounter: Encounter) -> EncounterVoid | None:
    """Who voided it and why; None where nobody did."""
    if encounter.state != EncounterState.VOID:
        return None
    return EncounterVoid.objects.select_related("voided_by").get(encounter=encounter)


def _coding(user: User, encounter: Encounter, rows: Sequence[LedgerRow]) -> dict[str, object]:
    """Who codes it, and where the reader begins if it is theirs to code."""
    to_code = _to_code(rows)
    codes_here = _codes_here(user, encounter, rows)
    begins = bool(to_code) and codes_here
    return {
        "owner": _owner(to_code),
        "may_assign": begins,
        "next_service": to_code[0] if begins else None,
        "several": _with_siblings(to_code),
        "add_form": AddServiceForm() if codes_here else None,
        "nothing_form": ReasonForm() if codes_here and not rows else None,
    }


def _to_code(rows: Sequence[LedgerRow]) -> list[Service]:
    return [service for service in _services(rows) if service.state == ServiceState.TO_CODE]


def _owner(to_code: Sequence[Service]) -> User | None:
    """Who took them; None where nobody did. An encounter's services are taken together."""
    owners = [service.assigned_to for service in to_code if service.assigned_to]
    return owners[0] if owners else None


def _codes_here(user: User, encounter: Encounter, rows: Sequence[LedgerRow]) -> bool:
    """Whether it is the reader's to code: nobody else does, and it is not void."""
    if encounter.state == EncounterState.VOID or not user.has_perm("coding.code_encounter"):
        return False
    return _owner(_to_code(rows)) in (None, user)


def _rights(
    user: User, encounter: Encounter, rows: Sequence[LedgerRow], cases: Sequence[ReviewCase]
) -> dict[str, object]:
    """What the reader may do with the encounter as a whole."""
    was_reported = encounter.state == EncounterState.VOID and encounter.reports.exists()
    return {
        "opened": _opened(user, encounter),
        "may_take_back": _may_take_back(user, rows, cases),
        "may_report": encounter.state == EncounterState.FINAL or was_reported,
        "may_correct": may_correct(user, encounter),
        "may_void": may_void(user, encounter, _services(rows)),
    }


def _opened(user: User, encounter: Encounter) -> GlassBreak | None:
    """How the reader came to it outside of their own work; nobody who sees all needs that."""
    if visibility.sees_all(user):
        return None
    return encounter.glass_breaks.in_force().filter(person=user).order_by("-until").first()


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
    queued = {case.decision_id for case in cases if case.state == CaseState.QUEUED}
    ruled = {case.decision_id for case in cases if hasattr(case, "ruling")}

    candidates: list[CodingDecision] = []
    for decision in _own_decisions(user, rows):
        waits_or_is_final = decision.pk in queued or decision.service.state == ServiceState.FINAL
        if waits_or_is_final and decision.pk not in ruled:
            candidates.append(decision)

    bound = decisions.bound(candidates) if candidates else set()
    return {decision.service_id for decision in candidates if decision.pk not in bound}


def _own_decisions(user: User, rows: Sequence[LedgerRow]) -> Iterator[CodingDecision]:
    """The reader's decisions that stand, each with its service."""
    for row in rows:
        decision = row.decision
        if row.first and decision is not None and decision.coder_id == user.pk:
            decision.service = row.service
            yield decision
