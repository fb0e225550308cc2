"""Guard what shadows and replays write, and give the roles their new permissions."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers
from reviews.roles import renew_roles


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    triggers.install(schema_editor.connection, ["reviews_shadowresult", "reviews_replaydifference"])


def roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Renew the roles."""
    renew_roles()


class Migration(migrations.Migration):
    """See ``coding.triggers`` and ``reviews.roles``."""

    dependencies = [("reviews", "0006_shadows_and_replays")]
    operations = [
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(roles, migrations.RunPython.noop),
    ]
