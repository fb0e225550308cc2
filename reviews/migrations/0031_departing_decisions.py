"""An index by which the latest decisions that departed from the rules are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index; the table is not made anew."""

    dependencies = [("reviews", "0030_query_reminders")]

    operations = [
        migrations.AddIndex(
            model_name="codingdecision",
            index=models.Index(condition=models.Q(agrees=False), fields=["id"], name="departing_decision"),
        ),
    ]
