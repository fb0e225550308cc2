"""When scheduled work was last done, and which workers gave a sign of life."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two small tables."""

    dependencies = [
        ("coding", "0025_lexicon_term_tied"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("succeeded_at", models.DateTimeField(help_text="When it last ended well.", null=True)),
                ("failed", models.BooleanField(default=False)),
                (
                    "result",
                    models.CharField(
                        blank=True, help_text="What came of it, without a patient's data.", max_length=300
                    ),
                ),
            ],
            options={
                "verbose_name": "scheduled work",
                "verbose_name_plural": "scheduled work",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="WorkerSign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
            },
        ),
    ]
