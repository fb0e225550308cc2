"""SQLite rebuilt the table of facts without its triggers: create them again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers


def renew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    triggers.renew_version_guard(schema_editor.connection)


class Migration(migrations.Migration):
    """See ``coding.triggers``."""

    dependencies = [("coding", "0003_fact_asked_first")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
