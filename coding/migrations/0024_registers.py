"""Registers of patients, providers and payers, filled from what encounters say."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NO_TIME_OUT = "SET LOCAL statement_timeout = 0"
# Until now nothing told who gave an identifier: it is the sending system's own. Where encounters of one identifier were
# born on different days, or differ in sex, it may be the number of a family: they are left without a patient.
PATIENTS = """
    INSERT INTO coding_patient (identifier, authority, source, birth_date, sex, state, edition, first_seen_at)
    SELECT patient_reference, '', source, MIN(birth_date), COALESCE(MIN(NULLIF(sex, 'U')), 'U'), 'new', 1,
        MIN(received_at)
    FROM coding_encounter WHERE patient_reference <> '' GROUP BY source, patient_reference
    HAVING COALESCE(MIN(birth_date) = MAX(birth_date), TRUE)
        AND COALESCE(MIN(NULLIF(sex, 'U')) = MAX(NULLIF(sex, 'U')), TRUE)
    ORDER BY MIN(id)
"""
NAMES = "SELECT {column} FROM coding_encounter WHERE {column} <> '' GROUP BY {column} ORDER BY MIN(id)"
SENT = "CREATE TEMPORARY TABLE concord_sent_{column} (text varchar(120) PRIMARY KEY, row_id bigint NOT NULL)"
INSERT = "INSERT INTO concord_sent_{column} (text, row_id) VALUES (%s, %s)"
POINT = """
    UPDATE coding_encounter SET
        patient_id = (SELECT p.id FROM coding_patient p WHERE p.identifier = coding_encounter.patient_reference
            AND p.authority = '' AND p.source = coding_encounter.source),
        registered_provider_id = (SELECT row_id FROM concord_sent_provider WHERE text = coding_encounter.provider),
        registered_payer_id = (SELECT row_id FROM concord_sent_payer WHERE text = coding_encounter.payer)
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A row for each identifier and name, and the encounters point to them: three look-ups in one statement."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NO_TIME_OUT)
    schema_editor.execute(PATIENTS)
    columns = {"provider": "Provider", "payer": "Payer"}
    for column, model in columns.items():
        _fill_names(apps.get_model("coding", model), column, schema_editor)
    schema_editor.execute(POINT)
    for column in columns:
        schema_editor.execute(f"DROP TABLE concord_sent_{column}")


def _fill_names(model: type[models.Model], column: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The rows of the distinct texts of a column, alike but for case and blanks, and which text is which row."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NAMES.format(column=column))
        texts = [text for (text,) in cursor.fetchall()]
        names: dict[str, str] = {}
        for text in texts:
            names.setdefault(_key(text), text)
        model._default_manager.bulk_create(model(key=key, name=name) for key, name in names.items())
        ids = dict(model._default_manager.values_list("key", "pk"))
        cursor.execute(SENT.format(column=column))
        cursor.executemany(INSERT.format(column=column), [(text, ids[_key(text)]) for text in texts])


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0023_index_of_an_upload"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderAffiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("group", models.CharField(max_length=120)),
                ("specialty", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("complete", "Complete"), ("merged", "Merged")],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("first_seen_at", models.DateTimeField(auto_now_add=True, verbose_name="first seen")),
                ("identifier", models.CharField(max_length=60)),
                ("authority", models.CharField(blank=True, help_text="As files name it.", max_length=255)),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="The sending system, where no authority is named.", max_length=60
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[("F", "Female"), ("M", "Male"), ("O", "Other"), ("U", "Unknown")],
                        default="U",
                        max_length=1,
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        blank=True,
                        help_text="The row that counts for this one since they were merged.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_rows",
                        to="coding.patient",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="encounter",
            name="patient",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="coding.patient",
            ),
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("complete", "Complete"), ("merged", "Merged")],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("first_seen_at", models.DateTimeField(auto_now_add=True, verbose_name="first seen")),
                ("name", models.CharField(help_text="The name or identifier, as it was sent first.", max_length=120)),
                ("key", models.CharField(editable=False, max_length=360, unique=True)),
                (
                    "survivor",
                    models.ForeignKey(
                        blank=True,
                        help_text="The row that counts for this one since they were merged.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_rows",
                        to="coding.payer",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="encounter",
            name="registered_payer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="coding.payer",
            ),
        ),
        migrations.CreateModel(
            name="PayerTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="from")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("medicare", "Medicare"),
                            ("medicaid", "Medicaid"),
                            ("commercial", "Commercial"),
                            ("workers_compensation", "Workers' compensation"),
                            ("other", "Other"),
                            ("not_known", "Not known"),
                        ],
                        max_length=30,
                    ),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="coding.payer",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "payer terms",
                "ordering": ["-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("complete", "Complete"), ("merged", "Merged")],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("first_seen_at", models.DateTimeField(auto_now_add=True, verbose_name="first seen")),
                ("name", models.CharField(help_text="The name or identifier, as it was sent first.", max_length=120)),
                ("key", models.CharField(editable=False, max_length=360, unique=True)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "survivor",
                    models.ForeignKey(
                        blank=True,
                        help_text="The row that counts for this one since they were merged.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_rows",
                        to="coding.provider",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="encounter",
            name="registered_provider",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="coding.provider",
            ),
        ),
        migrations.AddField(
            model_name="provideraffiliation",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="affiliations",
                to="coding.provider",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["state", "id"], name="patient_by_state"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "merged"),
                        ("survivor__isnull", False),
                        models.Q(("survivor", models.F("id")), _negated=True),
                    ),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("survivor__isnull", True)),
                    _connector="OR",
                ),
                name="patient_is_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("identifier", "authority", "source"), name="one_patient_per_identifier"
            ),
        ),
        migrations.AddIndex(
            model_name="payer",
            index=models.Index(fields=["state", "id"], name="payer_by_state"),
        ),
        migrations.AddConstraint(
            model_name="payer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "merged"),
                        ("survivor__isnull", False),
                        models.Q(("survivor", models.F("id")), _negated=True),
                    ),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("survivor__isnull", True)),
                    _connector="OR",
                ),
                name="payer_is_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="payerterms",
            constraint=models.UniqueConstraint(fields=("payer", "valid_from"), name="one_set_of_terms_per_day"),
        ),
        migrations.AddIndex(
            model_name="provider",
            index=models.Index(fields=["state", "id"], name="provider_by_state"),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "merged"),
                        ("survivor__isnull", False),
                        models.Q(("survivor", models.F("id")), _negated=True),
                    ),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("survivor__isnull", True)),
                    _connector="OR",
                ),
                name="provider_is_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraffiliation",
            constraint=models.UniqueConstraint(fields=("provider", "valid_from"), name="one_affiliation_per_day"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["patient", "date_of_service"], name="encounter_by_patient"),
        ),
    ]
