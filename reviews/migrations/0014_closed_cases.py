"""A case is closed without a ruling where its encounter is voided."""

from django.db import migrations, models

STATES = [
    ("queued", "Queued"),
    ("claimed", "Claimed"),
    ("resolved", "Resolved"),
    ("acknowledged", "Acknowledged"),
    ("taken_back", "Taken back by the coder"),
    ("returned", "Returned to the coder"),
    ("closed", "Closed without a ruling"),
]


class Migration(migrations.Migration):
    """The words of the state only."""

    dependencies = [
        ("reviews", "0013_what_a_final_code_is"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reviewcase",
            name="state",
            field=models.CharField(choices=STATES, default="queued", max_length=20),
        ),
    ]
