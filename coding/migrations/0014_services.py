"""Services under encounters: each encounter gets one, under its own id; answers and lines hang on it."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NO_TIME_OUT = "SET LOCAL statement_timeout = 0"
# Under the encounter's own id: what points to the encounter then points to its service, and no row is rewritten.
SERVICES = """
    INSERT INTO coding_service (id, public_id, encounter_id, number, rule_set_id, day, payer, origin, state,
        assigned_to_id, round, profile_id, suggestion_id)
    SELECT e.id, e.public_id, e.id, 1, e.rule_set_id, e.date_of_service, e.payer,
        CASE WHEN EXISTS (SELECT 1 FROM coding_serviceline l WHERE l.encounter_id = e.id) THEN 'line' ELSE 'family' END,
        e.status, e.assigned_to_id, 1, e.profile_id, e.suggestion_id
    FROM coding_encounter e ORDER BY e.id
"""
SEQUENCE = """
    SELECT setval(pg_get_serial_sequence('coding_service', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM coding_service),
        false)
"""
LINES = "UPDATE coding_serviceline SET service_id = encounter_id, number = position"


def fill_services(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One service for each encounter."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NO_TIME_OUT)
    schema_editor.execute(SERVICES)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SEQUENCE)


def fill_lines(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All lines of an encounter hang on its one service."""
    schema_editor.execute(LINES)


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0013_guard_lexicons"),
        ("coding", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        help_text="What form it is, and of what: “ruling:” and a random id.", max_length=100
                    ),
                ),
                ("fields", models.JSONField()),
                ("kept_at", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kept_at"], name="kept_text_by_age")],
                "constraints": [models.UniqueConstraint(fields=("person", "form"), name="one_kept_text_per_form")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(help_text="Within the encounter, from 1.")),
                ("day", models.DateField(help_text="The encounter's date of service.")),
                ("payer", models.CharField(blank=True, max_length=120)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("line", "A submitted line"),
                            ("family", "The rule set chosen when the encounter came in"),
                            ("coder", "A coder added it"),
                            ("moved", "A coder moved it here from another rule set"),
                        ],
                        default="line",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_code", "To code"),
                            ("in_review", "In review"),
                            ("awaiting_provider", "Awaiting provider"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="to_code",
                        max_length=20,
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The latest coding round; 0 before the first."
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="coding.encounter"
                    ),
                ),
                (
                    "from_service",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_to",
                        to="coding.service",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.factprofile",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.ruleset",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.suggestion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        help_text="The version that the round began with, and keeps.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["encounter", "number"],
                "permissions": [("withdraw_service", "Can withdraw a service or move it to another rule set")],
            },
        ),
        migrations.RunPython(fill_services, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["rule_set", "suggestion", "state"], name="service_by_suggestion"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["rule_set", "day", "payer", "suggestion", "state"], name="service_by_day"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["assigned_to", "state", "encounter"], name="service_by_assignee"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["suggestion"], name="service_of_suggestion"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(fields=("encounter", "number"), name="one_service_per_number"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rule_set__isnull", False),
                    models.Q(("profile__isnull", True), ("suggestion__isnull", True), ("version__isnull", True)),
                    _connector="OR",
                ),
                name="only_a_rule_set_suggests",
            ),
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_status",
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_assignee",
        ),
        migrations.RemoveIndex(
            model_name="encounter",
            name="encounter_by_suggestion",
        ),
        migrations.RenameField(
            model_name="encounter",
            old_name="status",
            new_name="state",
        ),
        migrations.AlterField(
            model_name="encounter",
            name="state",
            field=models.CharField(
                choices=[
                    ("to_code", "To code"),
                    ("in_review", "In review"),
                    ("awaiting_provider", "Awaiting provider"),
                    ("final", "Final"),
                ],
                default="to_code",
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["state", "date_of_service", "id"], name="encounter_by_state"),
        ),
        migrations.RemoveIndex(
            model_name="answer",
            name="answer_by_encounter",
        ),
        migrations.RenameField(
            model_name="answer",
            old_name="encounter",
            new_name="service",
        ),
        migrations.AlterField(
            model_name="answer",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="coding.service"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="round",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="answer",
            name="source",
            field=models.CharField(
                choices=[
                    ("coder", "Coder"),
                    ("evidence", "Read in the note, confirmed by the coder"),
                    ("upload", "Upload"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["service", "id"], name="answer_by_service"),
        ),
        migrations.AlterModelOptions(
            name="serviceline",
            options={"ordering": ["position", "number"]},
        ),
        migrations.RemoveConstraint(
            model_name="serviceline",
            name="one_service_line_per_position",
        ),
        migrations.AddField(
            model_name="serviceline",
            name="gone_in",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="The revision of the encounter that no longer submits it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="serviceline",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="coding.serviceline",
            ),
        ),
        migrations.AddField(
            model_name="serviceline",
            name="number",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="serviceline",
            name="service",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="coding.service"
            ),
        ),
        migrations.RunPython(fill_lines, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="serviceline",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="coding.service"
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceline",
            constraint=models.UniqueConstraint(fields=("encounter", "number"), name="one_service_line_per_number"),
        ),
        migrations.AlterField(
            model_name="fact",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="coding.rulesetversion"
            ),
        ),
        migrations.AlterField(
            model_name="lexiconterm",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lexicon_terms", to="coding.rulesetversion"
            ),
        ),
        migrations.AlterField(
            model_name="modifierrule",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="modifier_rules", to="coding.rulesetversion"
            ),
        ),
        migrations.AlterField(
            model_name="rule",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="coding.rulesetversion"
            ),
        ),
        migrations.AlterField(
            model_name="suggestion",
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
            model_name="supportingdiagnosis",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supporting_diagnoses",
                to="coding.rulesetversion",
            ),
        ),
        migrations.AlterField(
            model_name="upload",
            name="rule_set",
            field=models.ForeignKey(
                blank=True,
                help_text="Only this family: every encounter gets a service of it, and no other family opens.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.ruleset",
            ),
        ),
    ]
