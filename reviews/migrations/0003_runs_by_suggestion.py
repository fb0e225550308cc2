"""Runs are planned, decide suggestions instead of decisions, and keep a matrix with its changes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("coding", "0005_profiles_and_jobs"),
        ("reviews", "0002_guards_and_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="reevaluationrun",
            name="last_decision",
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="apply_job",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="applied_run", to="coding.job"
            ),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="code",
            field=models.CharField(blank=True, max_length=5),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="contradicted",
            field=models.PositiveIntegerField(default=0, help_text="Final codes that the new outcome contradicts."),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="last_encounter",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="mode",
            field=models.CharField(
                choices=[
                    ("dry_run", "Dry run: show what changes"),
                    ("apply", "Apply: open review cases for contradicted final codes"),
                ],
                default="dry_run",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="overturned",
            field=models.PositiveIntegerField(default=0, help_text="Those of them that a supervisor ruled."),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="plan_job",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="planned_run", to="coding.job"
            ),
        ),
        migrations.AddField(
            model_name="reevaluationrun",
            name="status",
            field=models.CharField(
                blank=True,
                choices=[("to_code", "To code"), ("in_review", "In review"), ("final", "Final")],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="reevaluationrun",
            name="job",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="run", to="coding.job"
            ),
        ),
        migrations.CreateModel(
            name="CaseCluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("old", models.CharField(max_length=60)),
                ("new", models.CharField(max_length=60)),
                ("final", models.CharField(max_length=60)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clusters",
                        to="reviews.reevaluationrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="cluster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="reviews.casecluster",
            ),
        ),
        migrations.CreateModel(
            name="RunAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decisions", models.PositiveIntegerField()),
                ("before", models.PositiveIntegerField()),
                ("after", models.PositiveIntegerField()),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="reviews.reevaluationrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old", models.CharField(max_length=60)),
                ("new", models.CharField(blank=True, max_length=60)),
                (
                    "ending",
                    models.CharField(
                        choices=[
                            ("same", "Same outcome"),
                            ("other", "Other outcome"),
                            ("unanswered", "Needs answers that were never given"),
                            ("error", "Error"),
                        ],
                        max_length=10,
                    ),
                ),
                ("profiles", models.PositiveIntegerField()),
                ("encounters", models.PositiveIntegerField()),
                ("work_up", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("work_down", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("total_up", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("total_down", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("unvalued", models.PositiveIntegerField(default=0)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cells", to="reviews.reevaluationrun"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ending",
                    models.CharField(
                        choices=[
                            ("same", "Same outcome"),
                            ("other", "Other outcome"),
                            ("unanswered", "Needs answers that were never given"),
                            ("error", "Error"),
                        ],
                        max_length=10,
                    ),
                ),
                ("new_report", models.CharField(blank=True, max_length=60)),
                ("new_code", models.CharField(blank=True, max_length=5)),
                ("new_rule", models.CharField(blank=True, max_length=20)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("encounters", models.PositiveIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="reviews.reevaluationrun",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="run_changes", to="coding.suggestion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField()),
                ("endings", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="reviews.reevaluationrun"
                    ),
                ),
            ],
        ),
        migrations.DeleteModel(
            name="ReevaluationResult",
        ),
        migrations.AddConstraint(
            model_name="casecluster",
            constraint=models.UniqueConstraint(fields=("run", "old", "new", "final"), name="one_cluster_per_change"),
        ),
        migrations.AddConstraint(
            model_name="runagreement",
            constraint=models.UniqueConstraint(fields=("run", "coder"), name="one_agreement_per_run_and_coder"),
        ),
        migrations.AddConstraint(
            model_name="runcell",
            constraint=models.UniqueConstraint(fields=("run", "old", "new", "ending"), name="one_cell_per_change"),
        ),
        migrations.AddConstraint(
            model_name="runchange",
            constraint=models.UniqueConstraint(fields=("run", "suggestion"), name="one_change_per_run_and_suggestion"),
        ),
        migrations.AddConstraint(
            model_name="runpart",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="one_part_per_chunk"),
        ),
    ]
