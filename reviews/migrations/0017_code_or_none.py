"""What is reported as a code names it."""

from django.db import migrations, models

NAMES_A_CODE_OR_NONE = models.Q(
    models.Q(("outcome", "code"), models.Q(("code", ""), _negated=True)),
    models.Q(models.Q(("outcome", "code"), _negated=True), ("code", "")),
    _connector="OR",
)
ROWS = {"codingdecision": "decision", "finalcode": "final_code", "ruling": "ruling"}


class Migration(migrations.Migration):
    """No form ever took an empty code: rows of before hold this too."""

    dependencies = [
        ("reviews", "0016_round_of_a_decision"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(condition=NAMES_A_CODE_OR_NONE, name=f"{row}_names_a_code_or_none"),
        )
        for model, row in ROWS.items()
    ]
