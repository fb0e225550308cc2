"""Signatures under overridden checks of claims."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0042_further_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signature",
            name="meaning",
            field=models.CharField(
                choices=[
                    ("ruling", "ruling"),
                    ("reopening", "reopening of a ruling"),
                    ("override", "authorship of an answer kept against the note"),
                    ("check", "override of a claim check"),
                    ("approval", "approval of the version for publication"),
                    ("retirement", "retirement of the version"),
                    ("export", "export of patients' data"),
                    ("roles", "change of an account's roles or access"),
                ],
                max_length=20,
            ),
        ),
    ]
