"""The page before a file of patients' data: what will be handed out, and the signature for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from coding.forms.signing import SignedForm
from coding.models import Meaning
from coding.signing.asking import Signing
from coding.signing.confirmation import Confirmation
from coding.signing.files import WrittenFile, write_file
from coding.tables.csv_lines import write_line
from coding.tables.workbook import write_rows
from coding.views.form_pages import form_page

# The formats in which rows are handed out, by their extensions.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Export:
    """What a person is about to take away, in words, and the page on which they asked for it."""

    title: str
    lead: str
    leads_back_to: str


def signed_export(
    request: HttpRequest,
    export: Export,
    hand_out: Callable[[Confirmation | None], HttpResponseBase],
) -> HttpResponseBase:
    """Opened: the page that asks for the signature. Sent: the file. What the address says besides is kept."""
    signing = Signing(request, Meaning.EXPORT)
    form = SignedForm(request.POST if request.method == "POST" else None, signing=signing)
    if form.is_signed():
        return hand_out(form.confirmation)
    return export_page(request, export, form)


def export_page(request: HttpRequest, export: Export, form: SignedForm) -> HttpResponse:
    """The page with its form, as it is now."""
    return form_page(
        request, "coding/export.html", {"export": export, "form": form}, refused=bool(form.errors)
    )


def file_response(file: WrittenFile, name: str, media_type: str) -> FileResponse:
    """A file to keep, which no browser does by itself."""
    headers = {"Cache-Control": "no-store"}
    return FileResponse(
        file.content, as_attachment=True, filename=name, content_type=media_type, headers=headers
    )


def write_table(labels: Sequence[str], rows: Iterable[Sequence[str]], form: str) -> WrittenFile:
    """Rows beneath their labels as a file of one of the ``MEDIA_TYPES``."""
    if form == "xlsx":
        return write_file([write_rows(labels, rows)])
    return write_file(_csv(labels, rows))


def _csv(labels: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The lines of a file that spreadsheets read as UTF-8."""
    yield ("\N{BYTE ORDER MARK}" + write_line(labels)).encode()
    for row in rows:
        yield write_line(row).encode()
