"""The scheduler starts jobs too; fee schedules are kept as they were loaded."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from coding import triggers


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    triggers.install(schema_editor.connection, ["coding_feeschedulerelease", "coding_feeschedulevalue"])


class Migration(migrations.Migration):
    """See ``coding.models.jobs``."""

    dependencies = [
        ("coding", "0007_fee_schedules"),
    ]

    operations = [
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="job",
            name="created_by",
            field=models.ForeignKey(
                help_text="Null: the scheduler.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
