"""What HCPCS Level II refers to in place of a code that ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty for what was loaded before: its files were read without it."""

    dependencies = [("coding", "0057_indexes_of_narrowed_lists")]

    operations = [
        migrations.AddField(
            model_name="hcpcscode",
            name="replaced_by",
            field=models.CharField(
                blank=True,
                help_text="The publisher's cross references: codes that stand for one that ended.",
                max_length=60,
            ),
        ),
    ]
