"""Uploads are told apart by file name and counts; the counts of those that are here are taken once."""

from collections import defaultdict

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, Q


def count_items(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Two statements count all items; each upload is then written once, and there are few of them."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")
    database = schema_editor.connection.alias
    rows = apps.get_model("coding", "UploadRow").objects.using(database).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for upload, state, count in rows.values_list("upload", "state").annotate(Count("pk")):
        counts[upload][state] = count
    for upload, count in rows.filter(has_remarks=True).values_list("upload").annotate(Count("pk")):
        counts[upload]["remarks"] = count
    # What is being worked on is counted when its job ends.
    over = Q(import_job__state="done") | Q(import_job=None, check_job__state="done")
    uploads = list(apps.get_model("coding", "Upload").objects.using(database).filter(over).only("pk", "counts"))
    for upload in uploads:
        upload.counts = counts[upload.pk]
    apps.get_model("coding", "Upload").objects.using(database).bulk_update(uploads, ["counts"], batch_size=500)


class Migration(migrations.Migration):
    """An upload of before has no name: it was not kept."""

    dependencies = [
        ("coding", "0019_doubled_ids_of_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="file_name",
            field=models.CharField(blank=True, default="", help_text="As it was sent.", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="upload",
            name="counts",
            field=models.JSONField(
                help_text="How many items are in each state, and with remarks; null while that changes.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="upload",
            name="source",
            field=models.CharField(
                blank=True,
                help_text="The sending system; with the external id it names an encounter.",
                max_length=60,
            ),
        ),
        migrations.RunPython(count_items, migrations.RunPython.noop),
    ]
