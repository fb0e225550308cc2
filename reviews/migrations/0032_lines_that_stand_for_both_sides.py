"""A proposal that was taken over may let one line stand for several."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column; what was taken over before joins nothing."""

    dependencies = [
        ("reviews", "0031_departing_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposalanswer",
            name="joins",
            field=models.BooleanField(default=False, help_text="The first line stands for all, with one unit."),
        ),
    ]
