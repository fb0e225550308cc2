"""The rejected part of an upload, as a file of the same format."""

from collections.abc import Iterator

from coding.importing.reading import layout_of
from coding.importing.stored_file import open_stored
from coding.intake.drafts import Problem
from coding.intake.formats import FORMATS
from coding.models import RowState, Upload


def rejected_file(upload: Upload) -> Iterator[bytes]:
    """What was rejected, as it came, with its problems where the format has a place for them."""
    rows = upload.rows.filter(state=RowState.REJECTED).values_list("number", "errors")
    wanted = {
        number: [Problem(one["field"], one["problem"], one["value"], one["place"]) for one in errors]
        for number, errors in rows
    }
    return FORMATS[upload.format].reader.excerpt(open_stored(upload), layout_of(upload), wanted)
