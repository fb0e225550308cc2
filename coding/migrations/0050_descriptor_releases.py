"""Which files of licensed descriptors were loaded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0049_house_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DescriptorRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("codes", models.PositiveIntegerField()),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
