"""Kept for its place in the order: guards and roles are made after every migration (``post_migrate``)."""

from django.db import migrations


class Migration(migrations.Migration):
    """It does nothing."""

    dependencies = [
        ("reviews", "0001_initial"),
        ("coding", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = []
