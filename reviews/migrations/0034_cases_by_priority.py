"""An index by which the queue lists all cases, the most urgent first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies = [
        ("reviews", "0033_codes_of_services"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(fields=["priority", "opened_at", "id"], name="case_by_priority"),
        ),
    ]
