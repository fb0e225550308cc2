"""Of the items of an upload that share an id a person chooses the one that counts."""

from django.db import migrations, models

STATES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
    ("doubled", "Id stands there twice"),
    ("rejected", "Rejected"),
    ("skipped", "Nothing to code"),
    ("imported", "Imported"),
    ("corrected", "Imported as a correction"),
]


class Migration(migrations.Migration):
    """No item of before is doubled: the first of two was taken, and the second rejected."""

    dependencies = [
        ("coding", "0018_void_encounters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="uploadrow",
            name="state",
            field=models.CharField(choices=STATES, max_length=20),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="doubled",
            field=models.BooleanField(
                default=False, help_text="Its id stands in the file more than once, with different content."
            ),
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(
                condition=models.Q(("doubled", True)),
                fields=["upload", "external_id", "number"],
                name="upload_row_doubled",
            ),
        ),
    ]
