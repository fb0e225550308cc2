"""A case says since when it is held, so that a claim can lapse."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The time of what is held already begins now."""
    held = apps.get_model("reviews", "ReviewCase").objects.filter(state="claimed")
    held.update(held_since=timezone.now())


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("reviews", "0019_final_codes_by_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewcase",
            name="held_since",
            field=models.DateTimeField(blank=True, help_text="When its holder got it.", null=True),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
