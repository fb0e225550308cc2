"""The relative values of the CMS Physician Fee Schedule, in dated releases."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables; the values come from files that the user loads."""

    dependencies = [
        ("coding", "0006_number_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeeScheduleRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("valid_from", models.DateField(unique=True)),
                ("source", models.CharField(help_text="Where the values come from.", max_length=200)),
                (
                    "content_hash",
                    models.CharField(help_text="Tells whether a file holds the same values.", max_length=64),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FeeScheduleValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                ("modifier", models.CharField(blank=True, max_length=2)),
                ("status", models.CharField(max_length=1)),
                ("work_rvu", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="work RVU")),
                ("facility_total", models.DecimalField(decimal_places=2, max_digits=8)),
                ("non_facility_total", models.DecimalField(decimal_places=2, max_digits=8)),
                ("global_days", models.CharField(blank=True, max_length=3)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="coding.feeschedulerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "code", "modifier"), name="one_value_per_release_and_code"
                    )
                ],
            },
        ),
    ]
