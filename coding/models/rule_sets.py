"""Rule sets and their dated versions, as rows that people read and edit in the admin."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse

from coding.decision import HitPolicy, Kind, OutcomeKind, Source
from coding.models.append_only import AppendOnly, Recorded
from coding.models.layers import ANY, GENERAL, Layer


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Rule sets."""

    def coding(self) -> Self:
        """Those by which services are coded: a version of them is published."""
        published = RuleSetVersion.objects.filter(
            rule_set=OuterRef("pk"), state=VersionState.PUBLISHED
        )
        return self.filter(Exists(published))


class RuleSet(models.Model):
    """A family of rules: what codes one kind of service."""

    key = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RuleDocument(AppendOnly):
    """The canonical document of a rule table, stored once for ever under its content hash.

    Versions point to it, and every suggestion keeps the one it was made with: a draft may change,
    what a decision rested on may not.
    """

    content_hash = models.CharField(max_length=64, unique=True)
    document = models.JSONField()

    def __str__(self) -> str:
        return self.content_hash[:12]


class VersionState(models.TextChoices):
    """The life of a rule set version."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"
    DISCARDED = "discarded", "Discarded"


# Documents and lexicons are large, and kept ready by their content (``coding.rules``).
CONTENTS = ("document__document", "lexicon__document")


class VersionQuerySet(models.QuerySet["RuleSetVersion"]):
    """Versions, looked up by date of service."""

    def published(self) -> Self:
        """Versions that decide, newest first."""
        return self.filter(state=VersionState.PUBLISHED).order_by("-effective_from")

    def that_could_decide(self) -> Self:
        """Versions with rules that decide, or may come to."""
        return self.exclude(document=None).exclude(
            state__in=[VersionState.RETIRED, VersionState.DISCARDED]
        )

    def begun(self, rule_set: int | None, on: date) -> Self:
        """The versions of a rule set that had taken effect on a day, the newest first, of all layers."""
        begun = self.published().filter(rule_set=rule_set, effective_from__lte=on)
        # A lexicon is large, and kept ready by its content (``coding.rules.lexicons``).
        return begun.select_related("rule_set", "document", "lexicon").defer("lexicon__document")

    def in_force(self, rule_set: RuleSet, on: date) -> "RuleSetVersion | None":
        """The version that decides services of a day for which no layer is narrower (``coding.rules.layers``)."""
        return self.begun(rule_set.pk, on).filter(for_payer=ANY, for_place=ANY).first()

    def all_begun(self, on: date) -> Self:
        """The versions that had taken effect on a day, by rule sets, the newest of each first, of all layers."""
        begun = (
            self.published()
            .filter(effective_from__lte=on)
            .select_related("rule_set", "document", "lexicon")
        )
        return begun.defer(*CONTENTS).order_by("rule_set", "-effective_from")

    def once_in_force(self, on: date) -> Self:
        """Retired versions that decided services of a day until they were retired, which was on that day or later."""
        decided = RuleSetVersion.objects.filter(
            state__in=[VersionState.PUBLISHED, VersionState.RETIRED]
        )
        newer = decided.filter(rule_set=OuterRef("rule_set"), effective_from__lte=on)
        newer = newer.filter(effective_from__gt=OuterRef("effective_from"))
        newer = newer.filter(for_payer=OuterRef("for_payer"), for_place=OuterRef("for_place"))
        retired = self.filter(
            state=VersionState.RETIRED, effective_from__lte=on, retired_at__date__gte=on
        )
        return retired.exclude(Exists(newer))


class RuleSetVersion(Recorded):
    """A dated state of a rule set. A published version is in force from its date until the next one's."""

    TOLD = (
        *(
            "rule_set",
            "number",
            "state",
            "document",
            "lexicon",
            "effective_from",
            "for_payer",
            "for_place",
        ),
        *("author", "last_editor", "approver", "published_at", "retired_at", "edition"),
    )
    MAY_CHANGE = (
        *("state", "document", "lexicon", "effective_from", "for_payer", "for_place"),
        *("last_editor", "approver", "published_at", "retired_at", "edition"),
    )

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=VersionState, default=VersionState.DRAFT)
    description = models.TextField(blank=True)
    notes = models.TextField(
        blank=True, help_text="Known conflicts and remarks, one paragraph each."
    )
    family = models.TextField(help_text="The procedure codes of the family, separated by spaces.")
    hit_policy = models.CharField(
        max_length=10,
        choices=[(policy.value, policy.value) for policy in HitPolicy],
        default=HitPolicy.FIRST.value,
    )
    opening = models.JSONField(
        "what opens its services",
        default=dict,
        blank=True,
        help_text="Further codes that it claims, diagnoses that propose it, what makes one service; see the guide.",
    )
    change_note = models.TextField("what changed and why", blank=True)
    document = models.ForeignKey(
        RuleDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="versions",
    )
    lexicon = models.ForeignKey(
        "coding.LexiconDocument",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="versions",
    )
    further = models.JSONField(
        "lines, groups and facts of claim checks",
        default=dict,
        blank=True,
        help_text="As in the document: an object of lines, groups and claim.",
    )
    lexicon_frame = models.JSONField(
        "lexicon without its terms",
        default=dict,
        blank=True,
        help_text="Groups of phrases, sites, findings, consequences, and values that prevail; see the guide.",
    )
    effective_from = models.DateField(
        null=True, blank=True, help_text="First date of service it decides."
    )
    for_payer = models.CharField(
        max_length=400, default=ANY, editable=False, help_text="See ``Layer``."
    )
    for_place = models.CharField(
        max_length=3, default=ANY, editable=False, help_text="See ``Layer``."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    last_editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    edition = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Grows with every edit, so that no edit overwrites another unseen.",
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["rule_set", "-number"]
        permissions = [
            ("publish_rulesetversion", "Can approve and publish a version that somebody else wrote")
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["rule_set", "effective_from", "for_payer", "for_place"],
                condition=models.Q(state=VersionState.PUBLISHED),
                name="one_published_version_per_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(approver=models.F("author"))
                & ~models.Q(approver=models.F("last_editor")),
                name="author_does_not_approve",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.DISCARDED]
                )
                | models.Q(
                    approver__isnull=False,
                    effective_from__isnull=False,
                    document__isnull=False,
                    published_at__isnull=False,
                ),
                name="published_version_is_complete",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=VersionState.RETIRED)
                | models.Q(retired_at__isnull=False),
                name="retired_version_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(for_payer="") & ~models.Q(for_place=""),
                name="a_layer_is_never_empty",
            ),
        ]

    def __str__(self) -> str:
        layer = "" if self.layer == GENERAL else f" for {self.layer.words}"
        return f"{self.rule_set} version {self.number}{layer}"

    @property
    def layer(self) -> Layer:
        """Whose services it decides."""
        return Layer(self.for_payer, self.for_place)

    def get_absolute_url(self) -> str:
        """The page that shows the version's rules."""
        return reverse("rule-set-version", args=[self.rule_set.key, self.number])

    @property
    def is_draft(self) -> bool:
        """Whether the version may still be edited."""
        return self.state == VersionState.DRAFT


