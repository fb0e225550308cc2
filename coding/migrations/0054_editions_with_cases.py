"""An edition keeps worked cases, for whom and from when the draft is, and its note."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions of before keep none of them."""

    dependencies = [
        ("coding", "0053_signed_notes_and_updates"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftedition",
            name="beside",
            field=models.JSONField(null=True),
        ),
    ]
