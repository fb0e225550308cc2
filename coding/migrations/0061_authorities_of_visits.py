"""Which authority gave an encounter its id: two may give one number, each to a visit of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Encounters of before tell none: it contradicts nothing."""

    dependencies = [
        ("coding", "0060_first_service_of_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="encounter",
            name="visit_authority",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=255,
                verbose_name="authority of the external id",
            ),
            preserve_default=False,
        ),
    ]
