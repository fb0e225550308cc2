"""Files of encounters for tests: their rows, and what the workers make of them."""

import csv
import io

from coding.actions import uploads
from coding.intake.formats import detect
from coding.models import RuleSet, Upload
from coding.work import leases
from tests import factories

ROW = {
    "external_id": "V-1",
    "patient_reference": "P-1",
    "date_of_service": "2026-05-31",
    "place_of_service": "11",
    "provider": "Dr. Falk",
    "payer": "Northern",
    "note": "Left hip out.",
    "diagnoses": "",
    "service_lines": "",
}
NEVER = "2026-02-30"
# Of another system: its names have to be matched to ours.
FOREIGN = (
    "MRN,Visit number,DOS,POS,Seen by,Narrative\nP-1,V-1,05/31/2026,11,Dr. Falk,Left hip out.\n"
)
FOREIGN_COLUMNS = {
    "patient_reference": "MRN",
    "external_id": "Visit number",
    "date_of_service": "DOS",
    "place_of_service": "POS",
    "provider": "Seen by",
    "note": "Narrative",
}


def row(external_id: str = "V-1", **changes: str) -> dict[str, str]:
    """One encounter as a row says it."""
    return {**ROW, "external_id": external_id, **changes}


def bad_row(external_id: str = "V-1") -> dict[str, str]:
    """A row whose date of service is no day."""
    return row(external_id, date_of_service=NEVER)


def table(*rows: dict[str, str]) -> bytes:
    """A CSV file with our own columns, as another system writes it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([ROW, *(cells.values() for cells in rows)])
    return out.getvalue().encode()


def work() -> None:
    """Let the workers do everything that waits."""
    while leases.has_work():
        leases.pump()
    leases.close_finished()


def checked(
    people: factories.People,
    *rows: dict[str, str],
    source: str = "his",
    only: RuleSet | None = None,
) -> Upload:
    """A file whose rows were looked at; nothing of it is imported."""
    upload = factories.upload(people, table(*rows), only, source)
    work()
    return now(upload)


def imported(
    people: factories.People,
    *rows: dict[str, str],
    source: str = "his",
    only: RuleSet | None = None,
) -> Upload:
    """A file that was checked and imported."""
    upload = checked(people, *rows, source=source, only=only)
    uploads.start_import(people["coder"], upload)
    work()
    return now(upload)


def taken_in(
    people: factories.People, content: bytes, source: str = "his", only: RuleSet | None = None
) -> Upload:
    """A file of any format that was received, checked and imported."""
    upload = uploads.receive(people["coder"], [content], detect(content), source, only)
    work()
    uploads.start_import(people["coder"], now(upload))
    work()
    return now(upload)


def now(upload: Upload) -> Upload:
    """The upload as it is now, with its jobs."""
    return Upload.objects.select_related("look_job", "check_job", "import_job").get(pk=upload.pk)


def states(upload: Upload) -> list[str]:
    """What became of each row, in the order of the file."""
    return list(upload.rows.values_list("state", flat=True))


def problems(upload: Upload) -> list[str]:
    """What is wrong with the rows, in the order of the file."""
    return [error["problem"] for row in upload.rows.all() for error in row.errors]
