"""The rows of an upload no longer repeat its file."""

from django.db import migrations


class Migration(migrations.Migration):
    """Their cells stand in the parts of the file."""

    dependencies = [("coding", "0010_keep_old_uploads")]
    operations = [
        migrations.RemoveField(model_name="upload", name="columns"),
        migrations.RemoveField(model_name="uploadrow", name="cells"),
    ]
