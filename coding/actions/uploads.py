"""Verbs on uploads: receive, match columns, start the import, pause, resume, cancel."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions import jobs as job_actions
from coding.actions.doubled_rows import reject_unchosen
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.importing.counts import keep_counts
from coding.importing.dry_run import begin_check
from coding.importing.file_parts import keep
from coding.importing.import_rows import CHUNK_ROWS, IMPORT
from coding.importing.look import begin_look, preview_of
from coding.intake.drafts import Cursor, Layout
from coding.intake.formats import FORMATS
from coding.intake.values import fit
from coding.models import IMPORTABLE, Job, JobState, Meaning, RuleSet, SourceLayout, Upload, User
from coding.models.encounters import TYPED
from coding.signing.confirmation import Confirmation
from coding.signing.content import SignedContent
from coding.work import leases
from coding.work.celery import hint_after_commit
from coding.work.payloads import Range

# Of a file's name.
LONGEST_NAME = 200
TYPED_SOURCE = f"“{TYPED}” stands for what is typed here. Name the sending system otherwise."


def receive(
    actor: User,
    chunks: Iterable[bytes],
    format_key: str,
    source: str,
    only: RuleSet | None = None,
    file_name: str = "",
) -> Upload:
    """Keep a file as it came, and let the workers check it: the dry run.

    Of a table they look at the columns first, which may have to be matched by a person. With ``only`` every encounter
    gets a service of this rule set, and no other opens. Without a source the file waits until somebody names it.
    """
    require(actor, "coding.add_encounter", "upload encounters")
    _check_source(source)
    with transaction.atomic():
        upload = Upload.objects.create(
            rule_set=only,
            source=source,
            file_name=fit(file_name)[:LONGEST_NAME],
            format=format_key,
            size=0,
            uploaded_by=actor,
        )
        keep(upload, chunks)
        if source:
            _begin(actor, upload)
        upload.save()
        after = {"format": format_key, "bytes": upload.size, "content": upload.content_hash}
        trail.record(actor, "upload.received", upload, after=after)
    return upload


def name_source(actor: User, upload: Upload, source: str, only: RuleSet | None = None) -> None:
    """Say which system sends a file that was received without it; then it is looked at."""
    require(actor, "coding.add_encounter", "upload encounters")
    _check_source(source)
    with transaction.atomic():
        [now] = locked(Upload.objects.filter(pk=upload.pk))
        if not now.waits_for_source:
            raise Conflict(
                "The system of this file was named already, or the upload is cancelled. Reload the page."
            )
        now.source, now.rule_set = source, only
        _begin(actor, now)
        now.save(update_fields=["source", "rule_set", "look_job", "check_job"])
        trail.record(actor, "upload.source_named", now, after={"source": source})


def _check_source(source: str) -> None:
    """Whatever has this source may be corrected by hand, and is no file's to change."""
    if source == TYPED:
        raise Conflict(TYPED_SOURCE)


def _begin(actor: User, upload: Upload) -> None:
    """Let the workers look at the columns of a table, or check another file at once."""
    if FORMATS[upload.format].table:
        upload.look_job = begin_look(actor)
    else:
        upload.check_job = begin_check(actor)
    hint_after_commit()


def match_columns(actor: User, upload: Upload, layout: Layout) -> None:
    """Say which column of a table holds what, for this file and the next ones of its source; then check it."""
    require(actor, "coding.add_encounter", "upload encounters")
    with transaction.atomic():
        [now] = locked(Upload.objects.filter(pk=upload.pk))
        if not now.waits_for_columns:
            raise Conflict(
                "The columns of this file are not to be matched, or were matched already. Reload the page."
            )

        now.layout = asdict(layout)
        now.check_job = begin_check(actor)
        now.save(update_fields=["layout", "check_job"])

        headers = list(preview_of(now, layout.sheet).headers)
        kept = {"layout": now.layout, "headers": headers, "matched_by": actor}
        SourceLayout.objects.update_or_create(source=now.source, defaults=kept)
        trail.record(actor, "upload.matched", now, after={"fields": sorted(layout.columns)})
        hint_after_commit()


