"""Guard lexicons as rules are guarded; SQLite rebuilt tables without their triggers."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers

ANSWERS, DOCUMENTS = "coding_answer", "coding_lexicondocument"


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    connection = schema_editor.connection
    triggers.lift(connection, ANSWERS)
    triggers.install(connection, [ANSWERS, DOCUMENTS])
    triggers.renew_version_guard(connection)


class Migration(migrations.Migration):
    """See ``coding.triggers``."""

    dependencies = [("coding", "0012_lexicons")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
