"""Verbs on what the checks of a claim say: take a proposal over or leave it, override a finding."""

from django.db import transaction

from coding import trail
from coding.actions.encounters import check_not_void
from coding.actions.errors import Conflict
from coding.actions.locks import lock_encounters, lock_service
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.actions.transitions import of
from coding.claim import shared_modifiers
from coding.decision.shapes import MOST_MODIFIERS
from coding.models import Encounter, EncounterState, Meaning, Service, ServiceState, User
from coding.signing.confirmation import Confirmation
from reviews.actions.cases import lock_cases, may_judge
from reviews.actions.claims import put_back
from reviews.actions.opening import add_reason, opened, queue
from reviews.actions.reports import make
from reviews.actions.standing import Step, settle
from reviews.claims.step import ClaimFindings, ShownFinding, ShownProposal, findings_of
from reviews.coding_form.ledger import ledger
from reviews.models import (
    OPEN_STATES,
    CaseRoute,
    CaseState,
    CheckedReport,
    CodingDecision,
    FindingOverride,
    NamedService,
    ProposalAnswer,
    ReviewCase,
    RouteReason,
)
from reviews.signed import override_content
from reviews.transitions import SERVICE

OVERRIDE = of(SERVICE, "override check")
CHANGED = "The lines, or the tables they are checked by, changed meanwhile. Look at the claim checks again."


def answer_proposal(actor: User, encounter: Encounter, key: str, *, taken: bool) -> None:
    """Take a proposal over into the report, or leave it; the latest answer counts, and the same one twice is one.

    Of an encounter that is final, a report is made that says so. Raises Conflict if the proposal is not made any more.
    """
    require(actor, "reviews.add_proposalanswer", "answer what is proposed for a claim")
    with transaction.atomic():
        locked = _lock(encounter)
        findings = claim_findings(locked)
        shown = findings.proposal(key)
        if shown is None:
            raise Conflict(CHANGED)
        if shown.answer is not None and shown.answer.taken == taken:
            return
        if taken:
            _check_room(shown, findings)

        answer = ProposalAnswer.objects.create(
            encounter=locked,
            key=key,
            check_id=shown.proposal.id,
            modifier=shown.proposal.modifier,
            joins=shown.proposal.joins,
            message=shown.proposal.message,
            rests_on=shown.proposal.rests_on,
            lines=[content.to_data() for content in shown.named.contents],
            taken=taken,
            answered_by=actor,
        )

        after = {"check": answer.check_id, "proposal": answer.message, "taken": taken}
        entry = trail.Entry("claim.proposal_answered", answer, locked, after=after, rows=[answer])
        reported = make([locked.pk]) if locked.state == EncounterState.FINAL else []
        _check_again(locked)
        trail.record_all(actor, [entry, *reported])


def override(
    actor: User,
    encounter: Encounter,
    key: str,
    reason: str,
    confirmation: Confirmation | None = None,
) -> ReviewCase:
    """Report lines against a finding, with a reason, signed: a supervisor rules on the line that would be changed.

    Raises Conflict if the finding is not made any more, is overridden, or is about lines that nobody coded yet.
    """
    require(actor, OVERRIDE.permission, "override claim checks")
    with transaction.atomic():
        locked = _lock(encounter)
        shown = claim_findings(locked).finding(key)
        if shown is None or not shown.is_open:
            raise Conflict(CHANGED)
        if not shown.can_be_overridden:
            raise Conflict("Not every line that the check names is coded. Code them first.")

        service = lock_service(shown.named.rows[0].service)
        case, routes = _case_of(service)
        overridden = _store(actor, locked, shown, case, reason.strip())
        # Only now it is known who coded a line that the check names: none of them is given the case, or keeps it.
        routed = opened([(case, routes)]) if routes else _add_to(case)
        signed = sign(actor, Meaning.CHECK, [override_content(overridden)], confirmation)

        entries = [*routed, _overridden(service, overridden, signed)]
        if service.state == ServiceState.FINAL:
            entries += settle(OVERRIDE.verb, [Step(service, ServiceState.IN_REVIEW)])
        _check_again(locked)
        trail.record_all(actor, entries)
    return case


def claim_findings(encounter: Encounter) -> ClaimFindings:
    """What the checks say of an encounter now."""
    return findings_of(encounter, ledger(encounter))


def _overridden(service: Service, override: FindingOverride, signed: Signed) -> trail.Entry:
    after = {
        "service": service.number,
        "check": override.check_id,
        "finding": override.message,
        **signed.in_trail(override),
    }
    return trail.Entry(
        OVERRIDE.event,
        override,
        override.encounter,
        after=after,
        reason=override.reason,
        rows=[override, *override.named.all(), *signed.rows(override)],
    )


def _check_again(encounter: Encounter) -> None:
    """Let the claim of an encounter be checked anew: what was answered may change what stands against it."""
    CheckedReport.objects.filter(report__encounter=encounter).update(checked_at=None)


def _lock(encounter: Encounter) -> Encounter:
    [locked] = lock_encounters([encounter.pk]).values()
    check_not_void(locked)
    return locked


def _check_room(shown: ShownProposal, findings: ClaimFindings) -> None:
    """Refuse a fifth modifier. Raises Conflict."""
    if not shown.proposal.modifier:
        return
    line = shown.named.contents[0]
    kept = shared_modifiers(shown.named.contents) if shown.proposal.joins else line.modifiers
    taken = [other for other in findings.proposals if other.is_taken and other.proposal.modifier]
    of_line = [other for other in taken if other.named.contents[0] == line]
    if len(kept) + len(of_line) >= MOST_MODIFIERS:
        raise Conflict(
            f"{line.code} has {MOST_MODIFIERS} modifiers already: a line has room for no more. Leave one."
        )


def _case_of(service: Service) -> tuple[ReviewCase, list[CaseRoute]]:
    """The open case of a service; or a new one with its reasons, not routed yet."""
    open_one = ReviewCase.objects.filter(service=service, state__in=OPEN_STATES).first()
    if open_one is not None:
        [case] = lock_cases([open_one.pk])
        case.service = service
        return case, []
    if service.state != ServiceState.FINAL:
        raise Conflict(
            "The line that the check would change is being coded again. Decide it first."
        )
    decision = CodingDecision.objects.filter(service=service).order_by("-round").first()
    if decision is None:
        raise Conflict("The line that the check would change was never decided. Code it first.")
    decision.service = service
    return queue(decision, [RouteReason.CHECK_OVERRIDDEN], service.suggestion)


def _add_to(case: ReviewCase) -> list[trail.Entry]:
    """Give an open case one more reason; a holder who coded a line that is named now holds it no longer."""
    entry = add_reason(case, RouteReason.CHECK_OVERRIDDEN, case.suggestion)
    entries = [entry] if entry else []
    if case.state == CaseState.CLAIMED and case.holder and not may_judge(case.holder, case):
        entries.append(put_back(case, "Its holder coded a line that the overridden check names."))
    return entries


def _store(
    actor: User, encounter: Encounter, shown: ShownFinding, case: ReviewCase, reason: str
) -> FindingOverride:
    finding, named = shown.finding, shown.named
    overridden = FindingOverride.objects.create(
        encounter=encounter,
        key=named.key,
        check_id=finding.check,
        severity=finding.severity,
        message=finding.message,
        rests_on=finding.rests_on,
        lines=[content.to_data() for content in named.contents],
        answered_by=actor,
        reason=reason,
        case=case,
    )
    services = {row.service.pk for row in named.rows}
    NamedService.objects.bulk_create(
        NamedService(override=overridden, service_id=key) for key in sorted(services)
    )
    return overridden
