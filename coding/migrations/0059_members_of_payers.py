"""Of those whom a payer gave one number each is a patient of their own: birth date, sex and name tell them apart."""

from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import migrations, models

BATCH = 500


def tell_members(apps: Any, schema_editor: Any) -> None:
    """Say whose a payer's number is; where encounters of several point to one row, all but the first get their own.

    Encounters with a check sum of a name are those whose patient a payer numbers. What has none, from before these were
    kept, stays with the row that it has.
    """
    database = schema_editor.connection.alias
    encounters = apps.get_model("coding", "Encounter")._base_manager.using(database)
    patients = apps.get_model("coding", "Patient")._base_manager.using(database)
    told = encounters.exclude(name_sum="").exclude(birth_date=None).exclude(patient=None)
    people = told.order_by("patient", "birth_date", "sex", "name_sum")
    rows = people.values_list("patient", "birth_date", "sex", "name_sum").distinct()
    by_patient = ((number, [member[1:] for member in own]) for number, own in groupby(rows.iterator(), itemgetter(0)))
    while batch := dict(islice(by_patient, BATCH)):
        known = patients.in_bulk(batch)
        for number, (first, *others) in batch.items():
            known[number].member = _member(*first)
            for person in others:
                _part(patients, told.filter(patient=number), known[number], person)
        patients.bulk_update(known.values(), ["member"])


def _part(patients: Any, encounters: Any, patient: Any, person: tuple[Any, str, str]) -> None:
    """A row for one who shares another, with their encounters."""
    birth_date, sex, name_sum = person
    row = patients.create(
        identifier=patient.identifier,
        authority=patient.authority,
        source=patient.source,
        member=_member(*person),
        birth_date=birth_date,
        sex=sex,
    )
    encounters.filter(birth_date=birth_date, sex=sex, name_sum=name_sum).update(patient=row)


def _member(birth_date: Any, sex: str, name_sum: str) -> str:
    return " ".join(filter(None, (str(birth_date), "" if sex == "U" else sex, name_sum)))


class Migration(migrations.Migration):
    """A column, and one more in the key of a patient."""

    dependencies = [
        ("coding", "0058_cross_references"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="member",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of a payer's number: birth date, sex and the check sum of the name, as files send them.",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="patient", name="one_patient_per_identifier"),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("identifier", "authority", "source", "member"), name="one_patient_per_identifier"
            ),
        ),
        migrations.RunPython(tell_members, migrations.RunPython.noop),
    ]
