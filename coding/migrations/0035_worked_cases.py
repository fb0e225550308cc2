"""Versions keep worked cases, and a draft can be discarded."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0034_claim_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("case_id", models.CharField(max_length=40, verbose_name="case")),
                (
                    "answers",
                    models.TextField(
                        blank=True,
                        help_text="One answer a line, such as “anesthesia: general”. Leave out what is not answered; “unknown” is not documented, “conflicting” documented two ways.",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "code"),
                            ("provider_query", "provider query"),
                            ("supervisor_review", "supervisor review"),
                            ("no_family_code", "no family code"),
                        ],
                        max_length=20,
                        verbose_name="expected outcome",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5, verbose_name="expected code")),
                (
                    "modifiers",
                    models.CharField(
                        blank=True,
                        help_text="Separated by spaces, in any order.",
                        max_length=40,
                        verbose_name="expected modifiers",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        help_text="Who expects this, or the source. No patient and no text of a note.",
                        max_length=200,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="rulesetversion",
            name="published_version_is_complete",
        ),
        migrations.AlterField(
            model_name="rulesetversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("published", "Published"),
                    ("retired", "Retired"),
                    ("discarded", "Discarded"),
                ],
                default="draft",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "in_review", "discarded"]),
                    models.Q(
                        ("approver__isnull", False),
                        ("document__isnull", False),
                        ("effective_from__isnull", False),
                        ("published_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="published_version_is_complete",
            ),
        ),
        migrations.AddField(
            model_name="workedcase",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="worked_cases", to="coding.rulesetversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="workedcase",
            constraint=models.UniqueConstraint(fields=("version", "case_id"), name="one_worked_case_per_id"),
        ),
    ]
