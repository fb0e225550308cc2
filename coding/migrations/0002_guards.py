"""Triggers that keep what is written once, and published versions, as they are."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers

TABLES = ["coding_auditevent", "coding_answer", "coding_factprofile", "coding_ruledocument", "coding_suggestion"]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    triggers.install(schema_editor.connection, TABLES)
    triggers.install_version_guard(schema_editor.connection)


class Migration(migrations.Migration):
    """See ``coding.triggers``."""

    dependencies = [("coding", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
