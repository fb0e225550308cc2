"""Files of tables for claims on their way into a release."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0046_rows_of_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="TableLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "table",
                    models.CharField(
                        choices=[
                            ("pairs", "NCCI pairs"),
                            ("unit_limits", "Medically unlikely edits"),
                            ("add_ons", "Add-on codes"),
                            ("terms", "HCPCS Level II"),
                            ("localities", "GPCI"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "program",
                    models.CharField(
                        choices=[("medicare", "Medicare, practitioners"), ("medicaid", "Medicaid, practitioners")],
                        max_length=20,
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(blank=True, help_text="Empty: the names of the files tell the day.", null=True),
                ),
                ("only_look", models.BooleanField(default=False, help_text="Read all of it, and load nothing.")),
                ("result", models.TextField(blank=True, help_text="What was read or loaded, a line a file.")),
                ("problem", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.job"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TableLoadFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="In bytes.")),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="coding.tableload"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TableLoadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="From 0.")),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="coding.tableloadfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="one_part_per_file_and_number")
                ],
            },
        ),
    ]
