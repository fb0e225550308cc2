"""Which column of a table holds which field: known from the template or the source's last file, or guessed."""

from coding.importing.stored_file import open_stored
from coding.intake.columns import FIELDS, PROBLEM_COLUMN, Preview
from coding.intake.drafts import FileError, Layout
from coding.intake.formats import FORMATS
from coding.models import SourceLayout, Upload


def preview(upload: Upload) -> Preview:
    """What a person sees who matches the columns. Raises FileError where the table has no header to read."""
    table = FORMATS[upload.format].table
    if table is None:
        raise FileError("Only the columns of a table are matched.")
    return table.headers(open_stored(upload))


def known_layout(upload: Upload) -> Layout | None:
    """The layout that needs no person: none for files that are no tables, the template's, or the source's last one."""
    table = FORMATS[upload.format].table
    if table is None:
        return Layout()
    try:
        headers = table.headers(open_stored(upload)).headers
    except FileError:
        # The check says what is wrong with the file.
        return Layout()
    if {header.strip().lower() for header in headers} <= {*FIELDS, PROBLEM_COLUMN}:
        return Layout()
    saved = SourceLayout.objects.filter(source=upload.source).first()
    layout = Layout(**saved.layout) if saved else None
    return layout if layout and set(layout.columns.values()) <= set(headers) else None
