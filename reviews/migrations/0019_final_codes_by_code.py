"""An index by which the latest final codes of one code are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index; the table is not made anew."""

    dependencies = [("reviews", "0018_dismissed_services")]

    operations = [
        migrations.AddIndex(
            model_name="finalcode",
            index=models.Index(fields=["code", "id"], name="final_code_by_code"),
        ),
    ]
