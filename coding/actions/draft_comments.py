"""Remarks on cells of a draft: made, and settled."""

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import CellComment, RuleSetVersion, User


def comment(actor: User, version: RuleSetVersion, rule_id: str, column: str, text: str) -> CellComment:
    """Remark on a cell. The draft says what it said."""
    require(actor, "coding.change_rulesetversion", "remark on drafts")
    with transaction.atomic():
        locked = rule_sets.lock_draft(version)
        remark = CellComment(version=locked, rule_id=rule_id, column=column, text=text, author=actor)
        remark.save()
        trail.record(actor, "version.remarked", locked, after={"rule": rule_id, "column": column})
    return remark


def settle_comment(actor: User, version: RuleSetVersion, key: int) -> None:
    """Settle a remark: it is kept and not shown any more."""
    require(actor, "coding.change_rulesetversion", "settle remarks on drafts")
    with transaction.atomic():
        locked = rule_sets.lock_draft(version)
        open_one = CellComment.objects.filter(version=locked, pk=key, settled_at=None)
        remark = open_one.first()
        if remark is None or not open_one.update(settled_by=actor, settled_at=timezone.now()):
            raise Conflict("The remark is settled already.")
        after = {"rule": remark.rule_id, "column": remark.column}
        trail.record(actor, "version.remark_settled", locked, after=after)
