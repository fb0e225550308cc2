"""The index of the queue as it stands, with the service beside it: what services narrow is read from it alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """In the place of one without the service."""

    dependencies = [
        ("coding", "0057_indexes_of_narrowed_lists"),
        ("reviews", "0035_codes_where_they_stand"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="reviewcase", name="open_case_by_priority"),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(state__in=("queued", "claimed")),
                fields=["priority", "opened_at", "id", "service"],
                name="open_case_by_urgency",
            ),
        ),
    ]
