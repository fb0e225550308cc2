"""A check sum of the patient's name tells apart those whom a payer numbers alike."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Encounters of before have none: it contradicts nothing."""

    dependencies = [
        ("coding", "0051_lines_of_worked_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="encounter",
            name="name_sum",
            field=models.CharField(
                blank=True, editable=False, max_length=4, verbose_name="check sum of the patient's name"
            ),
        ),
    ]
