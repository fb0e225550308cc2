"""A look at the columns of a table: known from the template or its source's last file, or to be matched by a person.

A worker looks, because a hostile table can take seconds to open.
"""

from dataclasses import asdict

from coding.importing.dry_run import begin_check
from coding.importing.file_parts import open_stored
from coding.intake.columns import Preview, is_template
from coding.intake.drafts import Layout
from coding.intake.formats import FORMATS
from coding.intake.values import fit
from coding.models import Job, JobChunk, SourceLayout, Upload, User
from coding.tables.errors import FileError
from coding.work import leases

LOOK = "upload_look"
# Of a cell of the preview.
LONGEST_CELL = 200


def begin_look(actor: User) -> Job:
    """Let a worker look at a table. Part of a verb's transaction."""
    return leases.start(LOOK, actor, [(1, [])])


def preview_of(upload: Upload) -> Preview:
    """What a person sees who matches the columns."""
    data = upload.preview or {"headers": [], "rows": []}
    # A preview of the time before dates were looked at tells no order.
    return Preview(tuple(data["headers"]), tuple(map(tuple, data["rows"])), data.get("date_order", "ymd"))


class Look:
    """Reads the header and the first rows; begins the check if it is known what the columns hold."""

    def compute(self, chunk: JobChunk) -> Preview | None:
        """The preview; None for a table without a header to be read."""
        upload = Upload.objects.get(look_job=chunk.job_id)
        table = FORMATS[upload.format].table
        try:
            return table.headers(open_stored(upload)) if table else None
        except FileError:
            # The check says what is wrong with the file.
            return None

    def write(self, chunk: JobChunk, preview: Preview | None) -> None:
        """Keep the preview, and begin the check if nobody needs to be asked."""
        upload = Upload.objects.select_for_update(of=("self",)).get(look_job=chunk.job_id)
        layout = Layout()
        if preview is not None:
            rows = [[fit(cell[:LONGEST_CELL]) for cell in row] for row in preview.rows]
            headers = list(map(fit, preview.headers))
            upload.preview = {"headers": headers, "rows": rows, "date_order": preview.date_order}
            known = known_layout(upload, preview)
            if known is None:
                upload.save(update_fields=["preview"])
                return
            layout = known
        upload.layout, upload.check_job = asdict(layout), begin_check(upload.uploaded_by)
        upload.save(update_fields=["preview", "layout", "check_job"])

    def finish(self, job: Job) -> None:
        """Nothing is left to do."""


def known_layout(upload: Upload, preview: Preview) -> Layout | None:
    """The layout that needs no person: the template's, or the source's last one."""
    if is_template(preview.headers):
        return Layout()
    saved = SourceLayout.objects.filter(source=upload.source).first()
    layout = Layout(**saved.layout) if saved else None
    return layout if layout and set(layout.columns.values()) <= set(preview.headers) else None
