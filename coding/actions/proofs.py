"""The nightly verb on records: prove from the trail that they are what it tells, and raise the alarm if not."""

import structlog
from django.db import transaction

from coding import trail
from coding.models import AuditEvent, AuditHead
from coding.trail import proof

log = structlog.get_logger(__name__)

PROVED = "records.proved"


def prove_records() -> str:
    """What is wrong with the first row that is not what the trail tells; empty where all are."""
    problem = ""
    after: dict[str, int | str] = {}
    try:
        proven = proof.prove()
        after = {"proven": proven.rows - proven.older, "older": proven.older}
    except proof.Differs as difference:
        problem = str(difference)
        after = {"problem": problem}
        log.error("records_alarm", problem=problem)
    with transaction.atomic():
        head, _ = AuditHead.objects.get_or_create(pk=1, defaults={"hash": trail.FIRST_HASH})
        trail.record(None, PROVED, head, after=after)
    return problem


def last_problem() -> str:
    """What the last proof found; empty where it found nothing, or before the first."""
    newest_first = AuditEvent.objects.filter(event=PROVED).order_by("-sequence")
    last = newest_first.values_list("after", flat=True).first()
    return str(last.get("problem", "")) if last else ""
