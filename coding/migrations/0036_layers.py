"""A version of rules is for a layer: a payer or kind of payers, and a place of service; so far for any."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("coding", "0035_worked_cases"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rulesetversion",
            name="one_published_version_per_day",
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="for_payer",
            field=models.CharField(default="any", editable=False, help_text="See ``Layer``.", max_length=400),
        ),
        migrations.AddField(
            model_name="rulesetversion",
            name="for_place",
            field=models.CharField(default="any", editable=False, help_text="See ``Layer``.", max_length=3),
        ),
        migrations.AddConstraint(
            model_name="rulesetversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("rule_set", "effective_from", "for_payer", "for_place"),
                name="one_published_version_per_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("for_payer", ""), _negated=True), models.Q(("for_place", ""), _negated=True)
                ),
                name="a_layer_is_never_empty",
            ),
        ),
    ]