class VersionPart(models.Model):
    """What a row of a version's table has in common: its place in it."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


CONDITIONS_HELP = (
    "One condition a line, such as “anesthesia: general, regional” or “treatment: not none”. "
    "A line “or” begins an alternative. Empty: always."
)


class Fact(VersionPart):
    """A fact's definition with the question that asks for it."""

    version = models.ForeignKey(RuleSetVersion, on_delete=models.CASCADE, related_name="facts")
    key = models.SlugField(max_length=60)
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value.replace("_", " ")) for kind in Kind]
    )
    label = models.CharField(max_length=80)
    question = models.CharField(
        max_length=300, blank=True, help_text="Whoever is not asked needs none."
    )
    help = models.TextField(blank=True)
    choices = models.TextField(blank=True, help_text="One choice a line: value | label.")
    minimum = models.IntegerField(null=True, blank=True)
    maximum = models.IntegerField(null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    asked_first = models.BooleanField(
        default=False,
        help_text="Asked before all that are not, while it can still change the outcome.",
    )
    decimals = models.PositiveSmallIntegerField(
        default=0, help_text="Minimum and maximum are whole numbers of the last place: 26 for 2.6."
    )
    source = models.CharField(
        max_length=10,
        choices=[(source.value, source.value) for source in Source],
        default=Source.CODER.value,
        help_text="Whoever gives the answer; only a coder is asked.",
    )
    derived = models.TextField(
        blank=True,
        help_text="Its own table, if it is derived: “= value” begins a line, conditions on facts before it follow.",
    )

    class Meta(VersionPart.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_fact_per_key")]

    def __str__(self) -> str:
        return self.label


class Rule(VersionPart):
    """A rule: its conditions, what it yields, and the source it rests on."""

    version = models.ForeignKey(RuleSetVersion, on_delete=models.CASCADE, related_name="rules")
    rule_id = models.CharField("rule", max_length=20)
    title = models.CharField(max_length=120)
    conditions = models.TextField(blank=True, help_text=CONDITIONS_HELP)
    outcome = models.CharField(
        max_length=20, choices=[(kind.value, kind.words) for kind in OutcomeKind]
    )
    code = models.CharField(max_length=5, blank=True)
    message = models.TextField(help_text="What the coder reads.")
    basis = models.TextField(help_text="The source of the rule.")
    see = models.CharField(
        max_length=300,
        blank=True,
        help_text="Rule sets with which the form goes on, their keys separated by spaces.",
    )
    guards = models.CharField(
        max_length=600,
        blank=True,
        help_text="Facts whose cells are meant though they test nothing, by keys.",
    )

    class Meta(VersionPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "rule_id"], name="one_rule_per_id")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.title}"


class ModifierRule(VersionPart):
    """A modifier that is reported with the code when its conditions hold."""

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.CASCADE, related_name="modifier_rules"
    )
    modifier = models.CharField(max_length=2)
    conditions = models.TextField(blank=True, help_text=CONDITIONS_HELP)

    def __str__(self) -> str:
        return self.modifier


class SupportingDiagnosis(VersionPart):
    """The diagnosis codes that support the outcome when the conditions hold; the first line that holds counts."""

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.CASCADE, related_name="supporting_diagnoses"
    )
    codes = models.CharField(max_length=200, help_text="ICD-10-CM codes, separated by spaces.")
    conditions = models.TextField(blank=True, help_text=CONDITIONS_HELP)

    class Meta(VersionPart.Meta):
        verbose_name_plural = "supporting diagnoses"

    def __str__(self) -> str:
        return self.codes
