"""Under which service a line came that went to another one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [
        ("coding", "0059_members_of_payers"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceline",
            name="first_service",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coding.service",
            ),
        ),
    ]
