"""When who waits for a provider, or holds a case, was reminded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three empty columns, and the index of the list of queries."""

    dependencies = [("reviews", "0029_cases_by_age_and_code")]

    operations = [
        migrations.AddField(
            model_name="providerquery",
            name="escalated_at",
            field=models.DateTimeField(blank=True, help_text="When all supervisors were told of it.", null=True),
        ),
        migrations.AddField(
            model_name="providerquery",
            name="reminded_at",
            field=models.DateTimeField(blank=True, help_text="When who asked was reminded.", null=True),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reminded_at",
            field=models.DateTimeField(blank=True, help_text="When its holder was reminded.", null=True),
        ),
        migrations.AddIndex(
            model_name="providerquery",
            index=models.Index(fields=["state", "asked_at", "id"], name="query_by_state"),
        ),
    ]
