"""A version keeps since when it is retired; of those before, the trail says it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FILL = """
    UPDATE coding_rulesetversion SET retired_at = COALESCE(
        (SELECT MAX(e.at) FROM coding_auditevent e WHERE e.event = 'version.retired'
            AND e.subject_type = 'coding.rulesetversion' AND e.subject_id = CAST(coding_rulesetversion.id AS varchar(60))),
        published_at)
    WHERE state = 'retired'
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """There are few versions, and their events are found by an index."""
    schema_editor.execute(FILL)
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL alters no table that has checks waiting.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0031_engine_of_suggestions"),
    ]

    operations = [
        migrations.AddField(
            "rulesetversion", "retired_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rulesetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "retired"), _negated=True), ("retired_at__isnull", False), _connector="OR"
                ),
                name="retired_version_says_when",
            ),
        ),
    ]
