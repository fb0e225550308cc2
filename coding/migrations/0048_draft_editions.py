"""Every saved edition of a draft is kept, and comments on its cells; what stands now is the first edition."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_stands(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """There are few drafts; nobody knows any more when they were saved."""
    versions = apps.get_model("coding", "RuleSetVersion").objects.filter(state__in=["draft", "in_review"])
    edition = apps.get_model("coding", "DraftEdition")
    edition.objects.bulk_create(
        edition(
            version=version,
            number=version.edition,
            author_id=version.last_editor_id,
            at=None,
            document_id=version.document_id,
            lexicon_id=version.lexicon_id,
        )
        for version in versions
    )
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL alters no table that has checks waiting.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0047_table_loads"),
    ]

    operations = [
        migrations.CreateModel(
            name="CellComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule_id", models.CharField(max_length=20, verbose_name="rule")),
                ("column", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=1000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["version", "settled_at"], name="comments_of_a_draft")],
            },
        ),
        migrations.CreateModel(
            name="DraftEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ("content", models.JSONField(null=True)),
                ("terms", models.JSONField(null=True)),
                ("what", models.CharField(blank=True, max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.ruledocument",
                    ),
                ),
                (
                    "lexicon",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coding.lexicondocument",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="coding.rulesetversion"
                    ),
                ),
            ],
            options={
                "ordering": ["version", "-number"],
                "constraints": [models.UniqueConstraint(fields=("version", "number"), name="one_edition_per_number")],
            },
        ),
        migrations.RunPython(keep_what_stands, migrations.RunPython.noop),
    ]
