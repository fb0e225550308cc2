"""The index of a file whose items lie scattered over it, kept beside the file's parts: any worker goes on with it.

It is kept with each portion that the survey comes further. Most of its bytes only grow: a part that is there already
is not written again.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from coding.intake.index_file import IndexFile
from coding.models import JobState, Upload, UploadIndexPart
from coding.work.stored_bytes import PART_BYTES

# Until then whoever takes the rejected part need not wait for the survey.
KEPT_FOR = timedelta(days=7)


def keep_index(upload: Upload, rows: IndexFile) -> None:
    """Store what of an index is new. Part of the transaction that stores its portion."""
    parts = UploadIndexPart.objects.filter(upload=upload)
    there = dict(parts.values_list("number", "digest"))
    number = -1
    for number, content in enumerate(rows.parts(PART_BYTES)):
        digest = hashlib.sha256(content).hexdigest()
        if number not in there:
            UploadIndexPart.objects.create(
                upload=upload, number=number, digest=digest, content=content
            )
        elif there[number] != digest:
            parts.filter(number=number).update(digest=digest, content=content)
    # One that was made anew may be shorter.
    if number < max(there, default=number):
        parts.filter(number__gt=number).delete()


def kept_index(upload: Upload) -> IndexFile:
    """The index as it was kept last; an empty one where none was."""
    return IndexFile(_parts(upload))


def forget_indexes() -> int:
    """Forget the indexes of uploads that ended some time ago; how many parts. A rejected part surveys its file anew."""
    long_ago = timezone.now() - KEPT_FOR
    ended = (JobState.DONE, JobState.CANCELLED)
    imported = Q(import_job__state__in=ended, import_job__finished_at__lt=long_ago)
    given_up = Q(
        import_job=None, check_job__state=JobState.CANCELLED, check_job__finished_at__lt=long_ago
    )
    # Each index has a part 0, by which an upload is told once.
    uploads = Upload.objects.filter(imported | given_up).filter(index_parts__number=0)
    forgotten = 0
    for upload in uploads.only("pk"):
        count, _ = UploadIndexPart.objects.filter(upload=upload).delete()
        forgotten += count
    return forgotten


def _parts(upload: Upload) -> Iterator[bytes]:
    """The parts in order, one at a time in memory."""
    parts = UploadIndexPart.objects.filter(upload=upload)
    for number in range(parts.count()):
        yield bytes(parts.values_list("content", flat=True).get(number=number))
