"""Indexes by which PostgreSQL finds a part of a text."""

from typing import Any

from django.db import DatabaseError, migrations, transaction

# Django asks for a part of a text without regard to case by UPPER(column): these indexes serve that very question.
INDEXES = {
    "encounter_by_part_of_id": ("coding_encounter", "external_id"),
    "provider_by_part_of_name": ("coding_provider", "name"),
    "payer_by_part_of_name": ("coding_payer", "name"),
    "audit_by_part_of_name": ("coding_auditevent", "actor_name"),
}


def add(apps: Any, schema_editor: Any) -> None:
    """Only where the extension may be made; without it the same question is answered by looking at all rows."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    for name, (table, column) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (upper({column}::text) gin_trgm_ops)")


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    """Trigram indexes, on PostgreSQL alone."""

    dependencies = [
        ("coding", "0044_lists_by_index"),
    ]

    operations = [migrations.RunPython(add, remove)]
