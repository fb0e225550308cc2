"""Where people sign in from, what is counted instead of told one by one, stolen passwords, sessions ended together."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A few new tables, and a column of accounts."""

    dependencies = [
        ("coding", "0027_signatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="BreachedPassword",
            fields=[
                ("prefix", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="BreachedPasswordList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("passwords", models.PositiveBigIntegerField(help_text="How many lines of the file count.")),
                (
                    "at_least",
                    models.PositiveIntegerField(help_text="Only passwords that were stolen as often as this count."),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="RepeatedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField()),
                ("event", models.CharField(max_length=60)),
                ("account", models.CharField(blank=True, max_length=20)),
                ("client", models.CharField(blank=True, max_length=45)),
                ("what", models.CharField(blank=True, max_length=200)),
                ("times", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "no account",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hour", "event", "account", "client", "what"), name="one_count_of_a_repeated_event"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=45)),
                ("browser", models.CharField(max_length=200)),
                ("last_event", models.PositiveBigIntegerField(default=0)),
                ("last_at", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "network", "browser"), name="one_place_once")
                ],
            },
        ),
    ]
