"""What is for information is called so: a remark is what intake left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A word of a choice."""

    dependencies = [
        ("coding", "0064_check_sums_of_members"),
    ]

    operations = [
        migrations.AlterField(
            model_name="claimcheckrow",
            name="severity",
            field=models.CharField(
                blank=True,
                choices=[("error", "Error"), ("warning", "Warning"), ("info", "Information")],
                help_text="Empty: as shipped.",
                max_length=10,
            ),
        ),
    ]
