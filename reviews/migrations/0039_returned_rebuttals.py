"""A rebuttal that went back to the coder is carried on by the next case: one of them stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The constraint counts no rebuttal that was returned or taken back."""

    dependencies = [("reviews", "0038_free_cases_by_urgency")]

    operations = [
        migrations.RemoveConstraint(model_name="reviewcase", name="one_rebuttal_per_ruling"),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("objects_to__isnull", False),
                    ("reopens__isnull", True),
                    models.Q(("state__in", ("returned", "taken_back")), _negated=True),
                ),
                fields=("objects_to",),
                name="one_rebuttal_per_ruling",
            ),
        ),
    ]
