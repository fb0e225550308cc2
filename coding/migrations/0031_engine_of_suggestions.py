"""A suggestion keeps the edition of the decision core that made it; all that are here were made by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column with one value."""

    dependencies = [("coding", "0030_records_of_events")]

    operations = [
        migrations.AddField(
            "suggestion",
            "engine",
            models.PositiveSmallIntegerField(default=1, help_text="The edition of the decision core that decided."),
        )
    ]
