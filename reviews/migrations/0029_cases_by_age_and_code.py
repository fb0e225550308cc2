"""Indexes by which the queue lists all cases, and finds those of a code."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes."""

    dependencies = [
        ("coding", "0047_table_loads"),
        ("reviews", "0028_routing_and_second_codings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="codingdecision",
            index=models.Index(fields=["code", "id"], name="decision_by_code"),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(fields=["opened_at", "id"], name="case_by_age"),
        ),
    ]
