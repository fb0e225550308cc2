"""Kept for its place in the order: guards and roles are made after every migration (``post_migrate``)."""

from django.db import migrations


class Migration(migrations.Migration):
    """It does nothing."""

    dependencies = [("reviews", "0009_corrected_route"), ("coding", "0013_guard_lexicons")]
    operations = []
