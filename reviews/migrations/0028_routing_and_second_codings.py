"""Routing of cases, absences, comments, sampling, second codings."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0041_precedents"),
        ("reviews", "0027_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SamplingRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)]),
                ),
                ("reason", models.TextField(help_text="Why so many.")),
            ],
        ),
        migrations.CreateModel(
            name="SecondCoding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("provider_query", "Provider query"),
                            ("supervisor_review", "Supervisor review"),
                            ("no_family_code", "Nothing to report"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("further_lines", models.JSONField(default=list)),
                ("reported", models.CharField(editable=False, max_length=200)),
                ("units", models.PositiveSmallIntegerField(default=1)),
                ("diagnosis_codes", models.JSONField(default=list)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "is_supervisor",
                    models.BooleanField(default=False, help_text="Coded by a supervisor before the ruling."),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.TextField(blank=True)),
                ("agrees", models.BooleanField(null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "permissions": [("ask_secondcoding", "Can ask for a second coding")],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="revision",
            field=models.PositiveSmallIntegerField(blank=True, help_text="The encounter's, then.", null=True),
        ),
        migrations.AlterField(
            model_name="caseroute",
            name="reason",
            field=models.CharField(
                choices=[
                    ("other_code", "The coder chose another code or modifiers than the rules"),
                    ("coder_asks_provider", "The coder wants to ask the provider"),
                    ("coder_asks_supervisor", "The coder asks for a supervisor"),
                    ("rules_ask_provider", "The rules ask for a provider query"),
                    ("rules_ask_supervisor", "No rule gives a code: the wording or the policy leaves a gap"),
                    ("no_family_code", "The rules find no code of the family"),
                    ("rule_change", "A rule version contradicts the final code"),
                    ("corrected", "The source corrected the encounter after it was coded"),
                    ("against_note", "An answer against the note"),
                    ("line_changed", "The coder changed or removed a line that no rule set codes"),
                    ("nothing_reported", "The coder reports nothing where the rules give a code"),
                    ("unlisted_code", "No code list is loaded for the date: the code could not be checked"),
                    ("check_overridden", "The coder overrides a claim check"),
                    ("sampled", "Sampled, although coder and rules agree"),
                    ("new_version", "Among the first that a new version decided"),
                    ("second_coder", "A second coder, blind, found something else"),
                    ("rebutted", "The coder objects to the ruling"),
                    ("reopened", "A supervisor reopened the ruling"),
                ],
                max_length=30,
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-last_day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CaseComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acts",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="reviews.reviewcase"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="The first rule that fits counts.")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("is_on", models.BooleanField(default=True, verbose_name="on")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="One of the reasons why the case is here. Empty: any.",
                        max_length=30,
                        verbose_name="route reason",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        help_text="Submitted, suggested or decided. Empty: any, or none at all.",
                        max_length=5,
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
                    ),
                ),
                (
                    "due_in_days",
                    models.PositiveSmallIntegerField(blank=True, help_text="Calendar days. Empty: no date.", null=True),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("queue", "Nobody: it waits in the queue"),
                            ("person", "A person"),
                            ("team", "The supervisor of a team who holds the fewest cases"),
                            ("by_load", "The supervisor who holds the fewest cases"),
                        ],
                        default="queue",
                        max_length=10,
                        verbose_name="to whom",
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.payer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.ruleset",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="routed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reviews.routingrule",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "claimed"))),
                fields=["priority", "opened_at", "id"],
                name="open_case_by_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "claimed"))),
                fields=["due_on", "id"],
                name="open_case_by_due_day",
            ),
        ),
        migrations.AddField(
            model_name="samplingrate",
            name="coder",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: every coder without a rate of their own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="coder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_codings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="second_codings", to="reviews.codingdecision"
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="profile",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.factprofile",
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="second_codings", to="coding.service"
            ),
        ),
        migrations.AddField(
            model_name="secondcoding",
            name="suggestion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.suggestion",
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["last_day", "first_day", "person"], name="absence_by_day"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("substitute")), _negated=True),
                name="nobody_stands_in_for_themselves",
            ),
        ),
        migrations.AddIndex(
            model_name="casecomment",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["acts", "id"], name="comment_to_act_on"
            ),
        ),
        migrations.AddConstraint(
            model_name="casecomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="casecomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("acts__isnull", False), ("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="done_comment_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("team__isnull", True), ("to", "person")),
                    models.Q(("person__isnull", True), ("team__isnull", False), ("to", "team")),
                    models.Q(("person__isnull", True), ("team__isnull", True), ("to__in", ["queue", "by_load"])),
                    _connector="OR",
                ),
                name="routing_rule_names_its_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="samplingrate",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce("coder", 0),
                name="one_rate_per_coder_and_one_for_the_rest",
            ),
        ),
        migrations.AddConstraint(
            model_name="samplingrate",
            constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="rate_is_a_percentage"),
        ),
        migrations.AddIndex(
            model_name="secondcoding",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["coder", "id"], name="second_coding_to_do"
            ),
        ),
        migrations.AddConstraint(
            model_name="secondcoding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_supervisor", False)), fields=("decision",), name="one_second_coder_per_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="secondcoding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_supervisor", True)),
                fields=("decision", "coder"),
                name="one_blind_look_per_supervisor",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondcoding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agrees__isnull", True), ("done_at__isnull", True), ("outcome", "")),
                    models.Q(
                        ("agrees__isnull", False),
                        ("coder__isnull", False),
                        ("done_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="second_coding_is_done_in_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondcoding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "code"), models.Q(("code", ""), _negated=True)),
                    models.Q(models.Q(("outcome", "code"), _negated=True), ("code", "")),
                    _connector="OR",
                ),
                name="second_coding_names_a_code_or_none",
            ),
        ),
    ]
