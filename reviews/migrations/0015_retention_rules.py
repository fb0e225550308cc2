"""Rules that say how long records are kept."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One small table."""

    dependencies = [
        ("reviews", "0014_closed_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("encounter", "Encounters with what was decided on them"),
                            ("upload", "Uploaded files with their items"),
                            ("report", "Reports that billing was told"),
                            ("job", "Re-evaluation runs and other background jobs"),
                            ("account", "Accounts that were closed"),
                        ],
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "counted_from",
                    models.CharField(
                        choices=[
                            ("service", "the date of service"),
                            ("receipt", "the day it was received"),
                            ("making", "the day it was made"),
                            ("ending", "the day it ended"),
                            ("last_login", "the last log-in"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ]
                    ),
                ),
                ("reason", models.TextField(help_text="The law or the policy that says so.")),
                ("set_at", models.DateTimeField(auto_now=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
            },
        ),
    ]
