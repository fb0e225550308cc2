"""Uploads keep their file in parts; encounters keep what they said before a correction."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0008_jobs_of_the_scheduler"),
    ]

    operations = [
        migrations.CreateModel(
            name="EncounterRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("record", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("changes", models.JSONField(help_text="The fields that the correction changed.")),
                ("corrected_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="SourceLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60, unique=True)),
                ("layout", models.JSONField()),
                ("matched_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="From 0.")),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="uploadrow",
            options={"ordering": ["number"]},
        ),
        migrations.RemoveConstraint(
            model_name="uploadrow",
            name="one_row_per_line",
        ),
        migrations.RemoveIndex(
            model_name="uploadrow",
            name="upload_row_by_state",
        ),
        migrations.RemoveIndex(
            model_name="uploadrow",
            name="upload_row_by_external_id",
        ),
        migrations.RenameField(
            model_name="uploadrow",
            old_name="line",
            new_name="number",
        ),
        migrations.AlterField(
            model_name="uploadrow",
            name="number",
            field=models.PositiveIntegerField(help_text="The place among the items of the file, from 1."),
        ),
        migrations.AddField(
            model_name="encounter",
            name="revision",
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="upload",
            name="format",
            field=models.CharField(default="csv", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="upload",
            name="layout",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="upload",
            name="look_job",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.job",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="preview",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="problem",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="upload",
            name="read_to",
            field=models.PositiveBigIntegerField(default=0, help_text="The byte up to which the file was read."),
        ),
        migrations.AddField(
            model_name="upload",
            name="size",
            field=models.PositiveBigIntegerField(default=0, help_text="In bytes."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="based_on",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="changes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="content_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="place",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="record",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="upload",
            name="check_job",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.job"
            ),
        ),
        migrations.AlterField(
            model_name="uploadrow",
            name="encounter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="coding.encounter",
            ),
        ),
        migrations.AlterField(
            model_name="uploadrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("changed", "Changed"),
                    ("unchanged", "Unchanged"),
                    ("rejected", "Rejected"),
                    ("skipped", "Nothing to code"),
                    ("imported", "Imported"),
                    ("corrected", "Imported as a correction"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(fields=["upload", "state", "number"], name="upload_row_by_state"),
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(fields=["upload", "external_id", "number"], name="upload_row_by_external_id"),
        ),
        migrations.AddConstraint(
            model_name="uploadrow",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="one_row_per_number"),
        ),
        migrations.AddField(
            model_name="encounterrevision",
            name="corrected_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="encounterrevision",
            name="encounter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="coding.encounter"
            ),
        ),
        migrations.AddField(
            model_name="sourcelayout",
            name="matched_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="uploadpart",
            name="upload",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="coding.upload"
            ),
        ),
        migrations.AddConstraint(
            model_name="encounterrevision",
            constraint=models.UniqueConstraint(fields=("encounter", "number"), name="one_revision_per_number"),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="one_part_per_number"),
        ),
    ]
