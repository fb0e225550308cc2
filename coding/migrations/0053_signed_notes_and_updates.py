"""Signatures under approved house notes and under what new tables change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0052_name_sums"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signature",
            name="meaning",
            field=models.CharField(
                choices=[
                    ("ruling", "ruling"),
                    ("reopening", "reopening of a ruling"),
                    ("override", "authorship of an answer kept against the note"),
                    ("check", "override of a claim check"),
                    ("approval", "approval of the version for publication"),
                    ("retirement", "retirement of the version"),
                    ("policy", "approval of the house policy"),
                    ("update", "taking over of new tables"),
                    ("export", "export of patients' data"),
                    ("roles", "change of an account's roles or access"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="TableSignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("content", models.JSONField()),
                ("update_hash", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "update_hash"), name="an_update_of_tables_is_signed_once")
                ],
            },
        ),
    ]
