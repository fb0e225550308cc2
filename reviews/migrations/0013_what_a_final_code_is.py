"""A final code is a code or nothing, and a case has its runs in its reasons."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("reviews", "0012_no_query_is_final"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="reviewcase",
            name="cluster",
        ),
        migrations.RemoveField(
            model_name="reviewcase",
            name="run",
        ),
        migrations.AddConstraint(
            model_name="finalcode",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded", True), ("outcome__in", ("code", "no_family_code")), _connector="OR"),
                name="final_code_is_a_code_or_nothing",
            ),
        ),
    ]
