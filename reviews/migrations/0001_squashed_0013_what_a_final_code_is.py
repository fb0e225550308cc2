"""A new database: what the migrations up to final codes make one after the other, made at once."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    replaces = [
        ("reviews", "0001_initial"),
        ("reviews", "0002_guards_and_roles"),
        ("reviews", "0003_runs_by_suggestion"),
        ("reviews", "0004_suggestions_of_encounters"),
        ("reviews", "0005_plan_of_every_run"),
        ("reviews", "0006_shadows_and_replays"),
        ("reviews", "0007_guards_and_roles"),
        ("reviews", "0008_decision_by_coder"),
        ("reviews", "0009_corrected_route"),
        ("reviews", "0010_lexicon_roles"),
        ("reviews", "0011_rounds_of_services"),
        ("reviews", "0012_no_query_is_final"),
        ("reviews", "0013_what_a_final_code_is"),
    ]

    initial = True

    dependencies = [
        ("coding", "0001_squashed_0014_services"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("provider_query", "Provider query"),
                            ("supervisor_review", "Supervisor review"),
                            ("no_family_code", "Nothing to report"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("reported", models.CharField(editable=False, max_length=60)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("accept", "Accept the suggestion"),
                            ("keep", "Keep the line as it was submitted"),
                            ("other_code", "Report another code"),
                            ("nothing", "Report nothing"),
                            ("provider_query", "Ask the provider"),
                            ("supervisor_review", "Send to the supervisor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "agrees",
                    models.BooleanField(help_text="Same outcome, code and modifiers as the suggestion.", null=True),
                ),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                ("diagnosis_codes", models.JSONField(default=list)),
                ("round", models.PositiveSmallIntegerField(default=1, help_text="The coding round, by its number.")),
                ("units", models.PositiveSmallIntegerField(default=1)),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="coding.service",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="coding.suggestion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["suggestion", "id"], name="decision_by_suggestion"),
                    models.Index(fields=["version", "coder", "agrees"], name="decision_by_coder"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "round"), name="one_decision_per_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("choice__in", ["accept", "keep"]), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="departing_decision_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agrees__isnull", True), ("suggestion__isnull", True), ("version__isnull", True)),
                            models.Q(
                                ("agrees__isnull", False), ("suggestion__isnull", False), ("version__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="what_no_rule_set_judges_agrees_with_none",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReevaluationRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("served_from", models.DateField(blank=True, null=True)),
                ("served_until", models.DateField(blank=True, null=True)),
                ("payer", models.CharField(blank=True, max_length=120)),
                ("profiles", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("code", models.CharField(blank=True, max_length=5)),
                (
                    "contradicted",
                    models.PositiveIntegerField(default=0, help_text="Final codes that the new outcome contradicts."),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("dry_run", "Dry run: show what changes"),
                            ("apply", "Apply: open review cases for contradicted final codes"),
                        ],
                        default="dry_run",
                        max_length=10,
                    ),
                ),
                (
                    "overturned",
                    models.PositiveIntegerField(default=0, help_text="Those of them that a supervisor ruled."),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("to_code", "To code"),
                            ("in_review", "In review"),
                            ("awaiting_provider", "Awaiting provider"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("last_service", models.PositiveBigIntegerField(default=0)),
                ("services", models.PositiveIntegerField(default=0)),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "apply_job",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applied_run",
                        to="coding.job",
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.ruledocument"
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="run", to="coding.job"
                    ),
                ),
                (
                    "plan_job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="planned_run", to="coding.job"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("apply_reevaluationrun", "Can open review cases for what a run contradicts"),
                    ("export_reevaluationrun", "Can see and export the services that a run changes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplayProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("suggestions", models.PositiveIntegerField()),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proof", to="coding.job"
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(help_text="Within the encounter, from 1.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("original", "Original"), ("replacement", "Replacement"), ("void", "Void")],
                        max_length=20,
                    ),
                ),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="coding.encounter"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="reviews.report",
                    ),
                ),
            ],
            options={
                "ordering": ["encounter", "-number"],
                "permissions": [("export_report", "Can export reports for the billing system")],
                "constraints": [
                    models.UniqueConstraint(fields=("encounter", "number"), name="one_report_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "original"), ("replaces__isnull", True)),
                            models.Q(models.Q(("kind", "original"), _negated=True), ("replaces__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_the_original_replaces_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShadowWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.ruledocument"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shadow_watches",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("version",),
                        name="one_open_watch_per_version",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("claimed", "Claimed"),
                            ("resolved", "Resolved"),
                            ("acknowledged", "Acknowledged"),
                            ("taken_back", "Taken back by the coder"),
                            ("returned", "Returned to the coder"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("level", models.PositiveSmallIntegerField(choices=[(1, "First review"), (2, "Rebuttal")], default=1)),
                (
                    "objection",
                    models.TextField(blank=True, help_text="Why the coder objects, or why the ruling was reopened."),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coded_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_cases",
                        to="reviews.codingdecision",
                    ),
                ),
                (
                    "first_supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review_cases", to="coding.service"
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.suggestion",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "id"],
                "permissions": [
                    ("rule_on_reviewcase", "Can claim review cases and rule on them"),
                    ("view_every_reviewcase", "Can see the review cases of every coder"),
                    ("return_reviewcase", "Can return a case to its coder"),
                    ("reopen_reviewcase", "Can reopen a ruling"),
                ],
                "indexes": [
                    models.Index(fields=["state", "opened_at", "id"], name="case_by_state"),
                    models.Index(fields=["coder", "state", "opened_at"], name="case_by_coder"),
                    models.Index(fields=["holder", "state", "opened_at"], name="case_by_holder"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("coder")), _negated=True),
                        name="coder_does_not_hold_own_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "claimed"), _negated=True), ("holder__isnull", False), _connector="OR"
                        ),
                        name="claimed_case_has_a_holder",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "claimed"))),
                        fields=("service",),
                        name="one_open_case_per_service",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("first_supervisor")), _negated=True),
                        name="who_ruled_does_not_hold_the_rebuttal",
                    ),
                ],
            },
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
                "constraints": [
                    models.UniqueConstraint(fields=("run", "old", "new", "final"), name="one_cluster_per_change")
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "coder"), name="one_agreement_per_run_and_coder")
                ],
            },
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
                ("work_up", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("work_down", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("total_up", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("total_down", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("unvalued", models.PositiveIntegerField(default=0)),
                ("services", models.PositiveIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cells", to="reviews.reevaluationrun"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "old", "new", "ending"), name="one_cell_per_change")
                ],
            },
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
                ("services", models.PositiveIntegerField()),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "suggestion"), name="one_change_per_run_and_suggestion")
                ],
            },
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
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="one_part_per_chunk")],
            },
        ),
        migrations.CreateModel(
            name="ReplayDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problem", models.CharField(max_length=300)),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coding.suggestion"
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="reviews.replayproof",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("proof", "suggestion"), name="one_difference_per_suggestion")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("exported_at", models.DateTimeField(auto_now_add=True)),
                (
                    "exported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="reviews.report"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ShadowResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported", models.CharField(blank=True, max_length=60)),
                ("rule_id", models.CharField(blank=True, max_length=20)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("differs", models.BooleanField(help_text="From the suggestion that the coder saw.")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shadow_results",
                        to="reviews.codingdecision",
                    ),
                ),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="reviews.shadowwatch"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["watch", "differs", "id"], name="shadow_by_difference")],
                "constraints": [
                    models.UniqueConstraint(fields=("watch", "decision"), name="one_shadow_result_per_decision")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("provider_query", "Provider query"),
                            ("supervisor_review", "Supervisor review"),
                            ("no_family_code", "Nothing to report"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("reported", models.CharField(editable=False, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("coder_upheld", "Coder upheld"),
                            ("rules_upheld", "Rules upheld"),
                            ("other_code", "Other code"),
                            ("provider_query", "Provider query"),
                            ("rule_defect", "Rule defect"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("ruled_at", models.DateTimeField(auto_now_add=True)),
                ("diagnosis_codes", models.JSONField(default=list)),
                ("units", models.PositiveSmallIntegerField(default=1)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="reviews.reviewcase"
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supervisor", models.F("coder")), _negated=True),
                        name="nobody_rules_on_what_they_coded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="ruling_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("other_code", "The coder chose another code or modifiers than the rules"),
                            ("coder_asks_provider", "The coder wants to ask the provider"),
                            ("coder_asks_supervisor", "The coder asks for a supervisor"),
                            ("rules_ask_provider", "The rules ask for a provider query"),
                            ("rules_ask_supervisor", "No rule gives a code: the wording or the policy leaves a gap"),
                            ("no_family_code", "The rules find no code of the family"),
                            ("rule_change", "A rule version contradicts the final code"),
                            ("corrected", "The source corrected the encounter after it was coded"),
                            ("against_note", "An answer against the note"),
                            ("line_changed", "The coder changed or removed a line that no rule set codes"),
                            ("nothing_reported", "The coder reports nothing where the rules give a code"),
                            ("unlisted_code", "No code list is loaded for the date: the code could not be checked"),
                            ("rebutted", "The coder objects to the ruling"),
                            ("reopened", "A supervisor reopened the ruling"),
                        ],
                        max_length=30,
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="reviews.casecluster",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="reviews.reevaluationrun",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="routes", to="reviews.reviewcase"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["reason", "case"], name="route_by_reason")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revision__isnull", True), ("run__isnull", True)),
                        fields=("case", "reason"),
                        name="one_route_per_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("run__isnull", False)), fields=("case", "run"), name="one_route_per_run"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revision__isnull", False)),
                        fields=("case", "revision"),
                        name="one_route_per_revision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderQuery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("round", models.PositiveSmallIntegerField(help_text="The round whose judgement asked.")),
                ("facts", models.JSONField(default=list)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("closed", "Closed without an answer")],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("provider", models.CharField(blank=True, help_text="Who answered.", max_length=120)),
                ("answered_on", models.DateField(blank=True, help_text="The day on the provider's answer.", null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, help_text="Why it was closed without an answer.")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="queries", to="coding.service"
                    ),
                ),
                (
                    "ruling",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="query",
                        to="reviews.ruling",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "permissions": [("answer_providerquery", "Can type a provider's answer, or close a query without one")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("service",), name="one_open_query_per_service"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("provider", ""), _negated=True),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answered_query_says_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("closed_at__isnull", False), _connector="OR"),
                        name="ended_query_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FinalCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("provider_query", "Provider query"),
                            ("supervisor_review", "Supervisor review"),
                            ("no_family_code", "Nothing to report"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=5)),
                ("modifiers", models.JSONField(default=list)),
                ("reported", models.CharField(editable=False, max_length=60)),
                ("superseded", models.BooleanField(default=False)),
                ("finalised_at", models.DateTimeField(auto_now_add=True)),
                ("diagnosis_codes", models.JSONField(default=list)),
                ("units", models.PositiveSmallIntegerField(default=1)),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.codingdecision",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="final_codes", to="coding.service"
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.ruling",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__isnull", True), ("ruling__isnull", True), _connector="XOR"),
                        name="final_code_rests_on_a_decision_or_a_ruling",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded", False)),
                        fields=("service",),
                        name="one_current_final_code_per_service",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded", True), ("outcome__in", ("code", "no_family_code")), _connector="OR"
                        ),
                        name="final_code_is_a_code_or_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodingRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("initial", "First coding"),
                            ("query_answered", "The provider answered"),
                            ("query_closed", "The query was closed without an answer"),
                            ("source_corrected", "The source corrected the encounter"),
                            ("returned", "A supervisor returned it"),
                            ("taken_back", "The coder took the decision back"),
                        ],
                        max_length=20,
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[("decided", "Decided"), ("taken_back", "Taken back"), ("overtaken", "Overtaken")],
                        max_length=20,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="coding.service"
                    ),
                ),
                (
                    "query",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="reviews.providerquery",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="reviews.reviewcase",
                    ),
                ),
            ],
            options={
                "ordering": ["service", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended", "taken_back")),
                        fields=["service", "number"],
                        name="round_taken_back",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "number"), name="one_round_per_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("service",),
                        name="one_open_round_per_service",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("ended", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("ended", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closed_round_says_how_it_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason__in", ["query_answered", "query_closed"]), _negated=True),
                            ("query__isnull", False),
                            _connector="OR",
                        ),
                        name="round_after_a_query_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "returned"), _negated=True), ("case__isnull", False), _connector="OR"
                        ),
                        name="returned_round_names_its_case",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="objects_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="reviews.ruling",
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reopens",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reopened_as",
                to="reviews.ruling",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("objects_to__isnull", False), ("reopens__isnull", True)),
                fields=("objects_to",),
                name="one_rebuttal_per_ruling",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", 1), ("objects_to__isnull", True)),
                    models.Q(("first_supervisor__isnull", False), ("level", 2), ("objects_to__isnull", False)),
                    _connector="OR",
                ),
                name="rebuttal_objects_to_a_ruling",
            ),
        ),
    ]
