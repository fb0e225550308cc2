"""Indexes by which the queue is narrowed to days, payers and providers, and the worklist to diagnoses."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of services those in review alone: there are few. Of diagnoses in the place of the one by encounters."""

    dependencies = [
        ("coding", "0056_list_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(state="in_review"),
                fields=["day", "id", "encounter"],
                name="service_in_review_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="diagnosis",
            index=models.Index(fields=["encounter", "code"], name="diagnosis_of_encounter"),
        ),
        migrations.AlterField(
            model_name="diagnosis",
            name="encounter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="diagnoses",
                to="coding.encounter",
            ),
        ),
    ]
