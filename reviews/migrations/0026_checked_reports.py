"""Which reports that wait to be exported the checks of claims speak against."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def let_them_be_checked(apps: Any, _: Any) -> None:
    """Reports that wait already are looked at by the scheduled work, as new ones are."""
    reports = apps.get_model("reviews", "Report").objects.filter(replaced_by=None, exports=None)
    checked = apps.get_model("reviews", "CheckedReport")
    rows = (checked(report_id=key) for key in reports.values_list("pk", flat=True).iterator())
    checked.objects.bulk_create(rows, batch_size=1_000)


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("reviews", "0025_claim_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckedReport",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="checked",
                        serialize=False,
                        to="reviews.report",
                    ),
                ),
                (
                    "errors",
                    models.PositiveSmallIntegerField(default=0, help_text="Findings for which it is not exported."),
                ),
                ("warnings", models.PositiveSmallIntegerField(default=0)),
                ("proposals", models.PositiveSmallIntegerField(default=0, help_text="Proposals that nobody answered.")),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["checked_at"], name="report_by_last_check"),
                    models.Index(condition=models.Q(("errors__gt", 0)), fields=["-report"], name="report_with_errors"),
                ],
            },
        ),
        migrations.RunPython(let_them_be_checked, migrations.RunPython.noop),
    ]
