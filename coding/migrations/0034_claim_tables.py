"""Tables for claims in dated releases, what fee schedules say besides values, and what diagnoses exclude."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0033_cancelled_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="TableRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        default="medicare",
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "program", "valid_from"), name="one_release_per_table_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeExclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10)),
                ("excluded", models.CharField(help_text="A code, or the beginning of several.", max_length=10)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="coding.codesetrelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "code", "excluded"), name="one_exclusion_per_code_and_other"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeScheduleDetail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                ("modifier", models.CharField(blank=True, max_length=2)),
                ("facility_na", models.BooleanField(default=False)),
                ("non_facility_na", models.BooleanField(default=False)),
                ("technical", models.CharField(blank=True, max_length=1, verbose_name="PC/TC indicator")),
                (
                    "pre",
                    models.DecimalField(decimal_places=2, max_digits=4, null=True, verbose_name="pre-operative share"),
                ),
                (
                    "intra",
                    models.DecimalField(
                        decimal_places=2, max_digits=4, null=True, verbose_name="share of the operation"
                    ),
                ),
                (
                    "post",
                    models.DecimalField(decimal_places=2, max_digits=4, null=True, verbose_name="post-operative share"),
                ),
                ("multiple", models.CharField(blank=True, max_length=1, verbose_name="multiple procedures")),
                ("bilateral", models.CharField(blank=True, max_length=1)),
                ("assistant", models.CharField(blank=True, max_length=1)),
                ("co_surgeon", models.CharField(blank=True, max_length=1)),
                ("team", models.CharField(blank=True, max_length=1)),
                (
                    "facility_practice",
                    models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="facility PE RVU"),
                ),
                (
                    "non_facility_practice",
                    models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="office PE RVU"),
                ),
                ("malpractice", models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="MP RVU")),
                ("conversion_factor", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="details",
                        to="coding.feeschedulerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "code", "modifier"), name="one_detail_per_release_and_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TablePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=120)),
                ("content_hash", models.CharField(help_text="SHA-256 of the file.", max_length=64)),
                ("rows", models.PositiveIntegerField(help_text="Rows that were new to the release.")),
                (
                    "left_out",
                    models.PositiveIntegerField(default=0, help_text="Rows that had ended before the release begins."),
                ),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="coding.tablerelease"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "content_hash"), name="one_part_per_release_and_content")
                ],
            },
        ),
        migrations.CreateModel(
            name="PairEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("column1", models.CharField(max_length=5)),
                ("column2", models.CharField(max_length=5)),
                ("may_be_opened", models.BooleanField()),
                ("effective", models.DateField(default=datetime.date(1900, 1, 1))),
                (
                    "ended",
                    models.DateField(blank=True, help_text="The last day on which the pair is in force.", null=True),
                ),
                ("rationale", models.CharField(blank=True, max_length=200)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs",
                        to="coding.tablerelease",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["column2", "release"], name="pair_by_second_code")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "column1", "column2", "effective"), name="one_pair_per_release_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Locality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier", models.CharField(max_length=5)),
                ("state", models.CharField(max_length=2)),
                ("number", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=200)),
                ("work", models.DecimalField(decimal_places=3, max_digits=6)),
                ("practice", models.DecimalField(decimal_places=3, max_digits=6)),
                ("malpractice", models.DecimalField(decimal_places=3, max_digits=6)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="localities",
                        to="coding.tablerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "carrier", "state", "number"), name="one_locality_per_release_and_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HcpcsCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                ("description", models.CharField(blank=True, max_length=200)),
                ("effective", models.DateField(default=datetime.date(1900, 1, 1))),
                ("ended", models.DateField(blank=True, null=True)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="coding.tablerelease",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("release", "code"), name="one_hcpcs_code_per_release")],
            },
        ),
        migrations.CreateModel(
            name="AddOnEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("add_on", models.CharField(max_length=5)),
                ("primary", models.CharField(blank=True, max_length=5)),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        help_text="1 all primaries are listed, 2 the contractor decides, 3 some."
                    ),
                ),
                ("effective", models.DateField(default=datetime.date(1900, 1, 1))),
                ("ended", models.DateField(blank=True, null=True)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="add_ons",
                        to="coding.tablerelease",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["primary", "release"], name="add_on_by_primary")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "add_on", "primary", "effective"), name="one_primary_per_release_and_add_on"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitLimitEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=5)),
                ("units", models.PositiveIntegerField()),
                (
                    "applied",
                    models.PositiveSmallIntegerField(help_text="Adjudication indicator: 1 a line, 2 and 3 a day."),
                ),
                ("rationale", models.CharField(blank=True, max_length=200)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="limits",
                        to="coding.tablerelease",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "code"), name="one_limit_per_release_and_code")
                ],
            },
        ),
    ]
