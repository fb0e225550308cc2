"""Verbs on second codings: ask for one, code a service blind, and code a case before it shows what others found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import lock_service, locked
from coding.actions.require import people_who_may, require
from coding.actions.transitions import of
from coding.decision import Facts, FactValue, OutcomeKind
from coding.decision.modifiers import in_order
from coding.models import RuleSetVersion, Service, ServiceState, User
from coding.models.reported import in_short
from coding.rules import profiles, suggesting
from reviews.actions.codes import check_code
from reviews.actions.opening import add_reason, open_case
from reviews.actions.standing import Step, settle
from reviews.models import (
    OPEN_STATES,
    CodingDecision,
    ReviewCase,
    RouteReason,
    Ruling,
    SecondCoding,
)
from reviews.transitions import CASE, SERVICE

MAY_ASK = "reviews.ask_secondcoding"
MAY_CODE = "reviews.add_codingdecision"
RECODE, RULE = of(SERVICE, "recode"), of(CASE, "rule")


@dataclass(frozen=True, slots=True)
class BlindCode:
    """What somebody codes blind: a code, or nothing to report; and the answers that they read in the note."""

    code: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1
    reason: str = ""
    confirmed: bool = False
    facts: Mapping[str, FactValue] = field(default_factory=dict)


def second_coders(decision: CodingDecision) -> QuerySet[User]:
    """Who can code a decided service once more: coders who decided it in no round and hold no case of it, by name."""
    decided = CodingDecision.objects.filter(service=decision.service_id).values("coder")
    # Whoever holds a case of it, or ruled on one, read what was decided.
    held = ReviewCase.objects.filter(service=decision.service_id, holder__isnull=False)
    return people_who_may(MAY_CODE).exclude(pk__in=decided).exclude(pk__in=held.values("holder"))


def has_counterpart(service: Service, decision: CodingDecision) -> bool:
    """Whether a decision on a service still counts, so that a second one has something to be compared with."""
    is_decided = service.state in (ServiceState.FINAL, ServiceState.IN_REVIEW)
    return is_decided and service.round == decision.round


def ask(actor: User, decision: CodingDecision, coder: User) -> SecondCoding:
    """Ask a coder to code a service that somebody decided, without seeing what. One second coder for each decision."""
    require(actor, MAY_ASK, "ask for a second coding")
    if not second_coders(decision).filter(pk=coder.pk).exists():
        raise ValidationError(
            {
                "coder": f"{coder.name} cannot code this blind. Choose a coder who has not read the decision."
            }
        )
    with transaction.atomic():
        service = lock_service(decision.service)
        if not has_counterpart(service, decision):
            raise Conflict(
                "The service is to be coded again: there is no decision to compare a second one with."
            )
        if SecondCoding.objects.filter(decision=decision, is_supervisor=False).exists():
            raise Conflict("A second coder was asked already.")

        second = SecondCoding.objects.create(
            service=service, decision=decision, coder=coder, asked_by=actor
        )
        after = {"service": service.number, "second coder": coder.name}
        trail.record(
            actor,
            "second_coding.asked",
            second,
            encounter=service.encounter,
            after=after,
            rows=[second],
        )
    return second


def code_blind(actor: User, second: SecondCoding, blind: BlindCode) -> None:
    """Take down what a second coder found. Where it differs from the decision, a supervisor looks at both.

    What a supervisor ruled on meanwhile stays, and so does what came to another round. Raises ValidationError, by
    field, for a code that is not known.
    """
    require(actor, MAY_CODE, "code services")
    if second.coder_id != actor.pk:
        raise NotAllowed("Somebody else was asked for this second coding.")
    with transaction.atomic():
        service = lock_service(second.service)
        asked = SecondCoding.objects.filter(pk=second.pk)
        [now] = locked(asked, "decision__version__document", "decision__suggestion")
        if now.done_at is not None:
            raise Conflict("You have coded this already.")

        _fill(now, service, blind)
        now.save()
        entries = [_done(now, service), *_compare(now, service)]
        trail.record_all(actor, entries)


def look(actor: User, case: ReviewCase, blind: BlindCode) -> SecondCoding:
    """Take down what a supervisor codes before the case shows them what coder and rules found. Once for each case."""
    require(actor, RULE.permission, "rule on review cases")
    with transaction.atomic():
        service = lock_service(case.service)
        decision = CodingDecision.objects.select_related("version__document").get(
            pk=case.decision_id
        )
        second = SecondCoding(
            service=service, decision=decision, is_supervisor=True, coder=actor, asked_by=actor
        )
        _fill(second, service, blind)
        # The database allows one for each decision and supervisor; a second click finds out here.
        try:
            with transaction.atomic():
                second.save()
        except IntegrityError:
            raise Conflict("You have coded this case already. Reload it.") from None
        trail.record_all(actor, [_done(second, service)])
    return second


def _fill(second: SecondCoding, service: Service, blind: BlindCode) -> None:
    decision = second.decision
    second.code = blind.code
    second.units = blind.units
    if blind.code:
        check_code(blind.code, blind.modifiers, service.day, confirmed=blind.confirmed)
        second.outcome = OutcomeKind.CODE.value
        second.modifiers = in_order(blind.modifiers)
    else:
        second.outcome = OutcomeKind.NO_FAMILY_CODE.value
        second.modifiers = []
    second.reason = blind.reason.strip()
    if service.rule_set is not None and blind.facts:
        _answer(second, service, decision.version, dict(blind.facts))

    decided = in_short(decision.outcome, decision.code, decision.modifiers)
    second.agrees = in_short(second.outcome, second.code, second.modifiers) == decided
    second.done_at = timezone.now()


def _answer(
    second: SecondCoding, service: Service, version: RuleSetVersion | None, facts: Facts
) -> None:
    """Keep the answers, and what the version of the decision makes of them."""
    if service.rule_set is None:
        return
    second.profile = profiles.intern_profile(service.rule_set, facts)
    if version is not None and version.document is not None:
        second.suggestion = suggesting.suggest(second.profile, version.document)


def _done(second: SecondCoding, service: Service) -> trail.Entry:
    after = {"service": service.number, "code": second.words, "agrees": second.agrees}
    return trail.Entry(
        "second_coding.done",
        second,
        service.encounter,
        after=after,
        reason=second.reason,
        rows=[second],
    )


def _compare(second: SecondCoding, service: Service) -> list[trail.Entry]:
    """Where the second coder found something else, the case is opened, or gets it as one more reason."""
    decision = second.decision
    is_ruled = Ruling.objects.filter(case__decision=decision).exists()
    if second.agrees or service.round != decision.round or is_ruled:
        return []

    open_one = ReviewCase.objects.filter(service=service, state__in=OPEN_STATES).first()
    if open_one is not None:
        open_one.service = service
        entry = add_reason(open_one, RouteReason.SECOND_CODER, open_one.suggestion)
        return [entry] if entry else []

    if service.state not in RECODE.start:
        return []
    decision.service = service
    entries = open_case(decision, [RouteReason.SECOND_CODER], service.suggestion)
    return [*entries, *settle(RECODE.verb, [Step(service, ServiceState.IN_REVIEW)])]
