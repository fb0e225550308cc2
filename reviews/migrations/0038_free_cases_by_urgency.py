"""A queue of free cases is read from the index of open ones alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index with the two columns that it lacked."""

    dependencies = [
        ("coding", "0062_services_and_arrivals"),
        ("reviews", "0037_usual_reasons_of_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="reviewcase",
            name="open_case_by_urgency",
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "claimed"))),
                fields=["priority", "opened_at", "id", "service", "state", "first_supervisor"],
                name="open_case_by_urgency",
            ),
        ),
    ]
