"""The two jobs of an upload: check its rows, then import the good ones."""

from collections.abc import Iterable

from django.db.models import Min, QuerySet

from coding import jobs, trail
from coding.actions.encounters import store
from coding.forms.encounters import EncounterFields
from coding.models import Encounter, Job, JobChunk, RowState, Upload, UploadRow

CHECK, IMPORT = "upload_check", "upload_import"
CHUNK_ROWS = 250

trail.register({"upload.checked": "Upload checked", "upload.imported": "Upload imported"})


def form_of(upload: Upload, row: UploadRow) -> EncounterFields:
    """The form that checks a row."""
    return EncounterFields(data={"sex": "U", **dict(zip(upload.columns, row.cells, strict=True))})


def problems(form: EncounterFields) -> list[dict[str, str]]:
    """What is wrong with a row, field by field; empty for a good one."""
    return [problem(" ".join(map(str, texts)), field) for field, texts in form.errors.items()]


def problem(text: str, field: str = "external_id") -> dict[str, str]:
    """One thing that is wrong, as a row keeps it."""
    return {"field": field, "problem": text}


def rows_of(upload: Upload, chunk: JobChunk) -> QuerySet[UploadRow]:
    """The rows of a chunk, whose payload is the first and the last line."""
    first, last = chunk.payload
    return upload.rows.filter(line__gte=first, line__lte=last)


def line_of(row: UploadRow) -> int:
    """What tells a row from the others of its file."""
    return row.line


def reject_quarantined(chunk: JobChunk, rows: Iterable[UploadRow]) -> None:
    """Reject the rows that ended the process which worked on them."""
    for row in rows:
        if row.line in chunk.quarantined:
            row.errors = [problem("This row ended the program that read it, twice. Show it to an operator.")]
            row.state = RowState.REJECTED


def totals(upload: Upload) -> dict[str, int]:
    """How many rows are in each state, for the audit trail."""
    states = upload.rows.order_by().values_list("state", flat=True)
    return {state: states.filter(state=state).count() for state in RowState.values}


class Check:
    """Says of each row whether it is new, unchanged or rejected, and why."""

    def compute(self, chunk: JobChunk) -> list[UploadRow]:
        """The rows with what was found."""
        upload = Upload.objects.get(check_job=chunk.job_id)
        rows = list(rows_of(upload, chunk))
        ids = {row.external_id for row in rows}
        known, lines = self._known(upload, ids), self._first_lines(upload, ids)
        for portion in jobs.portions(chunk, rows, line_of):
            for row in portion:
                self._check(upload, row, known, lines)
        reject_quarantined(chunk, rows)
        return rows

    def _known(self, upload: Upload, ids: set[str]) -> dict[str, str]:
        """The content of the encounters that this source has sent before."""
        stored = Encounter.objects.filter(source=upload.source, external_id__in=ids)
        return dict(stored.values_list("external_id", "content_hash"))

    def _first_lines(self, upload: Upload, ids: set[str]) -> dict[str, int]:
        """The line on which each external id first stands in the file."""
        rows = upload.rows.filter(external_id__in=ids).order_by()
        return dict(rows.values("external_id").annotate(first=Min("line")).values_list("external_id", "first"))

    def _check(self, upload: Upload, row: UploadRow, known: dict[str, str], lines: dict[str, int]) -> None:
        form = form_of(upload, row)
        row.state, row.errors = RowState.NEW, problems(form)
        stored, first = known.get(row.external_id), lines[row.external_id]
        if not row.errors and first != row.line:
            row.errors = [problem(f"The same id stands on line {first}.")]
        elif not row.errors and stored == form.record().content_hash:
            row.state = RowState.UNCHANGED
        elif not row.errors and stored:
            row.errors = [problem("This encounter is here with other content; it is not overwritten.")]
        if row.errors:
            row.state = RowState.REJECTED

    def write(self, chunk: JobChunk, rows: list[UploadRow]) -> None:
        """Store what was found."""
        UploadRow.objects.bulk_update(rows, ["state", "errors"])

    def finish(self, job: Job) -> None:
        """Tell the trail what the file holds."""
        upload = Upload.objects.get(check_job=job)
        trail.record(upload.uploaded_by, "upload.checked", upload, after=totals(upload))


class Import:
    """Stores the rows that were found new."""

    def compute(self, chunk: JobChunk) -> list[tuple[UploadRow, EncounterFields]]:
        """The rows to import with their forms, checked once more: code sets may have changed since the dry run."""
        upload = Upload.objects.get(import_job=chunk.job_id)
        rows = [(row, form_of(upload, row)) for row in rows_of(upload, chunk).filter(state=RowState.NEW)]
        for portion in jobs.portions(chunk, rows, lambda pair: pair[0].line):
            for row, form in portion:
                row.errors = problems(form)
        reject_quarantined(chunk, [row for row, _ in rows])
        return rows

    def write(self, chunk: JobChunk, rows: list[tuple[UploadRow, EncounterFields]]) -> None:
        """Store the encounters with their audit events; a row that meanwhile came in otherwise is rejected."""
        upload = Upload.objects.select_related("rule_set", "uploaded_by").get(import_job=chunk.job_id)
        ids = [row.external_id for row, _ in rows]
        sent = Encounter.objects.filter(source=upload.source, external_id__in=ids)
        present = set(sent.values_list("external_id", flat=True))
        entries = []
        for row, form in rows:
            if row.external_id in present:
                row.errors = [problem("This encounter came in meanwhile by another way.")]
            row.state = RowState.REJECTED if row.errors else RowState.IMPORTED
            if not row.errors:
                row.encounter = store(form.record(), upload.rule_set, upload.source)
                entries.append(
                    trail.Entry("encounter.entered", row.encounter, row.encounter, after={"source": upload.source})
                )
        UploadRow.objects.bulk_update([row for row, _ in rows], ["state", "errors", "encounter"])
        trail.record_all(upload.uploaded_by, entries)

    def finish(self, job: Job) -> None:
        """Tell the trail what was imported."""
        upload = Upload.objects.get(import_job=job)
        trail.record(upload.uploaded_by, "upload.imported", upload, after=totals(upload))


jobs.handlers[CHECK] = Check()
jobs.handlers[IMPORT] = Import()
