"""The reasons for which most services wait: an administrator adds others, ends them, or merges them."""

from typing import Any

from django.db import migrations

USUAL = ("Document missing", "Note not signed", "Query out", "Charge missing")


def offer(apps: Any, schema_editor: Any) -> None:
    """Where the house has reasons of its own for holds, these stay alone."""
    reasons = apps.get_model("reviews", "FavouriteReason").objects.using(schema_editor.connection.alias)
    if not reasons.filter(use="hold").exists():
        reasons.bulk_create(reasons.model(use="hold", text=text) for text in USUAL)


class Migration(migrations.Migration):
    """Rows to begin with; they are kept when this is undone, for holds may name them."""

    dependencies = [
        ("reviews", "0036_open_cases_by_urgency"),
    ]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
