"""An upload can be cancelled while it waits for a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0032_day_of_retirement"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, help_text="While it waited for a person.", null=True),
        ),
    ]
