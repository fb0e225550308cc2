"""Triggers that keep decisions and rulings as they are, and the roles."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers
from reviews.roles import renew_roles

TABLES = ["reviews_codingdecision", "reviews_ruling", "reviews_caseroute", "reviews_reevaluationresult"]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    triggers.install(schema_editor.connection, TABLES)


def make_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the roles."""
    renew_roles()


class Migration(migrations.Migration):
    """See ``coding.triggers`` and ``reviews.roles``."""

    dependencies = [
        ("reviews", "0001_initial"),
        ("coding", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
