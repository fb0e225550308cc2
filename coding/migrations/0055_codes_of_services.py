"""Which codes stand, or stood, on which services; and indexes that lists are read from alone."""

import django.db.models.deletion
from django.db import migrations, models

# What was submitted and suggested so far; what was decided and is final follows with the tables of reviews.
FILL = """
    INSERT INTO coding_servicecode (encounter_id, service_id, code)
    SELECT encounter_id, service_id, code FROM coding_serviceline
    UNION
    SELECT service.encounter_id, service.id, suggestion.code FROM coding_service service
    JOIN coding_suggestion suggestion ON suggestion.id = service.suggestion_id WHERE suggestion.code <> ''
"""


class Migration(migrations.Migration):
    """A table, filled from what there is."""

    dependencies = [
        ("coding", "0054_editions_with_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                (
                    "encounter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.encounter",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "encounter", "service"), name="one_row_per_code_of_a_service"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
