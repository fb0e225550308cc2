"""Events tell the values of the rows that their verb wrote, and the head which key signed it; older ones tell none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of the trail."""

    dependencies = [("coding", "0029_duties")]

    operations = [
        migrations.AddField("auditevent", "records", models.JSONField(default=dict)),
        migrations.AddField(
            "audithead",
            "key",
            models.CharField(default="first", help_text="The id of the key that signed it.", max_length=40),
        ),
    ]
