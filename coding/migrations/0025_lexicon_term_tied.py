"""A term may count only beside a name of the part of the body."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of the lexicon's rows; a row of before stands as it was."""

    dependencies = [("coding", "0024_registers")]

    operations = [
        migrations.AddField(
            model_name="lexiconterm",
            name="tied",
            field=models.BooleanField(default=False, help_text="It counts only beside a name of the part of the body."),
        )
    ]
