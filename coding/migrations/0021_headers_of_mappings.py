"""A mapping keeps the headers between which it chose, so that it can be changed without a file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Mappings of before have none: their own columns can be exchanged."""

    dependencies = [
        ("coding", "0020_names_and_counts_of_uploads"),
    ]

    operations = [
        migrations.AlterModelOptions(name="sourcelayout", options={"ordering": ["source"]}),
        migrations.AddField(
            model_name="sourcelayout",
            name="headers",
            field=models.JSONField(default=list),
        ),
    ]
