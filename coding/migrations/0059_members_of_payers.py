"""Of those whom a payer gave one number each is a patient of their own: birth date, sex and name tell them apart."""

from collections.abc import Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import migrations, models
from django.db.models import Min

BATCH = 500
NOT_KNOWN = "U"


class Person(NamedTuple):
    """A member of a payer, as encounters tell them."""

    birth_date: Any
    sex: str
    name_sum: str

    @property
    def is_whole(self) -> bool:
        """Whether all is told of them."""
        return bool(self.birth_date) and self.sex != NOT_KNOWN

    @property
    def member(self) -> str:
        """What tells whose the number is: 2026-01-15 F 3fa2."""
        return " ".join(filter(None, (str(self.birth_date or ""), self.sex.replace(NOT_KNOWN, ""), self.name_sum)))

    def may_be(self, row: Any) -> bool:
        """Whether birth date and sex contradict nothing that a row says."""
        is_born_otherwise = self.birth_date and row.birth_date and self.birth_date != row.birth_date
        return not is_born_otherwise and (NOT_KNOWN in (self.sex, row.sex) or self.sex == row.sex)

    def is_named_as(self, row: Any) -> bool:
        """Whether a row may be this one's, and its name is theirs."""
        return self.name_sum == row.name_sum and self.may_be(row)

    def complete(self, row: Any) -> None:
        """Write into a row what it lacks of them."""
        row.member = row.member or self.member
        row.name_sum = self.name_sum
        row.birth_date = row.birth_date or self.birth_date
        row.sex = self.sex if row.sex == NOT_KNOWN else row.sex


def tell_members(apps: Any, schema_editor: Any) -> None:
    """Say whose a payer's number is; where encounters of several point to one row, the others get their own.

    Encounters with a check sum of a name are those whose patient a payer numbers. What has none, from before these were
    kept, stays with the row that it has.
    """
    database = schema_editor.connection.alias
    encounters = apps.get_model("coding", "Encounter")._base_manager.using(database).exclude(patient=None)
    patients = apps.get_model("coding", "Patient")._base_manager.using(database)
    people = encounters.exclude(name_sum="").values_list("patient", *Person._fields)
    in_order = people.annotate(first=Min("pk")).order_by("patient", "first")
    by_patient = groupby(in_order.iterator(), itemgetter(0))
    persons = ((number, [Person(*columns) for _, *columns, _ in own]) for number, own in by_patient)
    while batch := dict(islice(persons, BATCH)):
        known = patients.select_related("survivor").in_bulk(batch)
        rows = []
        for number, own in batch.items():
            rows += _part(patients, encounters.filter(patient=number), known[number], own)
        patients.bulk_update(rows, ["member", "birth_date", "sex", "name_sum"], batch_size=BATCH)


def _part(patients: Any, encounters: Any, row: Any, persons: Sequence[Person]) -> list[Any]:
    """Give each who shares a row one of their own, with their encounters; the rows of all.

    Who tells less is taken for the only one whom it may be; where it may be several, the encounters have no patient.
    """
    keeper = _keeper(encounters, row, persons)
    rows: list[Any] = []
    for person in sorted(persons, key=lambda person: (person != keeper, not person.is_whole)):
        candidates = [] if person.is_whole else [own for own in rows if person.is_named_as(own)]
        if not candidates:
            candidates = [row if person == keeper else _row_beside(patients, row, person)]
            rows += candidates
        own = candidates[0] if len(candidates) == 1 else None
        if own is not None:
            person.complete(own)
        if own != row:
            encounters.filter(**person._asdict()).update(patient=own)
    return rows


def _keeper(encounters: Any, row: Any, persons: Sequence[Person]) -> Person | None:
    """Whose the row stays: the first whose birth date and sex it has.

    Where it has nobody's, and no encounter of before tells its birth date, it is the first's.
    """
    whole = [person for person in persons if person.is_whole] or persons
    agreeing = next((person for person in whole if person.may_be(row)), None)
    if agreeing or encounters.filter(name_sum="", birth_date=row.birth_date).exists():
        return agreeing
    # What an administrator wrote stays.
    if row.state == "new":
        row.birth_date, row.sex = whole[0].birth_date, whole[0].sex
    return whole[0]


def _row_beside(patients: Any, row: Any, person: Person) -> Any:
    """A new row for one who shares another. It is merged as that is, unless the survivor is somebody else."""
    is_merged = row.survivor is not None and person.may_be(row.survivor)
    return patients.create(
        identifier=row.identifier,
        authority=row.authority,
        source=row.source,
        member=person.member,
        state="merged" if is_merged else "new",
        survivor=row.survivor if is_merged else None,
    )


class Migration(migrations.Migration):
    """Two columns, and one of them in the key of a patient."""

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
        migrations.AddField(
            model_name="patient",
            name="name_sum",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=4, verbose_name="check sum of the name"
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
