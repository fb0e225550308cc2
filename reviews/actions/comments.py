"""Verbs on comments: say something about a case and who has to act, and mark it as done."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import locked
from coding.actions.require import require
from coding.models import User
from reviews.actions.claims import supervisors
from reviews.models import CaseComment, ReviewCase

MAY_COMMENT = "reviews.add_casecomment"


def who_may_act(case: ReviewCase) -> QuerySet[User]:
    """Of whom a comment can ask something: the coder of the case, and the supervisors."""
    coder = User.objects.filter(pk=case.coder_id, is_active=True)
    those_who_rule = User.objects.filter(pk__in=supervisors().values("pk"))
    people = coder | those_who_rule
    return people.order_by("last_name", "first_name", "pk")


def comment(actor: User, case: ReviewCase, text: str, acts: User | None = None) -> CaseComment:
    """Say something about a case; ``acts`` has to do something about it. Raises ValidationError, by field."""
    require(actor, MAY_COMMENT, "comment on review cases")
    if case.coder_id != actor.pk and not actor.has_perm("reviews.view_every_reviewcase"):
        raise NotAllowed("Only the coder of a case and supervisors comment on it.")
    if not text.strip():
        raise ValidationError({"text": "Write what is to be said."})
    if acts is not None and not who_may_act(case).filter(pk=acts.pk).exists():
        raise ValidationError(
            {"acts": f"{acts.name} is neither the coder of the case nor a supervisor."}
        )
    with transaction.atomic():
        row = CaseComment.objects.create(case=case, text=text.strip(), author=actor, acts=acts)
        after = {"service": case.service.number, "who acts": acts.name if acts else None}
        encounter = case.service.encounter
        trail.record(
            actor,
            "comment.made",
            case,
            encounter=encounter,
            after=after,
            reason=row.text,
            rows=[row],
        )
    return row


def done(actor: User, row: CaseComment) -> None:
    """What a comment asks for is done. Whoever has to act says so, or who asked."""
    if actor.pk not in (row.acts_id, row.author_id) or not actor.is_active:
        raise NotAllowed("Whoever has to act, or asked for it, marks a comment as done.")
    if row.acts_id is None:
        raise Conflict("This comment asks nobody to act.")
    with transaction.atomic():
        [now] = locked(CaseComment.objects.filter(pk=row.pk), "case__service__encounter", "acts")
        if now.done_at is not None:
            return
        now.done_at, now.done_by = timezone.now(), actor
        now.save(update_fields=["done_at", "done_by"])
        service = now.case.service
        after = {"service": service.number}
        trail.record(
            actor, "comment.done", now.case, encounter=service.encounter, after=after, rows=[now]
        )


def to_act_on(user: User) -> QuerySet[CaseComment]:
    """What a person has to act on, the oldest first."""
    return CaseComment.objects.filter(acts=user, done_at=None).order_by("pk")
