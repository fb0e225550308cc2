"""Verbs on uploads: receive, import."""

from django.db import transaction

from coding import jobs, trail
from coding.errors import Conflict
from coding.importing import CHECK, CHUNK_ROWS, IMPORT
from coding.intake.csv_file import Sheet
from coding.models import JobState, RowState, RuleSet, Upload, UploadRow, User
from coding.permissions import require
from coding.tasks import hint_after_commit

# Longer ids are rejected by the form; only their beginning is kept for the search for doubles.
LONGEST_ID = 200

trail.register({"upload.received": "Upload received", "upload.import_started": "Import of an upload started"})


def receive(actor: User, sheet: Sheet, source: str, rule_set: RuleSet) -> Upload:
    """Keep a file's rows and let the workers check them: the dry run."""
    require(actor, "coding.add_encounter", "upload encounters")
    with transaction.atomic():
        lines = [line.number for line in sheet.lines]
        upload = Upload.objects.create(
            rule_set=rule_set,
            source=source,
            columns=list(sheet.columns),
            content_hash=sheet.content_hash,
            uploaded_by=actor,
            check_job=jobs.start(CHECK, actor, _chunks(lines)),
        )
        position = sheet.columns.index("external_id")
        UploadRow.objects.bulk_create(
            (
                UploadRow(
                    upload=upload,
                    line=line.number,
                    external_id=line.cells[position].strip()[:LONGEST_ID],
                    cells=list(line.cells),
                )
                for line in sheet.lines
            ),
            batch_size=500,
        )
        trail.record(actor, "upload.received", upload, after={"rows": len(lines), "content": sheet.content_hash})
        hint_after_commit()
    return upload


def start_import(actor: User, upload: Upload) -> None:
    """Import the rows that the dry run found new. A second start is refused."""
    require(actor, "coding.add_encounter", "import encounters")
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).select_related("check_job").get(pk=upload.pk)
        if locked.check_job.state != JobState.DONE:
            raise Conflict("The rows are still being checked. Import them when that has ended.")
        if locked.import_job_id:
            raise Conflict("The import of this upload was started already.")
        lines = list(locked.rows.filter(state=RowState.NEW).order_by("line").values_list("line", flat=True))
        Upload.objects.filter(pk=locked.pk).update(import_job=jobs.start(IMPORT, actor, _chunks(lines)))
        trail.record(actor, "upload.import_started", locked, after={"rows": len(lines)})
        hint_after_commit()


def _chunks(lines: list[int]) -> list[tuple[int, list[int]]]:
    """Chunks of rows, each named by its first and last line."""
    parts = [lines[start : start + CHUNK_ROWS] for start in range(0, len(lines), CHUNK_ROWS)]
    return [(len(part), [part[0], part[-1]]) for part in parts]
