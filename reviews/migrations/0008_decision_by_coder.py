"""An index that counts how often coders agreed, without reading their decisions."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0008_jobs_of_the_scheduler"),
        ("reviews", "0007_guards_and_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="codingdecision",
            index=models.Index(fields=["version", "coder", "agrees"], name="decision_by_coder"),
        ),
    ]
