"""A decision points to the round in which it was made; until now it named it by service and number alone."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POINT = """
    UPDATE reviews_codingdecision SET coding_round_id = (
        SELECT r.id FROM reviews_codinground r
        WHERE r.service_id = reviews_codingdecision.service_id AND r.number = reviews_codingdecision.round
    )
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every decision has its round: rounds were always written before what is decided in them."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute("SET LOCAL statement_timeout = 0")
    schema_editor.execute(POINT)
    if is_postgresql:
        # The rows are checked now: PostgreSQL alters no table that has checks waiting.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def round_field(*, null: bool) -> "models.ForeignKey[models.Model]":
    """The new column, empty while it is being filled."""
    return models.ForeignKey(
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="decisions",
        to="reviews.codinground",
    )


class Migration(migrations.Migration):
    """The table of decisions is written once; on SQLite it is remade."""

    dependencies = [
        ("reviews", "0015_retention_rules"),
    ]

    operations = [
        migrations.AddField("codingdecision", "coding_round", round_field(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("codingdecision", "coding_round", round_field(null=False)),
        migrations.AlterField(
            model_name="codingdecision",
            name="round",
            field=models.PositiveSmallIntegerField(help_text="The coding round, by its number."),
        ),
    ]
