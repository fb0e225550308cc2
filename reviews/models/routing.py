"""Routing rules: how urgent a case is, until when it is due, and whose it becomes; and who is away."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from coding.models import Payer, RuleSet, Team
from coding.models.append_only import EVERY_COLUMN, Kept, Recorded


class Priority(models.IntegerChoices):
    """How urgent a case is; the smallest comes first."""

    URGENT = 1, "Urgent"
    HIGH = 2, "High"
    NORMAL = 3, "Normal"
    LOW = 4, "Low"


class Recipient(models.TextChoices):
    """To whom a rule gives a case."""

    QUEUE = "queue", "Nobody: it waits in the queue"
    PERSON = "person", "A person"
    TEAM = "team", "The supervisor of a team who holds the fewest cases"
    BY_LOAD = "by_load", "The supervisor who holds the fewest cases"


class RoutingRule(Recorded):
    """What becomes of a case that comes into the queue. Of the rules that are on, the first that fits counts.

    Of when it fits, what is empty fits all. It is switched off, not deleted: cases name the rule that routed them.
    """

    TOLD = EVERY_COLUMN

    position = models.PositiveSmallIntegerField(
        default=0, help_text="The first rule that fits counts."
    )
    name = models.CharField(max_length=80, unique=True)
    is_on = models.BooleanField("on", default=True)
    reason = models.CharField(
        "route reason",
        max_length=30,
        blank=True,
        help_text="One of the reasons why the case is here. Empty: any.",
    )
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(
        max_length=5,
        blank=True,
        help_text="Submitted, suggested or decided. Empty: any, or none at all.",
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    due_in_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Calendar days. Empty: no date."
    )
    to = models.CharField("to whom", max_length=10, choices=Recipient, default=Recipient.QUEUE)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to=Recipient.PERSON, person__isnull=False, team__isnull=True)
                | models.Q(to=Recipient.TEAM, person__isnull=True, team__isnull=False)
                | models.Q(
                    to__in=[Recipient.QUEUE, Recipient.BY_LOAD],
                    person__isnull=True,
                    team__isnull=True,
                ),
                name="routing_rule_names_its_recipient",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The person or the team, as the recipient says; and nobody beside."""
        self.code = self.code.strip().upper()
        if (self.to == Recipient.PERSON) != (self.person is not None):
            raise ValidationError(
                {"person": "Name the person where the case goes to one, and nobody otherwise."}
            )
        if (self.to == Recipient.TEAM) != (self.team is not None):
            raise ValidationError(
                {"team": "Name the team where the case goes to one, and none otherwise."}
            )


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Who is away, when."""

    def today(self) -> "AbsenceQuerySet":
        """Those in which a person is away today."""
        today = timezone.localdate()
        return self.filter(first_day__lte=today, last_day__gte=today)


class Absence(Kept):
    """The days on which a person is away: no rule gives them a case, and what they hold goes back into the queue.

    A case that a rule gives to them by name goes to the ``substitute``. It is shortened, not deleted.
    """

    MAY_CHANGE = ("last_day",)
    TOLD = EVERY_COLUMN

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("substitute")),
                name="nobody_stands_in_for_themselves",
            ),
        ]
        indexes = [models.Index(fields=["last_day", "first_day", "person"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.person.name} is away until {self.last_day}"
