"""What an author says that a version reverses and mends."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0041_precedents"),
        ("reviews", "0022_rule_defects"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedCure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="named_cures", to="reviews.ruledefect"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_cures",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "defect"), name="one_named_cure_of_a_defect")
                ],
            },
        ),
        migrations.CreateModel(
            name="NamedReversal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                (
                    "precedent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_reversals",
                        to="coding.precedent",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_reversals",
                        to="coding.rulesetversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "precedent"), name="one_named_reversal_of_a_precedent"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="named_reversal_has_a_reason"
                    ),
                ],
            },
        ),
    ]
