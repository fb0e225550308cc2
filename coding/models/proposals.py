"""Changes of an account that one administrator proposes and another one approves."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from coding.models.append_only import EVERY_COLUMN, Kept
from coding.models.people import User


class ProposalKind(models.TextChoices):
    """What is proposed for an account."""

    ROLE = "role", "A role"
    LINK = "link", "A new password, by a one-time link"


class ProposalState(models.TextChoices):
    """What became of a proposal. Which verb leads where: ``coding.actions.transitions``."""

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AccountProposal(Kept):
    """A role, or a one-time link, for an account that decides or administers. ``role`` names a group."""

    MAY_CHANGE = ("state", "decided_by", "decided_at")
    REFUSED_CHANGE = "OLD.state <> 'proposed'"
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ProposalKind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    role = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "role"],
                condition=Q(state=ProposalState.PROPOSED),
                name="one_open_proposal_of_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED)
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("person"))
                ),
                name="another_person_approves",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="proposal_by_state")]

    def __str__(self) -> str:
        return f"{self.role or 'one-time link'} for {self.person.name}"

    def get_absolute_url(self) -> str:
        """The page on which it is decided."""
        return reverse("proposal", args=[self.public_id])
