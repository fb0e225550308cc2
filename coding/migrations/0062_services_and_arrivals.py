"""Encounters without a service, and those that came lately, are listed from an index alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index that the foreign key had of its own makes room for one with the state."""

    dependencies = [
        ("coding", "0061_authorities_of_visits"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_date",
        ),
        migrations.AlterField(
            model_name="service",
            name="encounter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="coding.encounter",
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["date_of_service", "id", "state", "received_at"], name="encounter_by_date"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["encounter", "state"], name="service_by_encounter"),
        ),
    ]
