"""House notes: what the house settled about a code or a rule set, beside the rules."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0048_draft_editions"),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z0-9]{5}$", "A code has five capital letters or digits."
                            )
                        ],
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="In your own words. No patient, and no descriptor of CPT.", max_length=2000
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(help_text="Counts on this day and later, until the next note about the same."),
                ),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
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
                        related_name="house_notes",
                        to="coding.ruleset",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "permissions": [("approve_housenote", "Can approve house notes")],
                "indexes": [models.Index(fields=["code", "valid_from"], name="house_note_by_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("rule_set__isnull", False)),
                            models.Q(models.Q(("code", ""), _negated=True), ("rule_set", None)),
                            _connector="OR",
                        ),
                        name="house_note_is_about_a_code_or_a_rule_set",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="approved_house_note_says_by_whom_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("written_by")), _negated=True),
                        name="who_wrote_a_house_note_approves_no_such",
                    ),
                ],
            },
        ),
    ]
