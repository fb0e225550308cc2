"""A case can come into the queue because its encounter was corrected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("reviews", "0008_decision_by_coder"),
    ]

    operations = [
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
                ],
                max_length=30,
            ),
        ),
    ]
