"""Give the roles their permissions on lexicons."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reviews.roles import renew_roles


def roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Renew the roles."""
    renew_roles()


class Migration(migrations.Migration):
    """See ``reviews.roles``."""

    dependencies = [("reviews", "0009_corrected_route"), ("coding", "0013_guard_lexicons")]
    operations = [migrations.RunPython(roles, migrations.RunPython.noop)]
