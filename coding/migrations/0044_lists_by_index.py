"""Indexes by which lists are narrowed, filters that people keep, and lists that were taken away."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes, and two tables."""

    dependencies = [
        ("coding", "0043_signed_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("place", models.CharField(help_text="The list, by the name of its address.", max_length=30)),
                ("rows", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("place", models.CharField(help_text="The list, by the name of its address.", max_length=30)),
                ("name", models.CharField(max_length=60)),
                ("asked", models.TextField(blank=True)),
                ("is_default", models.BooleanField(default=False, help_text="The list opens with it.")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AlterModelOptions(
            name="encounter",
            options={
                "ordering": ["date_of_service", "id"],
                "permissions": [
                    ("code_encounter", "Can answer questions about an encounter"),
                    ("void_encounter", "Can void any encounter"),
                    ("export_encounter", "Can take lists of encounters away as files"),
                    ("view_every_encounter", "Can view every encounter, whoever codes it"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["at", "sequence"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="diagnosis",
            index=models.Index(
                fields=["code", "encounter"], name="diagnosis_by_code", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["received_at", "id"], name="encounter_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["registered_provider", "date_of_service", "id"], name="encounter_by_provider"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["registered_payer", "date_of_service", "id"], name="encounter_by_payer"),
        ),
        migrations.AddIndex(
            model_name="serviceline",
            index=models.Index(fields=["code", "encounter"], name="service_line_by_code"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["code", "id"], name="suggestion_by_code"),
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(
                condition=models.Q(("has_remarks", True)), fields=["encounter"], name="upload_row_told_of"
            ),
        ),
        migrations.AddField(
            model_name="listexport",
            name="taken_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_filters",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(fields=("person", "place", "name"), name="one_saved_filter_per_name"),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("person", "place"), name="one_default_filter_per_list"
            ),
        ),
    ]
