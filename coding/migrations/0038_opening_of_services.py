"""What opens the services of a family stands in its versions; services are split, and answers carried over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of versions; versions of before say nothing of it."""

    dependencies = [
        ("coding", "0037_rule_table_says_more"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="service",
            options={
                "ordering": ["encounter", "number"],
                "permissions": [
                    ("withdraw_service", "Can withdraw, split or join services, or move one to another rule set"),
                    ("view_unclaimed", "Can list the submitted codes that no rule set claims"),
                ],
            },
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="opening",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Further codes that it claims, diagnoses that propose it, what makes one service; see the guide.",
                verbose_name="what opens its services",
            ),
        ),
        migrations.AlterField(
            model_name="answer",
            name="source",
            field=models.CharField(
                choices=[
                    ("coder", "Coder"),
                    ("evidence", "Read in the note, confirmed by the coder"),
                    ("carried", "Given in another service of the encounter, confirmed by the coder"),
                    ("upload", "Upload"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="origin",
            field=models.CharField(
                choices=[
                    ("line", "A submitted line"),
                    ("family", "The rule set chosen when the encounter came in"),
                    ("coder", "A coder added it"),
                    ("moved", "A coder moved it here from another rule set"),
                    ("proposed", "Proposed by line, diagnosis or note, and confirmed by a coder"),
                    ("split", "A coder split it off another service"),
                ],
                default="line",
                max_length=20,
            ),
        ),
    ]
