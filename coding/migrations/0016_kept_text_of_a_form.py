"""A kept text knows its form's key: one that arrives after its form was taken counts no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0015_encounters_without_coding_state"),
    ]

    operations = [
        migrations.AddField(
            model_name="kepttext",
            name="key",
            field=models.UUIDField(
                help_text="The form's own key: once it is taken, what was typed for it is done.", null=True
            ),
        ),
    ]
