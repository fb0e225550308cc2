"""Rule defects, and what a ruling says of an error."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0041_precedents"),
        ("reviews", "0021_query_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ruling",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("knowledge", "Knowledge gap"),
                    ("oversight", "Oversight"),
                    ("documentation", "Documentation"),
                    ("question", "Wording of a question"),
                    ("rule", "Rule"),
                    ("late_document", "Late document"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="note",
            field=models.TextField(blank=True, help_text="To the coder, beside the reason."),
        ),
        migrations.AddField(
            model_name="ruling",
            name="severity",
            field=models.CharField(blank=True, choices=[("minor", "Minor"), ("material", "Material")], max_length=20),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="kind",
            field=models.CharField(
                choices=[
                    ("coder_upheld", "Coder upheld"),
                    ("rules_upheld", "Rules upheld"),
                    ("other_code", "Other code"),
                    ("neither", "Neither: nothing is reported"),
                    ("provider_query", "Provider query"),
                    ("rule_defect", "Rule defect"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="RuleDefect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("rule_id", models.CharField(max_length=20, verbose_name="rule")),
                ("reason", models.TextField(help_text="What is wrong with the rule.")),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=20),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closing_reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="reviews.reviewcase"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_defects",
                        to="coding.rulesetversion",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="coding.ruleset"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
                "permissions": [("close_ruledefect", "Can close rule defects")],
            },
        ),
        migrations.AddField(
            model_name="ruling",
            name="defect",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="reviews.ruledefect",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("defect__isnull", True), ("kind", "rule_defect"), _connector="OR"),
                name="only_a_rule_defect_names_one",
            ),
        ),
        migrations.AddIndex(
            model_name="ruledefect",
            index=models.Index(fields=["state", "-opened_at", "-id"], name="defect_by_state"),
        ),
        migrations.AddConstraint(
            model_name="ruledefect",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("version", "rule_id"), name="one_open_defect_per_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledefect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="closed_defect_says_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledefect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    ("closed_by_version__isnull", False),
                    models.Q(("closing_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_defect_names_its_version_or_says_why",
            ),
        ),
    ]
