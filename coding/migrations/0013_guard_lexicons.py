"""Kept for its place in the order: guards and roles are made after every migration (``post_migrate``)."""

from django.db import migrations


class Migration(migrations.Migration):
    """It does nothing."""

    dependencies = [("coding", "0012_lexicons")]
    operations = []