def start_import(actor: User, upload: Upload) -> None:
    """Import what the dry run found new or changed. A second start is refused."""
    require(actor, "coding.add_encounter", "import encounters")
    with transaction.atomic():
        [now] = locked(Upload.objects.filter(pk=upload.pk), "check_job")
        if now.check_job is None or now.check_job.state != JobState.DONE:
            raise Conflict(
                "The file is not checked to its end. Import it when that is done, or upload it again."
            )
        if now.import_job_id:
            raise Conflict("The import of this upload was started already.")

        reject_unchosen(now)
        rows = now.rows.filter(state__in=IMPORTABLE).order_by("number")
        numbers = list(rows.values_list("number", flat=True))
        payloads = now.check_job.chunks.order_by("number").values_list("payload", flat=True)
        portions = [Cursor(*payload).number for payload in payloads]
        import_job = leases.start(IMPORT, actor, _chunks(numbers, portions))
        # The counts are those of the check; what is imported changes them.
        Upload.objects.filter(pk=now.pk).update(counts=None, import_job=import_job)
        trail.record(actor, "upload.import_started", now, after={"rows": len(numbers)})
        hint_after_commit()


def _chunks(numbers: list[int], portions: list[int]) -> list[tuple[int, Range]]:
    """Chunks of rows, each named by its first and last number; none reaches beyond a portion of the check.

    The check bounded its portions by their text. ``portions`` are the numbers behind which they begin.
    """
    by_portion: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        by_portion[bisect_left(portions, number)].append(number)

    chunks = []
    for rows in by_portion.values():
        for start in range(0, len(rows), CHUNK_ROWS):
            part = rows[start : start + CHUNK_ROWS]
            chunks.append((len(part), Range(part[0], part[-1])))
    return chunks


def view(actor: User, upload: Upload) -> None:
    """Note that a person looked at what a file holds of patients."""
    with transaction.atomic():
        trail.record(actor, "upload.viewed", upload)


def take_rejected(
    actor: User, upload: Upload, sha256: str, confirmation: Confirmation | None = None
) -> None:
    """Note, signed, that a person takes the rejected part of a file away to mend it: a file with this SHA-256."""
    require(actor, "coding.add_encounter", "take the rejected part of an upload")
    with transaction.atomic():
        signed = sign(actor, Meaning.EXPORT, [SignedContent(upload, sha256)], confirmation)
        after = signed.in_trail(upload)
        rows = signed.rows(upload)
        trail.record(actor, "upload.rejected_taken", upload, after=after, rows=rows)


def forget_columns(actor: User, upload: Upload) -> None:
    """Have the columns of the next file of the upload's source matched anew."""
    require(actor, "coding.add_encounter", "upload encounters")
    with transaction.atomic():
        if SourceLayout.objects.filter(source=upload.source).delete()[0]:
            trail.record(actor, "upload.columns_forgotten", upload)


def pause(actor: User, upload: Upload) -> None:
    """Stop the check or the import until it is resumed."""
    _steer(actor, upload, job_actions.pause)


def resume(actor: User, upload: Upload) -> None:
    """Go on with a paused job, or try again what failed: then its counts change again."""
    with transaction.atomic():
        _steer(actor, upload, job_actions.resume)
        Upload.objects.filter(pk=upload.pk).update(counts=None)


def cancel(actor: User, upload: Upload) -> None:
    """Stop the check or the import for good, or give up a file that waits for a person; what was imported stays."""
    require(actor, "coding.add_encounter", "steer uploads")
    with transaction.atomic():
        [now] = locked(Upload.objects.filter(pk=upload.pk), "look_job", "check_job", "import_job")
        if now.waits_for_source or now.waits_for_columns:
            Upload.objects.filter(pk=now.pk).update(cancelled_at=timezone.now())
            trail.record(actor, "upload.cancelled", now)
            return
        _steer(actor, now, job_actions.cancel)
        keep_counts(now)


def _steer(actor: User, upload: Upload, verb: Callable[[User, Job], None]) -> None:
    require(actor, "coding.add_encounter", "steer uploads")
    if upload.cancelled_at is not None:
        raise Conflict("This upload is cancelled. Send the file again.")
    if upload.waits_for_source:
        raise Conflict("The system that sends this file is to be named first.")
    if upload.current_job is None or upload.waits_for_columns:
        raise Conflict("The columns of this file are to be matched first.")
    verb(actor, upload.current_job)
