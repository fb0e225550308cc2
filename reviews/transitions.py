"""The tables of services, cases, queries and rule defects: verb, from, to, event, permission. Pure data.

An encounter has no table: its state is that of its services (``reviews.actions.standing``). While one of them is to
code, in review or awaits its provider, so is the encounter; when all are settled it is blocked by what
``reviews.blocking`` lists, and else final. From blocked it comes to final when its source sends what it waits for.
"""

from coding.actions.transitions import Transition
from coding.models import ServiceState
from reviews.models import CaseState, DefectState, QueryState

CODE, QUEUED, CLAIMED = ServiceState.TO_CODE, CaseState.QUEUED, CaseState.CLAIMED
REVIEW, AWAITING, FINAL = ServiceState.IN_REVIEW, ServiceState.AWAITING_PROVIDER, ServiceState.FINAL

SERVICE = (
    Transition("decide", (CODE,), (FINAL, REVIEW), "decision.made", "reviews.add_codingdecision"),
    Transition(
        "take back", (REVIEW, FINAL), (CODE,), "decision.taken_back", "reviews.add_codingdecision"
    ),
    Transition(
        "withdraw",
        (CODE,),
        (ServiceState.WITHDRAWN,),
        "service.withdrawn",
        "coding.withdraw_service",
    ),
    Transition(
        "join", (CODE,), (ServiceState.WITHDRAWN,), "service.joined", "coding.withdraw_service"
    ),
    Transition("rule", (REVIEW,), (FINAL, AWAITING), "case.ruled", "reviews.rule_on_reviewcase"),
    Transition("return", (REVIEW,), (CODE,), "case.returned", "reviews.return_reviewcase"),
    Transition("rebut", (FINAL,), (REVIEW,), "case.rebutted", "reviews.add_codingdecision"),
    Transition("reopen", (FINAL,), (REVIEW,), "case.reopened", "reviews.reopen_reviewcase"),
    Transition(
        "override check",
        (FINAL,),
        (REVIEW,),
        "claim.check_overridden",
        "reviews.add_findingoverride",
    ),
    # A second coder, blind, found something else.
    Transition("recode", (FINAL,), (REVIEW,), "second_coding.done", "reviews.add_codingdecision"),
    Transition(
        "answer query", (AWAITING,), (CODE,), "query.answered", "reviews.answer_providerquery"
    ),
    Transition("close query", (AWAITING,), (CODE,), "query.closed", "reviews.answer_providerquery"),
    Transition(
        "correct", (FINAL, AWAITING), (REVIEW, CODE), "encounter.corrected", "coding.add_encounter"
    ),
    # Nobody does it: history or registers give something else by now.
    Transition("look again", (FINAL,), (REVIEW,), "answer.renewed"),
    Transition("apply run", (FINAL,), (REVIEW,), "case.opened", "reviews.apply_reevaluationrun"),
    # Without this permission a coder voids a typed encounter, while nothing is decided and nobody else codes it.
    Transition(
        "void",
        (CODE, REVIEW, AWAITING, FINAL),
        (ServiceState.WITHDRAWN,),
        "encounter.voided",
        "coding.void_encounter",
    ),
)

CASE = (
    Transition("claim", (QUEUED,), (CLAIMED,), "case.claimed", "reviews.rule_on_reviewcase"),
    Transition("release", (CLAIMED,), (QUEUED,), "case.released", "reviews.rule_on_reviewcase"),
    # From the queue it assigns the case.
    Transition(
        "hand over", (QUEUED, CLAIMED), (CLAIMED,), "case.handed_over", "reviews.rule_on_reviewcase"
    ),
    # Its holder does not: its time is over, their account is closed, or they coded a line that is named since.
    Transition("lapse", (CLAIMED,), (QUEUED,), "case.lapsed"),
    # A cluster's cases are ruled on from the queue, without being claimed one by one.
    Transition(
        "rule", (CLAIMED, QUEUED), (CaseState.RESOLVED,), "case.ruled", "reviews.rule_on_reviewcase"
    ),
    Transition(
        "return", (CLAIMED,), (CaseState.RETURNED,), "case.returned", "reviews.return_reviewcase"
    ),
    Transition(
        "take back",
        (QUEUED,),
        (CaseState.TAKEN_BACK,),
        "decision.taken_back",
        "reviews.add_codingdecision",
    ),
    Transition(
        "close", (QUEUED, CLAIMED), (CaseState.CLOSED,), "case.closed", "coding.void_encounter"
    ),
    # The coder of the case does.
    Transition(
        "acknowledge", (CaseState.RESOLVED,), (CaseState.ACKNOWLEDGED,), "case.acknowledged"
    ),
)

QUERY = (
    Transition(
        "answer",
        (QueryState.OPEN,),
        (QueryState.ANSWERED,),
        "query.answered",
        "reviews.answer_providerquery",
    ),
    Transition(
        "close",
        (QueryState.OPEN,),
        (QueryState.CLOSED,),
        "query.closed",
        "reviews.answer_providerquery",
    ),
)

# A ruling opens one.
DEFECT = (
    Transition(
        "close",
        (DefectState.OPEN,),
        (DefectState.CLOSED,),
        "defect.closed",
        "reviews.close_ruledefect",
    ),
)
