"""Holds of services, and favourite reasons."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [
        ("coding", "0044_lists_by_index"),
        ("reviews", "0026_checked_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FavouriteReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("hold", "Hold of a service"),
                            ("override", "Answer kept against the note"),
                            ("return", "Return of a case to its coder"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=120)),
                ("valid_from", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="Its last day. Empty: still in use.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        blank=True,
                        help_text="The reason that counts for this one since they were merged.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_reasons",
                        to="reviews.favouritereason",
                    ),
                ),
            ],
            options={
                "ordering": ["use", "text"],
            },
        ),
        migrations.CreateModel(
            name="ServiceHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.TextField(help_text="The words that were shown: those of the favourite reason, and others."),
                ),
                ("held_at", models.DateTimeField(auto_now_add=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "favourite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="reviews.favouritereason",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="coding.service"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="favouritereason",
            constraint=models.UniqueConstraint(fields=("use", "text"), name="one_favourite_reason_per_text"),
        ),
        migrations.AddConstraint(
            model_name="favouritereason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("survivor__isnull", True), models.Q(("survivor", models.F("id")), _negated=True), _connector="OR"
                ),
                name="favourite_reason_is_merged_into_another",
            ),
        ),
        migrations.AddIndex(
            model_name="servicehold",
            index=models.Index(
                condition=models.Q(("released_at__isnull", True)), fields=["held_at"], name="hold_by_age"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)), fields=("service",), name="one_hold_per_service"
            ),
        ),
    ]
