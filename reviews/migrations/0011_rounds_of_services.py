"""Rounds, queries and reports; decisions, final codes and cases belong to services."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Each service has a first round under its own id, coded or not.
ROUNDS = """
    INSERT INTO reviews_codinground (id, service_id, number, reason, revision, opened_at, closed_at, ended)
    SELECT s.id, s.id, 1, 'initial', 1, e.received_at, d.decided_at,
        CASE WHEN d.id IS NULL THEN '' ELSE 'decided' END
    FROM coding_service s JOIN coding_encounter e ON e.id = s.encounter_id
    LEFT JOIN reviews_codingdecision d ON d.encounter_id = s.id ORDER BY s.id
"""
SEQUENCE = """
    SELECT setval(pg_get_serial_sequence('reviews_codinground', 'id'),
        (SELECT COALESCE(MAX(id), 0) + 1 FROM reviews_codinground), false)
"""


def fill_rounds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One round for each service."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")
    schema_editor.execute(ROUNDS)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SEQUENCE)


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0014_services"),
        ("coding", "__first__"),
        ("reviews", "0010_lexicon_roles"),
    ]

    operations = [
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
            ],
            options={
                "ordering": ["service", "number"],
            },
        ),
        migrations.RunPython(fill_rounds, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="codingdecision",
            name="one_decision_per_encounter",
        ),
        migrations.RemoveConstraint(
            model_name="codingdecision",
            name="departing_decision_has_a_reason",
        ),
        migrations.RenameField(
            model_name="codingdecision",
            old_name="encounter",
            new_name="service",
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="service",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="coding.service",
            ),
        ),
        migrations.AddField(
            model_name="codingdecision",
            name="diagnosis_codes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="codingdecision",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, help_text="The coding round, by its number."),
        ),
        migrations.AddField(
            model_name="codingdecision",
            name="units",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="agrees",
            field=models.BooleanField(help_text="Same outcome, code and modifiers as the suggestion.", null=True),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="choice",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="codingdecision",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("code", "Code"),
                    ("provider_query", "Provider query"),
                    ("supervisor_review", "Supervisor review"),
                    ("no_family_code", "Nothing to report"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="suggestion",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="coding.suggestion"
            ),
        ),
        migrations.AlterField(
            model_name="codingdecision",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="coding.rulesetversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="codingdecision",
            constraint=models.UniqueConstraint(fields=("service", "round"), name="one_decision_per_round"),
        ),
        migrations.AddConstraint(
            model_name="codingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("choice__in", ["accept", "keep"]), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="departing_decision_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="codingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agrees__isnull", True), ("suggestion__isnull", True), ("version__isnull", True)),
                    models.Q(("agrees__isnull", False), ("suggestion__isnull", False), ("version__isnull", False)),
                    _connector="OR",
                ),
                name="what_no_rule_set_judges_agrees_with_none",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="finalcode",
            name="one_current_final_code_per_encounter",
        ),
        migrations.RenameField(
            model_name="finalcode",
            old_name="encounter",
            new_name="service",
        ),
        migrations.AlterField(
            model_name="finalcode",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="final_codes", to="coding.service"
            ),
        ),
        migrations.AddField(
            model_name="finalcode",
            name="diagnosis_codes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="finalcode",
            name="units",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="finalcode",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("code", "Code"),
                    ("provider_query", "Provider query"),
                    ("supervisor_review", "Supervisor review"),
                    ("no_family_code", "Nothing to report"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="finalcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded", False)),
                fields=("service",),
                name="one_current_final_code_per_service",
            ),
        ),
        migrations.AlterModelOptions(
            name="reviewcase",
            options={
                "ordering": ["opened_at", "id"],
                "permissions": [
                    ("rule_on_reviewcase", "Can claim review cases and rule on them"),
                    ("view_every_reviewcase", "Can see the review cases of every coder"),
                    ("return_reviewcase", "Can return a case to its coder"),
                    ("reopen_reviewcase", "Can reopen a ruling"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="reviewcase",
            name="one_open_case_per_encounter",
        ),
        migrations.RemoveConstraint(
            model_name="reviewcase",
            name="one_case_per_run_and_encounter",
        ),
        migrations.RenameField(
            model_name="reviewcase",
            old_name="encounter",
            new_name="service",
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="review_cases", to="coding.service"
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="first_supervisor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="level",
            field=models.PositiveSmallIntegerField(choices=[(1, "First review"), (2, "Rebuttal")], default=1),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="objection",
            field=models.TextField(blank=True, help_text="Why the coder objects, or why the ruling was reopened."),
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
        migrations.AlterField(
            model_name="reviewcase",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="reviewcase",
            name="suggestion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.suggestion",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("queued", "claimed"))),
                fields=("service",),
                name="one_open_case_per_service",
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
                condition=models.Q(("holder", models.F("first_supervisor")), _negated=True),
                name="who_ruled_does_not_hold_the_rebuttal",
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
                    "ruling",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="query",
                        to="reviews.ruling",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="queries", to="coding.service"
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
        migrations.AddField(
            model_name="codinground",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rounds",
                to="reviews.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="codinground",
            name="query",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rounds",
                to="reviews.providerquery",
            ),
        ),
        migrations.AddIndex(
            model_name="codinground",
            index=models.Index(
                condition=models.Q(("ended", "taken_back")), fields=["service", "number"], name="round_taken_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="codinground",
            constraint=models.UniqueConstraint(fields=("service", "number"), name="one_round_per_number"),
        ),
        migrations.AddConstraint(
            model_name="codinground",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("service",), name="one_open_round_per_service"
            ),
        ),
        migrations.AddConstraint(
            model_name="codinground",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("ended", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("ended", ""), _negated=True)),
                    _connector="OR",
                ),
                name="closed_round_says_how_it_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="codinground",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__in", ["query_answered", "query_closed"]), _negated=True),
                    ("query__isnull", False),
                    _connector="OR",
                ),
                name="round_after_a_query_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="codinground",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "returned"), _negated=True), ("case__isnull", False), _connector="OR"
                ),
                name="returned_round_names_its_case",
            ),
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
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("encounter", "number"), name="one_report_per_number"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "original"), ("replaces__isnull", True)),
                    models.Q(models.Q(("kind", "original"), _negated=True), ("replaces__isnull", False)),
                    _connector="OR",
                ),
                name="only_the_original_replaces_nothing",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="caseroute",
            name="one_route_per_reason",
        ),
        migrations.AddField(
            model_name="caseroute",
            name="cluster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="routes",
                to="reviews.casecluster",
            ),
        ),
        migrations.AddField(
            model_name="caseroute",
            name="revision",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="caseroute",
            name="run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="routes",
                to="reviews.reevaluationrun",
            ),
        ),
        migrations.AlterField(
            model_name="caseroute",
            name="reason",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="caseroute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revision__isnull", True), ("run__isnull", True)),
                fields=("case", "reason"),
                name="one_route_per_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseroute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("run__isnull", False)), fields=("case", "run"), name="one_route_per_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseroute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revision__isnull", False)),
                fields=("case", "revision"),
                name="one_route_per_revision",
            ),
        ),
        migrations.RenameField(
            model_name="reevaluationrun",
            old_name="status",
            new_name="state",
        ),
        migrations.AlterField(
            model_name="reevaluationrun",
            name="state",
            field=models.CharField(
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
        migrations.AlterModelOptions(
            name="reevaluationrun",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("apply_reevaluationrun", "Can open review cases for what a run contradicts"),
                    ("export_reevaluationrun", "Can see and export the services that a run changes"),
                ],
            },
        ),
        migrations.RenameField(
            model_name="reevaluationrun",
            old_name="last_encounter",
            new_name="last_service",
        ),
        migrations.RenameField(
            model_name="reevaluationrun",
            old_name="encounters",
            new_name="services",
        ),
        migrations.RenameField(
            model_name="runcell",
            old_name="encounters",
            new_name="services",
        ),
        migrations.RenameField(
            model_name="runchange",
            old_name="encounters",
            new_name="services",
        ),
        migrations.AddField(
            model_name="ruling",
            name="diagnosis_codes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="ruling",
            name="units",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("code", "Code"),
                    ("provider_query", "Provider query"),
                    ("supervisor_review", "Supervisor review"),
                    ("no_family_code", "Nothing to report"),
                ],
                max_length=20,
            ),
        ),
    ]
