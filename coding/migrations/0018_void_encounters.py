"""Encounters can be voided, and found by external id or patient reference alone."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATES = [
    ("to_code", "To code"),
    ("in_review", "In review"),
    ("awaiting_provider", "Awaiting provider"),
    ("final", "Final"),
    ("void", "Void"),
]


def lift_time_out(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Two indexes over all encounters are built in this transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")


class Migration(migrations.Migration):
    """The unique key is turned round, so that it serves the search; the new one is made before the old one goes."""

    dependencies = [
        ("coding", "0017_remarks_of_uploads"),
    ]

    operations = [
        migrations.RunPython(lift_time_out, migrations.RunPython.noop),
        migrations.CreateModel(
            name="EncounterVoid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("voided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "encounter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="void", to="coding.encounter"
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AlterModelOptions(
            name="encounter",
            options={
                "ordering": ["date_of_service", "id"],
                "permissions": [
                    ("code_encounter", "Can answer questions about an encounter"),
                    ("void_encounter", "Can void any encounter"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="encounter",
            name="state",
            field=models.CharField(choices=STATES, default="to_code", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.UniqueConstraint(
                fields=("external_id", "source"), name="one_encounter_per_external_id_and_source"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="encounter",
            name="one_encounter_per_source_and_external_id",
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["patient_reference", "date_of_service", "id"], name="encounter_by_reference"),
        ),
    ]
