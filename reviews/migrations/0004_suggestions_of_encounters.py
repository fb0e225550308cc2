"""Point decided encounters to their suggestions."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An encounter's suggestion is that of its decision; a run from before this version needed no plan of its own."""
    decision: Any = apps.get_model("reviews", "CodingDecision")
    encounter: Any = apps.get_model("coding", "Encounter")
    decisions = decision.objects.filter(encounter=OuterRef("pk"))
    encounters = encounter.objects.filter(decisions__isnull=False)
    encounters.update(suggestion=Subquery(decisions.values("suggestion")[:1]))
    apps.get_model("reviews", "ReevaluationRun").objects.update(plan_job=F("job"))


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [("reviews", "0003_runs_by_suggestion"), ("coding", "0006_number_answers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
