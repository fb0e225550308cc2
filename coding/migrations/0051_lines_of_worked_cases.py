"""A worked case says which further lines it expects."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases of before say nothing of them."""

    dependencies = [
        ("coding", "0050_descriptor_releases"),
    ]

    operations = [
        migrations.AddField(
            "workedcase",
            "further_lines",
            models.CharField(
                blank=True,
                default="",
                help_text="Such as “12345, 54321 x 2”, or “none”. If nothing is written, they are not looked at.",
                max_length=200,
                verbose_name="expected further lines",
            ),
            preserve_default=False,
        ),
    ]
