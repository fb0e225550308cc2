"""A suggestion holds the further lines that its rules yield, and its report has room for them."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the lines of stored decisions beside their codes; only documents that name lines have any."""
    suggestions = apps.get_model("coding", "Suggestion").objects.using(schema_editor.connection.alias)
    named = suggestions.filter(document__document__has_key="lines", outcome="code")
    for key, reported, lines in list(named.values_list("pk", "reported", "decision__outcome__lines")):
        if lines:
            further = sorted(f"{code}x{units}" for code, units in lines)
            in_short = "+".join([reported, *further])
            suggestions.filter(pk=key).update(further_lines=lines, reported=in_short)
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL alters no table that has checks waiting.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """Decisions of before keep what they reported: the first code alone."""

    dependencies = [
        ("coding", "0041_precedents"),
    ]

    operations = [
        migrations.AddField("suggestion", "further_lines", models.JSONField(default=list)),
        migrations.AlterField("suggestion", "reported", models.CharField(editable=False, max_length=200)),
        migrations.AddField("precedent", "further_lines", models.JSONField(default=list)),
        migrations.AlterField("precedent", "reported", models.CharField(editable=False, max_length=200)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
