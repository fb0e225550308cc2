"""How many items of an upload are in each state: kept beside it when a job ends, counted while that changes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from coding.intake.formats import FORMATS
from coding.models import JobState, RowState, Upload, UploadRow

REMARKS = "remarks"


def totals(upload: Upload) -> dict[str, int]:
    """How many items are in each state, in the order of the states."""
    counts = dict(upload.rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: counts[state] for state in RowState.values if state in counts}


def keep_counts(upload: Upload) -> None:
    """Keep the counts as they are now: lists show them without counting. Part of a verb's or a job's transaction."""
    remarks = upload.rows.filter(has_remarks=True).count()
    upload.counts = {**totals(upload), REMARKS: remarks}
    Upload.objects.filter(pk=upload.pk).update(counts=upload.counts)


@contextmanager
def counts_kept(upload: Upload, rows: QuerySet[UploadRow]) -> Iterator[None]:
    """Keep the counts while a verb changes a few of the rows: those alone are counted, before and after."""
    if upload.counts is None:
        yield
        keep_counts(upload)
        return
    before = _counted(rows)
    yield
    changed = Counter(upload.counts)
    changed.update(_counted(rows))
    changed.subtract(before)
    counts = {state: changed[state] for state in RowState.values if changed[state]}
    upload.counts = {**counts, REMARKS: changed[REMARKS]}
    Upload.objects.filter(pk=upload.pk).update(counts=upload.counts)


def _counted(rows: QuerySet[UploadRow]) -> Counter[str]:
    counts = Counter(dict(rows.order_by().values_list("state").annotate(Count("pk"))))
    counts[REMARKS] = rows.filter(has_remarks=True).count()
    return counts


def keep_missing_counts() -> None:
    """Keep the counts of uploads whose check or import failed: nothing changes them until somebody resumes it."""
    ended = (JobState.FAILED, JobState.CANCELLED)
    stopped = Q(import_job__state__in=ended) | Q(import_job=None, check_job__state__in=ended)
    for upload in Upload.objects.filter(stopped, counts__isnull=True):
        keep_counts(upload)


@dataclass(frozen=True, slots=True)
class ListedUpload:
    """An upload as the list shows it: ``counts`` are words with numbers, ``total`` is their sum without remarks."""

    upload: Upload
    format: str
    total: int
    counts: list[tuple[str, int]]


def listed(uploads: Iterable[Upload]) -> list[ListedUpload]:
    """Some uploads with their counts, in one query for all whose counts are changing."""
    rows = list(uploads)
    counted = _count_now([upload for upload in rows if upload.counts is None])
    shown = []
    for upload in rows:
        counts = upload.counts if upload.counts is not None else counted[upload.pk]
        total = sum(count for state, count in counts.items() if state != REMARKS)
        shown.append(ListedUpload(upload, FORMATS[upload.format].label, total, _in_words(counts)))
    return shown


def _count_now(uploads: list[Upload]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = UploadRow.objects.filter(upload__in=uploads).order_by()
    for upload, state, count in rows.values_list("upload", "state").annotate(Count("pk")):
        counts[upload][state] = count
    return counts


def _in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    words = []
    for state in RowState:
        if counts.get(state.value):
            words.append((str(state.label), counts[state.value]))
    if counts.get(REMARKS):
        words.append(("with remarks", counts[REMARKS]))
    return words
