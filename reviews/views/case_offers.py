"""What the page of a case offers the person who reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coding.models import ServiceState, User
from reviews.actions import cases, second_codings
from reviews.actions.precedents import MAY_RECORD, may_become_one
from reviews.judging import rebuttals
from reviews.models import CaseState, Level, ReviewCase, SecondCoding

RULE = "reviews.rule_on_reviewcase"
REOPEN = "reviews.reopen_reviewcase"


@dataclass(frozen=True, slots=True)
class Offers:
    """Each thing that the person may do now with the case."""

    may_give: bool
    may_claim: bool
    may_ask_second: bool
    may_acknowledge: bool
    may_object: bool
    may_reopen: bool
    may_make_precedent: bool


def offers_to(user: User, case: Any, seconds: Iterable[SecondCoding]) -> Offers:
    """``case`` knows whether its service ``has_later`` ones; ``seconds`` are all second codings of its decision."""
    may_judge = case.is_open and user.has_perm(RULE) and cases.may_judge(user, case)
    is_own = case.coder == user
    # A ruling that a later case stands upon is that case's matter.
    rests = is_settled(case) and not case.has_later
    is_final = rests and case.service.state == ServiceState.FINAL
    is_coded_twice = any(not second.is_supervisor for second in seconds)
    return Offers(
        may_give=may_judge,
        may_claim=may_judge and case.state == CaseState.QUEUED,
        may_ask_second=user.has_perm(second_codings.MAY_ASK)
        and case.suggestion is not None
        and not is_coded_twice
        and second_codings.has_counterpart(case.service, case.decision),
        may_acknowledge=is_own and case.state == CaseState.RESOLVED,
        may_object=is_own
        and is_final
        and case.level == Level.FIRST
        and rebuttals.is_open(case.ruling),
        may_reopen=is_final and user.has_perm(REOPEN) and cases.may_judge(user, case),
        may_make_precedent=rests and user.has_perm(MAY_RECORD) and may_become_one(case.ruling),
    )


def is_settled(case: ReviewCase) -> bool:
    """Whether its ruling stands."""
    return case.state in (CaseState.RESOLVED, CaseState.ACKNOWLEDGED)
