"""Rulings as worked cases of a rule set."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0040_claim_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Precedent",
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
                ("reported", models.CharField(editable=False, max_length=60)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(help_text="Within the rule set, from 1.")),
                ("ruled_case", models.UUIDField(editable=False, unique=True)),
                ("deciding", models.JSONField()),
                ("title", models.CharField(max_length=200)),
                ("basis", models.TextField(help_text="Why. No patient and no text of a note.")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("reversed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="precedents", to="coding.factprofile"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reversed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reverses",
                        to="coding.rulesetversion",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="precedents", to="coding.ruleset"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        help_text="Ruled under it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["rule_set", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule_set", "number"), name="one_precedent_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reversed_at__isnull", True), ("reversed_by__isnull", True)),
                            models.Q(("reversed_at__isnull", False), ("reversed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reversed_precedent_says_when",
                    ),
                ],
            },
        ),
    ]
