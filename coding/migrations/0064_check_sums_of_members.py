"""Databases that ran 0059 on the day that it came lack the check sum of a patient's name, which it got an hour later."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def add_check_sums(apps: Any, schema_editor: Any) -> None:
    """Add the column where it is missing, and take each member's check sum from their encounters."""
    patient = apps.get_model("coding", "Patient")
    check_sum = patient._meta.get_field("name_sum")
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, patient._meta.db_table)
    if check_sum.column in {column.name for column in columns}:
        return

    schema_editor.add_field(patient, check_sum)
    encounters = apps.get_model("coding", "Encounter")._base_manager.using(connection.alias)
    own = encounters.filter(patient=OuterRef("pk")).exclude(name_sum="").order_by("pk")
    members = patient._base_manager.using(connection.alias).exclude(member="")
    members.update(name_sum=Coalesce(Subquery(own.values("name_sum")[:1]), Value("")))


class Migration(migrations.Migration):
    """Models know the column since 0059."""

    dependencies = [
        ("coding", "0063_authority_aliases"),
    ]

    operations = [
        migrations.RunPython(add_check_sums, migrations.RunPython.noop),
    ]
