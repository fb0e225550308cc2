"""Answers that nobody is asked for say where they come from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; every answer of before was given by a coder."""

    dependencies = [("coding", "0038_opening_of_services")]

    operations = [
        migrations.AddField(
            "answer",
            "origin",
            models.TextField(blank=True, default="", help_text="Where an answer comes from that was not asked."),
            preserve_default=False,
        ),
        migrations.AlterField(
            "answer",
            "source",
            models.CharField(
                choices=[
                    ("coder", "Coder"),
                    ("evidence", "Read in the note, confirmed by the coder"),
                    ("carried", "Given in another service of the encounter, confirmed by the coder"),
                    ("upload", "Upload"),
                    ("record", "The record, not asked"),
                    ("setup", "The practice's set-up, not asked"),
                    ("history", "The patient's history, not asked"),
                ],
                max_length=20,
            ),
        ),
    ]
