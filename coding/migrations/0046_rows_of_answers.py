"""The number of a group keeps the rows that it was made of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model; answers of before were made of no rows."""

    dependencies = [
        ("coding", "0045_trigrams"),
    ]

    operations = [
        migrations.AddField(
            "answer",
            "rows",
            models.JSONField(
                default=list, help_text="The rows of a group that give a number: of each its number and its answers."
            ),
        ),
        migrations.AlterField(
            "answer",
            "origin",
            models.TextField(
                blank=True, help_text="Where an answer comes from that was not asked, or how rows of a group give it."
            ),
        ),
    ]
