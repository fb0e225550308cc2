"""The dry run of an upload: what each item of the file would do, and what is wrong with it.

The file is read in portions, each by a chunk of the job that sends the next one on its way. Nothing of an
encounter is stored before somebody starts the import.
"""

from dataclasses import fields
from operator import attrgetter

from coding import trail
from coding.importing.counts import keep_counts, totals
from coding.importing.kept_index import keep_index
from coding.importing.reading import Portion, read_on
from coding.importing.verdicts import Judged, Verdict, as_data, refused, verdicts
from coding.intake.drafts import BEGINNING, Cursor
from coding.intake.values import fit
from coding.models import Job, JobChunk, RowState, Upload, UploadRow, User
from coding.work import bulk, leases

CHECK = "upload_check"
CHUNK_ITEMS = 2_000
KILLER = "This item ended the program that read it, twice. Show it to an operator."
COLUMNS = tuple(field.name for field in fields(Verdict))


def begin_check(actor: User) -> Job:
    """Let the workers read a file whose columns are known. Part of a verb's transaction."""
    return leases.start(CHECK, actor, [(0, BEGINNING)])


class Check:
    """Says of each item whether it is new, changed, unchanged, rejected or nothing to code."""

    def compute(self, chunk: JobChunk) -> tuple[Portion, Judged]:
        """The next items with what was found; a single one where a worker was lost before."""
        upload = Upload.objects.get(check_job=chunk.job_id)
        start = Cursor(*chunk.payload)
        if not chunk.careful:
            portion = read_on(upload, start, CHUNK_ITEMS)
            return portion, verdicts(upload, portion.items)
        for _ in leases.portions(chunk, [start.number + 1], int):
            portion = read_on(upload, start, 1)
            return portion, verdicts(upload, portion.items)
        portion = read_on(upload, start, 1)
        return portion, Judged(refused(upload, portion.items, KILLER), {})

    def write(self, chunk: JobChunk, results: tuple[Portion, Judged]) -> None:
        """Store what was found, and send the next portion on its way."""
        portion, judged = results
        rows = map(attrgetter(*COLUMNS), judged.verdicts)
        bulk.insert(UploadRow, COLUMNS, rows)
        JobChunk.objects.filter(pk=chunk.pk).update(size=len(judged.verdicts))
        uploads = Upload.objects.filter(check_job=chunk.job_id)
        if portion.index:
            keep_index(uploads.get(), portion.index)
        for number, contest in judged.contested.items():
            earlier = UploadRow.objects.filter(upload__in=uploads, number=number)
            not_rejected = earlier.exclude(state=RowState.REJECTED)
            problem = as_data(contest.problem)
            not_rejected.update(state=contest.state, doubled=True, errors=[problem])
        uploads.update(read_to=portion.after.offset, problem=fit(portion.problem[:500]))
        if not portion.ended:
            JobChunk.objects.create(
                job_id=chunk.job_id, number=chunk.number + 1, size=0, payload=portion.after
            )

    def finish(self, job: Job) -> None:
        """Tell the trail what the file holds."""
        upload = Upload.objects.get(check_job=job)
        keep_counts(upload)
        trail.record(upload.uploaded_by, "upload.checked", upload, after=totals(upload))
