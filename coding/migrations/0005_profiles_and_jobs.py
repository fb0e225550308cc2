"""Answers are numbered, encounters point to their suggestions, jobs can be paused, chunks done carefully."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("coding", "0004_renew_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="DistinctAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_profile",
        ),
        migrations.AddField(
            model_name="encounter",
            name="suggestion",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="coding.suggestion",
            ),
        ),
        migrations.AddField(
            model_name="factprofile",
            name="answers",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="job",
            name="running_since",
            field=models.DateTimeField(blank=True, help_text="When it was last started or resumed.", null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="served_at",
            field=models.DateTimeField(
                blank=True, help_text="When a worker last took a chunk: the job that waited longest is next.", null=True
            ),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="careful",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="done_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="quarantined",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="setbacks",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="Attempts that were lost or raised an error, since an item was last quarantined."
            ),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="suspect",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="jobchunk",
            name="trying",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("running", "Running"),
                    ("paused", "Paused"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                ],
                default="running",
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["suggestion", "rule_set", "status"], name="encounter_by_suggestion"),
        ),
        migrations.AddField(
            model_name="distinctanswer",
            name="rule_set",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.ruleset"),
        ),
        migrations.AddConstraint(
            model_name="distinctanswer",
            constraint=models.UniqueConstraint(
                fields=("rule_set", "content_hash"), name="one_number_per_distinct_answer"
            ),
        ),
    ]
