"""The verb on retention rules: say for how many years a kind of record is kept."""

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import User
from reviews.models.retention import RecordKind, RetentionRule
from reviews.operation.retention import events_of


def set_rule(
    actor: User, kind: RecordKind, counted_from: str, years: int, reason: str
) -> RetentionRule:
    """Make the rule of a kind, or change it. Nothing is deleted by it. Raises Conflict for an event it is not of."""
    require(actor, "reviews.change_retentionrule", "say how long records are kept")
    if counted_from not in events_of(kind):
        raise Conflict(f"{kind.label} are not counted from that event. Choose another one.")
    with transaction.atomic():
        before = RetentionRule.objects.select_for_update().filter(kind=kind).first()
        earlier = {"years": before.years, "from": before.counted_from} if before else {}
        values = {"counted_from": counted_from, "years": years, "reason": reason, "set_by": actor}
        rule, _ = RetentionRule.objects.update_or_create(kind=kind, defaults=values)
        after = {"kind": str(kind), "years": years, "from": counted_from}
        trail.record(
            actor, "retention.set", rule, before=earlier, after=after, reason=reason, rows=[rule]
        )
    return rule
