"""Comments on cells of a draft: made, and settled."""

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import CellComment, RuleSetVersion, User


def comment(
    actor: User, version: RuleSetVersion, rule_id: str, column: str, text: str
) -> CellComment:
    """Comment on a cell. The draft says what it said."""
    require(actor, "coding.change_rulesetversion", "comment on drafts")
    with transaction.atomic():
        locked = rule_sets.lock_draft(version)
        comment = CellComment(
            version=locked, rule_id=rule_id, column=column, text=text, author=actor
        )
        comment.save()
        trail.record(
            actor,
            "version.commented",
            locked,
            after={"rule": rule_id, "column": column},
            rows=[comment],
        )
    return comment


def settle_comment(actor: User, version: RuleSetVersion, key: int) -> None:
    """Settle a comment: it is kept and not shown any more."""
    require(actor, "coding.change_rulesetversion", "settle comments on drafts")
    with transaction.atomic():
        locked = rule_sets.lock_draft(version)
        open_one = CellComment.objects.filter(version=locked, pk=key, settled_at=None)
        comment = open_one.first()
        if comment is None or not open_one.update(settled_by=actor, settled_at=timezone.now()):
            raise Conflict("The comment is settled already.")
        after = {"rule": comment.rule_id, "column": comment.column}
        trail.record(actor, "version.comment_settled", locked, after=after, rows=[comment])
