"""Every run has its plan; apart from the filling, because PostgreSQL alters no table whose rows wait for checks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [("reviews", "0004_suggestions_of_encounters")]
    operations = [
        migrations.AlterField(
            model_name="reevaluationrun",
            name="plan_job",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="planned_run", to="coding.job"
            ),
        ),
    ]
