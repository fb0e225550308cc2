"""Indexes from which lists are counted alone, and by which coders and review cases are listed by days."""

from typing import Any

from django.db import DatabaseError, migrations, models, transaction

# As Django asks for a part of a text in JSON, without regard to case; of the few items that remarks are about.
REMARKS = (
    "CREATE INDEX upload_row_by_remark ON coding_uploadrow USING gin (upper(remarks::text) gin_trgm_ops)"
    " WHERE has_remarks AND encounter_id IS NOT NULL"
)


def find_remarks(apps: Any, schema_editor: Any) -> None:
    """Where there are trigrams; without them the same question is answered by looking at all remarks."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute(REMARKS)
    except DatabaseError:
        return


def forget_remarks(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS upload_row_by_remark")


class Migration(migrations.Migration):
    """Four indexes with the state beside what they had, and two new ones."""

    dependencies = [
        ("coding", "0055_codes_of_services"),
    ]

    operations = [
        migrations.RunPython(find_remarks, forget_remarks),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_date",
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_arrival",
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_provider",
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_payer",
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["date_of_service", "id", "state"], name="encounter_by_date"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["received_at", "id", "state"], name="encounter_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(
                fields=["registered_provider", "date_of_service", "id", "state"], name="encounter_by_provider"
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(
                fields=["registered_payer", "date_of_service", "id", "state"], name="encounter_by_payer"
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("assigned_to__isnull", False)),
                fields=["assigned_to", "day", "encounter"],
                name="service_by_coder_and_day",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("round__gt", 0)), fields=["day", "id"], name="decided_service_by_day"
            ),
        ),
    ]
