"""Make files of the rows of earlier uploads, so that nothing of them is lost."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A text that a spreadsheet would run as a formula is written behind an apostrophe.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
UNFINISHED = ("planned", "running", "paused")
ENDED = ("unchanged", "rejected", "imported")
AGAIN = "It was not imported before Concord was renewed. Upload the file again."
# As ``coding.importing.file_parts`` reads them.
PART_BYTES = 1024 * 1024


def write_line(cells: Iterable[str], *, guarded: bool) -> str:
    """A row of a CSV file. Guards are read only in a file with a column of problems (``coding.intake.csv``)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([f"'{cell}" if guarded and cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return out.getvalue()


def keep(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write each upload's rows as a CSV file; checks and imports that had not ended are cancelled."""
    uploads: Any = apps.get_model("coding", "Upload")
    parts, jobs = apps.get_model("coding", "UploadPart"), apps.get_model("coding", "Job")
    jobs.objects.filter(kind__in=["upload_check", "upload_import"], state__in=UNFINISHED).update(state="cancelled")
    for upload in uploads.objects.order_by("pk").iterator():
        guarded = list(upload.columns[:1]) == ["problem"]
        lines = [write_line(upload.columns, guarded=guarded)]
        # In ascending order, so that no new number meets an old one that is still there.
        for number, row in enumerate(upload.rows.order_by("number"), start=1):
            lines.append(write_line(row.cells, guarded=guarded))
            state = row.state if row.state in ENDED else "rejected"
            errors = [{"place": "", "value": "", **error} for error in row.errors]
            if state != row.state:
                errors.append({"field": "", "place": "", "value": "", "problem": AGAIN})
            upload.rows.filter(pk=row.pk).update(number=number, place=f"line {row.number}", state=state, errors=errors)
        content = "".join(lines).encode()
        for number, start in enumerate(range(0, len(content), PART_BYTES)):
            parts.objects.create(upload=upload, number=number, content=content[start : start + PART_BYTES])
        upload.layout = {"columns": {name: name for name in upload.columns if name != "problem"}, "date_order": "ymd"}
        upload.size = upload.read_to = len(content)
        upload.save()


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [("coding", "0009_stored_uploads")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
