"""How the house settles the checks of claims, in dated rows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0039_given_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimCheckRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_id", models.CharField(max_length=10, verbose_name="check")),
                ("kind", models.CharField(help_text="Which of the checks of one id.", max_length=40)),
                (
                    "payer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("medicare", "Medicare"),
                            ("medicaid", "Medicaid"),
                            ("commercial", "Commercial"),
                            ("workers_compensation", "Workers' compensation"),
                            ("other", "Other"),
                            ("not_known", "Not known"),
                        ],
                        help_text="Empty: all payers.",
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField(help_text="Counts for services of this day and later.")),
                ("is_on", models.BooleanField(default=True, verbose_name="on")),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("error", "Error"), ("warning", "Warning"), ("info", "Remark")],
                        help_text="Empty: as shipped.",
                        max_length=10,
                    ),
                ),
                (
                    "message",
                    models.CharField(blank=True, help_text="Empty: as shipped.", max_length=400, verbose_name="text"),
                ),
                ("reason", models.TextField(help_text="Why the house decides so, and who does.")),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "claim check",
            },
        ),
    ]
